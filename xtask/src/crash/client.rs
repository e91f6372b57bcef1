//! Every shape of the API that the harness knows: addresses, headers, bodies, answers. Nothing else names them.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use ureq::Agent;

/// Under this header a write carries its command id (`web::api::COMMAND_HEADER`).
const COMMAND_HEADER: &str = "idempotency-key";
const DOSSIERS: &str = "/api/v1/dossiers";
/// Answers, whoever asks, once the server serves.
const READY: &str = "/healthz";
/// Longer than any queue of the server; an answer that takes longer counts as none.
const TIMEOUT: Duration = Duration::from_secs(20);

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
        let settings =
            Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false).proxy(None).build();
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

    /// Receives a dossier under a command id.
    pub fn receive(&self, command: &str, marker: &str) -> Outcome {
        let sent = self
            .agent
            .post(format!("{}{DOSSIERS}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header(COMMAND_HEADER, command)
            .send_json(fill(&self.body, marker));
        let mut answer = match sent {
            Ok(answer) => answer,
            Err(error) => return Outcome::Gone(error.to_string()),
        };
        let status = answer.status().as_u16();
        match answer.body_mut().read_json::<Value>() {
            Ok(value) if (200..300).contains(&status) => match read(&value) {
                Ok(answer) => Outcome::Received(answer),
                Err(error) => Outcome::Unknown(format!("{status}: {error}")),
            },
            Ok(value) if value["code"] == "busy" => Outcome::Busy,
            Ok(value) => Outcome::Unknown(format!("{status}: {value}")),
            Err(error) => Outcome::Gone(format!("{status}: {error}")),
        }
    }

    /// Looks a dossier up by its code; `None` when there is none.
    pub fn find(&self, code: &str) -> Result<Option<Answer>> {
        let (status, value) = self.get(&format!("{DOSSIERS}/{code}"))?;
        match status {
            404 => Ok(None),
            200 => Ok(Some(read(&value)?)),
            other => bail!("looking up {code}: {other} {value}"),
        }
    }

    /// The codes of all dossiers, page after page.
    pub fn codes(&self) -> Result<Vec<String>> {
        let mut codes = Vec::new();
        let mut after = String::new();
        loop {
            let (status, value) = self.get(&format!("{DOSSIERS}?limit=100{after}"))?;
            ensure!(status == 200, "listing the dossiers: {status} {value}");
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

    fn get(&self, path: &str) -> Result<(u16, Value)> {
        let request = self.agent.get(format!("{}{path}", self.base));
        let mut answer = request.header("authorization", format!("Bearer {}", self.token)).call()?;
        let status = answer.status().as_u16();
        Ok((status, answer.body_mut().read_json().unwrap_or(Value::Null)))
    }
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
