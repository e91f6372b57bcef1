//! Requests of the machine's care.

use super::case::Outsider::{Forbidden, Shared};
use super::case::{Case, get, post};
use crate::world::{Rank, World};
use testkit::{Answer, Form};

const TOP: &str = "/quan-tri/may";
const PLAN: &str = "/quan-tri/may/sao-luu";
const KEY: &str = "/quan-tri/may/khoa";

pub fn cases() -> Vec<Case> {
    vec![
        get(TOP, Rank::ProvinceKeeper, |_| TOP.into()).neighbour(Shared("it says who keeps the machine, and no more")),
        page(PLAN),
        form(PLAN, planned),
        form("/quan-tri/may/sao-luu-ngay", |world| {
            send(world, &planned(world));
            world.form_of(Rank::ProvinceKeeper, TOP, "/quan-tri/may/sao-luu-ngay")
        }),
        page(KEY),
        form(KEY, |world| world.form_of(Rank::ProvinceKeeper, KEY, KEY)),
        form("/quan-tri/may/khoa/da-cat", |world| {
            send(world, &planned(world));
            let shown = send(world, &world.form_of(Rank::ProvinceKeeper, KEY, KEY)).page();
            let word = shown.text("main");
            let word = &word[word.find("AGE-SECRET-KEY-").expect("the key")..];
            let word = word.split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '-').next();
            let word = word.expect("the key");
            shown.form("form[action$=da-cat]").set("ending", &word[word.len() - 6..])
        }),
    ]
}

fn page(path: &'static str) -> Case {
    get(path, Rank::ProvinceKeeper, move |_| path.into()).neighbour(Forbidden)
}

fn form(path: &'static str, form: fn(&World) -> Form) -> Case {
    post(path, Rank::ProvinceKeeper, form).neighbour(Forbidden)
}

fn send(world: &World, form: &Form) -> Answer {
    world.person(Rank::ProvinceKeeper).browser.clone().submit(form)
}

fn planned(world: &World) -> Form {
    let folder = std::env::temp_dir().display().to_string();
    world.form_of(Rank::ProvinceKeeper, PLAN, PLAN).set("folder", &folder).set("at", "23:15").set("keep", "7")
}
