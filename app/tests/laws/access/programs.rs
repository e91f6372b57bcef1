//! Requests of programs: the interface under `/api/v1`.

use super::case::Outsider::{ActsOnOneself, Forbidden, NotThere};
use super::case::{Asked, Case, Sent, ask};
use crate::world::work::pdf;
use crate::world::{Rank, World};
use serde_json::json;
use testkit::Part;

fn get(path: &'static str, rank: Rank, at: fn(&World) -> String) -> Case {
    ask("GET", path, rank, move |world| Asked::program(world.person(rank), Sent::Get(at(world))))
}

fn post(path: &'static str, rank: Rank, sent: fn(&World) -> Sent) -> Case {
    ask("POST", path, rank, move |world| Asked::program(world.person(rank), sent(world)))
}

pub fn cases() -> Vec<Case> {
    vec![
        post("/api/v1/dossiers", Rank::Counter, |world| Sent::json("/api/v1/dossiers", world.new_dossier()))
            .neighbour(Forbidden),
        get("/api/v1/dossiers", Rank::Counter, |world| format!("/api/v1/dossiers?q={}", world.waiting())).hides(
            |_, asked| match &asked.sent {
                Sent::Get(path) => format!("\"code\":\"{}\"", path.split('=').nth(1).unwrap_or_default()),
                _ => String::new(),
            },
        ),
        get("/api/v1/dossiers/{code}", Rank::Specialist, |world| format!("/api/v1/dossiers/{}", world.waiting()))
            .bystander(NotThere),
        get("/api/v1/dossiers/{code}/files/{file}", Rank::Specialist, |world| {
            let code = world.finished();
            let answer = world.person(Rank::Specialist).program.clone().get(&format!("/api/v1/dossiers/{code}"));
            let file = answer.assert_status(200).json()["results"][0]["file_id"].as_str().expect("a file").to_owned();
            format!("/api/v1/dossiers/{code}/files/{file}")
        })
        .bystander(NotThere),
        post("/api/v1/dossiers/{code}/moves", Rank::Specialist, |world| {
            Sent::json(format!("/api/v1/dossiers/{}/moves", world.waiting()), json!({ "action": "take" }))
        }),
        post("/api/v1/dossiers/{code}/supplements", Rank::Counter, |world| {
            let path = format!("/api/v1/dossiers/{}/supplements", world.stopped());
            Sent::json(path, json!({ "papers": [{ "requirement": "ban-chinh", "originals": 1 }] }))
        }),
        post("/api/v1/dossiers/{code}/withdrawals", Rank::Counter, |world| {
            let path = format!("/api/v1/dossiers/{}/withdrawals", world.taken());
            Sent::json(path, json!({ "reason": "Công dân có đơn xin rút." }))
        }),
        post("/api/v1/dossiers/{code}/reassignments", Rank::Leader, |world| {
            let path = format!("/api/v1/dossiers/{}/reassignments", world.taken());
            let to = world.another_specialist().to_string();
            Sent::json(path, json!({ "to": to, "reason": "Người giữ việc nghỉ ốm." }))
        }),
        post("/api/v1/dossiers/{code}/deliveries", Rank::Counter, |world| {
            let path = format!("/api/v1/dossiers/{}/deliveries", world.finished());
            Sent::json(path, json!({ "receiver": "Nguyễn Thị Mỹ Hạnh" }))
        }),
        post("/api/v1/files", Rank::Counter, |_| {
            let key = testkit::fresh_command();
            let part = Part::file("file", "Giấy chứng sinh.pdf", "application/pdf", &pdf(key.as_str()));
            Sent::Upload("/api/v1/files".into(), key.as_str().to_owned(), vec![part])
        })
        .outsiders(ActsOnOneself("a file is its bringer's until the bringer uses it")),
    ]
}
