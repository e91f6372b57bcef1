//! The text index answers alike on both engines.

use crate::{OFFICER, THINGS, command};
use store::Store;
use store::search::{TextQuery, scope_token};
use testkit::each_engine;
use types::{Id, text};

const COMMUNE: Id = Id(1001);
const NEIGHBOUR: Id = Id(1002);
const PROVINCE: Id = Id(1);

/// The tokens of a record: its words, exact and folded, and the units above it.
fn tokens(content: &str, units: &[Id]) -> Vec<String> {
    let words = text::tokens(content).into_iter().flat_map(|t| [t.exact, t.folded]);
    let mut all: Vec<String> = words.chain(units.iter().map(|u| scope_token(*u))).collect();
    all.sort();
    all.dedup();
    all
}

fn index(store: &Store, record: i64, content: &'static str, units: &'static [Id]) {
    store
        .write_blocking(store.command(testkit::fresh_command(), "things.index", OFFICER), move |tx| {
            tx.not_audited("a test");
            tx.index_text(Id(record), &tokens(content, units))
        })
        .unwrap();
}

fn find(store: &Store, words: &[&str], scopes: &[Id], before: Option<i64>, limit: i64) -> Vec<i64> {
    let query = TextQuery {
        scopes: scopes.iter().map(|u| scope_token(*u)).collect(),
        words: words.iter().map(|w| (*w).to_owned()).collect(),
        before: before.map(Id),
        limit,
    };
    let found =
        store.read_blocking(|r| r.find_text(&query)).unwrap_or_else(|e| panic!("{words:?}: {e} {}", e.inward()));
    found.into_iter().map(|id| id.0).collect()
}

fn with_records(body: impl Fn(&Store)) {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        index(&store, 11, "Khai sinh cho con của Nguyễn Thị Mỹ Hạnh", &[COMMUNE, PROVINCE]);
        index(&store, 12, "Khai tử: cụ Đặng Đình Ưởng", &[COMMUNE, PROVINCE]);
        index(&store, 13, "Chứng thực bản sao, Lò Thị Mẩy", &[COMMUNE, PROVINCE]);
        index(&store, 14, "Khai sinh, Chẩu Thị Xuyến Chi", &[NEIGHBOUR, PROVINCE]);
        index(&store, i64::MAX - 1, "Khai sinh muộn", &[COMMUNE, PROVINCE]);
        body(&store);
    });
}

#[test]
fn all_words_must_match_and_the_newest_comes_first() {
    with_records(|store| {
        assert_eq!(find(store, &["khai"], &[COMMUNE], None, 10), [i64::MAX - 1, 12, 11]);
        assert_eq!(find(store, &["khai", "sinh"], &[COMMUNE], None, 10), [i64::MAX - 1, 11]);
        assert_eq!(find(store, &["sinh", "hanh"], &[COMMUNE], None, 10), [11]);
        assert_eq!(find(store, &["hạnh"], &[COMMUNE], None, 10), [11]);
        assert_eq!(find(store, &["uong"], &[COMMUNE], None, 10), [12]);
        assert_eq!(find(store, &["ưởng"], &[COMMUNE], None, 10), [12]);
        assert_eq!(find(store, &["ương"], &[COMMUNE], None, 10), [0_i64; 0], "other marks are another word");
        assert_eq!(find(store, &["kha"], &[COMMUNE], None, 10), [0_i64; 0], "a part of a word is not the word");
    });
}

#[test]
fn only_units_in_scope_are_found() {
    with_records(|store| {
        assert_eq!(find(store, &["khai", "sinh"], &[NEIGHBOUR], None, 10), [14]);
        assert_eq!(find(store, &["khai", "sinh"], &[NEIGHBOUR, COMMUNE], None, 10), [i64::MAX - 1, 14, 11]);
        assert_eq!(find(store, &["khai", "sinh"], &[PROVINCE], None, 10), [i64::MAX - 1, 14, 11]);
        assert_eq!(find(store, &["khai"], &[], None, 10), [0_i64; 0]);
        assert_eq!(find(store, &["khai"], &[Id(100)], None, 10), [0_i64; 0], "100 is not the beginning of 1001");
        assert_eq!(find(store, &[], &[COMMUNE], None, 10), [0_i64; 0]);
    });
}

