//! One-time codes by time (RFC 6238, SHA-1, 30 seconds), as every authenticator app shows them.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use types::Timestamp;

/// Seconds that a code lasts.
const STEP_SECONDS: i64 = 30;
/// Codes of so many steps before and after are accepted: clocks differ.
const STEPS_AROUND: i64 = 1;
/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
pub(crate) const SECRET_BYTES: usize = 20;

/// The number of the step at `now`.
pub(crate) fn step(now: Timestamp) -> i64 {
    now.unix_ms().div_euclid(1000 * STEP_SECONDS)
}

/// The code of a step.
pub(crate) fn code(secret: &[u8], step: i64, digits: u32) -> String {
    let mut mac = <Hmac<Sha1> as hmac::KeyInit>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[hash.len() - 1] & 0xf);
    let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    let width = digits as usize;
    format!("{:0width$}", u64::from(number) % 10u64.pow(digits))
}

/// The step whose code was typed, if it is one of now and was not used before (`last_step`).
pub(crate) fn verify(secret: &[u8], typed: &str, now: Timestamp, last_step: i64) -> Option<i64> {
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    let middle = step(now);
    let mut found = None;
    for step in middle - STEPS_AROUND..=middle + STEPS_AROUND {
        // Every candidate is computed, so that time tells nothing.
        if same(&code(secret, step, 6), &typed) && step > last_step {
            found = Some(step);
        }
    }
    found
}

fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differs, (x, y)| differs | (x ^ y)) == 0
}

/// The secret as people type it where no camera is: groups of four letters.
pub(crate) fn typed_secret(secret: &[u8]) -> String {
    let text = BASE32_NOPAD.encode(secret);
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// The address inside the QR code.
pub(crate) fn uri(secret: &[u8], username: &str) -> String {
    format!(
        "otpauth://totp/Nha%20Viec:{username}?secret={}&issuer=Nha%20Viec&algorithm=SHA1&digits=6&period={STEP_SECONDS}",
        BASE32_NOPAD.encode(secret)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the SHA-1 rows.
    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let secret = b"12345678901234567890";
        let rows = [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ];
        for (seconds, expected) in rows {
            let now = Timestamp(seconds * 1_000_000);
            assert_eq!(code(secret, step(now), 8), expected, "at {seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_once_and_only_near_its_time() {
        let secret = b"12345678901234567890";
        let now = Timestamp(1_111_111_111 * 1_000_000);
        let typed = code(secret, step(now), 6);
        assert_eq!(verify(secret, &typed, now, 0), Some(step(now)));
        assert_eq!(verify(secret, &format!(" {} {}", &typed[..3], &typed[3..]), now, 0), Some(step(now)));
        assert_eq!(verify(secret, &typed, now, step(now)), None, "used before");
        assert_eq!(verify(secret, &typed, now.plus_seconds(30), 0), Some(step(now)));
        assert_eq!(verify(secret, &typed, now.plus_seconds(90), 0), None);
        assert_eq!(verify(secret, "", now, 0), None);
    }

    #[test]
    fn the_secret_is_written_in_groups() {
        assert_eq!(typed_secret(b"12345678901234567890"), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
