//! The address of a PostgreSQL server, with how the way to it is encrypted, as libpq's addresses say it: `sslmode` is
//! `disable`, `prefer` (where nothing is said), `require` or `verify-full`, and `sslrootcert` is the file of the authorities
//! that vouch for the server. Over a socket of this machine nothing is encrypted, as with libpq.

use percent_encoding::percent_decode_str;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;
use types::{Error, Result};

const MODES: &str = "disable, prefer, require hoặc verify-full";

/// Where a server is, and how the way there is kept.
#[derive(Clone)]
pub(crate) struct Address {
    pub config: Config,
    pub tls: MakeRustlsConnect,
}

impl Address {
    /// Reads one.
    ///
    /// # Errors
    /// `Invalid` with a sentence about encryption, `Unavailable` for what the driver cannot read.
    pub fn of(url: &str) -> Result<Self> {
        let Said { url, verified, authorities } = Said::of(url)?;
        let mut config: Config = url.parse().map_err(|e: tokio_postgres::Error| super::unreachable(&e))?;
        if verified {
            config.ssl_mode(SslMode::Require);
        }
        // A server that vanished without a word is noticed in seconds, not in the quarter of an hour that TCP waits.
        config
            .application_name("nhaviec")
            .connect_timeout(Duration::from_secs(5))
            .tcp_user_timeout(Duration::from_secs(10))
            .keepalives_idle(Duration::from_secs(20))
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(3);
        Ok(Self { config, tls: MakeRustlsConnect::new(client(authorities.as_deref())?) })
    }

    /// How to connect over a socket of this machine.
    pub fn unencrypted(&self) -> Config {
        let mut config = self.config.clone();
        config.ssl_mode(SslMode::Disable);
        config
    }
}

/// What an address says of encryption, and the rest, which the driver reads.
struct Said {
    url: String,
    verified: bool,
    /// The file.
    authorities: Option<String>,
}

impl Said {
    fn of(url: &str) -> Result<Self> {
        let Some((place, query)) = url.split_once('?') else {
            return Ok(Self { url: url.to_owned(), verified: false, authorities: None });
        };
        let (mut kept, mut verified, mut authorities) = (Vec::new(), false, None);
        for pair in query.split('&') {
            match pair.split_once('=') {
                Some(("sslmode", "verify-full")) => verified = true,
                Some(("sslmode", mode)) if !["disable", "prefer", "require"].contains(&mode) => {
                    return Err(wrong(format!("sslmode «{mode}» phải là {MODES}")));
                }
                Some(("sslrootcert", path)) => {
                    let path = percent_decode_str(path).decode_utf8();
                    authorities = Some(path.map_err(|_| wrong("sslrootcert không đọc được".to_owned()))?.into_owned());
                }
                _ => kept.push(pair),
            }
        }
        match (verified, &authorities) {
            (true, None) => {
                Err(wrong("sslmode=verify-full cần sslrootcert=TỆP (chứng thư của nơi cấp, dạng PEM)".to_owned()))
            }
            // Who names authorities wants them asked.
            (false, Some(_)) => Err(wrong("sslrootcert chỉ dùng với sslmode=verify-full".to_owned())),
            _ => {
                let query = kept.join("&");
                let url = if query.is_empty() { place.to_owned() } else { format!("{place}?{query}") };
                Ok(Self { url, verified, authorities })
            }
        }
    }
}

fn wrong(sentence: String) -> Error {
    Error::invalid("settings", format!("Cấu hình chưa đúng: NHAVIEC_DATABASE: {sentence}"))
}

/// Asks these authorities; where none are named, the way is encrypted and nobody is asked who stands at its end.
fn client(authorities: Option<&str>) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|e| Error::internal(format!("TLS: {e}")))?;
    let Some(path) = authorities else {
        let anyone = Arc::new(Anyone(provider));
        return Ok(builder.dangerous().with_custom_certificate_verifier(anyone).with_no_client_auth());
    };
    let none = |why: String| wrong(format!("sslrootcert «{path}»: {why}"));
    let text = std::fs::read(path).map_err(|e| none(e.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let read = certificate.map_err(|e| none(e.to_string()))?;
        roots.add(read).map_err(|e| none(e.to_string()))?;
    }
    if roots.is_empty() {
        return Err(none("không có chứng thư nào".to_owned()));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Believes whoever has the key of the certificate that is shown, as `sslmode=require` means: listening is shut out, a
/// server in another's place is not; it may ask for the password itself, unless the address says `channel_binding=require`.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_encryption_is_taken_out_of_the_address() {
        let said =
            Said::of("postgres://u@h/x?sslmode=verify-full&options=-csearch_path%3Da&sslrootcert=%2Fetc%2Fca.pem")
                .unwrap();
        assert_eq!(said.url, "postgres://u@h/x?options=-csearch_path%3Da");
        assert_eq!((said.verified, said.authorities.as_deref()), (true, Some("/etc/ca.pem")));
        assert_eq!(Said::of("postgres://u@h/x?sslmode=require").unwrap().url, "postgres://u@h/x?sslmode=require");
        for wrong in ["sslmode=verify-full", "sslmode=verify-ca", "sslmode=require&sslrootcert=/x", "sslmode=allow"] {
            let refused = Said::of(&format!("postgres://u@h/x?{wrong}")).err().expect(wrong);
            assert!(refused.to_string().contains("NHAVIEC_DATABASE"), "{refused}");
        }
    }

    #[test]
    fn authorities_that_cannot_be_read_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let of = || Address::of(&format!("postgres://u@h/x?sslmode=verify-full&sslrootcert={}", path.display()));
        assert!(of().err().unwrap().to_string().contains("ca.pem"));
        std::fs::write(&path, "không phải chứng thư").unwrap();
        assert!(of().err().unwrap().to_string().contains("không có chứng thư nào"));
    }
}
