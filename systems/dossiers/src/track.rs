//! Following a dossier as a citizen: by the receipt's link, or by code plus the last digits of the identity number or
//! phone. A code alone shows nothing, neither shows a name, and guessing is slowed down. A paper of the agency names its party and
//! takes more: the link *and* a whole number, see [`Opens::Paper`].
//!
//! Wrong tries are counted for who tried and for what was tried, and nobody is refused for what others did:
//!
//! - A *browser* has ten an hour, a *network* (an IPv4 address, a line of IPv6) sixty, and a network five for one code.
//!   Whoever is over that waits; everybody else goes on.
//! - A *code* has twenty a day from anywhere. After that its last digits open it no more, but the whole number still
//!   does: the party knows it, and a stranger cannot lock them out.
//!
//! What guessing is worth: two of 10,000 endings fit, that of the identity number and that of the phone. Twenty guesses a
//! day, from however many networks, find one with a chance of 20 × 2 / 10,000 = 0.4 % for a dossier and day, once in 250
//! days. Of a whole identity number six digits are chance, for somebody who knows the party's province, sex and year of
//! birth; a hundred networks with 5 × 24 tries each find it with 1.2 % a day. What is found is how far a dossier is,
//! without any particulars; a paper, which has them all, opens by no last digits, so that for it only whole numbers are worth a guess,
//! and those only to whoever has the link. Tries are answered one after the other ([`crate::citizen`]), so that sending many at once
//! gains nothing; each node of several adds one at most.

use crate::dossier::{self, Dossier, Values};
use crate::procedure::form::APPLICANT_IDENTITY;
use directory::Keys;
use store::{AuditEntry, Reader, Tx, params};
use types::{Error, Id, Result, Timestamp};
use web::{Keep, Span};

/// Digits of the identity number or phone that are enough as a rule.
pub const TAIL_DIGITS: usize = 4;
/// Digits of a whole number: nine of an old identity card to twelve, and some more of a phone abroad.
const WHOLE_DIGITS: std::ops::RangeInclusive<usize> = 9..=15;
/// Wrong tries of one browser in an hour.
const BROWSER_TRIES: i64 = 10;
/// Wrong tries of one network in an hour, whatever marks its browsers show; wide enough for a commune behind one line.
const NETWORK_TRIES: i64 = 60;
/// Wrong tries of one network for one code in an hour.
const PAIR_TRIES: i64 = 5;
/// Wrong tries for one code in a day, from anywhere, after which its last digits do not open it.
const CODE_TRIES: i64 = 20;
const HOUR_US: i64 = 3_600_000_000;
/// What stands for the code in the browser's own row, so that it counts for no dossier.
const NO_CODE: &str = "-";

/// The dossier behind the receipt's link.
pub fn by_token(reader: &mut Reader<'_>, token: &str) -> Result<Dossier> {
    let unknown = || Error::not_found("hồ sơ này. Ông/bà hãy quét lại mã QR trên giấy tiếp nhận");
    if token.len() < 20 {
        return Err(unknown());
    }
    let found: Option<(Id,)> = reader.opt("SELECT id FROM dossier WHERE track_token = $1", params![token])?;
    let (id,) = found.ok_or_else(unknown)?;
    dossier::by_id(reader, id)?.ok_or_else(unknown)
}

/// The number that is given with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Number {
    /// The last digits.
    Tail(String),
    /// All of them.
    Whole(String),
}

impl Number {
    /// Reads what was typed, with spaces, dots and a country code as people write them.
    pub fn read(typed: &str) -> Option<Self> {
        let bare: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-')).collect();
        let digits = bare.strip_prefix("+84").map_or_else(|| bare.clone(), |rest| format!("0{rest}"));
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match digits.len() {
            TAIL_DIGITS => Some(Self::Tail(digits)),
            count if WHOLE_DIGITS.contains(&count) => Some(Self::Whole(digits)),
            _ => None,
        }
    }

    /// As it is read.
    pub fn digits(&self) -> &str {
        let (Self::Tail(digits) | Self::Whole(digits)) = self;
        digits
    }

    /// Whether it is the party's phone or number. The number's last digits are too few for an index, so they are compared
    /// with the one dossier that the code names; where no key opens that, the phone alone counts.
    fn fits(&self, reader: &mut Reader<'_>, keys: &Keys, (dossier, opens): (&Dossier, Opens)) -> Result<bool> {
        let form = dossier::form_if_it_opens(reader, keys, dossier.id)?;
        let paper = paper_number(dossier, form.as_ref());
        let identity = form.as_ref().and_then(|form| form.get(APPLICANT_IDENTITY));
        let mut numbers = [identity, dossier.applicant.phone.as_ref()].into_iter().flatten();
        Ok(match (self, opens) {
            (Self::Tail(tail), Opens::Progress) => numbers.any(|number| number.ends_with(tail.as_str())),
            (Self::Whole(whole), Opens::Progress) => numbers.any(|number| same(number, whole)),
            (Self::Whole(whole), Opens::Paper) => paper.is_some_and(|(_, number)| same(number, whole)),
            (Self::Tail(_), Opens::Paper) => false,
        })
    }
}

/// What a number opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// How far the dossier is: the last digits of either number do.
    Progress,
    /// A paper of the agency with the party's name and address. The link may have been had for the last digits; for the paper
    /// they are worth nothing, and the whole of one number is asked for: see [`paper_number`].
    Paper,
}

