//! An office that has its people's keys at the simulated provider.

use crate::desk::trusting;
use crate::fixture::{Shape, document};
use crate::oracle::Oracle;
use signing::remote::{Account, ClientCredentials, Credential, Job, Order, Proof, RemoteError, Service, State, Wait};
use signing::verify::{Evidence, Verdict, verify};
use signing::{Authority, HttpTransport, Level, Prepared, Secret, Services, Transport, finish, prepare};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use testkit::Simulator;
use types::Timestamp;
use types::time::SystemClock;

/// The office's secret at the provider, percent-encoded as a form has it.
const SECRET: &str = "b%C3%AD+m%E1%BA%ADt+%26+l%C3%A2u+d%C3%A0i";
/// Seconds until a job is given up.
pub const PATIENCE: i64 = 120;

/// The provider and the office's access to it.
pub struct Customer {
    simulator: Simulator,
    folder: tempfile::TempDir,
    transport: HttpTransport,
    /// Documents so far: none is like another.
    prepared: AtomicUsize,
    pub token: Secret,
    /// Whose keys are meant, where the token does not say it.
    pub user: Option<String>,
}

impl Customer {
    /// Of a provider that was started with these options and has keys of these kinds.
    pub fn new(kinds: &[&str], options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().display().to_string();
        let mut all = vec!["--folder", &place];
        all.extend(kinds.iter().flat_map(|kind| ["--key", kind]));
        all.extend(options);
        let simulator = Simulator::start("signing_provider.py", &all);
        let transport = HttpTransport::with_limits(Duration::from_secs(20), Duration::ZERO);
        let user = simulator.ready["user"].as_str().map(str::to_owned);
        let (prepared, token) = (AtomicUsize::new(0), Secret::new(String::new()));
        let mut customer = Self { simulator, folder, transport, prepared, token, user };
        customer.log_in();
        customer
    }

    /// Waits for answers only so long.
    pub fn hurried(self, limit: Duration) -> Self {
        Self { transport: HttpTransport::with_limits(limit, Duration::ZERO), ..self }
    }

    /// Gets a new token (RFC 6749, 4.4).
    pub fn log_in(&mut self) {
        let form = format!("grant_type=client_credentials&client_id=nhaviec&client_secret={SECRET}");
        let answer = self.post("oauth2/token", "application/x-www-form-urlencoded", &form).unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        self.token = Secret::new(answer["access_token"].as_str().unwrap().to_owned());
    }

    /// The same office, which gets its tokens by itself.
    pub fn office(&self, secret: &str) -> ClientCredentials {
        let url = format!("http://127.0.0.1:{}/oauth2/token", self.simulator.port());
        let transport = HttpTransport::with_limits(Duration::from_secs(20), Duration::ZERO);
        let secret = Secret::new(secret.to_owned());
        ClientCredentials::new(&url, ("nhaviec", secret), (Arc::new(transport), Arc::new(SystemClock))).unwrap()
    }

    /// How often a token was asked for.
    pub fn tokens(&self) -> usize {
        self.simulator.said().lines().filter(|line| line.starts_with("/oauth2/token ")).count()
    }

    /// The person's phone: `confirm` or `refuse`.
    pub fn phone(&self, answer: &str) {
        self.post(&format!("phone/{answer}"), "text/plain", "").expect("something waits at the phone");
    }

    /// What the person's phone shows.
    pub fn shown(&self) -> serde_json::Value {
        let shown = self.transport.get(&format!("http://127.0.0.1:{}/phone", self.simulator.port())).unwrap();
        serde_json::from_slice(&shown).unwrap()
    }

    fn post(&self, path: &str, kind: &str, body: &str) -> Result<Vec<u8>, signing::SigningError> {
        self.transport.post(&format!("http://127.0.0.1:{}/{path}", self.simulator.port()), kind, body.as_bytes())
    }

    /// How often the provider was asked for `method`.
    pub fn requests(&self, method: &str) -> usize {
        self.simulator.said().lines().filter(|line| line.starts_with(&format!("/csc/v2/{method} "))).count()
    }

