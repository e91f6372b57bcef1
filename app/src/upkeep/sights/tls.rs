//! How connections are encrypted.

use super::{Known, Sight, State, good, worse};
use crate::tls::{Mode, care};
use ui::format;

/// Nothing where a proxy encrypts, or nobody from elsewhere connects.
pub(super) fn sight(known: &Known) -> Option<Sight> {
    let title = "Đường truyền mã hóa (TLS)";
    let (told, ends) = (&known.tls, format::date(known.tls.ends.day()));
    let cares = if known.demo { Vec::new() } else { care(told, known.now) };
    let stands = match &told.mode {
        Mode::Off { .. } => String::new(),
        Mode::Local { authority_ends, fingerprint, offered_at, .. } => format!(
            "Chứng thư của máy chủ đến {ends}, máy tự gia hạn. Máy khác cài chứng thư gốc (đến {}) ở {offered_at}; dấu vân tay \
             SHA-256: {fingerprint}.",
            format::date(authority_ends.day())
        ),
        Mode::Files { issuer } => format!("Chứng thư do «{issuer}» cấp, đến {ends}."),
    };
    let Some(first) = cares.first() else { return (!stands.is_empty()).then(|| good(title, stands)) };
    let state = if first.is_pressing { State::Now } else { State::Soon };
    let mut found: Vec<&str> = cares.iter().map(|care| care.found.as_str()).collect();
    found.extend(Some(stands.as_str()).filter(|stands| !stands.is_empty()));
    let mut advice: Vec<&str> = cares.iter().map(|care| care.advice.as_str()).collect();
    advice.dedup();
    Some(worse(state, title, found.join(" "), advice.join(" ")))
}
