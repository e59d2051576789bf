//! What the service is configured with.

/// Configuration of meetings.
#[derive(Clone, Debug)]
pub struct Config {
    /// How the outside reaches Punctual, without a slash at the end.
    pub public_url: String,
    /// The name that guests read.
    pub organisation: String,
    /// The address that invitations come from and replies go to: `Punctual <noreply@example.org>`.
    pub mail_from: String,
}

impl Config {
    /// The host that UIDs end in.
    pub(crate) fn host(&self) -> &str {
        let after = self.public_url.split_once("://");
        let rest = after.map_or(self.public_url.as_str(), |(_, rest)| rest);
        let end = rest.find(['/', ':']).unwrap_or(rest.len());
        &rest[..end]
    }
}
