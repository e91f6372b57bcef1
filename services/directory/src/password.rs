//! Passwords: which ones are good enough, and Argon2id without letting a rush of sign-ins take the machine.
//!
//! Rules (TCVN 14423:2026, level 3): at least 14 characters of four classes, or 8 with a second factor; none of the last ten.
//! And of our own: no user name, no name of the unit, and nothing that is guessed first ([`crate::guessable`]).

use crate::guessable;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;
use types::{Error, Result, text};
use unicode_normalization::UnicodeNormalization;

/// Fewest characters without a second factor.
const LENGTH_MIN: usize = 14;
/// Fewest characters with one.
const LENGTH_MIN_WITH_SECOND_FACTOR: usize = 8;
/// A longer one is work for nothing.
const LENGTH_MAX: usize = 200;
/// How many of an account's passwords may not come again, the present one included.
pub(crate) const REMEMBERED: i64 = 10;
/// How long a sign-in waits for its turn before the answer is "busy".
const PATIENCE: Duration = Duration::from_secs(30);

/// What is wrong with a new password, in Vietnamese; none when it is good enough. `names` may not stand in it.
pub(crate) fn complaint(password: &str, (username, names): (&str, &[String]), second_factor: bool) -> Option<String> {
    let length = password.nfc().count();
    if length > LENGTH_MAX {
        return Some(format!("Mật khẩu có nhiều nhất {LENGTH_MAX} ký tự."));
    }
    let folded = text::fold(password);
    if !username.is_empty() && folded.contains(username) {
        return Some("Mật khẩu không được chứa tên đăng nhập.".into());
    }
    if guessable::holds_a_name(password, names) {
        return Some("Mật khẩu không được chứa tên đơn vị hoặc tên phần mềm.".into());
    }
    let mut kinds: Vec<char> = password.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 5 {
        return Some("Mật khẩu lặp lại quá ít ký tự khác nhau, rất dễ đoán.".into());
    }
    if guessable::is_commonest(password) {
        return Some("Mật khẩu này rất hay gặp, bị đoán trước tiên. Hãy chọn một câu của riêng mình.".into());
    }
    if second_factor {
        let short = length < LENGTH_MIN_WITH_SECOND_FACTOR;
        return short.then(|| format!("Mật khẩu cần ít nhất {LENGTH_MIN_WITH_SECOND_FACTOR} ký tự."));
    }
    if length < LENGTH_MIN {
        return Some(format!(
            "Mật khẩu cần ít nhất {LENGTH_MIN} ký tự (hoặc {LENGTH_MIN_WITH_SECOND_FACTOR} ký tự khi đã bật xác thực hai bước)."
        ));
    }
    let lower = password.chars().any(char::is_lowercase);
    let upper = password.chars().any(char::is_uppercase);
    let digit = password.chars().any(|c| c.is_ascii_digit());
    let other = password.chars().any(|c| !c.is_alphanumeric());
    let all = lower && upper && digit && other;
    (!all)
        .then(|| "Mật khẩu cần đủ bốn loại: chữ thường, chữ hoa, chữ số và ký tự khác (như dấu chấm, dấu cách).".into())
}

/// A password for one use, easy to read out: letters and digits that cannot be mistaken for each other.
pub(crate) fn one_time() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let pick = || char::from(LETTERS[usize::from(rand::random::<u16>()) % LETTERS.len()]);
    let groups: Vec<String> = (0..4).map(|_| (0..4).map(|_| pick()).collect()).collect();
    groups.join("-")
}

/// Hashes and compares passwords, a few at a time.
#[derive(Clone)]
pub(crate) struct Hashing {
    turns: Arc<Semaphore>,
}

