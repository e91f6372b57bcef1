//! A service that answers what it is told to, in order, and remembers what it was asked.

use crate::authority::key;
use crate::fixture::{Shape, document};
use data_encoding::BASE64;
use serde_json::{Value, json};
use signing::remote::{Account, Job, Order, Proof, RemoteError, Service};
use signing::{Answer, Asking, Prepared, Secret, SigningError, SigningKey, SoftKey, Transport, prepare};
use std::collections::VecDeque;
use std::sync::Mutex;
use types::Timestamp;

/// The script.
#[derive(Default)]
pub struct Script {
    answers: Mutex<VecDeque<(String, u16, Vec<u8>)>>,
    /// Method, header and body of every request.
    pub asked: Mutex<Vec<(String, String, Value)>>,
}

impl Script {
    /// Next, the method is asked and this is answered.
    pub fn then(&self, method: &str, status: u16, answer: &Value) {
        self.then_bytes(method, status, answer.to_string().into_bytes());
    }

    pub fn then_bytes(&self, method: &str, status: u16, answer: Vec<u8>) {
        self.answers.lock().unwrap().push_back((method.to_owned(), status, answer));
    }

    /// Whether everything was said.
    pub fn is_over(&self) -> bool {
        self.answers.lock().unwrap().is_empty()
    }

    /// The body of the last request.
    pub fn last(&self) -> Value {
        self.asked.lock().unwrap().last().unwrap().2.clone()
    }
}

impl Transport for Script {
    fn post(&self, url: &str, _content_type: &str, _body: &[u8]) -> Result<Vec<u8>, SigningError> {
        Err(SigningError::Unreachable(url.to_owned()))
    }

    fn get(&self, url: &str) -> Result<Vec<u8>, SigningError> {
        Err(SigningError::Unreachable(url.to_owned()))
    }

    fn ask(&self, url: &str, asking: &Asking<'_>) -> Result<Answer, SigningError> {
        let method = url.strip_prefix("https://ca.test/csc/v2/").expect("the base").to_owned();
        // What a secret is can be seen by nobody; whether there is one, can.
        let header = asking.authorization.map(|secret| format!("{secret:?}")).unwrap_or_default();
        self.asked.lock().unwrap().push((method.clone(), header, serde_json::from_slice(asking.body).unwrap()));
        let next = self.answers.lock().unwrap().pop_front();
        let (expected, status, body) = next.ok_or_else(|| SigningError::Unreachable(url.to_owned()))?;
        assert_eq!(method, expected);
        Ok(Answer { status, body: body.into() })
    }
}

/// What the service says of a key.
pub fn info(key: &SoftKey, algorithms: &[&str], mode: &str) -> Value {
    let chain: Vec<String> =
        [key.certificate()].into_iter().chain(key.chain()).map(|c| BASE64.encode(c.der())).collect();
    json!({
        "key": {"status": "enabled", "algo": algorithms, "len": 2048},
        "cert": {"status": "valid", "certificates": chain},
        "auth": {"mode": mode, "expression": "PIN", "objects": [{"type": "Password", "id": "PIN", "format": "N", "label": "PIN"}]},
        "SCAL": "2",
        "multisign": 5,
        "lang": "vi"
    })
}

pub const RSA: &[&str] = &["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"];
pub const ECDSA: &[&str] = &["1.2.840.10045.4.3.2"];

/// A person with a key at the service, and documents that wait for it.
pub struct Desk {
    pub script: Script,
    pub key: SoftKey,
    pub algorithms: &'static [&'static str],
    pub mode: &'static str,
    pub prepared: Vec<Prepared>,
    /// Whose keys are asked for, where the token does not say it.
    pub user: Option<&'static str>,
    pub now: Timestamp,
}

impl Desk {
    pub fn new(name: &str, algorithms: &'static [&'static str]) -> Self {
        Self {
            script: Script::default(),
            key: key(name),
            algorithms,
            mode: "explicit",
            prepared: Vec::new(),
            user: None,
            now: Timestamp::now(),
        }
    }

    /// Runs something with the account.
    pub fn with<T>(&self, run: impl FnOnce(&Account<'_>) -> T) -> T {
        let (service, token) =
            (Service::new("https://ca.test/csc/v2/", &self.script).unwrap(), Secret::new("tok".to_owned()));
        run(&service.account(&token, self.user))
    }

    pub fn info(&self) -> Value {
        info(&self.key, self.algorithms, self.mode)
    }

    /// A job over two documents.
    pub fn job(&mut self, asynchronous: bool) -> Job {
        self.script.then("credentials/info", 200, &self.info());
        let credential = self.with(|account| account.credential("K1")).unwrap();
        let options = credential.options(self.now).unwrap();
        let shapes = [Shape::default(), Shape { streams: true, ..Shape::default() }];
        self.prepared = shapes.map(|shape| prepare(&document(shape), &options).unwrap()).into();
        self.key = key_again(&self.key, options.algorithm);
        let order =
            Order { reference: "r-1", description: "12/UBND-VX", asynchronous, until: self.now.plus_seconds(300) };
        Job::new(&credential, &self.prepared.iter().map(Prepared::outline).collect::<Vec<_>>(), &order).unwrap()
    }

    /// Asks with a PIN. The certificate is asked for first.
    pub fn ask(&self, job: &mut Job) -> Result<(), RemoteError> {
        self.script.then("credentials/info", 200, &self.info());
        // The rest of the script was written before: it comes after.
        let mut answers = self.script.answers.lock().unwrap();
        answers.rotate_right(1);
        drop(answers);
        let proofs = [Proof { id: "PIN".to_owned(), value: Some(Secret::new("135790".to_owned())) }];
        self.with(|account| job.ask(account, &proofs, self.now).map(|_| ()))
    }

    pub fn poll(&self, job: &mut Job) -> Result<(), RemoteError> {
        // As after a night in the store.
        *job = serde_json::from_str(&serde_json::to_string(job).unwrap()).unwrap();
        self.with(|account| job.poll(account, self.now).map(|_| ()))
    }

    /// What an honest service answers.
    pub fn signatures(&self) -> Value {
        json!({"signatures": self.raw_signatures().iter().map(|raw| BASE64.encode(raw)).collect::<Vec<_>>()})
    }

    pub fn raw_signatures(&self) -> Vec<Vec<u8>> {
        self.prepared.iter().map(|document| self.key.sign(document.to_sign()).unwrap()).collect()
    }
}

/// The same key with the algorithm that was agreed on.
fn key_again(known: &SoftKey, algorithm: signing::Algorithm) -> SoftKey {
    let names = ["rsa2048", "rsa3072", "p256", "p384"];
    let same = names.into_iter().map(key).find(|key| key.certificate() == known.certificate());
    same.unwrap().with_algorithm(algorithm).unwrap()
}
