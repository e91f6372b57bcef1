//! Bodies of requests as browsers write them.

/// One part of a form with files.
#[derive(Debug, Clone)]
pub struct Part {
    pub(super) name: String,
    file: Option<(String, String)>,
    bytes: Vec<u8>,
}

impl Part {
    /// An ordinary field.
    pub fn text(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), file: None, bytes: value.as_bytes().to_vec() }
    }

    /// A file with the name and the content type that the browser tells.
    pub fn file(name: &str, file_name: &str, kind: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), file: Some((file_name.to_owned(), kind.to_owned())), bytes: bytes.to_vec() }
    }
}

/// `a=1&b=…`, percent-encoded.
pub(super) fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The content type and the body.
pub(super) fn multipart(parts: &[Part]) -> (String, Vec<u8>) {
    let mut boundary = "----NhaViecTestBoundary".to_owned();
    while parts.iter().any(|p| p.bytes.windows(boundary.len()).any(|w| w == boundary.as_bytes())) {
        boundary.push('x');
    }
    let mut body = Vec::new();
    for part in parts {
        let quoted = |text: &str| text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&part.name));
        if let Some((file_name, kind)) = &part.file {
            head.push_str(&format!("; filename=\"{}\"\r\nContent-Type: {kind}", quoted(file_name)));
        }
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(&part.bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}
