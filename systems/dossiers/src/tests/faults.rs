//! `nhaviec check` is silent on good data and finds each fault that is put in.

use super::counting::findings;
use super::world::{STATUS, World};
use crate::status::Status;
use crate::verbs::stop;
use testkit::each_engine;

#[test]
fn each_seeded_fault_is_found() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh").code;
        let stopped = world.receive(STATUS, "Lò Thị Mẩy").code;
        let ask = |tx: &mut store::Tx<'_>, a: &crate::verbs::Acting| {
            stop::begin(tx, a, Status::SupplementRequested, "Bổ sung giấy xác nhận")
        };
        world.act(world.specialist, &stopped, ask).unwrap();
        assert_eq!(findings(&world), Vec::<String>::new());
        let id = world.dossier(&code).id;
        // What is broken, how it is mended, and what the finding must name.
        let faults = [
            (
                format!("UPDATE record SET code = 'X' WHERE id = {id}"),
                format!("UPDATE record SET code = '{code}' WHERE id = {id}"),
                "khác với bản ghi",
            ),
            (
                format!("UPDATE record SET confidentiality = 'restricted' WHERE id = {id}"),
                format!("UPDATE record SET confidentiality = 'normal' WHERE id = {id}"),
                "khác với bản ghi",
            ),
            (
                format!("INSERT INTO record (id, kind, code, title, unit_id, link, confidentiality, created_at)
                         SELECT 77, 'dossier', 'H99.01-261120-9999', 'x', unit_id, '/', 'normal', 1 FROM record WHERE id = {id}"),
                "DELETE FROM record WHERE id = 77".to_owned(),
                "không có hồ sơ",
            ),
            (
                format!("UPDATE task SET post_id = post_id, done_at = 5 WHERE record_id = {id} AND done_at IS NULL"),
                format!("UPDATE task SET done_at = NULL WHERE record_id = {id} AND done_at = 5"),
                "0 việc đang mở",
            ),
            (
                "UPDATE dossier_number SET last = last + 1".to_owned(),
                "UPDATE dossier_number SET last = last - 1".to_owned(),
                "sổ cấp 3 số nhưng có 2 hồ sơ",
            ),
            (
                format!("UPDATE dossier SET outcome = 'early' WHERE id = {id}"),
                format!("UPDATE dossier SET outcome = NULL WHERE id = {id}"),
                "kết thúc",
            ),
            (
                "UPDATE dossier_stop SET to_at = 5 WHERE to_at IS NULL".to_owned(),
                "UPDATE dossier_stop SET to_at = NULL WHERE to_at = 5".to_owned(),
                "khoảng dừng",
            ),
            (
                format!("UPDATE dossier SET status = 5 WHERE id = {id}"),
                format!("UPDATE dossier SET status = 2 WHERE id = {id}"),
                "khoảng dừng",
            ),
            (
                format!("UPDATE task SET pace = 1 WHERE record_id = {id} AND done_at IS NULL"),
                format!("UPDATE task SET pace = 0 WHERE record_id = {id} AND done_at IS NULL"),
                "tính thời gian khác",
            ),
        ];
        for (fault, mend, named) in faults {
            database.script(&fault);
            let found = findings(&world);
            assert!(found.iter().any(|finding| finding.contains(named)), "{fault}: {found:?}");
            database.script(&mend);
            assert_eq!(findings(&world), Vec::<String>::new(), "{mend}");
        }
    });
}
