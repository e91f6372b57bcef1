//! Names with every letter, typed in every way, whole on every page.

use crate::world::{Rank, World};
use serde_json::json;
use std::collections::BTreeSet;
use store::Engine;
use testkit::Answer;
use unicode_normalization::UnicodeNormalization;

/// Names as people have them, of many peoples.
const NAMES: [&str; 14] = [
    "Nguyễn Thị Mỹ Hạnh",
    "Đặng Đình Ưởng",
    "Lò Thị Mẩy",
    "Chẩu Thị Xuyến Chi",
    "Quách Ngọc Ẵm",
    "Phùng Gia Hĩ",
    "Hoàng Thị Ỷ Lan",
    "Tẩn Mẩy Ệnh",
    "Vừ Mí Nhìa",
    "Bế Ích Quýnh",
    "Đỗ Thị Ỡm Ờ",
    "Hứa Văn Sở Thảo",
    "H’Hen Niê Kđăm",
    "Nùng Thị Bích Thủy Tiên",
];
const VOWELS: &str = "aăâeêioôơuưy";
/// Level, then grave, acute, hook above, tilde, dot below, as marks of their own.
const TONES: [&str; 6] = ["", "\u{300}", "\u{301}", "\u{309}", "\u{303}", "\u{323}"];

/// A vowel with each of the tones.
fn toned(vowel: char) -> Vec<String> {
    TONES.iter().map(|tone| format!("{vowel}{tone}").nfc().collect()).collect()
}

/// The letters that English has not, small: twelve vowels in six tones, and đ.
fn alphabet() -> Vec<char> {
    let vowels = VOWELS.chars().flat_map(toned).flat_map(|letter| letter.chars().collect::<Vec<_>>());
    vowels.chain(['đ']).collect()
}

/// [`NAMES`], and two for each vowel that hold it in every tone, small and capital.
fn names() -> Vec<String> {
    let small = |v: char| toned(v).iter().map(|letter| format!("Kh{letter}")).collect::<Vec<_>>().join(" ");
    let capital = |v: char| toned(v).iter().map(|letter| format!("{}nh", letter.to_uppercase())).collect::<Vec<_>>();
    let of_vowels = VOWELS.chars().flat_map(|v| [small(v), format!("Đào {}", capital(v).join(" "))]);
    NAMES.iter().map(|name| (*name).to_owned()).chain(of_vowels).collect()
}

#[test]
fn the_names_hold_every_letter_with_every_tone() {
    let alphabet = alphabet();
    assert_eq!(alphabet.len(), 73, "each is one composed letter: {alphabet:?}");
    let written: BTreeSet<char> = names().join(" ").nfc().collect();
    let both = alphabet.iter().flat_map(|letter| letter.to_uppercase().chain([*letter]));
    let missing: Vec<char> = both.filter(|letter| !written.contains(letter)).collect();
    assert_eq!(missing, Vec::<char>::new());
    // Control: names of people alone do not hold them all.
    let written: BTreeSet<char> = NAMES.join(" ").to_lowercase().nfc().collect();
    assert!(alphabet.iter().any(|letter| !written.contains(letter)));
}

/// The longest name that the form takes.
const LONGEST: usize = 100;

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn receive(world: &World, name: &str) -> Answer {
    let mut body = world.new_dossier();
    body["form"]["applicant_name"] = json!(name);
    world.call(Rank::Counter, "/api/v1/dossiers", &body)
}

fn code(answer: Answer) -> String {
    answer.assert_status(201).json()["code"].as_str().expect("a code").to_owned()
}

/// Codes of the dossiers that a search at the desk shows.
fn found(world: &World, words: &str) -> String {
    let mut browser = world.person(Rank::Counter).browser.clone();
    browser.get(&format!("/ho-so?q={}", encoded(words))).assert_status(200).page().texts("table").join(" ")
}

#[test]
fn every_name_is_kept_composed_and_found_however_it_is_typed() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        for (n, name) in names().iter().enumerate() {
            let decomposed: String = name.nfd().collect();
            // Every second one comes from a keyboard that sends letters and marks apart.
            let typed = if n % 2 == 0 { &decomposed } else { name };
            let code = code(receive(&world, typed));
            let mut browser = world.person(Rank::Counter).browser.clone();
            let page = browser.get(&format!("/ho-so/{code}")).assert_status(200).text();
            let composed: String = name.nfc().collect();
            assert!(page.contains(&askama_escaped(&composed)), "{name} does not stand on its page");
            assert!(!page.contains(&decomposed) || decomposed == composed, "{name} stands on the page in pieces");
            let folded = types::text::fold(name);
            for words in [composed.as_str(), &decomposed, &folded, &composed.to_uppercase()] {
                assert!(found(&world, words).contains(&code), "{engine:?}: «{words}» does not find {name}");
            }
        }
        assert!(!found(&world, "Nguyễn Văn Khôngcóai").contains("H99"), "control: a name that nobody has finds nobody");
    }
}

/// As a template writes it: an apostrophe and its kind become entities.
fn askama_escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;").replace('<', "&#60;").replace('>', "&#62;")
}

#[test]
fn the_longest_names_stand_whole_on_every_page() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let mut name = "Nguyễn Phúc Tôn Nữ".to_owned();
        while name.chars().count() + 7 <= LONGEST {
            name.push_str(" Xuyến");
        }
        let code = code(receive(&world, &name));
        let mut counter = world.person(Rank::Counter).browser.clone();
        for path in [format!("/ho-so/{code}"), format!("/ho-so?q={code}"), format!("/ho-so/{code}/tiep-nhan")] {
            assert!(
                counter.get(&path).assert_status(200).text().contains(&name),
                "{engine:?}: {path} does not show the name whole"
            );
        }
        let mut specialist = world.person(Rank::Specialist).browser.clone();
        assert!(
            specialist.get("/viec-cua-toi").assert_status(200).text().contains(&name),
            "{engine:?}: my work cuts the name"
        );
        let too_long = format!("{name} {}", "Xuyến ".repeat(60));
        let answer = receive(&world, &too_long).assert_status(422);
        assert!(super::is_sentence(answer.json()["message"].as_str().unwrap_or_default()));
    }
}

#[test]
fn what_looks_like_markup_is_shown_and_not_run() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let hostile = "<script>alert(1)</script> \"><img src=x onerror=alert(2)> {{7*7}} ';DROP TABLE dossier;--";
        let mut body = world.new_dossier();
        body["form"]["documents"] = json!(hostile);
        let code = code(world.call(Rank::Counter, "/api/v1/dossiers", &body));
        let mut browser = world.person(Rank::Counter).browser.clone();
        for path in [format!("/ho-so/{code}"), format!("/ho-so?q={code}"), format!("/ho-so?q={}", encoded(hostile))] {
            let answer = browser.get(&path).assert_status(200);
            let page = answer.page();
            assert_eq!(page.count("script:not([src])") + page.count("img[onerror]"), 0, "{engine:?}: {path}");
        }
        let text = browser.get(&format!("/ho-so/{code}")).page().text("main");
        assert!(text.contains("<script>alert(1)</script>") && text.contains("{{7*7}}"), "it is shown as it was typed");
    }
}
