//! The executable as others meet it: its commands, and the server over HTTP.

use super::{database_variable, program_path};
use serde_json::Value;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::TestDatabase;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long a server may take to begin, on a machine that does much else.
const START: Duration = Duration::from_secs(60);

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Fails unless it ended well.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self
    }

    /// Fails unless it was refused, and with a sentence that contains each of these.
    #[track_caller]
    pub fn refused(self, parts: &[&str]) -> Self {
        assert!(self.code.is_some_and(|code| code != 0), "it ended with {:?}:\n{}\n{}", self.code, self.out, self.err);
        for part in parts {
            assert!(self.err.contains(part), "«{part}» is not said:\n{}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

/// The executable with its surroundings.
pub struct Program {
    folder: PathBuf,
    variables: Vec<(&'static str, String)>,
    /// A shell's words before the program, e.g. `ulimit -f 100`.
    before: String,
    _kept: Option<tempfile::TempDir>,
}

impl Program {
    /// In an empty folder, told of nothing.
    pub fn alone() -> Self {
        let kept = tempfile::tempdir().expect("a temporary folder");
        Self { folder: kept.path().to_owned(), variables: Vec::new(), before: String::new(), _kept: Some(kept) }
    }

    /// Over a test's database and folder.
    pub fn over(database: &TestDatabase) -> Self {
        Self { folder: database.dir.clone(), variables: Vec::new(), before: String::new(), _kept: None }
            .with("NHAVIEC_DATABASE", &database_variable(&database.location))
            .with("NHAVIEC_DATA", &database.dir.display().to_string())
    }

    /// With a variable more.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.to_owned()));
        self
    }

    /// With a shell's command before it, in the same process.
    pub fn after(mut self, shell: &str) -> Self {
        shell.clone_into(&mut self.before);
        self
    }

    /// Where it runs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = if self.before.is_empty() {
            Command::new(program_path())
        } else {
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(format!("{}; exec \"$@\"", self.before)).arg("sh").arg(program_path());
            shell
        };
        command.args(words).current_dir(&self.folder).stdin(Stdio::null());
        for name in ["LISTEN", "DATABASE", "DATA", "PUBLIC_URL", "BEHIND_PROXY", "METRICS_TOKEN", "TLS", "LISTEN_PLAIN"]
        {
            command.env_remove(format!("NHAVIEC_{name}"));
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Ran {
        let done = self.command(words).output().expect("the program can be started");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it speaks UTF-8");
        Ran { code: done.status.code(), out: text(&done.stdout), err: text(&done.stderr) }
    }

    /// Starts the server on a free port and waits until it answers.
    pub fn serve(&self) -> Server {
        self.serve_with("http", None)
    }

    /// The same with TLS, once the file of whom to trust (PEM) is there.
    pub fn serve_encrypted(&self, trusted: &Path) -> Server {
        self.serve_with("https", Some(trusted))
    }

    fn serve_with(&self, scheme: &str, trusted: Option<&Path>) -> Server {
        let port = free_port();
        let address = format!("127.0.0.1:{port}");
        let mut command = self.command(&["serve"]);
        command.env("NHAVIEC_LISTEN", &address).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = command.spawn().expect("the server can be started");
        let base = format!("{scheme}://{address}");
        let mut server = Server { child: Some(child), base, address, token: String::new(), agent: agent(None) };
        let until = Instant::now() + START;
        while server.get("/healthz").status != 200 {
            if let Some(status) = server.child().try_wait().expect("its state can be asked") {
                panic!("the server ended with {status}: {}", server.said());
            }
            assert!(Instant::now() < until, "the server does not answer");
            std::thread::sleep(Duration::from_millis(30));
            if let Some(pem) = trusted.and_then(|path| std::fs::read(path).ok()) {
                server.agent = agent(Some(&pem));
            }
        }
        server
    }
}

fn agent(trusted: Option<&[u8]>) -> ureq::Agent {
    let config = ureq::Agent::config_builder();
    let config = config.timeout_global(Some(Duration::from_secs(30))).http_status_as_error(false);
    let config = config.proxy(None).max_redirects(0);
    let Some(pem) = trusted else { return config.build().into() };
    let roots: Vec<_> = Certificate::from_pem(pem).into_iter().collect();
    config.tls_config(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&roots)).build()).build().into()
}

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// What a server answered; status 0 when it did not.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub text: String,
}

