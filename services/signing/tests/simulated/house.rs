//! The house as the desktop tool sees it: a small HTTP server that gives the file and takes the signed one, each under its
//! one-time pass. Beside it stands a time-stamping authority.

use crate::authority::World;
use crate::desk::Office;
use crate::fixture::{Shape, document};
use crate::form::Head;
use signing::tool::{
    Accepted, Command, Denied, Errand, Receipt, Refusal, Request, Task, UPLOAD_FIELD, returned_bytes_max,
};
use signing::{HttpTransport, SigningKey, Transport};
use std::io::{BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::spawn;
use std::time::Duration;
use types::Timestamp;

/// The document that goes out.
const DOCUMENT: &str = "12-UBND-VX.pdf";
/// Bytes of a form around its file, at most.
const ENVELOPE_BYTES_MAX: usize = 64 << 10;

/// What became of something that was handed in.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Accepted(Box<Accepted>),
    Refused(Refusal),
    Denied(Denied),
    /// The connection ended before the form did.
    CutOff,
}

/// What the house knows of one errand.
struct Files {
    original: Vec<u8>,
    office: Office,
    /// Under a lock, as a database holds it: a pass is spent once.
    errand: Mutex<Errand>,
    /// Every request to hand in, in the order of their ends, and the last file that was accepted.
    outcomes: Mutex<Vec<Outcome>>,
    taken: Mutex<Vec<u8>>,
    world: World,
}

/// A house that has sent one document out.
pub struct House {
    files: Arc<Files>,
    port: u16,
    /// What the page hands to the tool.
    pub request: Request,
}

impl House {
    /// It waits for the signature of `key`.
    pub fn new(key: &dyn SigningKey, command: Command) -> Self {
        Self::with(document(Shape::default()), key, command)
    }

    pub fn with(original: Vec<u8>, key: &dyn SigningKey, command: Command) -> Self {
        let task = Task { document: DOCUMENT, person: "an", command, original: &original };
        let (errand, passes) = Errand::new(&task, Timestamp::now(), 600).unwrap();
        let mut office = Office::waiting_for(key);
        (office.given, office.writing) = (errand.given(), command.writing());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let address = |what: &str, pass: &str| format!("http://127.0.0.1:{port}/sign/{what}/{DOCUMENT}?t={pass}");
        let request = Request::new(address("file", passes.fetch.as_str()), address("upload", passes.hand_in.as_str()));
        let (errand, world) = (Mutex::new(errand), World::new());
        let (outcomes, taken) = (Mutex::default(), Mutex::default());
        let files = Arc::new(Files { original, office, errand, outcomes, taken, world });
        let served = files.clone();
        // It goes on until the tests are over.
        spawn(move || {
            for stream in listener.incoming().flatten() {
                let files = served.clone();
                spawn(move || files.serve(stream));
            }
        });
        Self { files, port, request }
    }

    /// Where its authority stamps the time.
    pub fn authority(&self) -> String {
        format!("http://127.0.0.1:{}/tsa", self.port)
    }

    pub fn original(&self) -> &[u8] {
        &self.files.original
    }

    pub fn outcomes(&self) -> Vec<Outcome> {
        self.files.outcomes.lock().unwrap().clone()
    }

    /// The file that was accepted.
    pub fn taken(&self) -> Vec<u8> {
        self.files.taken.lock().unwrap().clone()
    }

    /// Whether the tool fetched the file, and whether it handed something in.
    pub fn was_used(&self) -> (bool, bool) {
        let errand = self.files.errand.lock().unwrap();
        let fetches = serde_json::to_value(&*errand).unwrap()["fetches"].as_u64().unwrap();
        (fetches > 0, errand.used().is_some())
    }

    /// Hands in `file` once more, as somebody would who saw the address. Gives the answer of a status that is no error.
    pub fn hand_in_again(&self, file: &[u8]) -> Option<Receipt> {
        let head =
            format!("--b\r\nContent-Disposition: form-data; name=\"{UPLOAD_FIELD}\"; filename=\"a.pdf\"\r\n\r\n");
        let form = [head.as_bytes(), file, b"\r\n--b--\r\n"].concat();
        let transport = HttpTransport::with_limits(Duration::from_secs(20), Duration::ZERO);
        let answer = transport.post(&self.request.upload, "multipart/form-data; boundary=b", &form);
        answer.ok().map(|receipt| serde_json::from_slice(&receipt).unwrap())
    }
}

impl Files {
    fn serve(&self, stream: TcpStream) {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut stream = BufReader::new(stream);
        let head = Head::read(&mut stream);
        let (path, pass) = head.path.split_once("?t=").unwrap_or((&head.path, ""));
        let (place, document) = path.rsplit_once('/').unwrap();
        let (status, kind, body) = match (&*head.method, place) {
            ("GET", "/sign/file") => self.give(pass, document),
            ("POST", "/sign/upload") => self.take(pass, document, &head, &mut stream),
            ("POST", "") if document == "tsa" => {
                let question = head.body(&mut stream, ENVELOPE_BYTES_MAX).unwrap();
                (
                    200,
                    "application/timestamp-reply",
                    self.world.servers.post("http://tsa.test/", "", &question).unwrap(),
                )
            }
            other => panic!("the tool asked for {other:?}"),
        };
        let length = body.len();
        let said = format!(
            "HTTP/1.1 {status} .\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        // The tool may have hung up.
        let _ = stream.get_mut().write_all(&[said.as_bytes(), &body].concat());
    }

    fn give(&self, pass: &str, document: &str) -> Response {
        let fetched = self.errand.lock().unwrap().fetch(pass, document, Timestamp::now());
        match fetched {
            Ok(()) => (200, "application/pdf", self.original.clone()),
            Err(denied) => (403, "text/plain", denied.to_string().into_bytes()),
        }
    }

    fn take(&self, pass: &str, document: &str, head: &Head, stream: &mut impl Read) -> Response {
        let spent = self.errand.lock().unwrap().hand_in(pass, document, Timestamp::now());
        let outcome = match spent {
            Err(denied) => Outcome::Denied(denied),
            Ok(()) => {
                let most = returned_bytes_max(self.original.len()) + ENVELOPE_BYTES_MAX;
                head.body(stream, most).map_or(Outcome::CutOff, |form| self.judge(&head.file(form)))
            }
        };
        let receipt = match &outcome {
            Outcome::Accepted(_) => Receipt::taken(DOCUMENT.to_owned(), "https://xa.test/12".to_owned()),
            Outcome::Refused(refusal) => Receipt::refused(refusal.to_string()),
            Outcome::Denied(_) | Outcome::CutOff => Receipt::refused(String::new()),
        };
        let status = if matches!(outcome, Outcome::Denied(_)) { 403 } else { 200 };
        self.outcomes.lock().unwrap().push(outcome);
        (status, "application/json", serde_json::to_vec(&receipt).unwrap())
    }

    fn judge(&self, returned: &[u8]) -> Outcome {
        assert!(self.errand.lock().unwrap().is_over(&self.original));
        let office = Office { now: Timestamp::now(), ..self.office.clone() };
        match office.accept(&self.original, returned) {
            Ok(accepted) => {
                *self.taken.lock().unwrap() = returned.to_vec();
                Outcome::Accepted(Box::new(accepted))
            }
            Err(refusal) => Outcome::Refused(refusal),
        }
    }
}

/// Status, media type and body.
type Response = (u16, &'static str, Vec<u8>);
