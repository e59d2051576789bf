//! The section of the configuration that payments own.

/// How checkout works in this installation.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the outside reaches us, without a slash at the end: `https://pay.example.org`.
    pub public_url: String,
    /// The name that customers read on checkout pages and receipts.
    pub organisation: String,
}
