//! The simulators' own tests, so that they cannot rot.

use crate::oracle::python;
use crate::simulator::scripts;
use std::process::Command;

/// What stands here refuses and what is honest. The lies are told by the tests beside this one, each with what comes of it;
/// with them the whole takes some two minutes: `python -m unittest` as the README there has it.
const MODULES: [&str; 4] = [
    "test_vgca_tool.Honest",
    "test_vgca_tool_refuses",
    "test_signing_provider.Honest",
    "test_signing_provider_refuses",
];

#[test]
fn the_simulators_do_what_their_own_tests_say() {
    let mut command = Command::new(python());
    command.args(["-m", "unittest"]).args(MODULES).current_dir(scripts()).env("PYTHONDONTWRITEBYTECODE", "1");
    let ran = command.output().expect("python runs");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.contains("OK"), "{said}");
}
