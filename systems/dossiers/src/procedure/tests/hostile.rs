//! An imported file may be anything: nothing panics, nothing hangs, the answer is always a sentence.

use super::SAMPLE;
use crate::procedure::definition::{Definition, SIZE_MAX};

fn refused(text: &str) -> String {
    Definition::parse(text).expect_err("hostile input was accepted").to_string()
}

#[test]
fn empty_huge_and_binary_files_are_refused() {
    assert!(refused("").contains("còn thiếu"));
    assert!(refused(&"#".repeat(SIZE_MAX + 1)).contains("lớn quá"));
    let bytes = [0x50, 0x4b, 0x03, 0x04, 0xff, 0xfe, 0x00];
    assert!(Definition::parse_bytes(&bytes).expect_err("a zip").to_string().contains("UTF-8"));
    assert!(refused("name = \"a\u{0}b\"").contains("dòng 1"));
    assert!(Definition::parse_bytes(SAMPLE.as_bytes()).is_ok());
    assert!(Definition::parse(&format!("\u{feff}{SAMPLE}")).is_ok());
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for (open, close) in [("[", "]"), ("{a=", "}")] {
        let depth = 20_000;
        refused(&format!("x = {}1{}", open.repeat(depth), close.repeat(depth)));
    }
    let dotted = "a.".repeat(100_000);
    assert!(refused(&format!("{dotted}b = 1")).contains("dấu chấm"));
    assert!(refused(&format!("[{dotted}b]")).contains("dấu chấm"));
    let headers: String = (1..50).map(|depth| format!("[{}b]\nc = 1\n", "a.".repeat(depth))).collect();
    refused(&headers);
    refused(&"[[x]]\n".repeat(30_000));
    refused(&"a = [".repeat(30_000));
}

#[test]
fn a_file_cut_anywhere_or_changed_anywhere_gives_an_answer() {
    let ends: Vec<usize> = SAMPLE.char_indices().map(|(at, _)| at).collect();
    for end in ends.iter().step_by(7) {
        let _ = Definition::parse(&SAMPLE[..*end]).map_err(|errors| errors.to_string());
    }
    // Every replacement comes from a fixed sequence, so that a failure repeats.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..1_500 {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        for _ in 0..3 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let at = (state >> 8) as usize % bytes.len();
            bytes[at] = b"\"'[]{}=.,#\n\0 9a"[(state & 15) as usize % 15];
        }
        let _ = Definition::parse_bytes(&bytes).map_err(|errors| errors.to_string());
    }
}

#[test]
fn the_list_of_mistakes_is_bounded() {
    let many: String = (0..5_000).map(|i| format!("x{i} = 1\n")).collect();
    let errors = Definition::parse(&format!("{many}{SAMPLE}")).expect_err("unknown fields");
    assert!(errors.0.len() <= 100);
}
