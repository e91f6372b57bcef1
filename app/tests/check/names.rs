//! Who and what the kernel's tables name by plain numbers: each that does not resolve is found, in whichever column.

use super::{Sound, each};
use std::collections::BTreeMap;
use store::params;
use types::Id;

const ACTORS: &str = "Nhật ký kiểm toán chỉ nêu cán bộ và vị trí có thật";
const UNITS: &str = "Đơn vị trong nhật ký, sự kiện và số đếm có thật";
const RECORDS: &str = "Sự kiện và số đếm chỉ nêu bản ghi có thật";

/// A row that names one thing that does not exist, 4711, and otherwise only what does.
struct Damage {
    plant: String,
    undo: String,
    /// The question that finds it.
    title: &'static str,
    words: &'static str,
}

impl Damage {
    /// A row in `table` whose id is 4712; `values` are given for `columns`.
    fn row(table: &str, (columns, values): (&str, &str), title: &'static str, words: &'static str) -> Self {
        Self {
            plant: format!("INSERT INTO {table} (id, {columns}) SELECT 4712, {values}"),
            undo: format!("DELETE FROM {table} WHERE id = 4712"),
            title,
            words,
        }
    }

    /// An entry of the audit that is not sealed yet, so that the chain stays whole.
    fn audit((officer, post, unit): (&str, &str, &str), title: &'static str, words: &'static str) -> Self {
        let columns = "at, actor_kind, actor_id, on_behalf_of, action, entity, entity_id, unit_id, detail, request";
        let values = format!("0, 'officer', {officer}, {post}, 'app.test', 'unit', 1, {unit}, '{{}}', 0");
        Self::row("audit", (columns, values.as_str()), title, words)
    }

    /// A count of nothing, so that the figures stay right.
    fn delta((record, unit): (&str, &str), title: &'static str, words: &'static str) -> Self {
        let columns = "record_id, unit_id, subject_id, day, measure, amount, recorded_at";
        let values = format!(
            "{record}, {unit}, subject_id, day, measure, 0, 0 FROM delta WHERE id = (SELECT min(id) FROM delta)"
        );
        Self::row("delta", (columns, values.as_str()), title, words)
    }

    /// An event that was delivered.
    fn event((name, record, payload): (&str, &str, &str), title: &'static str, words: &'static str) -> Self {
        let columns = "event, record_id, payload, at, done_at, next_try_at";
        let values = format!("'{name}', {record}, '{payload}', 0, 0, 0");
        Self::row("outbox", (columns, values.as_str()), title, words)
    }

    /// A command that was carried out.
    fn command(officer: &str, title: &'static str, words: &'static str) -> Self {
        Self {
            plant: format!(
                "INSERT INTO command (id, verb, actor_kind, actor_id, at, answer, audits)
                 SELECT 'test-4712', 'app.test', 'officer', {officer}, 0, 'null', 0"
            ),
            undo: "DELETE FROM command WHERE id = 'test-4712'".to_owned(),
            title,
            words,
        }
    }
}

/// Plants each by itself, so that what is found is its own, and takes it back.
fn each_is_found(house: &Sound, damages: &[Damage]) {
    for damage in damages {
        eprintln!("{}", damage.plant);
        house.database.script(&damage.plant);
        house.finds(damage.title, damage.words);
        house.database.script(&damage.undo);
    }
    assert_eq!(house.found(), BTreeMap::new(), "all was taken back");
}

const AN_OFFICER: &str = "(SELECT min(id) FROM officer)";
const A_POST: &str = "(SELECT min(id) FROM post)";
const A_UNIT: &str = "(SELECT min(id) FROM unit)";
const A_RECORD: &str = "(SELECT min(id) FROM record)";

#[test]
fn an_officer_or_a_post_that_does_not_exist_is_found() {
    each(|house| {
        each_is_found(
            &house,
            &[
                Damage::audit(("4711", A_POST, A_UNIT), ACTORS, "nêu cán bộ 4711"),
                Damage::audit((AN_OFFICER, "4711", A_UNIT), ACTORS, "thay vị trí 4711"),
                Damage::command("4711", ACTORS, "lệnh của cán bộ 4711"),
            ],
        );
    });
}

#[test]
fn a_unit_that_does_not_exist_is_found() {
    each(|house| {
        let event = |payload| ("dossiers.received.v1", A_RECORD, payload);
        each_is_found(
            &house,
            &[
                Damage::audit((AN_OFFICER, A_POST, "4711"), UNITS, "dòng nhật ký nêu đơn vị 4711"),
                Damage::delta((A_RECORD, "4711"), UNITS, "số đếm nêu đơn vị 4711"),
                Damage::event(event(r#"{"unit": "4711"}"#), UNITS, "sự kiện nêu đơn vị 4711"),
                Damage::event(event(r#"{"unit": 4711}"#), UNITS, "sự kiện nêu đơn vị 4711"),
                Damage::event(event(r#"{"unit": "xã"}"#), UNITS, "sự kiện nêu đơn vị xã"),
            ],
        );
    });
}

#[test]
fn a_record_that_does_not_exist_is_found() {
    each(|house| {
        each_is_found(
            &house,
            &[
                Damage::delta(("4711", A_UNIT), RECORDS, "số đếm nêu bản ghi 4711"),
                Damage::event(("dossiers.delivered.v1", "4711", "{}"), RECORDS, "sự kiện nêu bản ghi 4711"),
                Damage::event(("dossiers.delivered.v1", A_UNIT, "{}"), RECORDS, "sự kiện nêu bản ghi"),
                Damage::event((directory::unit::UNIT_MOVED, "4711", "{}"), RECORDS, "sự kiện của đơn vị 4711"),
                Damage::event((directory::unit::UNIT_MOVED, "0", "{}"), RECORDS, "sự kiện của đơn vị 0"),
                Damage::event((calendar::CALENDAR_CHANGED, "4711", "{}"), RECORDS, "sự kiện của đơn vị 4711"),
            ],
        );
    });
}

#[test]
fn an_event_that_cannot_be_read_is_found() {
    // PostgreSQL takes no such payload.
    let house = Sound::on(store::Engine::Sqlite);
    let event = ("dossiers.delivered.v1", A_RECORD, r#"{"unit": "#);
    each_is_found(&house, &[Damage::event(event, UNITS, "có nội dung không đọc được")]);
}

/// Control: the same rows, naming what there is, are no damage.
#[test]
fn names_that_resolve_are_no_damage() {
    each(|house| {
        let (unit,): (Id,) =
            house.database.open().read_blocking(|reader| reader.one("SELECT min(id) FROM unit", params![])).unwrap();
        let of_unit = format!(r#"{{"unit": "{unit}"}}"#);
        for (name, record, payload) in [
            ("dossiers.received.v1", A_RECORD, of_unit.as_str()),
            (directory::unit::UNIT_MOVED, A_UNIT, of_unit.as_str()),
            (calendar::CALENDAR_CHANGED, A_UNIT, of_unit.as_str()),
            (calendar::CALENDAR_CHANGED, "0", r#"{"unit": null}"#),
        ] {
            let sound = Damage::event((name, record, payload), "", "");
            house.database.script(&sound.plant);
            assert_eq!(house.found(), BTreeMap::new(), "{name}");
            house.database.script(&sound.undo);
        }
        house.database.script(&Damage::audit((AN_OFFICER, A_POST, A_UNIT), "", "").plant);
        house.database.script(&Damage::delta((A_RECORD, A_UNIT), "", "").plant);
        house.database.script(&Damage::command(AN_OFFICER, "", "").plant);
        assert_eq!(house.found(), BTreeMap::new());
    });
}
