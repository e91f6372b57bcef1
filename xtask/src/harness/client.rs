//! Every shape of the API that the harness knows: addresses, headers, bodies, answers. Nothing else names them.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use ureq::Agent;

/// Under this header a write carries its command id (`web::api::COMMAND_HEADER`).
const COMMAND_HEADER: &str = "idempotency-key";
const DOSSIERS: &str = "/api/v1/dossiers";
const FILES: &str = "/api/v1/files";
/// Answers, whoever asks, once the server serves.
const READY: &str = "/healthz";
/// Longer than any queue of the server; an answer that takes longer counts as none.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Connections that are kept between requests.
const CONNECTIONS: usize = 10;

/// What the server said when it received a dossier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    pub id: String,
    pub code: String,
}

/// What became of one request.
#[derive(Debug)]
pub enum Outcome {
    /// Acknowledged: from here on nothing may lose it.
    Received(Answer),
    /// The server refused for now; nothing was written.
    Busy,
    /// An answer that leaves it open: it may be written or not.
    Unknown(String),
    /// No answer at all: the server is gone. Written or not.
    Gone(String),
}

/// An answer of a server at rest that is no answer: after a cut that is a broken promise. What did not reach the server at
/// all is another error.
#[derive(Debug)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// A blocking client with connections of its own.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    token: String,
    body: Value,
}

impl Client {
    /// A client for the server at `127.0.0.1:port`. `body` is what is posted; in its strings `{marker}` stands for the
    /// request's own mark.
    pub fn new(port: u16, token: &str, body: &Value) -> Self {
        Self::keeping(CONNECTIONS, (port, token), body)
    }

    /// The same over a connection for each request, so that a proxy leads each anew.
    pub fn unsettled(port: u16, token: &str, body: &Value) -> Self {
        Self::keeping(0, (port, token), body)
    }

    fn keeping(connections: usize, (port, token): (u16, &str), body: &Value) -> Self {
        let settings = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_idle_connections(connections)
            .proxy(None)
            .build();
        let base = format!("http://127.0.0.1:{port}");
        Self { agent: settings.into(), base, token: token.to_owned(), body: body.clone() }
    }

    /// What is posted when the command line names no file.
    pub fn default_body() -> Value {
        json!({
            "procedure": "2.000884",
            "channel": "counter",
            "form": {
                "applicant_name": "Nguyễn Thị Mỹ Hạnh",
                "applicant_identity": "099190000123",
                "applicant_address": "Bản Huổi Lếch, xã Phúc Khê",
                "applicant_phone": "0571234567",
                "document": "Giấy ủy quyền {marker}",
                "signature_kind": "chu-ky",
                "copies_wanted": "1",
            },
            "papers": [{ "requirement": "van-ban", "originals": 1 }],
        })
    }

