//! Standing in: it says on whose behalf, begins and ends on time, and only the holder or the administrator grants it.

use super::world::{World, each_world, errors, moment};
use crate::stand_in::{self, StandInEntry};
use store::Actor;
use types::Id;

/// Ưởng stands in for Chi from 23/11 07:30 to 24/11 17:00.
fn authorise(world: &World) -> Id {
    let entry = StandInEntry {
        officer: world.uong,
        starts_at: moment("2026-11-23T07:30"),
        ends_at: moment("2026-11-24T17:00"),
        reason: "Đi công tác".into(),
    };
    let post = world.chi_post;
    world.node.write(move |tx| stand_in::authorise(tx, post, &entry))
}

#[test]
fn a_stand_in_acts_on_behalf_and_only_in_its_time() {
    each_world(|world| {
        authorise(&world);
        let check = |at: &str, expected: bool| {
            world.at(at);
            let browser = world.signed_in("uong.dd");
            let who = world.node.who(&browser);
            let stands_in = who.posts().any(|post| post.id == world.chi_post && post.stand_in);
            assert_eq!(stands_in, expected, "at {at}");
            assert_eq!(who.may(&crate::DIRECTORY_SEE), expected, "the post's permissions come with it");
            let behalf = if expected { Some(world.chi_post) } else { None };
            assert_eq!(who.actor(Some(world.chi_post)), Actor::Officer { id: world.uong, on_behalf_of: behalf });
            assert_eq!(who.actor(Some(world.uong_post)), Actor::Officer { id: world.uong, on_behalf_of: None });
        };
        check("2026-11-23T07:29", false);
        check("2026-11-23T07:30", true);
        check("2026-11-24T16:59", true);
        check("2026-11-24T17:00", false);
    });
}

#[test]
fn an_open_session_loses_it_on_the_minute() {
    each_world(|world| {
        authorise(&world);
        world.at("2026-11-24T16:55");
        let mut browser = world.signed_in("uong.dd");
        browser.get("/quan-tri/don-vi").assert_status(200);
        world.at("2026-11-24T16:59");
        browser.get("/quan-tri/don-vi").assert_status(200);
        world.at("2026-11-24T17:00");
        browser.get("/quan-tri/don-vi").assert_status(403);
    });
}

#[test]
fn the_holder_grants_it_and_takes_it_back() {
    each_world(|world| {
        let mut chi = world.signed_in("chi.ctx");
        let mut uong = world.signed_in("uong.dd");
        uong.get("/quan-tri/don-vi").assert_status(403);
        let new = format!("/tai-khoan/thay-mat/{}/moi", world.chi_post);
        chi.get("/tai-khoan/thay-mat").assert_status(200);
        let form = chi.get(&new).assert_status(200).page().form("form[method=post]");
        let form = form
            .set("officer", &world.uong.to_string())
            .set("to.day", "20")
            .set("to.month", "11")
            .set("to.year", "2026");
        let missing = chi.submit(&form).assert_status(422);
        assert!(errors(&missing).contains("Nhập lý do"), "{}", errors(&missing));
        let form = missing.page().form("form[method=post]").set("reason", "Họp ở tỉnh");
        chi.submit(&form).assert_leads_to("/tai-khoan/thay-mat");
        uong.get("/quan-tri/don-vi").assert_status(200);
        let page = uong.get("/tai-khoan/thay-mat").assert_status(200).text();
        assert!(page.contains("Phó Chủ tịch"));
        let form = chi.get("/tai-khoan/thay-mat").page().form("form[action$='/ket-thuc']");
        chi.submit(&form).assert_leads_to("/tai-khoan/thay-mat");
        uong.get("/quan-tri/don-vi").assert_status(403);
        assert_eq!(world.node.audited("directory.end_stand_in"), 1);
    });
}

#[test]
fn nobody_grants_anothers_post_and_no_outsider_is_taken() {
    each_world(|world| {
        let mut uong = world.signed_in("uong.dd");
        uong.get(&format!("/tai-khoan/thay-mat/{}/moi", world.chi_post)).assert_status(404);
        let outsider = world.may.to_string();
        let fields = [
            ("command", "thu-thay-mat-1"),
            ("officer", outsider.as_str()),
            ("reason", "Đi học"),
            ("from.day", "20"),
            ("from.month", "11"),
            ("from.year", "2026"),
            ("to.day", "21"),
            ("to.month", "11"),
            ("to.year", "2026"),
        ];
        uong.post(&format!("/tai-khoan/thay-mat/{}", world.chi_post), &fields).assert_status(404);
        let answer = uong.post(&format!("/tai-khoan/thay-mat/{}", world.uong_post), &fields).assert_status(422);
        assert!(errors(&answer).contains("cùng cơ quan"), "{}", errors(&answer));
        let id = authorise(&world);
        uong.post(&format!("/tai-khoan/thay-mat/{id}/ket-thuc"), &[("command", "thu-thay-mat-2")]).assert_status(404);
    });
}

#[test]
fn what_cannot_be_is_refused() {
    each_world(|world| {
        authorise(&world);
        let post = world.chi_post;
        let attempt = |officer: Id, from: &str, to: &str| {
            let entry =
                StandInEntry { officer, starts_at: moment(from), ends_at: moment(to), reason: "Đi học".into() };
            world.node.try_write(move |tx| stand_in::authorise(tx, post, &entry)).map(|_| ())
        };
        let refused = |result: types::Result<()>, what: &str| {
            let error = result.expect_err(what).to_string();
            assert!(error.contains(what), "{error}");
        };
        refused(attempt(world.uong, "2026-11-24T00:00", "2026-11-25T00:00"), "đã được giao thay mặt");
        refused(attempt(world.chi, "2026-11-24T00:00", "2026-11-25T00:00"), "đang giữ chính vị trí đó");
        refused(attempt(world.hanh, "2026-11-25T00:00", "2026-11-24T00:00"), "phải sau thời điểm bắt đầu");
        refused(attempt(world.hanh, "2026-11-01T00:00", "2026-11-02T00:00"), "đã qua");
        attempt(world.uong, "2026-11-24T17:00", "2026-11-25T00:00").expect("it begins where the other ends");
        attempt(world.hanh, "2026-11-24T00:00", "2026-11-25T00:00").expect("two may stand in at once");
    });
}
