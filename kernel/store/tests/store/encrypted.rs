//! The way to PostgreSQL, encrypted: against a server that takes nothing else over TCP.

use crate::{THINGS, command, put};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::path::PathBuf;
use store::{Location, Options, Store, migrate, params};
use testkit::postgres::Cluster;
use types::Result;

/// An authority, its file, and a server that it vouches for under this name.
struct Encrypted {
    cluster: Cluster,
    folder: tempfile::TempDir,
}

fn authority() -> (Issuer<'static, KeyPair>, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap().pem();
    (Issuer::new(params, key), certificate)
}

fn encrypted(name: &str) -> Encrypted {
    let (issuer, certificate) = authority();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), certificate).unwrap();
    std::fs::write(folder.path().join("other.pem"), authority().1).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    Encrypted { cluster: Cluster::encrypted(&own.pem(), &key.serialize_pem()), folder }
}

impl Encrypted {
    fn file(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.display().to_string().replace('/', "%2F")
    }

    /// Opens a store over an address that ends in this.
    fn open(&self, ending: &str) -> Result<Store> {
        let location = Location::Postgres(format!("{}{ending}", self.cluster.url_over_tcp()));
        migrate::migrate(&location, &[THINGS])?;
        Store::open(&location, Options { readers: 1, writers: 1, ..Options::default() })
    }

    /// How the connection that reads is encrypted, as the server sees it.
    fn version(store: &Store) -> Option<String> {
        let sql = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        store.read_blocking(|reader| reader.one::<(Option<String>,)>(sql, params![])).unwrap().0
    }
}

#[test]
fn the_way_is_encrypted_as_the_address_says() {
    let server = encrypted("127.0.0.1");
    for ending in [
        "",
        "?sslmode=prefer",
        "?sslmode=require",
        &format!("?sslmode=verify-full&sslrootcert={}", server.file("ca.pem")),
    ] {
        let store = server.open(ending).unwrap_or_else(|e| panic!("{ending}: {e} {}", e.inward()));
        assert_eq!(Encrypted::version(&store).as_deref(), Some("TLSv1.3"), "{ending}");
        // More than one buffer's worth, both ways.
        let long = "dài ".repeat(200_000);
        let text = long.clone();
        store.write_blocking(command(&store), move |tx| put(tx, &text)).unwrap();
        let (name,): (String,) =
            store.read_blocking(|r| r.one("SELECT name FROM thing ORDER BY id DESC LIMIT 1", params![])).unwrap();
        assert!(name == long, "{ending}: it came back as it went");
    }
    let refused = server.open("?sslmode=disable").err().expect("the server takes nothing unencrypted");
    assert_eq!(refused.code(), "unavailable");
}

#[test]
fn a_server_that_nobody_vouches_for_is_not_asked_anything() {
    let server = encrypted("127.0.0.1");
    let refused = |server: &Encrypted, file: &str| {
        let error = server.open(&format!("?sslmode=verify-full&sslrootcert={}", server.file(file))).err();
        error.expect("it is refused")
    };
    let stranger = refused(&server, "other.pem");
    assert!(stranger.to_string().contains("sslrootcert"), "{stranger} {}", stranger.inward());
    // Its authority is called like the other one, and is not it.
    assert!(stranger.inward().contains("invalid peer certificate: BadSignature"), "{}", stranger.inward());
    let elsewhere = encrypted("postgres.xa.lan");
    let other = refused(&elsewhere, "ca.pem");
    assert!(other.inward().contains("certificate not valid for name"), "{}", other.inward());
    assert!(elsewhere.open("?sslmode=require").is_ok(), "encrypted, and nobody is asked");
}

#[test]
fn over_a_socket_of_this_machine_nothing_is_encrypted() {
    let server = encrypted("127.0.0.1");
    let mark = if server.cluster.server().url().contains('?') { '&' } else { '?' };
    let location = Location::Postgres(format!("{}{mark}sslmode=require", server.cluster.server().url()));
    migrate::migrate(&location, &[THINGS]).unwrap();
    let store = Store::open(&location, Options::default()).unwrap();
    assert_eq!(Encrypted::version(&store), None);
}
