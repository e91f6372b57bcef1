//! The law of access catches what it is there for: routes that forget a check, a stranger, the audit, or a command id.

use super::case::Outsider::{NotThere, SeesNothing};
use super::case::{Asked, Case, Sent, ask};
use super::judge::judge;
use crate::world::{Rank, World};
use axum::response::Response;
use store::{AuditEntry, Engine, params};
use types::Id;
use web::{Allow, Ctx, Fields, Module, Outcome, Page, Path, Routes, see};

/// A module written in haste.
static HASTY: Module = Module {
    name: "hasty",
    title: "Viết vội",
    migrations: &[],
    permissions: &[],
    routes,
    navigation: &[],
    indicators: &[],
    jobs: &[],
    events: &[],
    listeners: &[],
    samples: Vec::new,
    checks: &[],
    keeps: &[],
    sealed: &[],
    reindex: None,
};

fn routes() -> Routes {
    let own = Allow::signed_in();
    Routes::new()
        .get("/ro-ri/{code}", leak, own)
        .get("/cua-toi", everybodys, own)
        .post("/quen-ghi/{id}", forgets_the_actor, own)
        .post("/hai-lan/{id}", forgets_the_command, own)
}

/// Shows any dossier to anybody who is signed in.
async fn leak(ctx: Ctx, Path(code): Path<String>) -> Outcome<Page> {
    let name = ctx.store().read(move |reader| {
        let (name,): (String,) = reader.one("SELECT applicant_name FROM dossier WHERE code = $1", params![&code])?;
        Ok(name)
    });
    Ok(Page::desk("Rò rỉ", name.await?))
}

/// Calls everybody's work one's own.
async fn everybodys(ctx: Ctx) -> Outcome<Page> {
    let codes = ctx.store().read(|reader| {
        let codes: Vec<(String,)> = reader.all("SELECT code FROM dossier ORDER BY id DESC LIMIT 50", params![])?;
        Ok(codes.into_iter().map(|(code,)| code).collect::<Vec<_>>().join(" "))
    });
    Ok(Page::desk("Của tôi", codes.await?))
}

/// Writes as the program instead of as the officer.
async fn forgets_the_actor(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome<Response> {
    let mut command = ctx.store().system_command("hasty.write", 4);
    command.id = fields.text("command").parse().map_err(types::Error::internal)?;
    note(&ctx, command, id).await
}

/// Draws a command id of its own instead of the form's.
async fn forgets_the_command(ctx: Ctx, Path(id): Path<Id>, _: Fields) -> Outcome<Response> {
    let command = ctx.command("hasty.write", &ctx.new_command(), None)?;
    note(&ctx, command, id).await
}

async fn note(ctx: &Ctx, command: store::Command, entity_id: Id) -> Outcome<Response> {
    let written = ctx.store().write(command, move |tx| {
        let detail = serde_json::json!({});
        tx.audit(&AuditEntry { action: "hasty.write", entity: "unit", entity_id, unit: None, detail })
    });
    written.await?;
    Ok(see("/cua-toi"))
}

/// The world with the hasty module among the others.
fn hasty_world() -> World {
    let modules: Vec<&'static Module> = app::modules::ALL.iter().copied().chain([&HASTY]).collect();
    World::with(Engine::Sqlite, Vec::leak(modules))
}

fn complaints(world: &World, case: &Case) -> Vec<String> {
    let routes = (HASTY.routes)();
    let route = routes.list().iter().find(|route| case.is_of(route)).expect("a route of the hasty module");
    judge(world, case, route)
}

/// A request to the hasty module, by the specialist.
fn hasty(method: &'static str, path: &'static str, sent: fn(&World) -> Sent) -> Case {
    ask(method, path, Rank::Specialist, move |world| Asked::browser(world.person(Rank::Specialist), sent(world)))
        .bystander(NotThere)
}

fn form_to(path: String) -> Sent {
    Sent::Fields(path, vec![("command", testkit::fresh_command().as_str().to_owned())])
}

#[test]
fn control_a_page_without_a_check_is_caught() {
    let world = hasty_world();
    let found =
        complaints(&world, &hasty("GET", "/ro-ri/{code}", |world| Sent::Get(format!("/ro-ri/{}", world.waiting()))));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("the neighbour was answered 200"), "{found:?}");
    assert!(found[1].contains("the bystander was answered 200"), "{found:?}");
}

#[test]
fn control_a_list_that_shows_everybodys_is_caught() {
    let world = hasty_world();
    let case = hasty("GET", "/cua-toi", |world| {
        world.waiting();
        Sent::get("/cua-toi")
    });
    let found = complaints(&world, &case.hides(|world, _| super::desk::last_code(world)).bystander(SeesNothing));
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn control_a_write_that_does_not_say_who_is_caught() {
    let world = hasty_world();
    let found = complaints(&world, &hasty("POST", "/quen-ghi/{id}", |_| form_to("/quen-ghi/1".into())));
    assert!(found.iter().any(|what| what.contains("the audit does not name")), "{found:?}");
    assert!(found.iter().any(|what| what.contains("the neighbour changed")), "{found:?}");
}

#[test]
fn control_a_form_that_acts_twice_is_caught() {
    let world = hasty_world();
    let found = complaints(&world, &hasty("POST", "/hai-lan/{id}", |_| form_to("/hai-lan/1".into())));
    assert!(found.iter().any(|what| what.contains("sent again it was answered 303 and changed")), "{found:?}");
}

#[test]
fn control_an_exception_that_is_no_longer_needed_is_caught() {
    let world = World::on(Engine::Sqlite);
    let routes = super::declared();
    let case = super::table().into_iter().find(|case| case.path == "/ho-so/{code}/ghi-chu").expect("the note");
    let case = case.twice("it would write two notes").unaudited("nobody asks who wrote a note");
    let route = routes.iter().find(|route| case.is_of(route)).expect("the route");
    let found = judge(&world, &case, route);
    assert_eq!(found.iter().filter(|what| what.contains("the exception must go")).count(), 2, "{found:?}");
}