impl Reply {
    pub fn is_well(&self) -> bool {
        self.status == 200
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
}

/// A running server; it is stopped when it is dropped.
pub struct Server {
    /// None for another door of a server that somebody else holds.
    child: Option<Child>,
    pub address: String,
    base: String,
    /// Sent with every request when there is one.
    pub token: String,
    agent: ureq::Agent,
}

impl Server {
    /// The plain door of a server with TLS.
    pub fn plain(address: &str) -> Self {
        let base = format!("http://{address}");
        Self { child: None, address: address.to_owned(), base, token: String::new(), agent: agent(None) }
    }

    /// The same server as somebody sees it who trusts this certificate (PEM) and no other.
    pub fn trusting(&self, pem: &str) -> Self {
        let (address, base) = (self.address.clone(), self.base.clone());
        Self { child: None, address, base, token: String::new(), agent: agent(Some(pem.as_bytes())) }
    }

    fn child(&mut self) -> &mut Child {
        self.child.as_mut().expect("a server of this test")
    }

    pub fn id(&self) -> u32 {
        self.child.as_ref().expect("a server of this test").id()
    }

    /// The whole answer.
    pub fn fetch(&self, path: &str, headers: &[(&str, &str)]) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let request = self.agent.get(format!("{}{path}", self.base));
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).call()
    }

    fn reply(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Reply {
        match answer {
            Ok(mut answer) => {
                let status = answer.status().as_u16();
                Reply { status, text: answer.body_mut().read_to_string().unwrap_or_default() }
            }
            Err(error) => Reply { status: 0, text: error.to_string() },
        }
    }

    pub fn get(&self, path: &str) -> Reply {
        let request = self.agent.get(format!("{}{path}", self.base));
        Self::reply(request.header("authorization", format!("Bearer {}", self.token)).call())
    }

    /// Sends JSON under a fresh command id.
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_as(testkit::fresh_command().as_str(), path, body)
    }

    /// The same under this command id.
    pub fn post_as(&self, key: &str, path: &str, body: &Value) -> Reply {
        let request = self.agent.post(format!("{}{path}", self.base));
        let request = request.header("authorization", format!("Bearer {}", self.token)).header("idempotency-key", key);
        Self::reply(request.send_json(body))
    }

    /// Uploads a file as a program does.
    pub fn upload(&self, name: &str, bytes: &[u8]) -> Reply {
        let mut body = format!(
            "--xxNhaViecxx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--xxNhaViecxx--\r\n");
        let request = self.agent.post(format!("{}/api/v1/files", self.base));
        let request = request
            .header("authorization", format!("Bearer {}", self.token))
            .header("idempotency-key", testkit::fresh_command().as_str())
            .header("content-type", "multipart/form-data; boundary=xxNhaViecxx");
        Self::reply(request.send(&body[..]))
    }

    /// Asks it to end, as its supervisor would, and waits.
    pub fn stop(mut self) -> i32 {
        let asked = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        assert!(asked.expect("kill runs").success());
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child().try_wait().expect("its state can be asked") {
                return status.code().unwrap_or(-1);
            }
            assert!(Instant::now() < until, "the server does not end when it is asked to");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Ends it; answers what it wrote to standard error.
    pub fn ended(&mut self) -> String {
        let _ = self.child().kill();
        let _ = self.child().wait();
        self.said()
    }

    fn said(&mut self) -> String {
        let mut said = String::new();
        if let Some(mut err) = self.child().stderr.take() {
            let _ = err.read_to_string(&mut said);
        }
        said
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
