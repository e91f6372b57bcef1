//! Posts: who holds them, and which ones fit a piece of work.

use super::world::{day, each_world, errors, start};
use crate::post::{self, PostEntry, PostKind};
use crate::unit::{self, UnitEntry, UnitKind};

fn specialist(title: &str, fields: &[&str]) -> PostEntry {
    PostEntry {
        kind: PostKind::Specialist,
        title: title.into(),
        fields: fields.iter().map(|f| (*f).to_owned()).collect(),
    }
}

#[test]
fn candidates_come_best_first() {
    each_world(|world| {
        let (la_bang, department, dai_phuc, may) = (world.la_bang, world.department, world.dai_phuc, world.may);
        let (near, named, other, foreign, ended) = world.node.write(move |tx| {
            let near = post::create(tx, la_bang, &specialist("Chuyên viên của xã", &[]), start())?;
            let named = post::create(tx, department, &specialist("Tư pháp – Hộ tịch", &["HOTICH"]), start())?;
            let other = post::create(tx, department, &specialist("Địa chính", &["DATDAI"]), start())?;
            let foreign = post::create(tx, dai_phuc, &specialist("Tư pháp Đại Phúc", &["HOTICH"]), start())?;
            let ended = post::create(tx, department, &specialist("Đã thôi", &["HOTICH"]), start())?;
            post::end(tx, ended, day("2026-11-19"))?;
            post::hold(tx, named, may, (start(), None))?;
            Ok((near, named, other, foreign, ended))
        });
        let directory = world.node.directory.clone();
        let found = world.node.read(|r| directory.candidates(r, la_bang, PostKind::Specialist, "HOTICH"));
        let ids: Vec<_> = found.iter().map(|post| post.id).collect();
        assert_eq!(ids, [named, world.uong_post, near], "by holders, then by field and by nearness");
        assert_eq!(found[0].holders, [(world.may, "Lò Thị Mẩy".to_owned())]);
        for absent in [other, foreign, ended] {
            assert!(!ids.contains(&absent));
        }
        let province = world.province;
        let of_province = world.node.read(|r| directory.candidates(r, province, PostKind::Specialist, "HOTICH"));
        assert!(of_province.is_empty(), "the communes' people do not do the province's work: {of_province:?}");
        let heads = world.node.read(|r| directory.candidates(r, la_bang, PostKind::Head, "HOTICH"));
        assert!(heads.is_empty());
    });
}

#[test]
fn a_post_is_made_held_and_ended_by_its_pages() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let form = admin
            .get(&format!("/quan-tri/don-vi/{}/vi-tri/moi", world.department))
            .assert_status(200)
            .page()
            .form("form");
        let empty = admin.submit(&form).assert_status(422);
        assert!(errors(&empty).contains("Chọn loại vị trí"), "{}", errors(&empty));
        let form = form.set("kind", "leader").set("title", "Phó Chủ tịch phụ trách");
        let unknown = admin.submit(&form.clone().press("fields", "KHONG-CO")).assert_status(422);
        assert!(errors(&unknown).contains("Chọn trong các lĩnh vực"), "{}", errors(&unknown));
        let form = form.press("fields", "HOTICH").press("fields", "CHUNGTHUC");
        let path = admin.submit(&form).assert_status(303).location().to_owned();
        let page = admin.get(&path).assert_status(200);
        assert!(page.text().contains("Chứng thực, Hộ tịch"));
        assert!(page.text().contains("Lãnh đạo"), "the preset role came with the kind");
        let form = admin.get(&format!("{path}/nguoi-giu")).assert_status(200).page().form("form[method=post]");
        let form =
            form.set("officer", &world.uong.to_string()).set("to.day", "1").set("to.month", "1").set("to.year", "2026");
        let backwards = admin.submit(&form).assert_status(422);
        assert!(errors(&backwards).contains("không được trước"), "{}", errors(&backwards));
        let form = backwards.page().form("form[method=post]").set("to.year", "2027");
        admin.submit(&form).assert_leads_to(&path);
        let mut uong = world.signed_in("uong.dd");
        uong.get("/quan-tri/don-vi").assert_status(200);
        let form = admin.get(&format!("{path}/ket-thuc")).assert_status(200).page().form("form");
        admin.submit(&form).assert_leads_to(&path);
        uong.get("/quan-tri/don-vi").assert_status(200);
        world.at("2026-11-21T08:00");
        world.signed_in("uong.dd").get("/quan-tri/don-vi").assert_status(403);
    });
}

#[test]
fn a_holder_is_released_on_a_day_and_not_counted_twice() {
    each_world(|world| {
        let (post, uong) = (world.uong_post, world.uong);
        let twice = world.node.try_write(move |tx| post::hold(tx, post, uong, (day("2026-11-20"), None)));
        assert!(twice.unwrap_err().to_string().contains("đã giữ vị trí"));
        let holding = world.node.read(|r| post::holdings(r, post)).pop().unwrap();
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/vi-tri/{post}/nguoi-giu/{}/ket-thuc", holding.id);
        let form = admin.get(&path).assert_status(200).page().form("form");
        admin.submit(&form).assert_status(303);
        assert_eq!(world.node.who(&world.signed_in("uong.dd")).post_ids(), [post], "today is the last day");
        world.at("2026-11-21T08:00");
        assert!(world.node.who(&world.signed_in("uong.dd")).post_ids().is_empty());
        let uong = world.uong;
        world.node.write(move |tx| post::hold(tx, post, uong, (day("2026-11-21"), None)));
    });
}

#[test]
fn names_are_asked_in_one_statement() {
    each_world(|world| {
        let directory = world.node.directory.clone();
        let (uong, may) = (world.uong, world.may);
        let names = world.node.read(|r| directory.names(r, &[uong, may, uong, types::Id(5)]));
        assert_eq!(names.len(), 2);
        assert_eq!(names[&uong], "Đặng Đình Ưởng");
        assert_eq!(world.node.read(|r| directory.officer_name(r, may)), "Lò Thị Mẩy");
        assert!(world.node.store().read_blocking(|r| directory.officer_name(r, types::Id(5))).is_err());
        assert!(world.node.read(|r| directory.names(r, &[])).is_empty());
    });
}

#[test]
fn nothing_of_a_post_outlasts_it() {
    each_world(|world| {
        let (department, may) = (world.department, world.may);
        let post = world.node.write(move |tx| {
            let post = post::create(tx, department, &specialist("Hợp đồng mùa vụ", &[]), start())?;
            post::end(tx, post, day("2026-12-31"))?;
            post::hold(tx, post, may, (day("2026-11-20"), None))?;
            Ok(post)
        });
        let holding = world.node.read(|r| post::holdings(r, post)).pop().unwrap();
        assert_eq!(holding.to, Some(day("2026-12-31")));
        let late = world.node.try_write(move |tx| post::hold(tx, post, may, (day("2027-01-01"), None)));
        assert!(late.unwrap_err().to_string().contains("đã kết thúc"));
        let unit = world.node.try_write(move |tx| {
            let entry = UnitEntry {
                name: "Tổ".into(),
                short_name: String::new(),
                kind: UnitKind::Other,
                code: String::new(),
                gso_code: String::new(),
            };
            let unit = unit::create(tx, &entry, None, day("2026-12-01"))?;
            post::create(tx, unit, &specialist("Sớm quá", &[]), day("2026-11-30"))
        });
        assert!(unit.is_err());
    });
}
