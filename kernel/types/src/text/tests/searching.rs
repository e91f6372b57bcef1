//! Tokens of what is kept against tokens of what is typed.

use super::{Draw, HARD_NAMES, spellings};
use crate::text::{QUERY_TOKENS_MAX, TOKEN_CHARS_MAX, TOKENS_MAX, Token, query, tokens};

fn pairs(text: &str) -> Vec<(String, String)> {
    tokens(text).into_iter().map(|Token { exact, folded }| (exact, folded)).collect()
}

fn pair(exact: &str, folded: &str) -> (String, String) {
    (exact.to_owned(), folded.to_owned())
}

#[test]
fn a_text_gives_exact_and_folded_words_once_each() {
    let found = pairs("Đặng Đình Ưởng, số 45/QĐ-UBND; đặng");
    let wanted = [
        ("đặng", "dang"),
        ("đình", "dinh"),
        ("ưởng", "uong"),
        ("số", "so"),
        ("45", "45"),
        ("qđ", "qd"),
        ("ubnd", "ubnd"),
    ];
    assert_eq!(found, wanted.map(|(exact, folded)| pair(exact, folded)));
    assert!(tokens(" –—.;\u{301} ").is_empty());
}

#[test]
fn composition_and_placement_do_not_matter() {
    let mut draw = Draw(7);
    for name in HARD_NAMES {
        for _ in 0..50 {
            let typed: String = name
                .chars()
                .map(|c| {
                    let s = spellings(c);
                    draw.pick(&s)
                })
                .collect();
            assert_eq!(tokens(&typed), tokens(name), "{typed:?}");
            assert_eq!(query(&typed), query(&name.to_uppercase()));
        }
    }
    assert_eq!(tokens("Uỷ ban xã Hoà Thuý"), tokens("ỦY BAN XÃ HÒA THÚY"));
}

#[test]
fn a_query_knows_whether_marks_were_typed() {
    let plain = query("nguyen thi my hanh");
    assert!(!plain.has_accents);
    assert_eq!(plain.exact, plain.folded);
    let marked = query("Mỹ hanh");
    assert!(marked.has_accents);
    assert_eq!(marked.exact, ["mỹ", "hanh"]);
    assert_eq!(marked.folded, ["my", "hanh"]);
    assert!(query("dang").folded == query("đặng").folded && query("đang").has_accents);
    assert!(query(" , ").is_empty());
}

#[test]
fn codes_and_numbers_are_kept() {
    let folded: Vec<_> = tokens("H55.62.05-261121-0001 079202017098").into_iter().map(|t| t.folded).collect();
    assert_eq!(folded, ["h55", "62", "05", "261121", "0001", "079202017098"]);
}

#[test]
fn length_and_number_are_bounded_alike_in_index_and_query() {
    let long = "ặ".repeat(TOKEN_CHARS_MAX * 3);
    assert_eq!(tokens(&long)[0].exact.chars().count(), TOKEN_CHARS_MAX);
    assert_eq!(query(&long).exact[0], tokens(&long)[0].exact);
    let many: Vec<String> = (0..TOKENS_MAX * 2).map(|n| n.to_string()).collect();
    assert_eq!(tokens(&many.join(" ")).len(), TOKENS_MAX);
    assert_eq!(query(&many.join(" ")).folded.len(), QUERY_TOKENS_MAX);
}
