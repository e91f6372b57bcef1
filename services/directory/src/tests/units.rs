//! Units: added, corrected, moved and ended, with their history.

use super::world::{day, each_world, errors, start};
use crate::unit::{self, UnitEntry, UnitKind};
use types::Id;

fn entry(name: &str, kind: UnitKind, code: &str) -> UnitEntry {
    UnitEntry { name: name.into(), short_name: String::new(), kind, code: code.into(), gso_code: String::new() }
}

#[test]
fn a_moved_unit_keeps_its_history() {
    each_world(|world| {
        let (la_bang, dai_phuc, department) = (world.la_bang, world.dai_phuc, world.department);
        world.node.write(move |tx| unit::move_to(tx, department, Some(dai_phuc), day("2026-11-01")));
        let directory = world.node.directory.clone();
        let tree = world.node.read(|r| directory.tree(r));
        assert_eq!(tree.line(department), [department, dai_phuc, world.province]);
        assert_eq!(tree.line_on(department, day("2026-10-31")), [department, la_bang, world.province]);
        assert_eq!(tree.line_on(department, start()), [department, la_bang, world.province]);
        assert!(!tree.below(la_bang).contains(&department) && tree.below(dai_phuc).contains(&department));
        // A second move before the first would tear the history.
        let torn = world.node.try_write(move |tx| unit::move_to(tx, department, Some(la_bang), day("2026-10-01")));
        assert!(torn.is_err());
        world.node.write(move |tx| unit::move_to(tx, department, Some(la_bang), day("2026-11-01")));
        let tree = world.node.read(|r| directory.tree(r));
        assert_eq!(tree.line(department), [department, la_bang, world.province], "a move of the same day is corrected");
    });
}

#[test]
fn a_move_of_tomorrow_holds_from_tomorrow() {
    each_world(|world| {
        let (dai_phuc, department) = (world.dai_phuc, world.department);
        world.node.write(move |tx| unit::move_to(tx, department, Some(dai_phuc), day("2026-11-21")));
        let directory = world.node.directory.clone();
        let above = || world.node.read(|r| directory.tree(r)).line(department)[1];
        assert_eq!(above(), world.la_bang);
        world.at("2026-11-21T00:00");
        assert_eq!(above(), dai_phuc, "the tree in memory is that of the day");
    });
}

#[test]
fn rings_are_refused() {
    each_world(|world| {
        let (la_bang, department) = (world.la_bang, world.department);
        for (unit, parent) in [(la_bang, department), (la_bang, la_bang)] {
            let error =
                world.node.try_write(move |tx| unit::move_to(tx, unit, Some(parent), day("2026-11-20"))).unwrap_err();
            assert!(error.to_string().contains("Không thể chuyển"), "{error}");
        }
    });
}

#[test]
fn two_moves_at_once_never_make_a_ring() {
    each_world(|world| {
        let (la_bang, dai_phuc) = (world.la_bang, world.dai_phuc);
        let attempt = |unit: Id, parent: Id| {
            world.node.try_write(move |tx| unit::move_to(tx, unit, Some(parent), day("2026-11-20")))
        };
        let done = std::thread::scope(|scope| {
            let one = scope.spawn(|| attempt(la_bang, dai_phuc));
            let two = scope.spawn(|| attempt(dai_phuc, la_bang));
            [one.join().unwrap().is_ok(), two.join().unwrap().is_ok()]
        });
        assert_eq!(done.iter().filter(|ok| **ok).count(), 1, "{done:?}");
    });
}