#[test]
fn pages_follow_each_other_without_a_gap() {
    with_records(|store| {
        assert_eq!(find(store, &["khai"], &[PROVINCE], None, 2), [i64::MAX - 1, 14]);
        assert_eq!(find(store, &["khai"], &[PROVINCE], Some(14), 2), [12, 11]);
        assert_eq!(find(store, &["khai"], &[PROVINCE], Some(11), 2), [0_i64; 0]);
    });
}

#[test]
fn a_record_that_changes_is_found_by_its_new_words_only() {
    with_records(|store| {
        index(store, 11, "Cải chính hộ tịch", &[NEIGHBOUR, PROVINCE]);
        assert_eq!(find(store, &["hạnh"], &[PROVINCE], None, 10), [0_i64; 0]);
        assert_eq!(find(store, &["hộ", "tịch"], &[NEIGHBOUR], None, 10), [11]);
        assert_eq!(find(store, &["hộ"], &[COMMUNE], None, 10), [0_i64; 0]);
    });
}

#[test]
fn a_refused_write_leaves_the_index_alone() {
    with_records(|store| {
        let refused = store.write_blocking(command(store), |tx| {
            tx.not_audited("a test");
            tx.index_text(Id(12), &tokens("bị gỡ", &[PROVINCE]))?;
            Err::<(), _>(types::Error::conflict("thôi"))
        });
        assert!(refused.is_err());
        assert_eq!(find(store, &["uong"], &[COMMUNE], None, 10), [12]);
        assert_eq!(find(store, &["gỡ"], &[PROVINCE], None, 10), [0_i64; 0]);
    });
}

#[test]
fn nothing_a_person_types_is_read_as_a_query_language() {
    with_records(|store| {
        let typed = [
            "khai\" OR \"tu",
            "khai*",
            "NEAR(khai sinh)",
            "tokens:khai",
            "-khai",
            "^khai",
            "khai AND NOT sinh",
            "{1,2}",
            "'; DROP TABLE thing; --",
            "\\",
            "\"",
            "()",
            "%",
            "khai\u{0}sinh",
            "\u{200b}",
            "½ ① ²",
            "ไทย ภาษา",
            "𝕶𝖍𝖆𝖎",
            "नमस्ते",
            "  ",
            "\u{301}",
            "{a}",
            "null",
            "NULL",
        ];
        for text in typed {
            let query = text::query(text);
            let words: Vec<&str> = query.folded.iter().map(String::as_str).collect();
            let through_tokeniser = find(store, &words, &[PROVINCE], None, 10);
            let raw = find(store, &[text], &[PROVINCE], None, 10);
            assert!(raw.is_empty() || ["khai*", "-khai", "^khai"].contains(&text), "{text:?} found {raw:?}");
            assert!(through_tokeniser.len() <= 4);
        }
        let query = text::query("KHAI* sinh\" OR");
        let words: Vec<&str> = query.folded.iter().map(String::as_str).collect();
        assert_eq!(find(store, &words, &[COMMUNE], None, 10), [0_i64; 0], "«or» is a word like others");
        assert_eq!(find(store, &["KHAI*"], &[COMMUNE], None, 10), [i64::MAX - 1, 12, 11]);
    });
}

#[test]
fn words_of_every_script_are_one_token_on_both_engines() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let contents = ["H'Hen Niê", "ຊາວລາວ", "ភាសាខ្មែរ", "नमस्ते", "½ cổ phần", "Ⅻ 2026", "e\u{301}\u{323}t", "ÿþ𐐷"];
        for (record, content) in (1..).zip(contents) {
            index(&store, record, content, &[COMMUNE]);
        }
        for (record, content) in (1..).zip(contents) {
            let query = text::query(content);
            let exact: Vec<&str> = query.exact.iter().map(String::as_str).collect();
            let folded: Vec<&str> = query.folded.iter().map(String::as_str).collect();
            assert_eq!(find(&store, &exact, &[COMMUNE], None, 10), [record], "{content}");
            assert_eq!(find(&store, &folded, &[COMMUNE], None, 10), [record], "{content}");
        }
    });
}
