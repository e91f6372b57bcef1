//! Other people's work, and ours in other people's words, that comes inside the executable rather than to browsers: the
//! printed forms' fonts, the units, the calendar, the procedures. Each text stands beside its data; none is copied here.

use dossiers::procedure::provenance;
use ui::Licence;

/// The fonts of printed forms.
const TINOS: &str = include_str!("../../../services/typesetter/fonts/OFL.txt");
/// The names and codes of provinces and communes.
const UNITS: &str = include_str!("../../../services/directory/data/LICENSE-units.txt");
/// The passwords that nobody may choose.
const PASSWORDS: &str = include_str!("../../../services/directory/data/LICENSE-passwords.txt");
/// What the heads of the calendar's and the procedures' files say in English.
const FACTS: &str = "Dữ kiện là văn bản pháp luật và thông báo chính thức, không thuộc đối tượng bảo hộ quyền tác giả \
    (Điều 15 Luật Sở hữu trí tuệ 50/2005/QH11). Bản biên soạn này là một phần của Nhà Việc, theo giấy phép EUPL-1.2.";
/// Where the days off come from; each year's decisions name their own sources on the calendar's pages.
const DAYS_OFF: &str = "Nguồn: Bộ luật Lao động 10/2012/QH13 và 45/2019/QH14, Nghị quyết 28/2026/QH16, thông báo nghỉ Tết, \
    Quốc khánh và hoán đổi ngày làm việc của từng năm.";

/// What the page `/giay-phep` lists after what browsers receive.
pub fn licences() -> Vec<Licence> {
    let item = |name: &str, version: &str, licence: &str, text: String| Licence {
        name: name.to_owned(),
        version: version.to_owned(),
        licence: licence.to_owned(),
        text,
    };
    vec![
        item("Tinos (bản in)", "1.33", "OFL-1.1", TINOS.trim().to_owned()),
        item("Danh mục đơn vị hành chính (vietnamadminunits)", "1.0.4", "MIT", UNITS.trim().to_owned()),
        item("Mật khẩu hay gặp (zxcvbn)", "3.1.1", "MIT", PASSWORDS.trim().to_owned()),
        item("Lịch nghỉ lễ, làm bù", "2020–2027", "EUPL-1.2", format!("{FACTS}\n\n{DAYS_OFF}")),
        item("Định nghĩa thủ tục hành chính", env!("CARGO_PKG_VERSION"), "EUPL-1.2", procedures()),
    ]
}

/// The licence with every public source of facts.
fn procedures() -> String {
    let sources = provenance::register().iter();
    let lines = sources.map(|(code, source)| format!("{code}: {}. {} ({})", source.title, source.place, source.as_of));
    format!("{FACTS}\n\nNguồn:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_comes_along_is_named_with_its_terms() {
        let all = licences();
        let text = |name: &str| {
            let found = all.iter().find(|licence| licence.name.starts_with(name));
            found.unwrap_or_else(|| panic!("{name} is missing")).text.clone()
        };
        assert!(text("Tinos").contains("SIL Open Font License") && text("Tinos").contains("Google"));
        assert!(text("Danh mục").contains("Permission is hereby granted") && text("Danh mục").contains("Tran Ngoc"));
        assert!(text("Mật khẩu").contains("Permission is hereby granted") && text("Mật khẩu").contains("Holmer"));
        assert!(text("Lịch").contains("không thuộc đối tượng bảo hộ") && text("Lịch").contains("EUPL-1.2"));
        let procedures = text("Định nghĩa");
        assert!(procedures.contains("không thuộc đối tượng bảo hộ") && procedures.contains("EUPL-1.2"));
        for code in provenance::register().keys() {
            assert!(procedures.contains(&format!("{code}: ")), "{code}");
        }
    }
}