#[test]
fn what_hinders_the_end_of_a_unit_is_named() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/don-vi/{}/ket-thuc", world.la_bang);
        let form = admin.get(&path).assert_status(200).page().form("form");
        let answer = admin.submit(&form).assert_status(409);
        assert!(errors(&answer).contains("Phòng Văn hóa – Xã hội"), "{}", errors(&answer));
        let path = format!("/quan-tri/don-vi/{}/ket-thuc", world.department);
        let form = admin.get(&path).page().form("form");
        let answer = admin.submit(&form).assert_status(409);
        assert!(errors(&answer).contains("Chuyên viên"), "{}", errors(&answer));
        let (post, department) = (world.uong_post, world.department);
        world.node.write(move |tx| crate::post::end(tx, post, day("2026-11-20")));
        let form = answer.page().form("form");
        admin.submit(&form).assert_leads_to(&format!("/quan-tri/don-vi/{department}"));
        world.at("2026-11-21T08:00");
        let mut admin = world.signed_in("hanh.ntm");
        // Ended, it is still there to be read, by those who might before.
        let text = admin.get(&format!("/quan-tri/don-vi/{department}")).assert_status(200).text();
        assert!(text.contains("Đã kết thúc"));
        assert!(
            !admin
                .get(&format!("/quan-tri/don-vi/{}", world.la_bang))
                .text()
                .contains(&format!("/quan-tri/don-vi/{department}\""))
        );
    });
}

#[test]
fn a_unit_is_added_and_corrected_with_its_code() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let form =
            admin.get(&format!("/quan-tri/don-vi/{}/them", world.la_bang)).assert_status(200).page().form("form");
        let form = form.set("name", "  Bộ phận Một cửa   xã La Bằng ").set("kind", "counter");
        let bad = admin.submit(&form.clone().set("code", "H55..05")).assert_status(422);
        assert!(errors(&bad).contains("Mã định danh điện tử gồm"));
        let taken = admin.submit(&form.clone().set("code", "h55.62.06")).assert_status(422);
        assert!(errors(&taken).contains("Xã Đại Phúc"), "{}", errors(&taken));
        let made = admin.submit(&form.set("code", "h55.62.05.01")).assert_status(303).location().to_owned();
        let directory = world.node.directory.clone();
        let tree = world.node.read(|r| directory.tree(r));
        let unit = tree.by_code("H55.62.05.01").expect("codes are kept in capitals");
        assert_eq!((unit.name.as_str(), unit.kind), ("Bộ phận Một cửa xã La Bằng", UnitKind::Counter));
        assert_eq!(made, format!("/quan-tri/don-vi/{}", unit.id));
        let form = admin.get(&format!("{made}/sua")).page().form("form");
        assert_eq!(form.value("name"), Some("Bộ phận Một cửa xã La Bằng"));
        admin.submit(&form.set("short_name", "Một cửa").set("code", "")).assert_leads_to(&made);
        let tree = world.node.read(|r| directory.tree(r));
        let unit = tree.get(unit.id).unwrap();
        assert_eq!((unit.short_name.as_str(), unit.code.as_deref()), ("Một cửa", None));
        assert_eq!(world.node.audited("directory.edit_unit"), 1);
    });
}

#[test]
fn a_unit_goes_only_where_the_administrator_keeps_units_too() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/don-vi/{}/chuyen", world.department);
        let page = admin.get(&path).assert_status(200).page();
        assert!(!page.texts("option").iter().any(|text| text.contains("Đại Phúc")));
        let answer =
            admin.submit(&page.form("form[method=post]").set("parent", &world.dai_phuc.to_string())).assert_status(422);
        assert!(errors(&answer).contains("Chọn đơn vị cấp trên mới"));
    });
}

#[test]
fn a_unit_does_not_begin_before_the_one_above_it() {
    each_world(|world| {
        let (la_bang, dai_phuc) = (world.la_bang, world.dai_phuc);
        let early = world.node.try_write(move |tx| {
            unit::create(tx, &entry("Tổ Một cửa", UnitKind::Counter, ""), Some(la_bang), day("2025-06-30"))
        });
        assert!(early.unwrap_err().to_string().contains("chưa có vào ngày này"));
        let twice = world.node.try_write(move |tx| {
            unit::create(tx, &entry("Tổ Một cửa", UnitKind::Counter, "H55.62.05"), Some(dai_phuc), start())
        });
        assert!(twice.unwrap_err().to_string().contains("Xã La Bằng"));
    });
}
