//! Requests of the calendar: the hours and days of units, and the country's years.

use super::case::Outsider::{Forbidden, Shared};
use super::case::{Case, get, post};
use crate::world::{Rank, World, with_date};
use testkit::Form;
use types::{Day, Id};

const TOP: &str = "/quan-tri/lich-lam-viec";
const NATION: &str = "the country's days off are everybody's to see";
/// A year that ships with the program and in which nothing else is tried.
const YEAR: i16 = 2027;

pub fn cases() -> Vec<Case> {
    [units(), years(), decisions()].into_iter().flatten().collect()
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn keeper_form(world: &World, page: &str) -> Form {
    world.form_of(Rank::Keeper, page, page)
}

/// Lets the keeper enter hours for a fresh unit.
fn with_hours(world: &World) -> Id {
    let unit = world.new_unit();
    send(world, Rank::Keeper, hours(world, unit));
    unit
}

fn hours(world: &World, unit: Id) -> Form {
    let form = keeper_form(world, &format!("{TOP}/{unit}/gio"));
    with_date(form.set("mon", "08:00-12:00, 13:00-17:00"), "from", day("2026-12-01"))
}

fn with_local_day(world: &World) -> Id {
    let unit = world.new_unit();
    send(world, Rank::Keeper, local_day(world, unit));
    unit
}

fn local_day(world: &World, unit: Id) -> Form {
    let form = keeper_form(world, &format!("{TOP}/{unit}/ngay"));
    let form = form.set("reason", "đóng cửa do lũ quét").set("basis", "Thông báo 12/TB-UBND");
    with_date(form, "day", day("2026-12-15"))
}

fn send(world: &World, rank: Rank, form: Form) {
    world.person(rank).browser.clone().submit(&form).assert_status(303);
}

fn units() -> Vec<Case> {
    let removing_hours = |world: &World| format!("{TOP}/{}/gio/2026-12-01/bo", with_hours(world));
    let removing_day = |world: &World| format!("{TOP}/{}/ngay/2026-12-15/bo", with_local_day(world));
    vec![
        get("/quan-tri/lich-lam-viec", Rank::Keeper, |_| TOP.into())
            .hides(|world, _| format!("{TOP}/{}", world.commune)),
        get("/quan-tri/lich-lam-viec/{unit}", Rank::Keeper, |world| format!("{TOP}/{}", world.commune)),
        get("/quan-tri/lich-lam-viec/{unit}/gio", Rank::Keeper, |world| format!("{TOP}/{}/gio", world.commune)),
        post("/quan-tri/lich-lam-viec/{unit}/gio", Rank::Keeper, |world| hours(world, world.new_unit())),
        get("/quan-tri/lich-lam-viec/{unit}/gio/{from}/bo", Rank::Keeper, removing_hours),
        post("/quan-tri/lich-lam-viec/{unit}/gio/{from}/bo", Rank::Keeper, move |world| {
            keeper_form(world, &removing_hours(world))
        }),
        get("/quan-tri/lich-lam-viec/{unit}/ngay", Rank::Keeper, |world| format!("{TOP}/{}/ngay", world.commune)),
        post("/quan-tri/lich-lam-viec/{unit}/ngay", Rank::Keeper, |world| local_day(world, world.new_unit())),
        get("/quan-tri/lich-lam-viec/{unit}/ngay/{day}/bo", Rank::Keeper, removing_day),
        post("/quan-tri/lich-lam-viec/{unit}/ngay/{day}/bo", Rank::Keeper, move |world| {
            keeper_form(world, &removing_day(world))
        }),
    ]
}

/// A page about the country's days, which only the highest unit's keeper may use.
fn nation(path: &'static str, at: fn(&World) -> String) -> Case {
    get(path, Rank::ProvinceKeeper, at).neighbour(Forbidden)
}

fn nation_form(path: &'static str, form: fn(&World) -> Form) -> Case {
    post(path, Rank::ProvinceKeeper, form).neighbour(Forbidden)
}

fn province_form(world: &World, page: &str, action: &str) -> Form {
    world.form_of(Rank::ProvinceKeeper, page, action)
}

fn years() -> Vec<Case> {
    vec![
        get("/quan-tri/lich-lam-viec/nam", Rank::Keeper, |_| format!("{TOP}/nam")).neighbour(Shared(NATION)),
        nation("/quan-tri/lich-lam-viec/nam/nhap", |_| format!("{TOP}/nam/nhap")),
        nation_form("/quan-tri/lich-lam-viec/nam/nhap", |world| {
            province_form(world, &format!("{TOP}/nam/nhap?nam={YEAR}"), &format!("{TOP}/nam/nhap"))
        }),
        get("/quan-tri/lich-lam-viec/nam/{year}", Rank::Keeper, |_| format!("{TOP}/nam/{YEAR}"))
            .neighbour(Shared(NATION)),
        get("/quan-tri/lich-lam-viec/nam/{year}/tep", Rank::Keeper, |_| format!("{TOP}/nam/{YEAR}/tep"))
            .neighbour(Shared(NATION)),
        nation("/quan-tri/lich-lam-viec/nam/{year}/bo", |_| format!("{TOP}/nam/{YEAR}/bo")),
        nation_form("/quan-tri/lich-lam-viec/nam/{year}/bo", |world| {
            send(world, Rank::ProvinceKeeper, swap(world));
            let page = format!("{TOP}/nam/{YEAR}/bo");
            province_form(world, &page, &page)
        }),
    ]
}

fn swap(world: &World) -> Form {
    let page = format!("{TOP}/nam/{YEAR}/hoan-doi");
    let form = province_form(world, &page, &page).set("occasion", "Hoán đổi thử");
    with_date(with_date(form, "first", day("2027-06-14")), "second", day("2027-06-19"))
}

fn long_break(world: &World) -> Form {
    let page = format!("{TOP}/nam/{YEAR}/dot-nghi");
    let form = province_form(world, &page, &page).set("occasion", "Đợt nghỉ thử");
    with_date(with_date(form, "first", day("2027-08-05")), "second", day("2027-08-06"))
}

/// Where the last decision that was entered is taken back.
fn removing(world: &World) -> String {
    send(world, Rank::ProvinceKeeper, swap(world));
    let page = world.person(Rank::ProvinceKeeper).browser.clone().get(&format!("{TOP}/nam/{YEAR}")).page();
    let links = page.all("a[href*='/quyet-dinh/']");
    links.last().and_then(|link| link.value().attr("href")).expect("a decision that can be taken back").to_owned()
}

fn decisions() -> Vec<Case> {
    vec![
        nation("/quan-tri/lich-lam-viec/nam/{year}/hoan-doi", |_| format!("{TOP}/nam/{YEAR}/hoan-doi")),
        nation_form("/quan-tri/lich-lam-viec/nam/{year}/hoan-doi", swap),
        nation("/quan-tri/lich-lam-viec/nam/{year}/dot-nghi", |_| format!("{TOP}/nam/{YEAR}/dot-nghi")),
        nation_form("/quan-tri/lich-lam-viec/nam/{year}/dot-nghi", |world| {
            forget(world);
            long_break(world)
        }),
        nation("/quan-tri/lich-lam-viec/nam/{year}/quyet-dinh/{id}/bo", |world| {
            forget(world);
            removing(world)
        }),
        nation_form("/quan-tri/lich-lam-viec/nam/{year}/quyet-dinh/{id}/bo", |world| {
            forget(world);
            let page = removing(world);
            province_form(world, &page, &page)
        }),
    ]
}

/// Takes back what was entered for the year, so that the same days can be decided again.
fn forget(world: &World) {
    let page = format!("{TOP}/nam/{YEAR}/bo");
    let form = province_form(world, &page, &page);
    world.person(Rank::ProvinceKeeper).browser.clone().submit(&form);
}

/// Hours and days that the commune entered, and a decision of the country, so that the forms that take them back are shown.
pub fn enter_own_days(world: &World) {
    send(world, Rank::Keeper, hours(world, world.commune));
    send(world, Rank::Keeper, local_day(world, world.commune));
    send(world, Rank::ProvinceKeeper, swap(world));
}
