//! The certificate authorities of the tests, and their servers without a network.

use signing::{Authority, Certificate, Options, Secret, Services, SigningError, SigningKey, SoftKey, Transport};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};
use types::time::SystemClock;
use types::{Clock, Timestamp};

/// The unlocking code of every key file.
pub const PASSWORD: &str = "mật khẩu (1)";

/// Where a process started by a test finds the tree.
pub const FOLDER_VARIABLE: &str = "NHAVIEC_TEST_AUTHORITY";

/// The folder with the tree, made once for each run.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    // A test that goes on in a process of its own.
    if let Some(given) = std::env::var_os(FOLDER_VARIABLE) {
        return given.into();
    }
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // Those of runs that are over.
    for entry in std::fs::read_dir(parent).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        if let Some(id) = name.strip_prefix("authority-")
            && !Path::new("/proc").join(id).exists()
        {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    let folder = parent.join(format!("authority-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let script = testkit::checkout("services/signing/tests/pades/authority/make.sh");
    let status = Command::new("sh").arg(script).arg(&folder).arg(configuration()).output().expect("sh runs");
    assert!(status.status.success(), "openssl is needed: {}", String::from_utf8_lossy(&status.stderr));
    folder
});

fn configuration() -> PathBuf {
    testkit::checkout("services/signing/tests/pades/authority/openssl.cnf")
}

/// The folder with the tree.
pub fn folder() -> &'static Path {
    &FOLDER
}

/// A file of the tree.
pub fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A certificate of the tree.
pub fn certificate(name: &str) -> Certificate {
    Certificate::from_der(&file(&format!("{name}.der"))).unwrap()
}

/// The key file of a person or agency, opened.
pub fn key(name: &str) -> SoftKey {
    SoftKey::from_pkcs12(&file(&format!("{name}.p12")), &Secret::new(PASSWORD.to_owned())).unwrap()
}

/// An invisible signature by `key`, now.
pub fn options(key: &dyn SigningKey) -> Options {
    let mut options = Options::new(key.certificate().clone(), key.chain().to_vec(), Timestamp::now()).unwrap();
    options.algorithm = key.algorithm();
    options
}

/// Runs openssl in the tree's folder.
pub fn openssl(arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder()).output().expect("openssl runs");
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The servers: a time-stamping authority, an OCSP responder, and the lists.
pub struct Servers {
    work: tempfile::TempDir,
    /// Which certificate answers for OCSP.
    pub responder: &'static str,
    /// What the responder knows of its certificates, a file in the folder or with its whole path.
    pub index: String,
    /// Whether the responder names itself by its key.
    pub by_key: bool,
    /// The list of the issuing CA, when it is another one.
    pub list: Option<Vec<u8>>,
    /// What stands at addresses of issuers' certificates, `lower`, `upper` and so on.
    pub issuers: BTreeMap<&'static str, Vec<u8>>,
    /// Changes a request before it is answered.
    pub twist: Option<fn(&mut Vec<u8>)>,
    /// Said instead of an answer.
    pub answer: Option<Vec<u8>>,
    /// Every address asked.
    pub asked: Mutex<Vec<String>>,
    last: Mutex<Vec<u8>>,
}

impl Servers {
    pub fn new() -> Self {
        let work = tempfile::tempdir().unwrap();
        let own = std::fs::read_to_string(configuration()).unwrap();
        let own = own.replace("serial = tsa.serial", &format!("serial = {}/tsa.serial", work.path().display()));
        std::fs::write(work.path().join("openssl.cnf"), own).unwrap();
        Self {
            work,
            responder: "ocsp",
            index: "issuing.index".to_owned(),
            by_key: false,
            list: None,
            issuers: [("lower", file("lower.der")), ("upper", file("upper.der"))].into(),
            twist: None,
            answer: None,
            asked: Mutex::default(),
            last: Mutex::default(),
        }
    }

    /// The last answer that was given.
    pub fn last_answer(&self) -> Vec<u8> {
        self.last.lock().unwrap().clone()
    }

    /// A file of these servers.
    pub fn path(&self, name: &str) -> String {
        self.work.path().join(name).display().to_string()
    }

    fn ask(&self, url: &str, body: &[u8]) -> Result<Vec<u8>, SigningError> {
        // One at a time: the serial number is in a file.
        let mut asked = self.asked.lock().unwrap();
        asked.push(url.to_owned());
        if let Some(answer) = &self.answer {
            return Ok(answer.clone());
        }
        let mut body = body.to_vec();
        if let Some(twist) = self.twist {
            twist(&mut body);
        }
        let (question, answer, config) = (self.path("question"), self.path("answer"), self.path("openssl.cnf"));
        std::fs::write(&question, &body).unwrap();
        match url {
            "http://tsa.test/" => {
                openssl(&["ts", "-reply", "-config", &config, "-queryfile", &question, "-out", &answer]);
            }
            "http://ocsp.test/" => {
                let (signer, signing_key) = (format!("{}.crt", self.responder), format!("{}.key", self.responder));
                let mut arguments = vec!["ocsp", "-index", &self.index, "-CA", "issuing.crt", "-ndays", "1"];
                arguments.extend([
                    "-rsigner",
                    &signer,
                    "-rkey",
                    &signing_key,
                    "-reqin",
                    &question,
                    "-respout",
                    &answer,
                ]);
                if self.by_key {
                    arguments.push("-resp_key_id");
                }
                openssl(&arguments);
            }
            "http://crl.test/issuing.crl" => return Ok(self.list.clone().unwrap_or_else(|| file("issuing.crl"))),
            "http://crl.test/root.crl" => return Ok(file("root.crl")),
            "http://crl.test/upper.crl" => return Ok(file("upper.crl")),
            "http://crl.test/lower.crl" => return Ok(file("lower.crl")),
            other => {
                let name = other.strip_prefix("http://ca.test/").unwrap_or_default();
                return self.issuers.get(name).cloned().ok_or_else(|| SigningError::Unreachable(other.to_owned()));
            }
        }
        let answer = std::fs::read(answer).unwrap();
        self.last.lock().unwrap().clone_from(&answer);
        Ok(answer)
    }
}

impl Transport for Servers {
    fn post(&self, url: &str, _content_type: &str, body: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.ask(url, body)
    }

    fn get(&self, url: &str) -> Result<Vec<u8>, SigningError> {
        self.ask(url, &[])
    }
}

/// All that signing needs of the world, owned.
pub struct World {
    pub servers: Servers,
    pub authority: Authority,
    pub roots: Vec<Certificate>,
    pub clock: Box<dyn Clock>,
}

impl World {
    pub fn new() -> Self {
        Self {
            servers: Servers::new(),
            authority: Authority { url: "http://tsa.test/".to_owned(), trusted: vec![certificate("root")] },
            roots: vec![certificate("root")],
            clock: Box::new(SystemClock),
        }
    }

    pub fn services(&self) -> Services<'_> {
        Services {
            transport: &self.servers,
            clock: &*self.clock,
            authority: &self.authority,
            roots: &self.roots,
            intermediates: &[],
        }
    }
}
