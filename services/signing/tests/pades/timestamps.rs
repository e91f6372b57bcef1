//! A time-stamping authority that is wrong, slow of wit, or lies.

use crate::authority::{Servers, certificate, openssl};
use signing::{Authority, Certificate, HttpTransport, SigningError, Transport, stamp};
use std::time::Duration;
use types::time::{SetClock, SystemClock};
use types::{Clock, Timestamp};

fn ask(servers: &Servers, clock: &dyn Clock, trusted: Vec<Certificate>) -> Result<Vec<u8>, SigningError> {
    let authority = Authority { url: "http://tsa.test/".to_owned(), trusted };
    stamp(&authority, &[b"a signature", b" in two parts"], servers, clock)
}

fn refused(servers: &Servers, why: &str) {
    match ask(servers, &SystemClock, vec![certificate("root")]).unwrap_err() {
        SigningError::BadTimestamp(context) => assert!(context.contains(why), "{context}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_authority_must_be_trusted() {
    let servers = Servers::new();
    for trusted in [vec![], vec![certificate("root")], vec![certificate("issuing")], vec![certificate("tsa")]] {
        assert!(ask(&servers, &SystemClock, trusted).is_ok());
    }
    // Another one, and one that bears the name of the issuing CA.
    for other in ["p256", "impostor"] {
        let refused = ask(&servers, &SystemClock, vec![certificate(other)]).unwrap_err();
        assert!(matches!(refused, SigningError::BadTimestamp(_)), "{other}");
    }
}

#[test]
fn a_clock_that_is_hours_off_is_noticed_and_told() {
    let servers = Servers::new();
    // Somebody wrote local time as if it were UTC: seven hours.
    for hours in [-7, 7] {
        let clock = SetClock::new(Timestamp::now().plus_seconds(hours * 3600));
        let error = ask(&servers, &clock, Vec::new()).unwrap_err();
        let SigningError::TimestampClock(seconds) = error else { panic!("{error:?}") };
        assert!((seconds + hours * 3600).abs() < 60, "{seconds}");
        assert!(error.to_string().contains("đồng hồ"));
    }
    let nearly = SetClock::new(Timestamp::now().plus_seconds(120));
    assert!(ask(&servers, &nearly, Vec::new()).is_ok());
}

#[test]
fn an_answer_to_another_request_is_refused() {
    let mut servers = Servers::new();
    servers.twist = Some(|request| {
        // The nonce is the INTEGER of eight bytes before the BOOLEAN at the end.
        let place = request.len() - 4;
        request[place] ^= 1;
    });
    refused(&servers, "nonce");
    servers.twist = Some(|request| {
        let place = request.windows(2).position(|window| window == [0x04, 0x20]).unwrap();
        request[place + 5] ^= 1;
    });
    refused(&servers, "imprint");
}

#[test]
fn yesterdays_answer_is_refused() {
    let mut servers = Servers::new();
    ask(&servers, &SystemClock, Vec::new()).unwrap();
    servers.answer = Some(servers.last_answer());
    refused(&servers, "nonce");
}

#[test]
fn refusals_and_nonsense_are_told_apart() {
    let mut servers = Servers::new();
    servers.answer = Some(vec![0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]);
    let error = ask(&servers, &SystemClock, Vec::new()).unwrap_err();
    assert!(matches!(error, SigningError::TimestampRefused(_)), "{error:?}");
    for nonsense in
        [&b""[..], b"<html>", &[0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00], &[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]]
    {
        servers.answer = Some(nonsense.to_vec());
        assert!(matches!(ask(&servers, &SystemClock, Vec::new()).unwrap_err(), SigningError::BadTimestamp(_)));
    }
}

/// An authority whose answers are changed on the way.
struct Liar<F> {
    servers: Servers,
    lie: F,
}

impl<F: Fn(&mut Vec<u8>) + Send + Sync> Transport for Liar<F> {
    fn post(&self, url: &str, content_type: &str, body: &[u8]) -> Result<Vec<u8>, SigningError> {
        let mut answer = self.servers.post(url, content_type, body)?;
        (self.lie)(&mut answer);
        Ok(answer)
    }

    fn get(&self, url: &str) -> Result<Vec<u8>, SigningError> {
        self.servers.get(url)
    }
}

fn lie(lie: impl Fn(&mut Vec<u8>) + Send + Sync + 'static) -> SigningError {
    let liar = Liar { servers: Servers::new(), lie };
    let authority = Authority { url: "http://tsa.test/".to_owned(), trusted: Vec::new() };
    stamp(&authority, &[b"a signature"], &liar, &SystemClock).unwrap_err()
}

#[test]
fn a_changed_answer_does_not_verify() {
    // Another year; the signature is over the old one.
    let year = lie(|answer| {
        // GeneralizedTime of 2…: DER leaves out the zeros at the end of a fraction, and the fraction with them.
        let is_time = |window: &[u8]| window[0] == 0x18 && (0x0F..=0x13).contains(&window[1]) && &window[2..] == b"20";
        let place = answer.windows(4).position(is_time).expect("genTime");
        answer[place + 5] ^= 1;
    });
    assert!(matches!(year, SigningError::BadTimestamp(_)), "{year:?}");
    let tail = lie(|answer| *answer.last_mut().unwrap() ^= 1);
    assert!(matches!(tail, SigningError::BadTimestamp(_)), "{tail:?}");
    assert!(matches!(lie(|answer| answer.push(0)), SigningError::BadTimestamp(_)));
    assert!(matches!(lie(|answer| answer.truncate(40)), SigningError::BadTimestamp(_)));
}

/// Signs the TSTInfo of a real answer again with somebody's certificate.
fn signed_again(answer: &[u8], name: &str, work: &std::path::Path, ess: bool) -> Vec<u8> {
    let path = |end: &str| work.join(end).display().to_string();
    // eContent: the OCTET STRING that follows id-ct-TSTInfo.
    let oid = [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x04];
    let place = answer.windows(oid.len()).position(|window| window == oid).unwrap() + oid.len();
    let skip = |at: usize| if answer[at + 1] < 0x80 { at + 2 } else { at + 2 + usize::from(answer[at + 1] & 0x7F) };
    let inside = skip(skip(place));
    let length = if answer[inside + 1] < 0x80 {
        2 + usize::from(answer[inside + 1])
    } else {
        3 + usize::from(answer[inside + 2])
    };
    std::fs::write(path("info"), &answer[inside..inside + length]).unwrap();
    let (certificate, key) = (format!("{name}.crt"), format!("{name}.key"));
    let mut arguments = vec![
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-nosmimecap",
        "-econtent_type",
        "1.2.840.113549.1.9.16.1.4",
        "-outform",
        "DER",
        "-md",
        "sha256",
        "-signer",
        &certificate,
        "-inkey",
        &key,
    ];
    if ess {
        arguments.push("-cades");
    }
    let (info, token) = (path("info"), path("token"));
    arguments.extend(["-in", &info, "-out", &token]);
    openssl(&arguments);
    let token = std::fs::read(token).unwrap();
    let content = [&[0x30, 0x03, 0x02, 0x01, 0x00][..], &token].concat();
    let length = (content.len() as u16).to_be_bytes();
    [&[0x30, 0x82, length[0], length[1]][..], &content].concat()
}

#[test]
fn only_a_certificate_for_time_stamping_stamps() {
    for (name, ess, why) in [("p256", true, "time-stamping only"), ("tsa", false, "signing-certificate")] {
        let work = tempfile::tempdir().unwrap();
        let folder = work.path().to_owned();
        let error = lie(move |answer| *answer = signed_again(answer, name, &folder, ess));
        let SigningError::BadTimestamp(context) = error else { panic!("{error:?}") };
        assert!(context.contains(why), "{context}");
    }
    // The same way with the right certificate is accepted, so that it is the certificate that counts.
    let work = tempfile::tempdir().unwrap();
    let folder = work.path().to_owned();
    let again = move |answer: &mut Vec<u8>| *answer = signed_again(answer, "tsa", &folder, true);
    let liar = Liar { servers: Servers::new(), lie: again };
    let authority = Authority { url: "http://tsa.test/".to_owned(), trusted: vec![certificate("issuing")] };
    stamp(&authority, &[b"a signature"], &liar, &SystemClock).unwrap();
}

#[test]
fn a_server_that_is_not_there_is_tried_three_times() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let counted = std::thread::spawn(move || {
        for number in 0..3 {
            let (mut socket, _) = listener.accept().unwrap();
            if number == 2 {
                use std::io::{Read, Write};
                let mut request = [0; 1024];
                let _ = socket.read(&mut request);
                socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok").unwrap();
            }
        }
    });
    let transport = HttpTransport::with_limits(Duration::from_secs(5), Duration::from_millis(10));
    assert_eq!(transport.get(&address).unwrap(), b"ok");
    counted.join().unwrap();
    // Nobody listens any more.
    assert!(matches!(transport.post(&address, "x/y", b"z").unwrap_err(), SigningError::Unreachable(_)));
}

#[test]
fn a_refusal_is_not_asked_for_twice_and_silence_ends() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let _ = socket.read(&mut request);
        socket.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        // From now on connections are taken and nothing is said.
        listener
    });
    let transport = HttpTransport::with_limits(Duration::from_millis(200), Duration::from_millis(10));
    let refused = transport.get(&address).unwrap_err();
    assert!(refused.inward().contains("404"), "{refused:?}");
    let listener = server.join().unwrap();
    let started = std::time::Instant::now();
    assert!(matches!(transport.get(&address).unwrap_err(), SigningError::Unreachable(_)));
    let waited = started.elapsed();
    assert!(Duration::from_millis(550) < waited && waited < Duration::from_secs(10), "{waited:?}");
    drop(listener);
}
