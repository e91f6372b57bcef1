//! The page's script: one message to the tool over a WebSocket (RFC 6455), one back.

use data_encoding::BASE64;
use signing::tool::{Callback, CallbackError, Command, Request};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longest wait for the tool, which talks with the house meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);
/// A text in one frame.
const WHOLE_TEXT: u8 = 0x81;

/// Hands `request` to the tool at `port` and gives what it tells the script.
pub fn tell(port: u16, command: Command, request: &Request) -> Result<Callback, CallbackError> {
    let address = command.address();
    let path = address.strip_prefix("wss://127.0.0.1:8987").expect("the tool's address");
    let mut socket = BufReader::new(TcpStream::connect(("127.0.0.1", port)).unwrap());
    socket.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
    let key = BASE64.encode(b"any sixteen byte");
    let hello = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    socket.get_mut().write_all(hello.as_bytes()).unwrap();
    let mut line = String::new();
    socket.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 101 "), "{line}");
    while line != "\r\n" {
        line.clear();
        socket.read_line(&mut line).unwrap();
    }
    socket.get_mut().write_all(&frame(request.to_json().unwrap().as_bytes())).unwrap();
    Callback::read(&text(&mut socket))
}

/// A client masks what it sends (5.3).
fn frame(text: &[u8]) -> Vec<u8> {
    let mask = [7, 77, 177, 27];
    let mut frame = vec![WHOLE_TEXT];
    match u16::try_from(text.len()).unwrap() {
        short @ 0..126 => frame.push(0x80 | short as u8),
        long => frame.extend([&[0x80 | 126][..], &long.to_be_bytes()].concat()),
    }
    frame.extend(mask);
    frame.extend(text.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

fn text(socket: &mut impl Read) -> String {
    let mut head = [0; 2];
    socket.read_exact(&mut head).unwrap();
    assert_eq!(head[0], WHOLE_TEXT, "the tool says one text in one frame");
    let mut length = usize::from(head[1]);
    if length == 126 {
        socket.read_exact(&mut head).unwrap();
        length = u16::from_be_bytes(head).into();
    }
    let mut said = vec![0; length];
    socket.read_exact(&mut said).unwrap();
    String::from_utf8(said).unwrap()
}
