//! The program as a whole: real processes, real Postgres, the sandbox as the gateway.

mod authz;
mod burst;
#[path = "../../attendance/tests/it/conversation.rs"]
mod conversation;
mod crash;
mod forms;
mod harness;
mod herd;
mod iclock;
mod kiosk;
#[path = "../../benches/program/staff.rs"]
mod staff;
#[path = "../../attendance/tests/it/terminal.rs"]
mod terminal;
mod tidy;
mod traces;
