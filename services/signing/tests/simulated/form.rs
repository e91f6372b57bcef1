//! What the tool sends to the house: the head of a request, and a form with one file.

use signing::tool::UPLOAD_FIELD;
use std::io::{BufRead, Read};

/// The first lines of a request.
pub struct Head {
    pub method: String,
    pub path: String,
    length: usize,
    boundary: String,
}

impl Head {
    pub fn read(stream: &mut impl BufRead) -> Self {
        let mut lines = stream.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default();
        let mut words = first.split(' ').map(str::to_owned);
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (mut length, mut boundary) = (0, String::new());
        for line in lines {
            match line.split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
                Some((name, value)) if name.eq_ignore_ascii_case("content-type") => {
                    boundary = value.split_once("boundary=").map(|(_, word)| word.to_owned()).unwrap_or_default();
                }
                _ => {}
            }
        }
        Self { method, path, length, boundary }
    }

    /// The body, or as much of it as is taken; nothing when the connection ended before.
    pub fn body(&self, stream: &mut impl Read, most: usize) -> Option<Vec<u8>> {
        let mut body = vec![0; self.length.min(most)];
        stream.read_exact(&mut body).ok().map(|()| body)
    }

    /// The one file of a form (RFC 7578). Where the form was not read to its end, neither was the file.
    pub fn file(&self, mut form: Vec<u8>) -> Vec<u8> {
        let start = form.windows(4).position(|window| window == b"\r\n\r\n").expect("a head of the part");
        let head = String::from_utf8_lossy(&form[..start]).into_owned();
        assert!(head.starts_with(&format!("--{}\r\n", self.boundary)), "{head}");
        assert!(head.contains(&format!("form-data; name=\"{UPLOAD_FIELD}\"; filename=")), "{head}");
        let end = format!("\r\n--{}--\r\n", self.boundary);
        if form.ends_with(end.as_bytes()) {
            form.truncate(form.len() - end.len());
        }
        form.split_off(start + 4)
    }
}