impl Hashing {
    /// At most half of the processors work on passwords, so that desks stay quick at half past seven.
    pub fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Self { turns: Arc::new(Semaphore::new((processors / 2).max(1))) }
    }

    /// The hash of a new password.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move || hash(&password)).await?
    }

    /// Which of `hashes` the password fits, if any. Without hashes it works as long as with one, and finds nothing.
    pub async fn find(&self, password: String, hashes: Vec<String>) -> Result<Option<usize>> {
        self.run(move || find(&password, &hashes)).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let busy = || Error::Busy("Nhiều người đang đăng nhập cùng lúc. Ông/bà hãy thử lại sau ít giây.".into());
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await.map_err(|_| busy())?;
        let turn = turn.map_err(|_| busy())?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|e| Error::internal(format!("hashing a password: {e}")))
    }
}

/// Hashes on this thread; for setting up and for tests.
pub(crate) fn hash(password: &str) -> Result<String> {
    let normal: String = password.nfc().collect();
    let hash = Argon2::default().hash_password(normal.as_bytes());
    hash.map(|h| h.to_string()).map_err(|e| Error::internal(format!("hashing a password: {e}")))
}

fn find(password: &str, hashes: &[String]) -> Option<usize> {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    if password.len() > LENGTH_MAX * 4 {
        return None;
    }
    if hashes.is_empty() {
        let nobodys = NOBODYS.get_or_init(|| hash("khong ai co mat khau nay").unwrap_or_default());
        fits(password, nobodys);
        return None;
    }
    hashes.iter().position(|hash| fits(password, hash))
}

fn fits(password: &str, hash: &str) -> bool {
    let normal: String = password.nfc().collect();
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(normal.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_for_passwords() {
        let good = "Nắng sớm trên đồi chè 2026";
        assert_eq!(complaint(good, ("hanh.ntm", &[]), false), None);
        let names = ["doiche".to_owned()];
        assert!(complaint(good, ("hanh.ntm", &names), false).is_some(), "it holds a name");
        assert!(complaint("Password@2026!", ("hanh.ntm", &[]), false).is_some(), "it is guessed first");
        assert!(complaint("iloveyou", ("hanh.ntm", &[]), true).is_some(), "it is guessed first");
        for (bad, username) in [
            ("Ngắn 1.", "may.lt"),
            ("toàn chữ thường không số", "may.lt"),
            ("Thiếu ký tự số ở đây nhé", "may.lt"),
            ("AAAAaaaa1111....", "may.lt"),
            ("Mật khẩu của hanh.ntm 2026", "hanh.ntm"),
        ] {
            assert!(complaint(bad, (username, &[]), false).is_some(), "{bad}");
        }
        assert_eq!(complaint("chè xanh", ("may.lt", &[]), true), None);
        assert!(complaint("chè xan", ("may.lt", &[]), true).is_some());
        assert!(complaint(&"Ấ1.a".repeat(60), ("may.lt", &[]), true).is_some());
    }

    #[test]
    fn a_long_sentence_is_a_password_to_its_last_letter() {
        for length in [64, LENGTH_MAX] {
            let long: String = "Nắng sớm trên đồi chè 2026. ".chars().cycle().take(length).collect();
            assert_eq!(complaint(&long, ("may.lt", &[]), false), None, "{length}");
            let kept = hash(&long).unwrap();
            assert_eq!(find(&long, std::slice::from_ref(&kept)), Some(0), "{length}");
            let shorter: String = long.chars().take(length - 1).collect();
            assert_eq!(find(&shorter, &[kept]), None, "{length}");
        }
    }

    #[test]
    fn letters_typed_in_two_ways_are_one_password() {
        let kept = hash("Nguyễn Thị Mỹ Hạnh 1.").unwrap();
        let decomposed: String = "Nguyễn Thị Mỹ Hạnh 1.".nfd().collect();
        assert!(fits(&decomposed, &kept));
        assert!(!fits("Nguyen Thi My Hanh 1.", &kept));
        assert_eq!(find("Nguyễn Thị Mỹ Hạnh 1.", &[]), None);
        assert!(kept.starts_with("$argon2id$"));
    }

    #[test]
    fn one_time_passwords_differ_and_are_long_enough() {
        let password = one_time();
        assert_eq!(password.len(), 19);
        assert_ne!(password, one_time());
    }
}
