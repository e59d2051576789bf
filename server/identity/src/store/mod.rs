//! All SQL of this domain: free functions on a connection, schema `identity` only.

pub(crate) mod attempts;
pub(crate) mod audit;
pub(crate) mod people;
pub(crate) mod sessions;
pub(crate) mod tokens;
