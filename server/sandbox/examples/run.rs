//! Runs a sandbox by hand: `cargo run -p sandbox --example run [address] [webhook url]`.

use sandbox::{Config, Sandbox};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().init();
    let mut arguments = std::env::args().skip(1);
    let address = arguments
        .next()
        .unwrap_or_else(|| "127.0.0.1:4010".to_owned());
    let config = Config {
        public_url: format!("http://{address}"),
        webhook_url: arguments.next(),
        journal: std::env::var_os("SANDBOX_JOURNAL").map(Into::into),
        ..Config::default()
    };
    let listener = tokio::net::TcpListener::bind(&address).await?;
    tracing::info!(%address, "the sandbox listens");
    let stop = async {
        let _asked = tokio::signal::ctrl_c().await;
    };
    sandbox::serve(listener, Sandbox::open(config)?, stop).await?;
    Ok(())
}
