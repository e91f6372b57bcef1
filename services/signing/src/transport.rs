//! Bytes to a server and bytes back, so that everything above can be tried without a network.

use crate::{Secret, SigningError};
use std::io::Read;
use std::time::Duration;
use ureq::tls::{Certificate as TlsCertificate, RootCerts, TlsConfig};
use zeroize::Zeroizing;

/// Longest wait for one try. The government's time-stamping server was seen to take from 2 to 131 seconds.
const TIME_LIMIT: Duration = Duration::from_secs(180);
/// Tries before giving up.
const TRIES: u32 = 3;
/// Most bytes of an answer. The largest revocation lists of public CAs have some ten megabytes.
const ANSWER_BYTES_MAX: u64 = 32 << 20;

/// Longest wait for what a certificate says of where more is, when nobody has vouched for the certificate yet.
const FETCH_TIME_LIMIT: Duration = Duration::from_secs(15);

/// Longest wait for a service that is asked once. Nobody waits for a person here.
const SERVICE_TIME_LIMIT: Duration = Duration::from_secs(30);
/// Bytes of a service's answer that are read, more than any caller takes; the rest is left where it is.
const SERVICE_BYTES_MAX: u64 = 2 << 20;

/// What a service answered, whatever it is. The body may hold a token and is wiped when dropped; what is far too long may be
/// cut, never below two megabytes.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Zeroizing<Vec<u8>>,
}

/// What a service is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The value of the header `Authorization`.
    pub authorization: Option<&'a Secret>,
    /// What the body is, e.g. `application/json`.
    pub content_type: &'static str,
    /// The body; it may hold a secret, and is not logged.
    pub body: &'a [u8],
}

/// Asks a server.
pub trait Transport: Send + Sync {
    /// Sends `body` to `url` as `content_type` and gives what is answered.
    ///
    /// # Errors
    /// [`SigningError::Unreachable`] after all tries.
    fn post(&self, url: &str, content_type: &str, body: &[u8]) -> Result<Vec<u8>, SigningError>;

    /// Fetches `url`.
    ///
    /// # Errors
    /// [`SigningError::Unreachable`] after all tries.
    fn get(&self, url: &str) -> Result<Vec<u8>, SigningError>;

    /// Fetches at most `bytes_max` from an address that nobody has vouched for: once, within seconds, and without following
    /// it to another one. Transports that do not say otherwise fetch as [`Self::get`] does, and refuse what is too long.
    ///
    /// # Errors
    /// [`SigningError::Unreachable`] when there is no answer, another one than 200, or a longer one.
    fn fetch(&self, url: &str, bytes_max: usize) -> Result<Vec<u8>, SigningError> {
        let answer = self.get(url)?;
        if answer.len() > bytes_max { Err(SigningError::Unreachable(format!("{url}: too long"))) } else { Ok(answer) }
    }

    /// Posts to a service, with this value of the header `Authorization`; the answer is wanted in JSON. It is sent once and to
    /// this address only: asking twice could sign twice. Transports that know no services need not have it.
    ///
    /// # Errors
    /// [`SigningError::Unreachable`] when there is no answer; statuses are no errors.
    fn ask(&self, url: &str, asking: &Asking<'_>) -> Result<Answer, SigningError> {
        let _ = asking;
        Err(SigningError::Unreachable(format!("{url}: no services behind this transport")))
    }
}

/// HTTP, with TLS where the address says so: RFC 3161, OCSP and CRLs are signed themselves and mostly served without; services
/// that hold keys are not asked without. It blocks; call it on a thread that may.
pub struct HttpTransport {
    agent: ureq::Agent,
    time_limit: Duration,
    pause: Duration,
}

impl HttpTransport {
    /// With a time limit of 180 seconds a try, 3 tries, and a second before the second.
    pub fn new() -> Self {
        Self::with_limits(TIME_LIMIT, Duration::from_secs(1))
    }

    /// With other limits: the longest wait of one try (for a service 30 seconds at most), and the pause before the second,
    /// doubled before the third.
    pub fn with_limits(time_limit: Duration, pause: Duration) -> Self {
        Self::with(time_limit, pause, RootCerts::WebPki)
    }

