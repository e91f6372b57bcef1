//! Collects what proves every signature of a file.

use super::issuers::Issuers;
use super::ocsp::{NameHash, Question};
use super::{Status, chain, crl};
use crate::algorithm::Hash;
use crate::cms::{Content, Naming, SignedMessage};
use crate::pdf::{Base, Found, SubFilter, Validation, find_signatures, stored_certificates};
use crate::timestamp::check_token;
use crate::{Certificate, SigningError, Transport};
use const_oid::db::rfc5911;
use std::collections::{BTreeMap, BTreeSet};
use types::Timestamp;

/// Collects for one file; answers are asked for once.
pub(crate) struct Collector<'a> {
    transport: &'a dyn Transport,
    roots: &'a [Certificate],
    pool: Vec<Certificate>,
    issuers: Issuers<'a>,
    now: Timestamp,
    found: Validation,
    known: BTreeMap<Vec<u8>, Status>,
    lists: BTreeMap<String, Vec<u8>>,
}

impl<'a> Collector<'a> {
    /// With trusted roots and the CAs that are known beforehand; signed files often carry the signer's certificate only.
    pub fn new(
        transport: &'a dyn Transport,
        roots: &'a [Certificate],
        intermediates: &[Certificate],
        now: Timestamp,
    ) -> Self {
        Self {
            transport,
            roots,
            pool: intermediates.to_vec(),
            issuers: Issuers::new(transport),
            now,
            found: Validation::default(),
            known: BTreeMap::new(),
            lists: BTreeMap::new(),
        }
    }

    /// Everything for the signers, the time-stamping authorities and the OCSP responders of `file`.
    ///
    /// # Errors
    /// [`SigningError::Revoked`], [`SigningError::NoEvidence`], [`SigningError::Unreachable`],
    /// [`SigningError::BadCertificate`] for a chain to no trusted root, and what a signature of the file is refused for.
    pub fn collect(mut self, file: &[u8]) -> Result<Validation, SigningError> {
        let signatures = find_signatures(&Base::open(file)?)?;
        // Years later certificates have run out and nobody answers for them any more. What a document timestamp covers
        // together with its evidence is proved; the last timestamp itself is what needs proof.
        let stamps = signatures.iter().filter(|found| found.kind == SubFilter::Timestamp);
        let covered = stamps.map(Found::end).max().unwrap_or(0);
        let proved = match file.get(..covered) {
            Some(revision) if covered > 0 => stored_certificates(&Base::open(revision)?)?,
            _ => BTreeSet::new(),
        };
        for signature in &signatures {
            let signer = self.signer(file, signature)?;
            if signature.end() >= covered || !proved.contains(signer.der()) {
                self.signature(&signer, signature)?;
            }
        }
        Ok(self.found)
    }

    /// The signer of a signature, which is checked.
    fn signer(&self, file: &[u8], found: &Found) -> Result<Certificate, SigningError> {
        let outside = || SigningError::Damaged("byte range of an earlier signature".to_owned());
        let signed = found.signed(file).ok_or_else(outside)?;
        let digest = |hash: Hash| hash.of(&signed);
        let naming = match found.kind {
            SubFilter::Timestamp => return Ok(check_token(&found.cms, &digest)?.signer),
            SubFilter::Cades => Naming::Demanded,
            SubFilter::Other => Naming::Optional,
        };
        let message = SignedMessage::from_der(&found.cms)?;
        message.check(rfc5911::ID_DATA, Content::Detached(&digest), naming).cloned()
    }

    /// Everything for one signature that was checked.
    fn signature(&mut self, signer: &Certificate, found: &Found) -> Result<(), SigningError> {
        let message = SignedMessage::from_der(&found.cms)?;
        self.pool.extend(message.certificates.iter().cloned());
        if found.kind == SubFilter::Timestamp {
            return self.chain(signer, None);
        }
        let proven_at = match message.timestamp() {
            Some(token) => Some(self.token(&token, &|hash| hash.of(&[message.signature()]))?),
            None => None,
        };
        self.chain(signer, proven_at)
    }

    /// The authority of a token. Gives the time stamped.
    fn token(&mut self, token: &[u8], digest: &dyn Fn(Hash) -> Vec<u8>) -> Result<Timestamp, SigningError> {
        let stamp = check_token(token, digest)?;
        self.pool.extend(stamp.certificates);
        self.chain(&stamp.signer, None)?;
        Ok(stamp.time)
    }