    pub fn service(&self) -> Service<'_> {
        Service::new(&format!("http://127.0.0.1:{}/csc/v2", self.simulator.port()), &self.transport).unwrap()
    }

    /// Runs something with the account.
    pub fn with<T>(&self, run: impl FnOnce(&Account<'_>) -> T) -> T {
        run(&self.service().account(&self.token, self.user.as_deref()))
    }

    /// The key of this kind.
    pub fn credential(&self, kind: &str) -> Result<Credential, RemoteError> {
        let credentials = self.simulator.ready["credentials"].as_array().unwrap();
        let own = credentials.iter().find(|credential| credential["key"] == kind).expect("a key of this kind");
        self.with(|account| account.credential(own["credentialID"].as_str().unwrap()))
    }

    /// Starts to have so many documents signed by the key of this kind.
    pub fn errand(&self, kind: &str, count: usize, asynchronous: bool) -> Errand<'_> {
        let credential = self.credential(kind).unwrap();
        self.errand_with(&credential, count, asynchronous)
    }

    pub fn errand_with(&self, credential: &Credential, count: usize, asynchronous: bool) -> Errand<'_> {
        let one = |_| {
            let number = self.prepared.fetch_add(1, Ordering::Relaxed);
            let mut options = credential.options(Timestamp::now()).unwrap();
            options.reason = Some(format!("Phê duyệt lần {number}"));
            prepare(&document(Shape { streams: number % 2 == 1, ..Shape::default() }), &options).unwrap()
        };
        let prepared: Vec<_> = (0..count).map(one).collect();
        let now = Timestamp::now();
        let until = now.plus_seconds(PATIENCE);
        let order = Order { reference: "r-1", description: "Quyết định số 12/UBND-VX", asynchronous, until };
        let job = Job::new(credential, &prepared.iter().map(Prepared::outline).collect::<Vec<_>>(), &order).unwrap();
        let proofs = credential.wanted.iter().map(|wanted| Proof { id: wanted.id.clone(), value: None }).collect();
        Errand { customer: self, prepared, job, proofs, now }
    }

    fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// pyHanko with the provider's root and lists, under the names that it looks for.
    pub fn oracle(&self) -> Oracle {
        let folder = self.folder.path();
        for (own, other) in [("root.der", "root.crt"), ("sub.crl", "issuing.crl")] {
            std::fs::copy(folder.join(own), folder.join(other)).unwrap();
        }
        Oracle::over(folder)
    }

    /// Whether our verifier has nothing against the file.
    pub fn is_valid(&self, file: &[u8]) -> bool {
        let crls = vec![self.file("sub.crl"), self.file("root.crl")];
        let evidence = Evidence { certificates: vec![self.file("sub.der")], crls, ocsps: Vec::new() };
        let report = verify(file, &trusting(self.file("root.der")), Timestamp::now(), &evidence);
        report.verdict == Verdict::Valid && report.signatures.len() == 1
    }
}

/// A job with its documents. Before each step it is stored and read again, as after a night.
pub struct Errand<'a> {
    customer: &'a Customer,
    pub prepared: Vec<Prepared>,
    pub job: Job,
    pub proofs: Vec<Proof>,
    /// What time it is for the job.
    pub now: Timestamp,
}

impl Errand<'_> {
    fn store(&mut self) {
        let stored = serde_json::to_string(&self.job).unwrap();
        self.job = serde_json::from_str(&stored).unwrap();
    }

    pub fn ask(&mut self) -> Result<State, RemoteError> {
        self.store();
        self.customer.with(|account| self.job.ask(account, &self.proofs, self.now).cloned())
    }

    pub fn poll(&mut self) -> Result<State, RemoteError> {
        self.store();
        self.customer.with(|account| self.job.poll(account, self.now).cloned())
    }

    /// Asks, and has the phone confirm when it waits for it.
    pub fn confirmed(&mut self) -> Result<State, RemoteError> {
        let state = self.ask()?;
        assert!(matches!(state, State::Waiting(Wait::Permission(_))), "{state:?}");
        assert_eq!(self.poll().unwrap(), state, "the person has not answered");
        self.customer.phone("confirm");
        self.poll()
    }

    /// Polls until there is something else to hear than to wait.
    pub fn awaited(&mut self) -> Result<State, RemoteError> {
        for _ in 0..200 {
            let state = self.poll()?;
            if !matches!(state, State::Waiting(_)) {
                return Ok(state);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it waits for ever: {:?}", self.job.state())
    }

    /// The signatures in their files.
    pub fn finished(&self) -> Vec<Vec<u8>> {
        let (authority, transport) = (Authority { url: String::new(), trusted: vec![] }, &self.customer.transport);
        let (clock, roots, intermediates) = (&SystemClock, &[][..], &[][..]);
        let services = Services { transport, clock, authority: &authority, roots, intermediates };
        let signatures = self.job.signatures().unwrap();
        let both = self.prepared.iter().zip(signatures);
        both.map(|(prepared, signature)| finish(prepared, signature, Level::Basic, &services).unwrap()).collect()
    }
}
