//! Who works in the demo. None of them exists; their names are put together from common parts.

use super::place::Seat;
use directory::PostKind;

/// Everybody's password; the demo is for looking around.
pub const PASSWORD: &str = "Phuc-Khe-2026";

/// An account of the demo, as it is told to whoever made it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Account {
    pub username: String,
    pub password: String,
    pub name: String,
    pub post: String,
    pub unit: String,
}

/// An officer with the one post they hold.
pub(super) struct Member {
    /// Ends in [`crate::front::DEMO_ENDING`].
    pub username: &'static str,
    pub name: &'static str,
    pub seat: Seat,
    pub kind: PostKind,
    pub title: &'static str,
    /// Codes of the procedure fields the post handles; empty means all.
    pub fields: &'static [&'static str],
}

const fn member(
    username: &'static str,
    name: &'static str,
    (seat, kind): (Seat, PostKind),
    title: &'static str,
    fields: &'static [&'static str],
) -> Member {
    Member { username, name, seat, kind, title, fields }
}

/// Civil status and certification.
const JUSTICE: &[&str] = &["ho-tich", "chung-thuc", "khieu-nai-to-cao"];
const BUSINESS: &[&str] = &["ho-kinh-doanh"];
const LAND: &[&str] = &["dat-dai", "xay-dung"];
const ECONOMY: &[&str] = &["ho-kinh-doanh", "dat-dai", "xay-dung"];
const SOCIAL: &[&str] = &["bao-tro-xa-hoi", "giam-ngheo", "nguoi-co-cong", "van-hoa", "hoi"];
/// What the deputy signs; the rest waits for the chair.
const DEPUTY: &[&str] = JUSTICE;

use PostKind::{Administrator, Clerk, Counter, Head, Leader, Specialist};
use Seat::{Commune, CultureSociety, Economy, Neighbour, NeighbourCounter, Office, OneStop, Province, ProvinceOffice};

/// The chair's account, whose post the deputy stands in for.
pub(super) const CHAIR: &str = "chutich.demo";
/// The deputy's account.
pub(super) const DEPUTY_CHAIR: &str = "phochutich.demo";
/// Whose token programs get.
pub(super) const FIRST_COUNTER: &str = "motcua1.demo";

/// Everybody, in the order in which the table shows them.
pub(super) const STAFF: &[Member] = &[
    member("motcua1.demo", "Nguyễn Thị Mỹ Hạnh", (OneStop, Counter), "Cán bộ một cửa, quầy 1", &[]),
    member("motcua2.demo", "Lò Thị Mẩy", (OneStop, Counter), "Cán bộ một cửa, quầy 2", &[]),
    member("tuphap.demo", "Đặng Đình Ưởng", (Office, Specialist), "Công chức Tư pháp – Hộ tịch", JUSTICE),
    member("kinhdoanh.demo", "Chẩu Thị Xuyến Chi", (Economy, Specialist), "Chuyên viên đăng ký kinh doanh", BUSINESS),
    member("diachinh.demo", "Giàng A Dính", (Economy, Specialist), "Công chức Địa chính – Xây dựng", LAND),
    member("baotro.demo", "Triệu Mùi Nhậy", (CultureSociety, Specialist), "Chuyên viên Bảo trợ xã hội", SOCIAL),
    member("chanhvanphong.demo", "Nông Viết Thuyên", (Office, Head), "Chánh Văn phòng", JUSTICE),
    member("truongphongkinhte.demo", "Hoàng Thế Nghiệp", (Economy, Head), "Trưởng phòng Kinh tế", ECONOMY),
    member("truongphongvhxh.demo", "Vi Thị Kim Phấy", (CultureSociety, Head), "Trưởng phòng Văn hóa – Xã hội", SOCIAL),
    member(CHAIR, "Quách Trọng Khuê", (Commune, Leader), "Chủ tịch Ủy ban nhân dân xã", &[]),
    member(DEPUTY_CHAIR, "Lường Thị Ngọc Pọm", (Commune, Leader), "Phó Chủ tịch Ủy ban nhân dân xã", DEPUTY),
    member("vanthu.demo", "Bàn Tả Ghển", (Office, Clerk), "Văn thư", &[]),
    member("quantri.demo", "Phan Sĩ Chắn", (Commune, Administrator), "Quản trị hệ thống của xã", &[]),
    member("vankhe.motcua.demo", "Tẩn Mẩy Liều", (NeighbourCounter, Counter), "Cán bộ một cửa", &[]),
    member("vankhe.chuyenvien.demo", "Thào Seo Phừ", (Neighbour, Specialist), "Công chức tổng hợp", &[]),
    member("vankhe.truongphong.demo", "Bế Thị Lệ Mến", (Neighbour, Head), "Chánh Văn phòng", &[]),
    member("vankhe.chutich.demo", "Hứa Thanh Lình", (Neighbour, Leader), "Chủ tịch Ủy ban nhân dân xã", &[]),
    member("vankhe.vanthu.demo", "Cà Thị Bun", (Neighbour, Clerk), "Văn thư", &[]),
    member(
        "tinh.kiemsoat.demo",
        "Trịnh Bá Vượng",
        (ProvinceOffice, Head),
        "Trưởng phòng Kiểm soát thủ tục hành chính",
        &[],
    ),
    member("tinh.quantri.demo", "Đèo Thị Chựa", (Province, Administrator), "Quản trị hệ thống của tỉnh", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::DEMO_ENDING;
    use std::collections::BTreeSet;

    #[test]
    fn every_account_is_known_as_a_demo_account_and_nobody_has_two() {
        let names: BTreeSet<&str> = STAFF.iter().map(|member| member.username).collect();
        assert_eq!(names.len(), STAFF.len());
        assert!(names.iter().all(|name| name.ends_with(DEMO_ENDING)));
    }

    #[test]
    fn every_step_of_every_procedure_finds_somebody_in_both_communes() {
        let both: [&[Seat]; 2] = [&[Commune, Office, Economy, CultureSociety, OneStop], &[Neighbour, NeighbourCounter]];
        for definition in dossiers::procedure::catalogue::all() {
            for step in &definition.steps {
                for seats in both {
                    let fits = |m: &&Member| {
                        let fields = m.fields.is_empty() || m.fields.contains(&definition.field.code.as_str());
                        seats.contains(&m.seat) && m.kind.word() == step.post.code() && fields
                    };
                    assert!(STAFF.iter().any(|m| fits(&m)), "{} {}: nobody of {seats:?}", definition.code, step.code);
                }
            }
        }
    }
}