    /// The chain of `leaf`, with the status of everything in it but the root. A revocation after `proven_at` does not
    /// harm: the timestamp shows that the signature is older.
    fn chain(&mut self, leaf: &Certificate, proven_at: Option<Timestamp>) -> Result<(), SigningError> {
        let at = proven_at.unwrap_or(self.now);
        let chain = match chain::build(leaf, &self.pool, self.roots, at) {
            Err(_) if self.issuers.complete(leaf, &mut self.pool, self.roots) => {
                chain::build(leaf, &self.pool, self.roots, at)?
            }
            built => built?,
        };
        self.found.certificates.extend(chain.iter().map(|certificate| certificate.der().to_vec()));
        for pair in chain.windows(2) {
            let [certificate, issuer] = pair else { continue };
            let status = match self.known.get(certificate.der()) {
                Some(status) => *status,
                None => self.status(certificate, issuer)?,
            };
            self.known.insert(certificate.der().to_vec(), status);
            if let Status::Revoked(since) = status
                && proven_at.is_none_or(|proven_at| since <= proven_at)
            {
                let (subject, since) = (certificate.subject(), since.0.div_euclid(1_000_000));
                return Err(SigningError::Revoked { subject, since });
            }
        }
        Ok(())
    }

    /// Asks OCSP where there is one, and takes the list otherwise.
    fn status(&mut self, certificate: &Certificate, issuer: &Certificate) -> Result<Status, SigningError> {
        let mut last = SigningError::NoEvidence(format!("{}: names neither OCSP nor a list", certificate.subject()));
        for url in certificate.ocsp_urls() {
            match self.ocsp(&url, certificate, issuer) {
                Ok(status) => return Ok(status),
                Err(error) => last = error,
            }
        }
        for url in certificate.crl_urls() {
            match self.list(&url, certificate, issuer) {
                Ok(status) => return Ok(status),
                Err(error) => last = error,
            }
        }
        tracing::warn!(subject = certificate.subject(), why = last.inward(), "no status of a certificate");
        Err(last)
    }

    fn ocsp(&mut self, url: &str, certificate: &Certificate, issuer: &Certificate) -> Result<Status, SigningError> {
        let ask = |naming| {
            let question = Question::about(certificate, issuer, naming)?;
            let der = self.transport.post(url, "application/ocsp-request", &question.to_der()?)?;
            let answer = question.check(&der, self.now)?;
            Ok((der, answer))
        };
        let (der, answer) = match ask(NameHash::Sha256) {
            Err(SigningError::NoEvidence(_)) => ask(NameHash::Sha1)?,
            other => other?,
        };
        if let Some(responder) = answer.responder {
            self.responder(&responder, issuer)?;
        }
        self.found.ocsps.insert(der);
        Ok(answer.status)
    }

    /// A delegated responder: its certificate, and its own status by list unless it says that none is needed. By OCSP
    /// it would vouch for itself.
    fn responder(&mut self, responder: &Certificate, issuer: &Certificate) -> Result<(), SigningError> {
        self.found.certificates.insert(responder.der().to_vec());
        if responder.needs_no_status() || self.known.get(responder.der()) == Some(&Status::Good) {
            return Ok(());
        }
        let mut last = SigningError::NoEvidence("the responder's certificate names no list".to_owned());
        for url in responder.crl_urls() {
            match self.list(&url, responder, issuer) {
                Ok(Status::Good) => {
                    self.known.insert(responder.der().to_vec(), Status::Good);
                    return Ok(());
                }
                Ok(Status::Revoked(_)) => {
                    last = SigningError::NoEvidence("the responder's certificate is revoked".to_owned());
                    break;
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn list(&mut self, url: &str, certificate: &Certificate, issuer: &Certificate) -> Result<Status, SigningError> {
        let der = match self.lists.get(url) {
            Some(der) => der.clone(),
            None => self.transport.get(url)?,
        };
        let status = crl::check(&der, certificate, issuer, self.now)?;
        self.lists.insert(url.to_owned(), der.clone());
        self.found.crls.insert(der);
        Ok(status)
    }
}
