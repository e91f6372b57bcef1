//! Certificates between a signer and a root that nobody sent along, fetched from where the certificate below them says they
//! are (authority information access, RFC 5280, 4.2.2.1).
//!
//! Such a certificate is not trusted yet, and may be anybody's: it chooses only whom this machine asks for a few bytes, once.
//! What comes back counts when it really issued the certificate, and proves nothing before a root stands above it.

use crate::trust::read_certificates;
use crate::{Certificate, Transport};
use std::collections::BTreeSet;

/// Bytes of an answer, at most: a bundle has a few certificates of two kilobytes.
const ANSWER_BYTES_MAX: usize = 64 << 10;
/// Addresses asked for all signatures of one file, at most.
const ADDRESSES_MAX: usize = 8;
/// Certificates of one way up, at most; with the loops that certificates can make.
const WAY_MAX: usize = 8;

/// Fetches for one file; no address is asked twice.
pub(super) struct Issuers<'a> {
    transport: &'a dyn Transport,
    asked: BTreeSet<String>,
}

impl<'a> Issuers<'a> {
    pub fn new(transport: &'a dyn Transport) -> Self {
        Self { transport, asked: BTreeSet::new() }
    }

    /// Adds to `pool` what is missing above `leaf`, as far as it can be had. Gives whether something came.
    pub fn complete(&mut self, leaf: &Certificate, pool: &mut Vec<Certificate>, roots: &[Certificate]) -> bool {
        let known = pool.len();
        let mut way = vec![leaf.clone()];
        let mut place = 0;
        // Every issuer there is: several may have the same name and key, and only one of them a root above it.
        while place < way.len().min(WAY_MAX) {
            let below = way[place].clone();
            place += 1;
            let issued = |issuer: &&Certificate| below.check_issued_by(issuer).is_ok();
            if below.is_self_issued() || roots.iter().any(|root| issued(&root)) {
                continue;
            }
            let mut above: Vec<Certificate> = pool.iter().filter(issued).cloned().collect();
            if above.is_empty() {
                above = self.fetch(&below);
                pool.extend(above.iter().cloned());
            }
            above.retain(|issuer| !way.contains(issuer));
            way.extend(above);
        }
        pool.len() > known
    }

    /// The issuers of `below` among what its addresses give.
    fn fetch(&mut self, below: &Certificate) -> Vec<Certificate> {
        for url in below.issuer_urls() {
            if self.asked.len() >= ADDRESSES_MAX || !self.asked.insert(url.clone()) {
                continue;
            }
            let came = match self.transport.fetch(&url, ANSWER_BYTES_MAX) {
                Ok(answer) => read_certificates(&answer),
                Err(error) => {
                    tracing::warn!(url, why = error.inward(), "a missing issuer did not come");
                    continue;
                }
            };
            let mut issuers: Vec<Certificate> =
                came.into_iter().filter(|issuer| below.check_issued_by(issuer).is_ok()).collect();
            issuers.dedup();
            if issuers.is_empty() {
                tracing::warn!(url, subject = below.subject(), "what came did not issue the certificate");
                continue;
            }
            return issuers;
        }
        Vec::new()
    }
}
