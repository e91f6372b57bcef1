//! Help and mistakes on the command line are told in Vietnamese.

use crate::world::program::Program;

const COMMANDS: [&[&str]; 19] = [
    &[],
    &["migrate"],
    &["demo"],
    &["setup"],
    &["serve"],
    &["check"],
    &["backup"],
    &["restore"],
    &["copy"],
    &["import"],
    &["import", "procedures"],
    &["import", "calendar"],
    &["token"],
    &["second-factor"],
    &["keys"],
    &["keys", "rotate"],
    &["keys", "lost"],
    &["deadline"],
    &["bench"],
];

/// What the parser says by itself when nobody told it otherwise.
const ENGLISH: [&str; 12] = [
    "Usage",
    "Options",
    "Commands",
    "Arguments",
    "Print ",
    "help for",
    "required",
    "unexpected",
    "invalid value",
    "default:",
    "possible values",
    "error:",
];

fn is_vietnamese(text: &str) -> Result<(), String> {
    if let Some(word) = ENGLISH.iter().find(|word| text.contains(**word)) {
        return Err(format!("«{word}» is English:\n{text}"));
    }
    let marks = "ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ";
    if text.chars().any(|c| marks.contains(c)) { Ok(()) } else { Err(format!("nothing Vietnamese in it:\n{text}")) }
}

#[test]
fn every_command_explains_itself_in_vietnamese() {
    let program = Program::alone();
    let mut wrong = Vec::new();
    for command in COMMANDS {
        let words: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let ran = program.run(&words).ok();
        wrong.extend(is_vietnamese(&ran.out).err().map(|fault| format!("{}: {fault}", words.join(" "))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let listed = program.run(&["--help"]).out;
    for command in COMMANDS.iter().filter_map(|command| command.first()) {
        assert!(listed.contains(command), "{command} is not listed");
        for readme in ["../README.md", "../README.vi.md"] {
            let text = std::fs::read_to_string(readme).expect("tests run in the folder of their crate");
            assert!(
                text.contains(&format!("`{command}")) || text.contains(&format!("nhaviec {command}")),
                "{readme}: {command}"
            );
        }
    }
    let nothing_made = std::fs::read_dir(program.folder()).expect("the folder").count();
    assert_eq!(nothing_made, 0, "asking for help makes nothing");
}

#[test]
fn mistakes_on_the_command_line_are_told_in_vietnamese() {
    let program = Program::alone();
    for words in [
        &["xoa-het"][..],
        &["token"],
        &["token", "a", "--list", "--end", "1"],
        &["second-factor"],
        &["second-factor", "a", "--broken"],
        &["keys"],
        &["keys", "moi"],
        &["backup"],
        &["copy", "--to-data", "x"],
        &["copy", "--to-database", "x", "--to-data", "x"],
        &["deadline", "--takes", "3 ngày"],
        &["token", "a", "--days", "0"],
        &["check", "--nhanh"],
        &["deadline", "--received"],
    ] {
        let ran = program.run(words).refused(&[]);
        if let Err(fault) = is_vietnamese(&ran.err) {
            panic!("{}: {fault}", words.join(" "));
        }
    }
}

#[test]
fn control_english_is_noticed() {
    assert!(is_vietnamese("Usage: nhaviec\n\nCách dùng").is_err());
    assert!(is_vietnamese("nhaviec serve").is_err());
    assert!(is_vietnamese("Cách dùng: nhaviec").is_ok());
}