    /// Whether the server serves.
    pub fn is_ready(&self) -> bool {
        let answer = self.agent.get(format!("{}{READY}", self.base)).call();
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// Receives a dossier under a command id; some bring a file along, which is sent before.
    pub fn receive(&self, command: &str, marker: &str) -> Outcome {
        let mut body = fill(&self.body, marker);
        if let (Some(bytes), Some(paper)) = (content(command), body["papers"].get_mut(0)) {
            match self.upload(&format!("{command}-f"), &bytes) {
                Ok(file) => paper["file_id"] = file.into(),
                Err(outcome) => return outcome,
            }
        }
        self.enter(command, body)
    }

    /// The same without a file.
    pub fn receive_bare(&self, command: &str) -> Outcome {
        self.enter(command, fill(&self.body, command))
    }

    fn enter(&self, command: &str, body: Value) -> Outcome {
        let sent = self.post(DOSSIERS, command).send_json(body);
        match answered(sent) {
            Ok(value) => match read(&value) {
                Ok(answer) => Outcome::Received(answer),
                Err(error) => Outcome::Unknown(error.to_string()),
            },
            Err(outcome) => outcome,
        }
    }

    /// Brings a file in; answers its id.
    fn upload(&self, command: &str, bytes: &[u8]) -> Result<String, Outcome> {
        let head = "--crash\r\nContent-Disposition: form-data; name=\"file\"; filename=\"quet.pdf\"\r\n\
                    Content-Type: application/pdf\r\n\r\n";
        let body = [head.as_bytes(), bytes, b"\r\n--crash--\r\n"].concat();
        let sent = self.post(FILES, command).header("content-type", "multipart/form-data; boundary=crash");
        let value = answered(sent.send(&body[..]))?;
        value["id"].as_str().map(str::to_owned).ok_or_else(|| Outcome::Unknown(format!("no id in {value}")))
    }

    fn post(&self, path: &str, command: &str) -> ureq::RequestBuilder<ureq::typestate::WithBody> {
        let request = self.agent.post(format!("{}{path}", self.base));
        request.header("authorization", format!("Bearer {}", self.token)).header(COMMAND_HEADER, command)
    }

    /// The file that came with a dossier; `None` when it has none.
    pub fn file_of(&self, code: &str) -> Result<Option<Vec<u8>>> {
        let (status, value) = self.get(&format!("{DOSSIERS}/{code}"))?;
        ensure!(status == 200, Refused(format!("reading {code}: {status} {value}")));
        let Some(file) = value["papers"][0]["file_id"].as_str() else { return Ok(None) };
        let request = self.agent.get(format!("{}{DOSSIERS}/{code}/files/{file}", self.base));
        let mut answer = request.header("authorization", format!("Bearer {}", self.token)).call()?;
        let status = answer.status().as_u16();
        let bytes = answer.body_mut().read_to_vec()?;
        ensure!(status == 200, Refused(format!("reading the file of {code}: {status}")));
        Ok(Some(bytes))
    }

    /// Looks a dossier up by its code; `None` when there is none.
    pub fn find(&self, code: &str) -> Result<Option<Answer>> {
        let (status, value) = self.get(&format!("{DOSSIERS}/{code}"))?;
        match status {
            404 => Ok(None),
            200 => Ok(Some(read(&value)?)),
            other => bail!(Refused(format!("looking up {code}: {other} {value}"))),
        }
    }

    /// The page on which the party follows a dossier, and the unit that received it.
    pub fn followed(&self, code: &str) -> Result<(String, String)> {
        let (status, value) = self.get(&format!("{DOSSIERS}/{code}"))?;
        ensure!(status == 200, Refused(format!("reading {code}: {status} {value}")));
        let address = value["tracking_url"].as_str().context("a dossier has a link")?;
        let path = address.find("/theo-doi/").map(|at| address[at..].to_owned()).context("the link leads there")?;
        let unit = value["unit"]["id"].as_str().context("a dossier has a unit")?;
        Ok((path, unit.to_owned()))
    }

    /// The codes of all dossiers, page after page.
    pub fn codes(&self) -> Result<Vec<String>> {
        let mut codes = Vec::new();
        let mut after = String::new();
        loop {
            let (status, value) = self.get(&format!("{DOSSIERS}?limit=100{after}"))?;
            ensure!(status == 200, Refused(format!("listing the dossiers: {status} {value}")));
            let items = value["dossiers"].as_array().context("a list has items")?;
            for item in items {
                codes.push(read(item)?.code);
            }
            match value["next"].as_str() {
                Some(next) if !items.is_empty() => after = format!("&after={next}"),
                _ => return Ok(codes),
            }
        }
    }

    /// What the server tells its watcher.
    pub fn metrics(&self, token: &str) -> Result<String> {
        let request = self.agent.get(format!("{}/metrics", self.base));
        let mut answer = request.header("authorization", format!("Bearer {token}")).call()?;
        ensure!(answer.status() == 200, Refused(format!("the figures: {}", answer.status())));
        Ok(answer.body_mut().read_to_string()?)
    }

    fn get(&self, path: &str) -> Result<(u16, Value)> {
        let request = self.agent.get(format!("{}{path}", self.base));
        let mut answer = request.header("authorization", format!("Bearer {}", self.token)).call()?;
        let status = answer.status().as_u16();
        Ok((status, answer.body_mut().read_json().unwrap_or(Value::Null)))
    }
}

/// The JSON of a success; anything else says what may have become of the request.
fn answered(sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Outcome> {
    let mut answer = sent.map_err(|error| Outcome::Gone(error.to_string()))?;
    let status = answer.status().as_u16();
    // Whoever is told to come again is told when.
    let again = answer.headers().contains_key("retry-after");
    match answer.body_mut().read_json::<Value>() {
        Ok(value) if (200..300).contains(&status) => Ok(value),
        Ok(value) if status == 503 && value["code"] == "busy" && again => Err(Outcome::Busy),
        Ok(value) => Err(Outcome::Unknown(format!("{status}: {value}"))),
        Err(error) => Err(Outcome::Gone(format!("{status}: {error}"))),
    }
}

/// The file that a command brings along: every fourth has one, some of one page of the disk and some of many.
pub fn content(command: &str) -> Option<Vec<u8>> {
    let mark = command.bytes().fold(7_u64, |mark, byte| mark.wrapping_mul(31).wrapping_add(u64::from(byte)));
    if !mark.is_multiple_of(4) {
        return None;
    }
    let mut text = format!("%PDF-1.7\n% {command}\n1 0 obj\n<< /Type /Catalog >>\nendobj\n");
    let lines = usize::try_from(mark / 4 % 400).unwrap_or(0);
    for line in 0..lines {
        text.push_str(&format!("% {command} {line} {}\n", mark.rotate_left(u32::try_from(line).unwrap_or(0))));
    }
    text.push_str("trailer\n<< /Root 1 0 R >>\n%%EOF\n");
    Some(text.into_bytes())
}

fn read(value: &Value) -> Result<Answer> {
    let text = |field: &str| value[field].as_str().map(str::to_owned).with_context(|| format!("no {field} in {value}"));
    Ok(Answer { id: text("id")?, code: text("code")? })
}

/// Puts the mark into every string of the body.
fn fill(body: &Value, marker: &str) -> Value {
    match body {
        Value::String(text) => Value::String(text.replace("{marker}", marker)),
        Value::Array(items) => items.iter().map(|item| fill(item, marker)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), fill(value, marker))).collect(),
        other => other.clone(),
    }
}
