//! Strangers and the neighbour commune, on the very requests that succeed for those who may.

use crate::world::each_world;
use serde_json::json;
use testkit::Part;

#[test]
fn a_stranger_is_nobody_and_the_neighbour_does_not_know_of_the_dossier() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        let dossier = format!("/api/v1/dossiers/{code}");
        let (moves, deliveries) = (format!("{dossier}/moves"), format!("{dossier}/deliveries"));
        let take = json!({ "action": "take" });
        let receiver = json!({ "receiver": "Lò Thị Mẩy" });

        let mut stranger = world.browser().header("idempotency-key", "stranger-1");
        assert_eq!(stranger.get(&dossier).assert_status(401).json()["code"], "signed_out");
        stranger.get("/api/v1/dossiers").assert_status(401);
        stranger.post_json("/api/v1/dossiers", &crate::world::birth()).assert_status(401);
        stranger.post_json(&moves, &take).assert_status(401);
        stranger.post_json(&deliveries, &receiver).assert_status(401);
        stranger
            .post_multipart("/api/v1/files", &[Part::file("file", "a.pdf", "", b"%PDF-1.4\n%%EOF\n")])
            .assert_status(401);
        world.browser().bearer("nv_khong-co-ma-nay").get(&dossier).assert_status(401);

        world.program("neighbour").get(&dossier).assert_status(404);
        world.program_with("neighbour", "deliver-1").post_json(&deliveries, &receiver).assert_status(404);
        world.program_with("neighbour-specialist", "take-00001").post_json(&moves, &take).assert_status(404);
        let list = world.program("neighbour").get("/api/v1/dossiers").assert_status(200).json();
        assert_eq!(list["dossiers"].as_array().unwrap().len(), 0);
        let wanted = format!("/api/v1/dossiers?q={code}");
        assert_eq!(world.program("neighbour").get(&wanted).json()["dossiers"].as_array().unwrap().len(), 0);

        // The same requests by those who may; one's own commune, but not one's step, is forbidden and not hidden.
        world.program_with("counter", "take-00002").post_json(&moves, &take).assert_status(403);
        world.program_with("leader", "take-00003").post_json(&moves, &take).assert_status(403);
        world.program_with("specialist", "take-00004").post_json(&moves, &take).assert_status(200);
        world.program("counter").get(&dossier).assert_status(200);
        world.program_with("counter", "deliver-2").post_json(&deliveries, &receiver).assert_status(403);
    });
}

#[test]
fn a_file_is_used_only_by_the_officer_who_brought_it() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let moves = format!("/api/v1/dossiers/{}/moves", received["code"].as_str().unwrap());
        let pdf = Part::file("file", "don-to-cao.pdf", "application/pdf", b"%PDF-1.4\n% kin\n%%EOF\n");
        let kept = world.program_with("neighbour", "upload-0001").post_multipart("/api/v1/files", &[pdf]);
        let file = kept.assert_status(201).json()["id"].clone();
        let note = json!({ "action": "note", "text": "Xem tệp.", "file_id": file });
        let refused = world.program_with("specialist", "note-0001").post_json(&moves, &note).assert_status(422).json();
        assert_eq!(refused["fields"][0]["field"], "file_id");
        let mut birth = crate::world::birth();
        birth["papers"][0]["file_id"] = file;
        world.program_with("counter", "receive-0002").post_json("/api/v1/dossiers", &birth).assert_status(422);
    });
}

#[test]
fn procedures_are_kept_by_those_who_may() {
    each_world(|world| {
        for who in ["counter", "specialist"] {
            let mut officer = world.signed_in(who);
            officer.get("/quan-tri/thu-tuc").assert_status(403);
            officer.get("/quan-tri/thu-tuc/1.001193").assert_status(403);
            officer.post_multipart("/quan-tri/thu-tuc", &[Part::text("text", "code = 1")]).assert_status(403);
        }
        assert_eq!(world.browser().get("/quan-tri/thu-tuc").status, 303);
        let mut keeper = world.signed_in("keeper");
        keeper.get("/quan-tri/thu-tuc").assert_status(200);
        keeper.get("/quan-tri/thu-tuc/1.001193").assert_status(200);
        keeper.get("/quan-tri/thu-tuc/9.999999").assert_status(404);
    });
}
