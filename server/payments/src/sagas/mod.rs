//! The stories of payments, step by step, each with its way back.

pub mod checkout;
