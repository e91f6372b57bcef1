//! Authorities between that nobody sent along: fetched from where the certificate below says, and from servers that lie.

use crate::authority::{World, certificate, file, key, options};
use crate::fixture::{Shape, document};
use crate::oracle;
use signing::{HttpTransport, Level, SigningError, Transport, extend_long_term, sign};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// Signed by whoever is two authorities below the root; the file carries neither.
fn signed(name: &str, world: &World) -> Vec<u8> {
    let key = key(name);
    let mut options = options(&key);
    options.chain = Vec::new();
    sign(&document(Shape::default()), &options, &key, Level::Timestamped, &world.services()).unwrap()
}

/// Addresses of issuers that were asked since the last time.
fn asked(world: &World) -> Vec<String> {
    let all = std::mem::take(&mut *world.servers.asked.lock().unwrap());
    all.into_iter().filter(|url| url.starts_with("http://ca.test")).collect()
}

#[test]
fn what_is_missing_is_fetched_step_by_step() {
    let world = World::new();
    let file = signed("below", &world);
    let proved = extend_long_term(&file, &world.services()).unwrap();
    assert_eq!(asked(&world), ["http://ca.test/lower", "http://ca.test/upper"]);
    oracle::accept_long_term(&proved, 1);
}

#[test]
fn what_is_known_is_not_asked_for() {
    let world = World::new();
    let file = signed("below", &world);
    let at_hand = [certificate("upper"), certificate("lower")];
    let services = signing::Services { intermediates: &at_hand, ..world.services() };
    extend_long_term(&file, &services).unwrap();
    assert_eq!(asked(&world), Vec::<String>::new());
    // Half of it: only the rest.
    let services = signing::Services { intermediates: &at_hand[1..], ..world.services() };
    extend_long_term(&file, &services).unwrap();
    assert_eq!(asked(&world), ["http://ca.test/upper"]);
}

#[test]
fn certificates_come_in_every_form_that_servers_have() {
    let mut world = World::new();
    let signed = signed("below", &world);
    let both = [file("upper.crt"), file("lower.crt")].concat();
    for (form, lower) in [("PEM", file("lower.crt")), ("PKCS#7", file("lower.p7c")), ("PEM of both", both)] {
        world.servers.issuers.insert("lower", lower);
        assert!(extend_long_term(&signed, &world.services()).is_ok(), "{form}");
    }
}

#[test]
fn a_server_that_lies_proves_nothing() {
    let mut world = World::new();
    let signed = signed("below", &world);
    let impostors = vec![file("lower_impostor.der")];
    let others = vec![file("issuing.der"), file("root.der"), file("upper.der"), file("below.der")];
    let nonsense = vec![Vec::new(), b"<html>".to_vec(), vec![0x30, 0x80], vec![0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]];
    for lie in [impostors, others, nonsense].concat() {
        world.servers.issuers.insert("lower", lie);
        asked(&world);
        let error = extend_long_term(&signed, &world.services()).unwrap_err();
        assert!(matches!(error, SigningError::BadCertificate(_)), "{error:?}");
        // The next address is tried, and none twice.
        assert_eq!(asked(&world), ["http://ca.test/lower", "http://ca.test/lower-again"]);
    }
    // With the right name and key, and a signature that the authority above did not make.
    let mut damaged = file("lower.der");
    *damaged.last_mut().unwrap() ^= 1;
    world.servers.issuers.insert("lower", damaged);
    assert!(matches!(extend_long_term(&signed, &world.services()), Err(SigningError::BadCertificate(_))));
    // The truth among lies counts, and the next address as well.
    let liars = [file("lower_impostor.crt"), file("issuing.crt"), file("lower.crt")].concat();
    world.servers.issuers.insert("lower", liars);
    assert!(extend_long_term(&signed, &world.services()).is_ok());
    world.servers.issuers.remove("lower");
    world.servers.issuers.insert("lower-again", file("lower.der"));
    assert!(extend_long_term(&signed, &world.services()).is_ok());
}

#[test]
fn the_issuer_of_an_untrusted_root_leads_nowhere() {
    let mut world = World::new();
    let file = signed("below", &world);
    world.roots = vec![certificate("impostor")];
    let error = extend_long_term(&file, &world.services()).unwrap_err();
    assert!(matches!(error, SigningError::BadCertificate(_)), "{error:?}");
}

#[test]
fn an_answer_that_is_too_long_is_not_read() {
    let mut world = World::new();
    let signed = signed("below", &world);
    let padded = |bytes: usize| [file("lower.crt"), vec![b'\n'; bytes]].concat();
    world.servers.issuers.insert("lower", padded(1000));
    assert!(extend_long_term(&signed, &world.services()).is_ok());
    world.servers.issuers.insert("lower", padded(64 << 10));
    assert!(extend_long_term(&signed, &world.services()).is_err());
}

#[test]
fn addresses_of_the_office_itself_are_not_asked() {
    let world = World::new();
    let file = signed("astray", &world);
    world.servers.asked.lock().unwrap().clear();
    assert!(extend_long_term(&file, &world.services()).is_err());
    let asked = world.servers.asked.lock().unwrap().clone();
    assert!(
        asked.iter().all(|url| url.starts_with("http://crl.test/") || url.starts_with("http://ocsp.test/")),
        "{asked:?}"
    );
}

/// A server that answers each connection in turn with these bytes, then holds its peace.
fn server(answers: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for answer in answers {
            let (mut socket, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let _ = socket.read(&mut request);
            let _ = socket.write_all(&answer);
        }
        std::thread::sleep(Duration::from_secs(20));
        drop(listener);
    });
    address
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).as_bytes(), body]
        .concat()
}

#[test]
fn fetching_is_once_and_bounded() {
    let transport = HttpTransport::with_limits(Duration::from_millis(500), Duration::from_millis(10));
    let ok = server(vec![answer("200 OK", b"four")]);
    assert_eq!(transport.fetch(&ok, 4).unwrap(), b"four");
    let unreachable = |answers: Vec<Vec<u8>>| {
        let started = Instant::now();
        let error = transport.fetch(&server(answers), 4).unwrap_err();
        assert!(matches!(error, SigningError::Unreachable(_)), "{error:?}");
        assert!(started.elapsed() < Duration::from_secs(5), "one try, and no more than its time");
    };
    unreachable(vec![answer("200 OK", b"fives")]);
    // Without saying how long it is.
    unreachable(vec![[&b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"[..], &[b'x'; 100_000]].concat()]);
    unreachable(vec![answer("500 Broken", b""), answer("200 OK", b"four")]);
    let elsewhere = server(vec![answer("200 OK", b"four")]);
    unreachable(vec![answer(&format!("302 Found\r\nLocation: {elsewhere}"), b"")]);
    // Half an answer, and none at all.
    unreachable(vec![b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfo".to_vec()]);
    unreachable(Vec::new());
}
