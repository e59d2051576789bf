//! The program as a whole: real processes, real Postgres, the sandbox as the gateway.

mod authz;
mod crash;
mod forms;
mod harness;
mod herd;
mod tidy;
mod traces;
