//! One SQL text: every feature that the house uses gives the same answer on both engines.

use crate::{THINGS, command};
use serde_json::{Value, json};
use store::{Json, Reader, Store, params};
use testkit::each_engine;
use types::{Day, Id, Result, Timestamp};

/// Six things with hard names, made on both engines alike.
fn with_things(body: impl Fn(&Store)) {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let names =
            ["Đặng Đình Ưởng", "Lò Thị Mẩy", "Chẩu Thị Xuyến Chi", "Nguyễn Thị Mỹ Hạnh", "H'Hen Niê", "Y Moan Êban"];
        store
            .write_blocking(command(&store), move |tx| {
                tx.not_audited("a test");
                for (i, name) in (1..).zip(names) {
                    let note = (i % 2 == 0).then_some("ghi chú");
                    let raw = (i % 3 == 0).then(|| vec![0_u8, 255, i as u8]);
                    tx.exec(
                        "INSERT INTO thing (id, name, note, done, score, meta, raw, amount, sort_key)
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                        params![
                            Id(i),
                            name,
                            note,
                            i > 3,
                            0.5 * i as f64,
                            Json(&json!({"kênh": "cổng", "n": i, "ok": true})),
                            raw,
                            i64::MAX - i,
                            types::text::name_key(name)
                        ],
                    )?;
                }
                Ok(())
            })
            .unwrap();
        body(&store);
    });
}