/// The number that opens a dossier's papers: the personal number, or the telephone of who has none that is only digits.
/// Nothing where no key opens the form: whether there is a personal number is not known then.
pub fn paper_number<'a>(dossier: &'a Dossier, form: Option<&'a Values>) -> Option<(PaperNumber, &'a str)> {
    let usable = |number: &&str| number.bytes().all(|b| b.is_ascii_digit()) && WHOLE_DIGITS.contains(&number.len());
    let personal = form?.get(APPLICANT_IDENTITY).map(String::as_str).filter(usable);
    let phone = dossier.applicant.phone.as_deref().filter(usable);
    let personal = personal.map(|number| (PaperNumber::Personal, number));
    personal.or_else(|| phone.map(|number| (PaperNumber::Phone, number)))
}

/// Which number opens papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperNumber {
    Personal,
    Phone,
}

/// In a time that does not tell how many digits were right.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |wrong, (a, b)| wrong | (a ^ b)) == 0
}

/// Whoever seeks a dossier by its code, as far as limits care.
#[derive(Debug, Clone)]
pub struct Seeker {
    pub browser: String,
    /// See [`web::client::network`].
    pub network: String,
}

/// What a try to open a dossier by its code comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// The link's token of the dossier.
    Found(String),
    /// Nothing fits; whether there is such a dossier at all is for the audit only. To be written down with [`failed`].
    Wrong { known: bool },
    /// The last digits do not open this code today; nothing was looked at.
    WholeNumberWanted,
    /// The seeker must wait; nothing was looked at.
    TooMany,
}

/// Tries a code with a number. It only reads, so that a stranger makes no node write but by what counts against them.
pub fn look(
    reader: &mut Reader<'_>,
    keys: &Keys,
    (code, number, opens): (&str, &Number, Opens),
    seeker: &Seeker,
    now: Timestamp,
) -> Result<Tried> {
    let (hour, day) = (Timestamp(now.0 - HOUR_US), Timestamp(now.0 - 24 * HOUR_US));
    let mut count = |sql: &str, values: &[store::Val]| -> Result<i64> {
        let (count,) = reader.one(&format!("SELECT count(*) FROM track_failure WHERE {sql}"), values)?;
        Ok(count)
    };
    if count("seeker = $1 AND at > $2", params![&seeker.browser, hour])? >= BROWSER_TRIES
        || count("seeker = $1 AND at > $2", params![&seeker.network, hour])? >= NETWORK_TRIES
        || count("code = $1 AND seeker = $2 AND at > $3", params![code, &seeker.network, hour])? >= PAIR_TRIES
    {
        return Ok(Tried::TooMany);
    }
    let is_tail = matches!(number, Number::Tail(_));
    if is_tail && count("code = $1 AND at > $2", params![code, day])? >= CODE_TRIES {
        return Ok(Tried::WholeNumberWanted);
    }
    let found = dossier::by_code(reader, code)?;
    match found {
        Some(dossier) if number.fits(reader, keys, (&dossier, opens))? => Ok(Tried::Found(dossier.track_token)),
        found => Ok(Tried::Wrong { known: found.is_some() }),
    }
}

/// Writes a wrong try down, once for the browser and once for the network and the code.
pub fn failed(tx: &mut Tx<'_>, code: &str, seeker: &Seeker, known: bool) -> Result<()> {
    let at = tx.at();
    let mut audited = None;
    for (who, what) in [(&seeker.browser, NO_CODE), (&seeker.network, code)] {
        let id = tx.id()?;
        tx.exec(
            "INSERT INTO track_failure (id, seeker, code, at) VALUES ($1, $2, $3, $4)",
            params![id, who, what, at],
        )?;
        audited = Some(id);
    }
    let entity_id = audited.ok_or_else(|| Error::internal("a try of nobody"))?;
    let detail = serde_json::json!({ "known": known });
    tx.audit(&AuditEntry { action: "dossiers.track-refused", entity: "track", entity_id, unit: None, detail })
}

/// How long a wrong try is kept; it names a device and a network.
pub(crate) const KEPT: Keep = Keep {
    what: "Lần tra cứu hồ sơ sai (thiết bị, địa chỉ mạng)",
    span: Span::Days(1),
    since: "lần tra cứu",
    from: "2026-11-28",
    basis: None,
};

/// Forgets tries that are older.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64> {
    let before = KEPT.before(tx.at());
    tx.not_audited("guard data is swept");
    tx.exec_counted("DELETE FROM track_failure WHERE at < $1", params![before])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        let tail = |digits: &str| Some(Number::Tail(digits.to_owned()));
        let whole = |digits: &str| Some(Number::Whole(digits.to_owned()));
        assert_eq!(Number::read(" 04 18"), tail("0418"));
        assert_eq!(Number::read("0975.000.418"), whole("0975000418"));
        assert_eq!(Number::read("+84 975-000-418"), whole("0975000418"));
        assert_eq!(Number::read("019192000217"), whole("019192000217"));
        for wrong in ["", "12", "12345", "12a4", "٠٤١٨", "1234567890123456"] {
            assert_eq!(Number::read(wrong), None, "{wrong}");
        }
    }
}
