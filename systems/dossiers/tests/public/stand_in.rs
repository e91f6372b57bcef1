//! A program in a post that its officer stands in for: told on whose behalf, and a repeated key is answered as before when
//! the officer acts in another post by then.

use crate::world::{World, birth, each_world};
use directory::PostKind;
use directory::post::PostEntry;
use directory::setup::{create_post, hold};
use directory::stand_in::{self, StandInEntry};
use serde_json::{Value, json};
use store::params;
use types::{Day, Id};

/// The post and the officer of this name.
fn seat(world: &World, name: &str) -> (Id, Id) {
    let sql =
        "SELECT h.post_id, h.officer_id FROM post_holder h JOIN officer o ON o.id = h.officer_id WHERE o.name = $1";
    world.read(|r| r.one::<(Id, Id)>(sql, params![name]))
}

/// The officer acts for both posts until 16:00.
fn authorise(world: &World, posts: [Id; 2], officer: Id) {
    world.write(move |tx| {
        for post in posts {
            let entry = StandInEntry {
                officer,
                starts_at: "2026-11-20T07:30".parse().unwrap(),
                ends_at: "2026-11-20T16:00".parse().unwrap(),
                reason: "Đi công tác".into(),
            };
            stand_in::authorise(tx, post, &entry)?;
        }
        Ok(())
    });
}

/// A counter of one's own, in the unit of another.
fn give_counter(world: &World, beside: Id, officer: Id) {
    world.write(move |tx| {
        let today: Day = "2026-11-20".parse().unwrap();
        let (unit,): (Id,) = tx.one("SELECT unit_id FROM post WHERE id = $1", params![beside])?;
        let entry = PostEntry { kind: PostKind::Counter, title: "Tiếp nhận hồ sơ".into(), fields: Vec::new() };
        let post = create_post(tx, unit, &entry, today)?;
        hold(tx, post, officer, (today, None))?;
        Ok(())
    });
}

/// On whose behalf these actions were done, in their order.
fn behalf(world: &World, action: &str) -> Vec<Option<Id>> {
    let sql = "SELECT on_behalf_of FROM audit WHERE action = $1 ORDER BY id";
    let rows = world.read(|r| r.all::<(Option<Id>,)>(sql, params![action]));
    rows.into_iter().map(|(post,)| post).collect()
}

#[test]
fn a_key_is_answered_as_before_when_the_officer_acts_in_another_post() {
    each_world(|world| {
        let (leader, counter) = (seat(&world, "Lò Thị Mẩy").0, seat(&world, "Nguyễn Thị Mỹ Hạnh").0);
        let clerk = seat(&world, "Chẩu Thị Xuyến Chi").1;
        authorise(&world, [leader, counter], clerk);
        let send = |key: &str, path: &str, body: &Value| world.program_with("clerk", key).post_json(path, body);
        let dossiers = "/api/v1/dossiers";
        let received = send("receive-0001", dossiers, &birth()).assert_status(201).json();
        let code = received["code"].as_str().unwrap();
        world.act("specialist", code, json!({ "action": "pass" }));
        let (moves, withdrawals) = (format!("{dossiers}/{code}/moves"), format!("{dossiers}/{code}/withdrawals"));
        let pass = json!({ "action": "pass", "note": "Đồng ý." });
        send("pass-000001", &moves, &pass).assert_status(200);
        let withdrawal = json!({ "reason": "Gia đình xin rút." });
        send("withdraw-0001", &withdrawals, &withdrawal).assert_status(200);
        let done = || ["dossiers.receive", "dossiers.pass", "dossiers.end"].map(|action| behalf(&world, action));
        assert_eq!(done(), [vec![Some(counter)], vec![None, Some(leader)], vec![Some(counter)]]);

        world.at("2026-11-20T16:30");
        give_counter(&world, counter, clerk);
        let sent = [
            ("receive-0001", dossiers, birth(), "return_way", 201),
            ("pass-000001", moves.as_str(), pass, "note", 200),
            ("withdraw-0001", withdrawals.as_str(), withdrawal, "reason", 200),
        ];
        for (key, path, mut body, field, status) in sent {
            let again = send(key, path, &body).assert_status(status).json();
            assert_eq!(again["code"], received["code"], "{key}");
            body[field] = json!("post");
            assert_eq!(send(key, path, &body).assert_status(409).json()["code"], "conflict", "{key}");
        }
        assert_eq!(
            done(),
            [vec![Some(counter)], vec![None, Some(leader)], vec![Some(counter)]],
            "nothing is done twice"
        );
    });
}
