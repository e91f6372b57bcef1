//! The simulators' own tests, so that they cannot rot; and that no lie of theirs goes untold here.

use std::process::{Command, Stdio};
use testkit::simulator::{python, scripts};

/// What the tests beside this one do not do themselves: what is refused, and what no adapter of ours asks for. The whole takes
/// some two minutes; `simulators/README.md` says how to run it.
const PARTS: [&[&str]; 3] = [
    &["test_vgca_tool_refuses"],
    &[
        "test_vgca_tool.Honest.test_speaks_tls",
        "test_vgca_tool.Honest.test_tells_of_itself",
        "test_vgca_tool.Honest.test_carries_no_session",
    ],
    &["test_signing_provider_refuses"],
];

#[test]
fn the_simulators_do_what_their_own_tests_say() {
    let start = |part: &&[&str]| {
        let mut command = Command::new(python());
        command.args(["-m", "unittest"]).args(*part).current_dir(scripts()).env("PYTHONDONTWRITEBYTECODE", "1");
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("python runs")
    };
    let started: Vec<_> = PARTS.iter().map(start).collect();
    for process in started {
        let ran = process.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success() && said.ends_with("OK\n"), "{said}");
    }
}

/// The values that an option of a simulator takes, as its help has them.
fn choices(script: &str, option: &str) -> Vec<String> {
    let mut command = Command::new(python());
    command.arg(scripts().join(script)).arg("--help").env("PYTHONDONTWRITEBYTECODE", "1").env("COLUMNS", "10000");
    let help = String::from_utf8(command.output().expect("python runs").stdout).unwrap();
    let start = help.rfind(&format!("  {option} {{")).expect("the option") + option.len() + 4;
    let list = &help[start..][..help[start..].find('}').unwrap()];
    list.split(',').map(str::to_owned).collect()
}

#[test]
fn every_lie_is_told() {
    let (tool, provider) = ("vgca_tool.py", "signing_provider.py");
    let lies = concat!(include_str!("provider_lies.rs"), include_str!("provider_answers.rs"));
    let told = [
        (tool, "--lie", include_str!("tool_lies.rs")),
        (provider, "--lie", lies),
        (provider, "--lie-at", include_str!("provider_answers.rs")),
    ];
    for (script, option, tests) in told {
        let choices = choices(script, option);
        assert!(choices.len() > 5, "{choices:?}");
        for choice in choices {
            assert!(tests.contains(&format!("\"{choice}\"")), "{script} {option} {choice} is not tried");
        }
    }
}
