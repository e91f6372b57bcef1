//! Whether a certificate was revoked at a time, and whether it is now.
//!
//! Evidence counts for a time when it was still the newest then (`nextUpdate`), or was issued later. A certificate
//! revoked after that time was good at it; one revoked before or at it was not, whoever says otherwise.

/// Clocks differ by so much at most.
pub const CLOCKS_SECONDS: i64 = 300;
/// Evidence that does not say until when it is new counts for so long.
const FRESH_SECONDS: i64 = 24 * 3600;

/// What an authority said about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Good,
    /// Revoked, since this second of 1970's count.
    Revoked(i64),
}

/// A statement whose signature holds.
#[derive(Debug, Clone)]
pub struct Statement {
    pub said: Said,
    pub issued: i64,
    pub next: Option<i64>,
    /// Who says so.
    pub by: String,
    /// From a list, otherwise an OCSP answer.
    pub crl: bool,
}

impl Statement {
    fn covers(&self, at: i64) -> bool {
        self.issued >= at || self.next.unwrap_or_else(|| self.issued.saturating_add(FRESH_SECONDS)) >= at
    }
}

/// The answer for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Good,
    Revoked(i64),
    Unknown,
}

/// How the statements answer for `at`; those issued after `now` do not count.
pub fn standing(statements: &[Statement], at: i64, now: i64) -> Standing {
    let known = || statements.iter().filter(|s| s.issued <= now.saturating_add(CLOCKS_SECONDS));
    let revoked = known().filter_map(|s| if let Said::Revoked(since) = s.said { Some(since) } else { None }).min();
    match revoked {
        Some(since) if since <= at => Standing::Revoked(since),
        // That it was revoked later says that it was not at this time.
        Some(_) => Standing::Good,
        None if known().any(|s| s.covers(at)) => Standing::Good,
        None => Standing::Unknown,
    }
}

/// Whether the statements say that it was good at that time.
pub fn good_at(statements: &[Statement], at: i64) -> bool {
    standing(statements, at, at.saturating_add(FRESH_SECONDS)) == Standing::Good
}

#[cfg(test)]
mod tests {
    use super::{Said, Standing, Statement, standing};

    fn said(said: Said, issued: i64, next: Option<i64>) -> Statement {
        Statement { said, issued, next, by: String::new(), crl: true }
    }

    #[test]
    fn revoked_later_was_good_and_revoked_before_was_not() {
        let revoked = [said(Said::Revoked(5_000), 9_000, Some(20_000))];
        assert_eq!(standing(&revoked, 4_999, 10_000), Standing::Good);
        assert_eq!(standing(&revoked, 5_000, 10_000), Standing::Revoked(5_000));
        // An older statement does not outweigh it.
        let both = [said(Said::Good, 1_000, Some(30_000)), revoked[0].clone()];
        assert_eq!(standing(&both, 6_000, 10_000), Standing::Revoked(5_000));
    }

    #[test]
    fn evidence_counts_while_it_is_new_or_when_it_came_later() {
        let good = [said(Said::Good, 1_000, Some(2_000))];
        assert_eq!(standing(&good, 1_500, 10_000), Standing::Good);
        assert_eq!(standing(&good, 500, 10_000), Standing::Good);
        assert_eq!(standing(&good, 2_001, 10_000), Standing::Unknown);
        // Nothing is known from the future, but for clocks that differ.
        assert_eq!(standing(&good, 500, 600), Standing::Unknown);
        assert_eq!(standing(&[], 500, 600), Standing::Unknown);
    }
}
