//! Keeping the directory: officers, forms sent twice, two administrators at once.

use super::world::{PASSWORD, each_world, errors, sign_in};
use crate::officer::{self, OfficerEntry, OfficerQuery};
use store::params;

#[test]
fn two_administrators_at_once_do_not_overwrite_each_other() {
    each_world(|world| {
        let (mut one, mut two) = (world.signed_in("hanh.ntm"), world.signed_in("hanh.ntm"));
        let path = format!("/quan-tri/don-vi/{}/sua", world.department);
        let first = one.get(&path).page().form("form");
        let second = two.get(&path).page().form("form");
        one.submit(&first.set("name", "Phòng Kinh tế")).assert_status(303);
        let refused = two.submit(&second.set("name", "Phòng Nội vụ")).assert_status(409);
        assert!(errors(&refused).contains("Người khác vừa sửa"), "{}", errors(&refused));
        // What was typed is still there, and pressing again does not overwrite either.
        let form = refused.page().form("form");
        assert_eq!(form.value("name"), Some("Phòng Nội vụ"));
        two.submit(&form).assert_status(409);
        let text = two.get(&path).text();
        assert!(text.contains("Phòng Kinh tế"));
    });
}

#[test]
fn a_form_sent_twice_is_done_once() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let form = admin.get("/quan-tri/can-bo/moi").assert_status(200).page().form("form[method=post]");
        let form = form.set("name", "Hoàng Thị Sính").set("unit", &world.department.to_string());
        let place = admin.submit(&form).assert_status(303).location().to_owned();
        admin.submit(&form).assert_leads_to(&place);
        let (count,): (i64,) =
            world.node.read(|r| r.one("SELECT count(*) FROM officer WHERE name = 'Hoàng Thị Sính'", params![]));
        assert_eq!(count, 1);
        // Without a command id nothing is done.
        let answer = admin.post("/quan-tri/can-bo/moi", &[("name", "Hai"), ("unit", &world.department.to_string())]);
        assert_eq!(answer.status, 422);
    });
}

#[test]
fn officers_are_found_without_accents_and_listed_as_vietnamese_sorts() {
    each_world(|world| {
        let (department, dai_phuc) = (world.department, world.dai_phuc);
        world.node.write(move |tx| {
            for name in ["Trần Văn An", "Lê Thị Ánh", "Nguyễn Văn Bình", "Đỗ Đức Cường", "Phạm Thị Đào"]
            {
                officer::create(tx, department, &OfficerEntry { name: name.into(), ..OfficerEntry::default() })?;
            }
            officer::create(tx, dai_phuc, &OfficerEntry { name: "Trần Văn An".into(), ..OfficerEntry::default() })
        });
        let names = |words: &str, after, limit| {
            let query = OfficerQuery { units: vec![department], words: words.into(), after, limit };
            world.node.read(|r| officer::list(r, &query))
        };
        let (all, more) = names("", None, 50);
        let listed: Vec<&str> = all.iter().map(|card| card.name.as_str()).collect();
        let sorted = ["Trần Văn An", "Lê Thị Ánh", "Nguyễn Văn Bình", "Đỗ Đức Cường", "Phạm Thị Đào", "Đặng Đình Ưởng"];
        assert_eq!((listed.as_slice(), more), (sorted.as_slice(), false));
        let (first, more) = names("", None, 4);
        assert!(more);
        let (rest, more) = names("", first.last().map(|card| card.id), 4);
        assert_eq!((rest.len(), rest[0].name.as_str(), more), (2, "Phạm Thị Đào", false));
        assert_eq!(names("do duc", None, 9).0[0].name, "Đỗ Đức Cường");
        assert_eq!(names("uong.d", None, 9).0[0].name, "Đặng Đình Ưởng", "by user name too");
        assert!(names("%", None, 9).0.len() == 6, "signs of the database mean nothing");
        let mut admin = world.signed_in("hanh.ntm");
        let page = admin.get("/quan-tri/can-bo?q=%C3%A1nh").assert_status(200).text();
        assert!(page.contains("Lê Thị Ánh") && !page.contains("Nguyễn Văn Bình"));
        assert!(admin.get("/quan-tri/can-bo?q=khong+ai").text().contains("Không tìm thấy kết quả nào"));
    });
}

#[test]
fn an_officer_is_corrected_and_mistakes_stand_at_their_fields() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/can-bo/{}", world.uong);
        let form = admin.get(&format!("{path}/sua")).assert_status(200).page().form("form");
        let wrong = admin.submit(&form.set("name", " ").set("email", "uong@").set("phone", "12")).assert_status(422);
        let told = errors(&wrong);
        for expected in ["Nhập họ và tên", "Số điện thoại", "ten@coquan.gov.vn"] {
            assert!(told.contains(expected), "{told}");
        }
        let form = wrong
            .page()
            .form("form")
            .set("name", "Đặng Đình  Ưởng")
            .set("email", "uong@labang.example.vn")
            .set("phone", "0208 3824 115");
        admin.submit(&form).assert_leads_to(&path);
        assert!(admin.get(&path).text().contains("uong@labang.example.vn"));
        let (details,): (String,) =
            world.node.read(|r| r.one("SELECT detail FROM audit WHERE action = 'directory.edit_officer'", params![]));
        assert!(
            details.contains("email") && !details.contains("labang"),
            "the audit names fields, not contents: {details}"
        );
    });
}

#[test]
fn an_account_is_closed_and_opened_again() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/can-bo/{}", world.uong);
        let close = admin.get(&path).page().form("form[action$='/khoa']");
        admin.submit(&close).assert_leads_to(&path);
        assert_eq!(sign_in(&mut world.browser(), "uong.dd", PASSWORD).status, 403);
        // Another form of the same kind finds it closed and says so.
        let answer = admin.post(&format!("{path}/khoa"), &[("command", "thu-khoa-lan-2")]).assert_status(409);
        assert!(errors(&answer).contains("đã bị khóa"), "{}", errors(&answer));
        let open = admin.get(&path).page().form("form[action$='/mo']");
        admin.submit(&open).assert_leads_to(&path);
        sign_in(&mut world.browser(), "uong.dd", PASSWORD).assert_status(303);
    });
}
