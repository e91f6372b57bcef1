//! The simulators' own tests, so that they cannot rot.

use crate::oracle::python;
use crate::simulator::scripts;
use std::process::{Command, Stdio};

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
