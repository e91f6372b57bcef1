//! Rights: the very request that succeeds for La Bằng's administrator is refused to everybody who must not send it.

use super::world::{PASSWORD, World, day, each_world, sign_in};
use crate::{post, role};
use testkit::Client;

/// Pages of La Bằng that its administrator opens.
fn pages(world: &World) -> Vec<String> {
    let (la_bang, department, uong, post) = (world.la_bang, world.department, world.uong, world.uong_post);
    let holding = world.node.read(|r| post::holdings(r, post)).pop().unwrap().id;
    let chi_post = world.chi_post;
    let grant = world.node.read(|r| role::grants(r, chi_post)).pop().unwrap().id;
    let unit = |rest: &str| format!("/quan-tri/don-vi/{la_bang}{rest}");
    let mut all = vec![
        unit(""),
        unit("/them"),
        unit("/sua"),
        unit("/chuyen"),
        unit("/ket-thuc"),
        unit("/vi-tri/moi"),
        unit("/vai-tro/moi"),
        format!("/quan-tri/don-vi/{department}"),
        format!("/quan-tri/can-bo/{uong}"),
        format!("/quan-tri/can-bo/{uong}/sua"),
        format!("/quan-tri/vi-tri/{post}/nguoi-giu/{holding}/ket-thuc"),
        format!("/quan-tri/vi-tri/{chi_post}/vai-tro/{grant}/ket-thuc"),
    ];
    all.extend(
        ["", "/sua", "/ket-thuc", "/nguoi-giu", "/thay-mat", "/vai-tro"]
            .map(|rest| format!("/quan-tri/vi-tri/{post}{rest}")),
    );
    all
}

#[test]
fn the_neighbours_administrator_does_not_even_learn_that_it_is_there() {
    each_world(|world| {
        let (mut own, mut neighbour) = (world.signed_in("hanh.ntm"), world.signed_in("may.lt"));
        for path in pages(&world) {
            let page = own.get(&path).assert_status(200).page();
            neighbour.get(&path).assert_status(404);
            // Every form on the page, sent as it stands, by the wrong person.
            for index in 0..page.count("form[method=post]") {
                let action = page.all("form[method=post]")[index].value().attr("action").unwrap().to_owned();
                let form = page.form(&format!("form[action='{action}']"));
                neighbour.submit(&form).assert_status(404);
            }
        }
        assert_eq!(neighbour.get("/quan-tri/can-bo").assert_status(200).text().matches("Ưởng").count(), 0);
        let list = neighbour.get("/quan-tri/don-vi").assert_status(200).text();
        assert!(list.contains("Xã Đại Phúc") && !list.contains("Xã La Bằng"));
    });
}

#[test]
fn buttons_of_an_officers_page_are_refused_to_the_neighbour_and_work_for_the_owner() {
    each_world(|world| {
        let mut neighbour = world.signed_in("may.lt");
        for rest in ["mat-khau", "khoa", "mo", "bo-xac-thuc", "ket-thuc-phien", "tai-khoan"] {
            let path = format!("/quan-tri/can-bo/{}/{rest}", world.uong);
            neighbour
                .post(&path, &[("command", &format!("thu-nut-{rest}")), ("username", "ke.gian")])
                .assert_status(404);
        }
        let mut browser = world.signed_in("uong.dd");
        browser.get("/tai-khoan").assert_status(200);
        let mut own = world.signed_in("hanh.ntm");
        let sessions = own.get("/quan-tri/phien").assert_status(200);
        assert!(sessions.text().contains("Đặng Đình Ưởng"));
        let form = sessions.page().form("form[action$='/ket-thuc']");
        neighbour.submit(&form).assert_status(404);
        browser.get("/tai-khoan").assert_status(200);
        own.submit(&form).assert_leads_to("/quan-tri/phien");
        assert_eq!(browser.get("/tai-khoan").status, 303);
        assert!(!neighbour.get("/quan-tri/phien").text().contains("Hạnh"));
    });
}

#[test]
fn who_may_only_see_keeps_nothing_and_strangers_see_nothing() {
    each_world(|world| {
        let (mut chi, mut uong) = (world.signed_in("chi.ctx"), world.signed_in("uong.dd"));
        let mut stranger = Client::new(&world.node.router);
        for path in pages(&world) {
            let to_be_read = path.matches('/').count() == 3;
            assert_eq!(chi.get(&path).status, if to_be_read { 200 } else { 403 }, "{path}");
            uong.get(&path).assert_status(403);
            assert_eq!(stranger.get(&path).status, 303, "{path}");
        }
        let text = chi.get(&format!("/quan-tri/don-vi/{}", world.la_bang)).text();
        assert!(!text.contains("Thêm vị trí") && !text.contains(">Sửa<"));
        let fields = [("command", "thu-quyen-1"), ("name", "Xã Khác"), ("kind", "commune"), ("version", "1")];
        chi.post(&format!("/quan-tri/don-vi/{}/sua", world.la_bang), &fields).assert_status(403);
    });
}

#[test]
fn a_departments_administrator_does_not_become_the_communes_leader() {
    each_world(|world| {
        // Ưởng is kept by the department and holds the leader's post of the commune; Chi keeps the department only.
        let (department, chi, uong, chi_post) = (world.department, world.chi, world.uong, world.chi_post);
        world.node.write(move |tx| {
            let permissions = [crate::DIRECTORY_SEE.name, crate::DIRECTORY_KEEP.name].map(str::to_owned);
            let entry =
                role::RoleEntry { name: "Quản trị phòng".into(), preset: None, permissions: permissions.into() };
            let role = role::create(tx, department, &entry)?;
            let entry =
                post::PostEntry { kind: post::PostKind::Head, title: "Trưởng phòng".into(), fields: Vec::new() };
            let head = post::create(tx, department, &entry, day("2025-07-01"))?;
            role::grant(tx, head, role, (day("2025-07-01"), None))?;
            post::hold(tx, head, chi, (day("2025-07-01"), None))?;
            post::hold(tx, chi_post, uong, (day("2026-11-20"), None))
        });
        let mut chi = world.signed_in("chi.ctx");
        let path = format!("/quan-tri/can-bo/{uong}");
        chi.get(&path).assert_status(200);
        for rest in ["mat-khau", "khoa", "bo-xac-thuc", "ket-thuc-phien"] {
            chi.post(&format!("{path}/{rest}"), &[("command", &format!("thu-leo-{rest}"))]).assert_status(403);
        }
        sign_in(&mut world.browser(), "uong.dd", PASSWORD).assert_status(303);
        // Without that post the account is the department's to keep.
        let holding = world.node.read(|r| post::holdings(r, chi_post));
        let holding = holding.into_iter().find(|one| one.officer == uong).unwrap().id;
        world.node.write(move |tx| post::release(tx, holding, day("2026-11-20")));
        world.at("2026-11-21T08:00");
        let mut chi = world.signed_in("chi.ctx");
        chi.post(&format!("{path}/khoa"), &[("command", "thu-leo-lai")]).assert_status(303);
    });
}
