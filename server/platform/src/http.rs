//! The one client for calls out: no redirects, limits on time, a name.

use std::time::Duration;

/// Builds the client. TLS comes from rustls with the provider that `main` installed.
///
/// # Errors
/// When TLS cannot be set up, for example without any root certificates.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent(concat!("punctual/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(20))
        .pool_idle_timeout(Duration::from_secs(60))
        .build()
}
