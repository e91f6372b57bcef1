//! Passwords that are guessed first: the commonest of all, and the names of this house and of one's own unit.

use crate::tree::UnitTree;
use types::{Id, text};

/// The commonest of all that the other rules let through.
const COMMONEST: &str = include_str!("../data/passwords.txt");

/// What people here begin with, before the figures and the mark that the rules demand.
const HERE: [&str; 16] = [
    "matkhau",
    "matkhaumoi",
    "doimatkhau",
    "dangnhap",
    "quantri",
    "quantrivien",
    "admin",
    "administrator",
    "canbo",
    "congchuc",
    "anhyeuem",
    "emyeuanh",
    "yeuemnhieu",
    "giadinh",
    "vietnam",
    "password",
];

/// How the program is called.
const PROGRAM: &str = "nhaviec";

/// Fewest letters of a name that no password may hold: a shorter one stands in half of all sentences.
const NAME_MIN: usize = 5;

/// What stands before the name of a unit.
const KINDS: [&str; 13] = [
    "uy ban nhan dan ",
    "hoi dong nhan dan ",
    "tinh ",
    "thanh pho ",
    "xa ",
    "phuong ",
    "dac khu ",
    "phong ",
    "trung tam ",
    "van phong ",
    "thon ",
    "xom ",
    "to dan pho ",
];

/// Whether it is among the commonest, also with figures and marks around it (`Password@2026`).
pub(crate) fn is_commonest(password: &str) -> bool {
    let folded = text::fold(password);
    let bare = folded.trim_matches(|c: char| !c.is_alphabetic());
    let squeezed = squeezed(&folded);
    let core = squeezed.trim_matches(|c: char| !c.is_alphabetic());
    let mut known = COMMONEST.lines().filter(|line| !line.starts_with("# ")).chain(HERE);
    known.any(|known| [folded.as_str(), bare, squeezed.as_str(), core].contains(&known))
}

/// Names that the password of an officer of `unit` may not hold: those of the unit and of all above it, and the program's.
pub(crate) fn names(tree: &UnitTree, unit: Id) -> Vec<String> {
    let line = tree.line_of_rights(unit);
    let units = line.into_iter().filter_map(|id| tree.get(id));
    let names = units.flat_map(|unit| [unit.name.as_str(), unit.short_name.as_str()]);
    let names = names.map(|name| squeezed(without_kind(&text::fold(name))));
    names.filter(|name| name.chars().count() >= NAME_MIN).chain([PROGRAM.to_owned()]).collect()
}

/// Whether it holds one of these names, however it is spaced, written large or accented.
pub(crate) fn holds_a_name(password: &str, names: &[String]) -> bool {
    let squeezed = squeezed(&text::fold(password));
    names.iter().any(|name| squeezed.contains(name.as_str()))
}

/// `la bang` of `xa la bang`.
fn without_kind(folded: &str) -> &str {
    let shorter = KINDS.iter().find_map(|kind| folded.strip_prefix(kind));
    shorter.map_or(folded, without_kind)
}

fn squeezed(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_known_in_any_dress() {
        assert_eq!(COMMONEST.lines().filter(|line| !line.starts_with("# ")).count(), 3_000);
        for common in [
            "password",
            "Password@2026!",
            "P@ssw0rd-20261",
            "1Qaz2wsx",
            "Qwertyuiop@123",
            "Mật khẩu 123456!",
            "Matkhau@123456",
            "Admin@12345678",
            "12345678",
        ] {
            assert!(is_commonest(common), "{common}");
        }
        for own in ["Nắng sớm trên đồi chè 2026", "chè xanh", "Mật khẩu của bà ngoại 7!", ""] {
            assert!(!is_commonest(own), "{own}");
        }
    }

    #[test]
    fn a_name_is_found_without_its_kind() {
        for (name, bare) in [
            ("Xã La Bằng", "labang"),
            ("Ủy ban nhân dân xã La Bằng", "labang"),
            ("Phòng Văn hóa – Xã hội", "vanhoaxahoi"),
            ("Thái Nguyên", "thainguyen"),
        ] {
            assert_eq!(squeezed(without_kind(&text::fold(name))), bare);
        }
        let names = ["labang".to_owned()];
        assert!(holds_a_name("LA-BẰNG quê tôi 2026", &names));
        assert!(!holds_a_name("Nắng sớm trên đồi chè 2026", &names));
    }
}
