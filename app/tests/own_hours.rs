//! A unit with working hours of its own: what is received there is due by them, and what was promised before stays.

use crate::world::{Rank, World, with_date};
use store::Engine;

#[test]
fn a_dossier_is_due_by_the_hours_of_the_unit_that_receives_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        // A copy is certified on the day: until the unit closes.
        let receive = || {
            let got = world.call(Rank::Counter, "/api/v1/dossiers", &world.new_dossier()).assert_status(201).json();
            let text = |name: &str| got[name].as_str().expect("a text").to_owned();
            (text("code"), text("due_at"))
        };
        let (code, promised) = receive();
        assert_ne!(&promised[11..16], "16:15", "{engine:?}: {promised}");
        let page = format!("/quan-tri/lich-lam-viec/{}/gio", world.commune);
        let mut form = world.form_of(Rank::Keeper, &page, &page);
        for day in ["mon", "tue", "wed", "thu", "fri"] {
            form = form.set(day, "08:00-11:00, 13:30-16:15");
        }
        let form = with_date(form, "from", "2026-01-01".parse().expect("a day"));
        world.person(Rank::Keeper).browser.clone().submit(&form).assert_status(303);
        let (_, due) = receive();
        assert_eq!((&due[..10], &due[11..16]), (&promised[..10], "16:15"), "{engine:?}: {due}");
        let shown = world.person(Rank::Counter).program.clone().get(&format!("/api/v1/dossiers/{code}")).json();
        assert_eq!(shown["due_at"], promised.as_str(), "{engine:?}: what was promised stays");
    }
}