fn read<T>(store: &Store, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> T {
    store.read_blocking(work).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
}

#[test]
fn values_come_back_as_they_went_in() {
    type Row = (Id, String, Option<String>, bool, f64, Json<Value>, Option<Vec<u8>>, i64);
    with_things(|store| {
        let rows: Vec<Row> = read(store, |r| {
            r.all(
                "SELECT id, name, note, done, score, meta, raw, amount FROM thing WHERE id IN ($1, $2) ORDER BY id",
                params![2, 3],
            )
        });
        let meta = |n: i64| Json(json!({"kênh": "cổng", "n": n, "ok": true}));
        let second = (Id(2), "Lò Thị Mẩy".into(), Some("ghi chú".into()), false, 1.0, meta(2), None, i64::MAX - 2);
        let third =
            (Id(3), "Chẩu Thị Xuyến Chi".into(), None, false, 1.5, meta(3), Some(vec![0, 255, 3]), i64::MAX - 3);
        assert_eq!(rows, [second, third]);
    });
}

#[test]
fn a_missing_value_is_null_whatever_its_type() {
    with_things(|store| {
        let filter = "SELECT count(*) FROM thing WHERE (CAST($1 AS BIGINT) IS NULL OR amount = $1)
                      AND (CAST($2 AS TEXT) IS NULL OR name = $2)";
        let count =
            |amount: Option<i64>, name: Option<&str>| read(store, |r| r.one::<(i64,)>(filter, params![amount, name])).0;
        assert_eq!(count(None, None), 6);
        assert_eq!(count(Some(i64::MAX - 4), None), 1);
        assert_eq!(count(Some(1), None), 0);
        assert_eq!(count(None, Some("Y Moan Êban")), 1);
        let changed = store.write_blocking(command(store), |tx| {
            tx.not_audited("a test");
            tx.exec_counted(
                "UPDATE thing SET note = $1, score = $2, meta = $3, raw = $4, amount = $5 WHERE id = 1",
                params![None::<i64>, None::<i64>, None::<i64>, None::<i64>, None::<&str>],
            )
        });
        assert_eq!(changed.unwrap(), 1);
        type Nulls = (Option<String>, Option<f64>, Option<Json<Value>>, Option<Vec<u8>>, Option<i64>);
        let row: Nulls =
            read(store, |r| r.one("SELECT note, score, meta, raw, amount FROM thing WHERE id = 1", params![]));
        assert_eq!(row, (None, None, None, None, None));
    });
}

#[test]
fn a_parameter_stands_for_its_number_wherever_it_appears() {
    with_things(|store| {
        let found: Vec<(Id, String)> = read(store, |r| {
            r.all(
                "SELECT id, CAST($3 AS TEXT) FROM thing WHERE name = $2 AND id = $1 AND $2 <> $3",
                params![2, "Lò Thị Mẩy", "x"],
            )
        });
        assert_eq!(found, [(Id(2), "x".into())]);
        for wrong in [params![1].to_vec(), params![1, 2, 3].to_vec()] {
            let refused =
                store.read_blocking(|r| r.all::<(Id,)>("SELECT id FROM thing WHERE id = $2 OR id = $1", &wrong));
            assert_eq!(refused.unwrap_err().code(), "internal", "{wrong:?}");
        }
    });
}

#[test]
fn returning_answers_many_rows() {
    with_things(|store| {
        let rows: Vec<(Id, String)> = store
            .write_blocking(command(store), |tx| {
                tx.not_audited("a test");
                let mut rows: Vec<(Id, String)> =
                    tx.all("UPDATE thing SET note = $1 WHERE done RETURNING id, name", params!["xong"])?;
                rows.sort();
                Ok(rows)
            })
            .unwrap();
        let ids: Vec<i64> = rows.iter().map(|(id, _)| id.0).collect();
        assert_eq!(ids, [4, 5, 6]);
        assert_eq!(rows[0].1, "Nguyễn Thị Mỹ Hạnh");
    });
}

#[test]
fn a_counter_goes_up_by_on_conflict() {
    with_things(|store| {
        let next = || {
            store.write_blocking(command(store), |tx| {
                tx.not_audited("a test");
                let (n,): (i64,) = tx.one(
                    "INSERT INTO counter (unit_id, year, n) VALUES ($1, $2, 1)
                     ON CONFLICT (unit_id, year) DO UPDATE SET n = counter.n + 1 RETURNING n",
                    params![Id(9), 2026],
                )?;
                let kept = tx.exec_counted(
                    "INSERT INTO counter (unit_id, year, n) VALUES ($1, $2, 7) ON CONFLICT DO NOTHING",
                    params![Id(9), 2026],
                )?;
                Ok((n, kept))
            })
        };
        assert_eq!(next().unwrap(), (1, 0));
        assert_eq!(next().unwrap(), (2, 0));
    });
}

#[test]
fn queries_of_reports_agree() {
    with_things(|store| {
        let counts: Vec<(bool, i64, i64, i64)> = read(store, |r| {
            r.all(
                "WITH odd AS (SELECT id, done, note, amount FROM thing WHERE id % 2 = 1 OR note IS NOT NULL)
                 SELECT done, count(*), count(*) FILTER (WHERE note IS NOT NULL), CAST(sum(amount - 9223372036854775800) AS BIGINT)
                 FROM odd GROUP BY done ORDER BY done",
                params![],
            )
        });
        assert_eq!(counts, [(false, 3, 1, 15), (true, 3, 2, 6)]);
        let ranked: Vec<(Id, i64, Option<String>)> = read(store, |r| {
            r.all(
                "SELECT id, row_number() OVER (PARTITION BY done ORDER BY id DESC), lag(name) OVER (ORDER BY id)
                 FROM thing ORDER BY id LIMIT 2",
                params![],
            )
        });
        assert_eq!(ranked, [(Id(1), 3, None), (Id(2), 2, Some("Đặng Đình Ưởng".into()))]);
        let tree: Vec<(i64,)> = read(store, |r| {
            r.all("WITH RECURSIVE n (i) AS (SELECT $1 + 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT CAST(i AS BIGINT) FROM n ORDER BY i", params![2])
        });
        assert_eq!(tree, [(2,), (3,), (4,)]);
    });
}

#[test]
fn json_is_asked_by_its_members() {
    with_things(|store| {
        let found: Vec<(Id, String)> = read(store, |r| {
            r.all("SELECT id, CAST(meta ->> 'n' AS TEXT) FROM thing WHERE meta ->> 'kênh' = $1 AND CAST(meta ->> 'n' AS BIGINT) >= $2 ORDER BY id", params!["cổng", 5])
        });
        assert_eq!(found, [(Id(5), "5".into()), (Id(6), "6".into())]);
        let none: Option<(Id,)> =
            read(store, |r| r.opt("SELECT id FROM thing WHERE meta ->> 'thiếu' IS NOT NULL", params![]));
        assert_eq!(none, None);
    });
}

#[test]
fn truth_values_are_values() {
    with_things(|store| {
        let of = |sql: &str, done: bool| read(store, |r| r.one::<(i64,)>(sql, params![done])).0;
        assert_eq!(of("SELECT count(*) FROM thing WHERE done = $1", true), 3);
        assert_eq!(of("SELECT count(*) FROM thing WHERE NOT done AND done = $1", false), 3);
        let (all,): (bool,) = read(store, |r| r.one("SELECT count(*) = $1 FROM thing", params![6]));
        assert!(all);
    });
}

#[test]
fn a_sort_key_orders_alike_whatever_the_servers_language() {
    with_things(|store| {
        let names: Vec<(String,)> = read(store, |r| r.all("SELECT name FROM thing ORDER BY sort_key, id", params![]));
        let names: Vec<&str> = names.iter().map(|(name,)| name.as_str()).collect();
        let expected =
            ["Chẩu Thị Xuyến Chi", "Y Moan Êban", "Nguyễn Thị Mỹ Hạnh", "Lò Thị Mẩy", "H'Hen Niê", "Đặng Đình Ưởng"];
        assert_eq!(names, expected);
    });
}

#[test]
fn days_and_moments_are_kept_whole() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let day: Day = "2026-02-28".parse().unwrap();
        let at: Timestamp = "2026-11-20T14:00:00.123456+07:00".parse().unwrap();
        let row: (Day, Timestamp) =
            read(&store, |r| r.one("SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT)", params![day, at]));
        assert_eq!(row, (day, at));
    });
}

#[test]
fn a_wrong_column_is_our_mistake_and_says_so() {
    with_things(|store| {
        let wrong = store.read_blocking(|r| r.one::<(i64,)>("SELECT name FROM thing WHERE id = 1", params![]));
        assert_eq!(wrong.unwrap_err().code(), "internal");
        let missing = store.read_blocking(|r| r.one::<(i64, i64)>("SELECT id FROM thing WHERE id = 1", params![]));
        assert_eq!(missing.unwrap_err().code(), "internal");
    });
}

#[test]
fn each_reads_row_by_row_and_stops_when_told() {
    with_things(|store| {
        let mut seen = Vec::new();
        let stopped = store.read_blocking(|r| {
            r.each("SELECT id FROM thing ORDER BY id", params![], |(id,): (Id,)| {
                seen.push(id.0);
                if seen.len() == 3 { Err(types::Error::conflict("đủ rồi")) } else { Ok(()) }
            })
        });
        assert_eq!(stopped.unwrap_err().to_string(), "đủ rồi");
        assert_eq!(seen, [1, 2, 3]);
        assert_eq!(crate::count(store, "thing"), 6);
    });
}
