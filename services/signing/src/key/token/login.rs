//! Who has opened a token. PKCS#11 logs the process in, not the session (v2.40, 11.6): while one key of a token is open, the
//! library answers every further login without looking at the PIN. So the PIN is compared here with the one that opened it.

use crate::SigningError;
use ring::hmac;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

/// Fresh in each process: what is kept of a PIN is of no use to anybody else.
static KEY: LazyLock<Option<hmac::Key>> =
    LazyLock::new(|| hmac::Key::generate(hmac::HMAC_SHA256, &ring::rand::SystemRandom::new()).ok());

/// The library and the token's label.
type Place = (PathBuf, String);

static OPENED: LazyLock<Mutex<HashMap<Place, Weak<Opened>>>> = LazyLock::new(Mutex::default);

/// A token that this process has opened, for as long as a key of it is in use.
pub struct Opened(hmac::Tag);

/// Opens a token with a PIN. `login` answers whether the library has looked at the PIN.
///
/// # Errors
/// What `login` says, and [`SigningError::WrongPassword`] for a PIN that is not the one that opened it.
pub fn open(
    (library, token): (&Path, &str),
    pin: &str,
    login: impl FnOnce() -> Result<bool, SigningError>,
) -> Result<Arc<Opened>, SigningError> {
    let key = KEY.as_ref().ok_or_else(|| SigningError::Internal("no random numbers".to_owned()))?;
    let place: Place = (library.to_owned(), token.to_owned());
    // Held over the login, so that nobody comes between it and its entry.
    let mut all = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = all.get(&place).and_then(Weak::upgrade);
    if !login()? {
        let known = known.ok_or_else(|| SigningError::Token("opened by somebody unknown".to_owned()))?;
        let same = hmac::verify(key, pin.as_bytes(), known.0.as_ref()).is_ok();
        return if same { Ok(known) } else { Err(SigningError::WrongPassword) };
    }
    let opened = Arc::new(Opened(hmac::sign(key, pin.as_bytes())));
    all.insert(place, Arc::downgrade(&opened));
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pin_that_opened_a_token_is_let_in_beside_it() {
        let token = || (Path::new("/usr/lib/token.so"), "Văn thư");
        let first = open(token(), "1234", || Ok(true)).unwrap();
        let second = open(token(), "1234", || Ok(false)).unwrap();
        assert!(matches!(open(token(), "x", || Ok(false)), Err(SigningError::WrongPassword)));
        let other = open((token().0, "Lãnh đạo"), "1234", || Ok(false));
        assert!(matches!(other, Err(SigningError::Token(_))), "another token was opened by nobody here");
        drop((first, second));
        assert!(matches!(open(token(), "1234", || Ok(false)), Err(SigningError::Token(_))), "nobody has it open");
        let wrong = || Err(SigningError::Token("PIN_INCORRECT".to_owned()));
        assert!(open(token(), "x", wrong).is_err());
        assert!(matches!(open(token(), "x", || Ok(false)), Err(SigningError::Token(_))));
    }
}
