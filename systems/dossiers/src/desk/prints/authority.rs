//! In whose name somebody signs (Decree 30/2020/NĐ-CP, Annex I, II.7): TM. for a people's committee, KT. a deputy in the place of
//! the chief, TL. the head of a department by the chief's order.

use directory::PostKind;

/// How the name of a people's committee begins.
const COMMITTEE: &str = "Ủy ban nhân dân";

/// The lines above the title of the post, and the title as it stands below them.
pub fn block(agency: &str, (kind, title): (PostKind, &str)) -> (Vec<String>, String) {
    let committee = agency.starts_with(COMMITTEE);
    // "Phó Chủ tịch Ủy ban nhân dân" signs for the committee named above as "Phó Chủ tịch".
    let short = title.split_once(COMMITTEE).map_or(title, |(before, _)| before).trim();
    let short = if short.is_empty() { title } else { short };
    let mut lines = Vec::new();
    if kind == PostKind::Head {
        lines.push(format!("TL. {}", chief(agency, committee)));
    } else if committee {
        lines.push(format!("TM. {COMMITTEE}"));
    }
    if let Some(chief) = short.strip_prefix("Phó ") {
        lines.push(format!("KT. {}", capitalised(chief)));
    }
    (lines, short.to_owned())
}

/// By whose order the head of a department signs.
fn chief(agency: &str, committee: bool) -> &'static str {
    match agency {
        _ if committee => "Chủ tịch",
        _ if agency.starts_with("Sở ") => "Giám đốc",
        _ => "Thủ trưởng cơ quan",
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_signs_in_the_name_that_the_decree_gives() {
        let people = "Ủy ban nhân dân xã Suối Mơ";
        for (agency, kind, title, above, below) in [
            (people, PostKind::Leader, "Chủ tịch", &["TM. Ủy ban nhân dân"][..], "Chủ tịch"),
            (
                people,
                PostKind::Leader,
                "Phó Chủ tịch Ủy ban nhân dân xã",
                &["TM. Ủy ban nhân dân", "KT. Chủ tịch"],
                "Phó Chủ tịch",
            ),
            (people, PostKind::Head, "Trưởng phòng Kinh tế", &["TL. Chủ tịch"], "Trưởng phòng Kinh tế"),
            (
                people,
                PostKind::Head,
                "Phó trưởng phòng Kinh tế",
                &["TL. Chủ tịch", "KT. Trưởng phòng Kinh tế"],
                "Phó trưởng phòng Kinh tế",
            ),
            ("Sở Tư pháp", PostKind::Leader, "Giám đốc", &[], "Giám đốc"),
            ("Sở Tư pháp", PostKind::Leader, "Phó Giám đốc", &["KT. Giám đốc"], "Phó Giám đốc"),
            ("Sở Tư pháp", PostKind::Head, "Trưởng phòng", &["TL. Giám đốc"], "Trưởng phòng"),
        ] {
            let (lines, post) = block(agency, (kind, title));
            assert_eq!((lines.iter().map(String::as_str).collect::<Vec<_>>(), post.as_str()), (above.to_vec(), below));
        }
    }
}