    /// The same with servers whose certificates end at one of these (PEM), and at no public authority.
    ///
    /// # Errors
    /// [`SigningError::BadCertificate`] when there is none to be read.
    pub fn trusting(self, authorities: &[u8]) -> Result<Self, SigningError> {
        let known = crate::trust::read_certificates(authorities);
        if known.is_empty() {
            return Err(SigningError::BadCertificate("no certificate of an authority".to_owned()));
        }
        let known: Vec<_> = known.iter().map(|one| TlsCertificate::from_der(one.der()).to_owned()).collect();
        Ok(Self::with(self.time_limit, self.pause, RootCerts::from(known)))
    }

    fn with(time_limit: Duration, pause: Duration, authorities: RootCerts) -> Self {
        let tls = TlsConfig::builder().root_certs(authorities).build();
        let config = ureq::Agent::config_builder().timeout_global(Some(time_limit)).tls_config(tls).build();
        Self { agent: config.into(), time_limit, pause }
    }

    /// Asks until there is an answer. A refusal by the server (4xx) is not tried again.
    fn tries(&self, url: &str, ask: impl Fn() -> Result<Vec<u8>, ureq::Error>) -> Result<Vec<u8>, SigningError> {
        let mut pause = self.pause;
        let mut last = String::new();
        for number in 1..=TRIES {
            match ask() {
                Ok(answer) => return Ok(answer),
                Err(ureq::Error::StatusCode(status @ 400..=499)) => {
                    return Err(SigningError::Unreachable(format!("{url}: HTTP {status}")));
                }
                Err(error) => last = error.to_string(),
            }
            tracing::warn!(url, number, last, "a server of the trust service did not answer");
            if number < TRIES {
                std::thread::sleep(pause);
                pause *= 2;
            }
        }
        Err(SigningError::Unreachable(format!("{url}: {last}")))
    }
}

impl Default for HttpTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for HttpTransport {
    fn post(&self, url: &str, content_type: &str, body: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.tries(url, || {
            let mut answer = self.agent.post(url).header("Content-Type", content_type).send(body)?;
            answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec()
        })
    }

    fn get(&self, url: &str) -> Result<Vec<u8>, SigningError> {
        self.tries(url, || {
            let mut answer = self.agent.get(url).call()?;
            answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec()
        })
    }

    fn fetch(&self, url: &str, bytes_max: usize) -> Result<Vec<u8>, SigningError> {
        let unreachable = |error: String| SigningError::Unreachable(format!("{url}: {error}"));
        let request = self.agent.get(url).config();
        let request = request.max_redirects(0).timeout_global(Some(self.time_limit.min(FETCH_TIME_LIMIT))).build();
        let mut answer = request.call().map_err(|error| unreachable(error.to_string()))?;
        if answer.status() != 200 {
            return Err(unreachable(format!("HTTP {}", answer.status())));
        }
        let mut body = Vec::new();
        let most = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
        let read = answer.body_mut().as_reader().take(most).read_to_end(&mut body);
        read.map_err(|error| unreachable(error.to_string()))?;
        if body.len() > bytes_max { Err(unreachable("too long".to_owned())) } else { Ok(body) }
    }

    fn ask(&self, url: &str, asking: &Asking<'_>) -> Result<Answer, SigningError> {
        let Asking { authorization, content_type, body } = *asking;
        let request = self.agent.post(url).config();
        let request = request
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(self.time_limit.min(SERVICE_TIME_LIMIT)));
        let mut request = request.build().header("Content-Type", content_type).header("Accept", "application/json");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization.reveal());
        }
        let unreachable = |error: ureq::Error| SigningError::Unreachable(format!("{url}: {error}"));
        let mut answer = request.send(body).map_err(unreachable)?;
        let status = answer.status().as_u16();
        let mut body = Zeroizing::new(Vec::new());
        let read = answer.body_mut().as_reader().take(SERVICE_BYTES_MAX).read_to_end(&mut body);
        read.map_err(|error| unreachable(error.into()))?;
        Ok(Answer { status, body })
    }
}
