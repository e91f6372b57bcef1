//! The three messages: to the tool, to its upload, and from the tool to the page's script.

use crate::SigningError;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use types::Day;

/// The multipart field in which the tool posts the signed file.
pub const UPLOAD_FIELD: &str = "uploadfile";
/// Bytes of a message from the tool, at most.
const MESSAGE_BYTES_MAX: usize = 64 << 10;
/// Characters kept of a text that the tool said, at most.
const TEXT_CHARACTERS_MAX: usize = 300;

/// What the browser hands to the tool, always with all of its keys. It carries the passes, so that it is never printed or logged.
#[derive(Clone, Serialize)]
pub struct Request {
    /// Where the tool posts the signed file, with its pass.
    #[serde(rename = "FileUploadHandler")]
    pub upload: String,
    /// Empty: the tool gets no session of anybody.
    #[serde(rename = "SessionId")]
    session: String,
    #[serde(rename = "JWTToken")]
    token: String,
    /// Where the tool fetches the file, with its pass.
    #[serde(rename = "FileName")]
    pub file: String,
    /// What the tool hands on.
    #[serde(rename = "MetaData")]
    pub meta_data: Vec<MetaData>,
    /// Number and symbol of the document, e.g. `12/UBND-VX`, where the tool is to write it; otherwise empty.
    #[serde(rename = "DocNumber")]
    pub number: String,
    /// The day of issue; written as its first moment in Viet Nam, and empty when there is none.
    #[serde(rename = "IssuedDate", serialize_with = "moment")]
    pub issued: Option<Day>,
}

/// A pair that the tool hands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetaData {
    #[serde(rename = "Key")]
    pub key: String,
    #[serde(rename = "Value")]
    pub value: String,
}

fn moment<S: Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&day.map(|day| day.start().rfc3339()).unwrap_or_default())
}

impl Request {
    /// Fetch at `file`, post to `upload`; both are whole addresses with the passes of one errand.
    pub fn new(file: String, upload: String) -> Self {
        let (session, token, number) = (String::new(), String::new(), String::new());
        Self { upload, session, token, file, meta_data: Vec::new(), number, issued: None }
    }

    /// The one string that the tool is sent.
    ///
    /// # Errors
    /// [`SigningError::Internal`]; text always can be written.
    pub fn to_json(&self) -> Result<String, SigningError> {
        serde_json::to_string(self).map_err(|error| SigningError::Internal(format!("request of the tool: {error}")))
    }
}

/// What the upload answers the tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Whether the file was taken.
    #[serde(rename = "Status")]
    pub taken: bool,
    /// Why not; the tool shows it.
    #[serde(rename = "Message")]
    pub message: String,
    /// The name of the file, for the tool's window.
    #[serde(rename = "FileName")]
    pub file: String,
    /// Where the signed file is; needs a session.
    #[serde(rename = "FileServer")]
    pub address: String,
}

impl Receipt {
    /// The file was taken.
    pub fn taken(file: String, address: String) -> Self {
        Self { taken: true, message: String::new(), file, address }
    }

    /// The file was refused, with the sentence that the signer reads.
    pub fn refused(sentence: String) -> Self {
        Self { taken: false, message: sentence, file: String::new(), address: String::new() }
    }
}

/// What the tool told the page's script when it succeeded. The file that came is what counts; this only says that it should
/// be there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Callback {
    /// The name that the upload answered.
    pub file: String,
    /// The address that the upload answered.
    pub address: String,
    /// The number that the tool wrote, when it did.
    pub number: String,
    /// The date that the tool wrote, as it says it.
    pub date: String,
}

/// Why there is no success.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// The tool says that it failed or was closed; its own words, cut.
    #[error(
        "Công cụ ký chưa ký được (mã {status}{}). Văn bản chưa được ký; hãy kiểm tra USB ký số rồi ký lại.",
        after(message)
    )]
    Failed {
        /// The tool's number; 0 is success.
        status: i64,
        /// What it said, of at most 300 characters.
        message: String,
    },
    /// Not what the tool says; the text is for the log.
    #[error("Không hiểu trả lời của công cụ ký. Hãy tải lại trang để xem văn bản đã được ký chưa, rồi mới ký lại.")]
    Unreadable(String),
}

fn after(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

/// As it stands on the wire. Keys of newer versions are passed over; those known are of the right kind and there once.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "Status")]
    status: i64,
    #[serde(rename = "Message", default, deserialize_with = "text")]
    message: String,
    #[serde(rename = "FileName", default, deserialize_with = "text")]
    file: String,
    #[serde(rename = "FileServer", default, deserialize_with = "text")]
    address: String,
    #[serde(rename = "DocumentNumber", default, deserialize_with = "text")]
    number: String,
    #[serde(rename = "DocumentDate", default, deserialize_with = "text")]
    date: String,
}

/// A text or nothing, in one line and cut.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let said = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    Ok(said.chars().filter(|c| !c.is_control()).take(TEXT_CHARACTERS_MAX).collect())
}

impl Callback {
    /// Reads the one string that the tool gives the page's script.
    ///
    /// # Errors
    /// [`CallbackError::Failed`] for any status but 0, [`CallbackError::Unreadable`].
    pub fn read(said: &str) -> Result<Self, CallbackError> {
        if said.len() > MESSAGE_BYTES_MAX {
            return Err(CallbackError::Unreadable(format!("{} bytes", said.len())));
        }
        let Said { status, message, file, address, number, date } =
            serde_json::from_str(said).map_err(|error| CallbackError::Unreadable(error.to_string()))?;
        match status {
            0 => Ok(Self { file, address, number, date }),
            status => Err(CallbackError::Failed { status, message }),
        }
    }
}

#[cfg(test)]
mod tests;
