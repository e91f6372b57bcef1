//! Our adapters against programs that stand in for the two parties that no test can have, over real sockets: the desktop tool
//! and a remote signing provider. They were written from published facts, not from the adapters (`simulators/README.md`).

#[path = "pades/authority.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
mod authority;
#[path = "simulated/customer.rs"]
mod customer;
#[path = "elsewhere/desk.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
mod desk;
#[path = "pades/fixture.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
mod fixture;
#[path = "simulated/form.rs"]
mod form;
#[path = "simulated/house.rs"]
mod house;
#[path = "pades/oracle.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
mod oracle;
#[path = "simulated/own_tests.rs"]
mod own_tests;
#[path = "simulated/page.rs"]
mod page;
#[path = "simulated/provider.rs"]
mod provider;
#[path = "simulated/provider_answers.rs"]
mod provider_answers;
#[path = "simulated/provider_lies.rs"]
mod provider_lies;
#[path = "simulated/tool.rs"]
mod tool;
#[path = "simulated/tool_lies.rs"]
mod tool_lies;
