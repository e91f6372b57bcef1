//! A post ends, or its last holder leaves, while work waits there: whoever does it is told, and the work comes to somebody.

use crate::world::{Rank, World, with_date};
use directory::PostKind;
use store::Engine;
use types::{Clock, Day};

const UNHELD: &str = "/viec-chua-co-nguoi";

fn a_post_ends(engine: Engine) {
    let world = World::on(engine);
    let gone = world.newcomer(world.commune, PostKind::Specialist, &["dossiers.see", "dossiers.handle"]);
    let post = gone.post.expect("a post");
    let code = world.taken();
    world.move_work(&code, post);
    let (mut keeper, mut leader) =
        (world.person(Rank::Keeper).browser.clone(), world.person(Rank::Leader).browser.clone());
    assert!(!leader.get(UNHELD).assert_status(200).text().contains(&code), "somebody holds it");
    // Told before: by both ways of leaving.
    let page = keeper.get(&format!("/quan-tri/vi-tri/{post}")).assert_status(200).page();
    let release = page.all("a[href*='/nguoi-giu/'][href$='/ket-thuc']")[0].value().attr("href").unwrap().to_owned();
    let end = format!("/quan-tri/vi-tri/{post}/ket-thuc");
    for path in [&release, &end] {
        let told = keeper.get(path).assert_status(200).text();
        for part in ["Còn 1 việc đang chờ", "Việc chưa có người giữ", "Chẩu Thị Xuyến Chi"] {
            assert!(told.contains(part), "{path} does not say «{part}»: {told}");
        }
    }
    let deputy = world.new_officer();
    let second = world.hold(post, deputy);
    let told = keeper.get(&release).assert_status(200).text();
    assert!(!told.contains("Còn 1 việc"), "another one stays");
    let yesterday = Day(world.clock.now().day().0.yesterday().unwrap());
    world.write(move |tx| directory::post::release(tx, second, yesterday));
    // Ended, it stands where whoever leads looks, and is given to somebody.
    let form = world.form_of(Rank::Keeper, &end, &end);
    keeper.submit(&with_date(form, "to", yesterday)).assert_status(303);
    let page = leader.get(UNHELD).assert_status(200);
    assert!(page.text().contains(&code), "{}", page.text());
    assert!(!world.person(Rank::NeighbourLeader).browser.clone().get(UNHELD).text().contains(&code));
    let to = world.person(Rank::Specialist).post.expect("a post").to_string();
    let form = world.act(Rank::Leader, &code, "chuyen-nguoi").set("chuyen-nguoi.to", &to);
    leader.submit(&form.set("chuyen-nguoi.reason", "Vị trí đã kết thúc.")).assert_status(303);
    assert!(!leader.get(UNHELD).text().contains(&code));
    assert!(world.person(Rank::Specialist).browser.clone().get("/viec-cua-toi").text().contains(&code));
}

#[test]
fn work_of_a_post_that_ends_comes_to_somebody_on_sqlite() {
    a_post_ends(Engine::Sqlite);
}

#[test]
fn work_of_a_post_that_ends_comes_to_somebody_on_postgresql() {
    a_post_ends(Engine::Postgres);
}
