//! One request, by hand: for asking whether the server lives, and for signing in.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use types::{Error, Result};

/// An answer as it came.
pub(super) struct Answer {
    pub status: u16,
    /// Head and body.
    pub text: String,
}

/// Sends a request and reads the whole answer; none when nobody listens.
pub(super) fn send(port: u16, head: &str, body: &str) -> Option<Answer> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_millis(500)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let length = body.len();
    write!(stream, "{head}\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
        .ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, text })
}

/// Whether the server answers.
pub(super) fn is_ready(port: u16) -> bool {
    send(port, "GET /healthz HTTP/1.1", "").is_some_and(|answer| answer.status == 200)
}

/// Signs in; answers the cookies as a browser would send them back.
pub(super) fn sign_in(port: u16, username: &str, password: &str) -> Result<String> {
    let head =
        "POST /dang-nhap HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin";
    let body = format!("username={username}&password={password}&tiep=%2F");
    let answer = send(port, head, &body).ok_or_else(|| Error::internal("the server does not answer a sign-in"))?;
    let cookies: Vec<&str> = answer
        .text
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")))
        .filter_map(|(_, value)| value.split(';').next())
        .collect();
    if answer.status == 303 && !cookies.is_empty() {
        return Ok(cookies.join("; "));
    }
    let start: String = answer.text.chars().take(400).collect();
    Err(Error::internal(format!("the sign-in of {username} was answered {}: {start}", answer.status)))
}
