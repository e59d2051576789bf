//! `punctual serve`

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args as ClapArgs;
use platform::jobs::{self, Workers};
use platform::telemetry::Telemetry;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Config;
use crate::http;
use crate::wiring::{self, Database, Services};

#[derive(ClapArgs)]
pub struct Args {
    /// What this process does: `web` answers requests, `worker` runs jobs.
    #[arg(long, value_delimiter = ',', default_value = "web,worker")]
    roles: Vec<Part>,
    /// Fill an empty database with an organisation to look at, and run the sandbox providers.
    #[arg(long)]
    demo: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Web,
    Worker,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::load(args.demo)?;
    let telemetry = Telemetry::init(config.otlp_endpoint.as_deref())?;
    let outcome = with_database(args, config, telemetry.clone()).await;
    // Last, so that what happens while all else stops is still traced.
    telemetry.close().await;
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn with_database(args: Args, config: Config, telemetry: Telemetry) -> anyhow::Result<()> {
    // Taken first: an address in use should be said before a database is started.
    let listener = match args.roles.contains(&Part::Web) {
        true => Some(listen(config.site_addr).await?),
        false => None,
    };
    let database = Database::open(&config).await?;
    let outcome = serve(args, config, &database, listener, telemetry).await;
    database.close().await;
    outcome
}

async fn listen(addr: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr)
        .await
        .with_context(|| format!("cannot listen on {addr}"))
}

async fn serve(
    args: Args,
    config: Config,
    database: &Database,
    listener: Option<TcpListener>,
    telemetry: Telemetry,
) -> anyhow::Result<()> {
    let services = wiring::build(config, &database.url).await?;
    services
        .deps
        .db
        .migrate()
        .await
        .context("the database could not be brought up to date")?;
    crate::subscribers::keep_everybody(&services)
        .await
        .context("people could not be made known to meetings and attendance")?;
    let (stop, stopped) = watch::channel(false);
    let mut tasks: tokio::task::JoinSet<anyhow::Result<()>> = tokio::task::JoinSet::new();

    if args.demo {
        let sandbox = crate::demo::open_sandbox(&services.config)?;
        let own = listen(services.config.sandbox_addr).await?;
        tasks.spawn(async move { Ok(sandbox::serve(own, sandbox, gone(stopped)).await?) });
    }
    let work = args.roles.contains(&Part::Worker);
    let worker = tokio::spawn(work_on(services.clone(), args.demo, work, stop.subscribe()));
    if args.roles.contains(&Part::Web) {
        // Devices call the web part, which knows them without asking the database each time.
        let (attendance, stopped) = (services.attendance.clone(), stop.subscribe());
        tasks.spawn(async move {
            attendance.keep_devices(gone(stopped)).await;
            Ok(())
        });
    }
    if let Some(private) = services.config.metrics_addr {
        let router = http::private_router(&services, telemetry.clone());
        let own = listen(private).await?;
        let stopped = stop.subscribe();
        tasks.spawn(async move {
            axum::serve(own, router)
                .with_graceful_shutdown(gone(stopped))
                .await
                .map_err(Into::into)
        });
    }
    if args.roles.contains(&Part::Web)
        && let Some(addr) = services.config.devices_addr
    {
        let router: axum::Router = http::device_router(&services.attendance);
        let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
        let own = listen(addr).await?;
        let stopped = stop.subscribe();
        tasks.spawn(async move {
            axum::serve(own, service)
                .with_graceful_shutdown(gone(stopped))
                .await
                .map_err(Into::into)
        });
    }
    let upkeep = telemetry.clone();
    let upkeep = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    });
    if args.demo {
        crate::demo::announce(&services);
    }
    if let Some(listener) = listener {
        let router = http::router(&services, telemetry);
        eprintln!("Punctual answers on {}", services.config.public_url);
        let stopped = stop.subscribe();
        let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
        tasks.spawn(async move {
            axum::serve(listener, service)
                .with_graceful_shutdown(gone(stopped))
                .await
                .map_err(Into::into)
        });
    }

    let failed = tokio::select! {
        () = signal() => None,
        // Nothing of this ends by itself; what does has failed.
        ended = tasks.join_next(), if !tasks.is_empty() => ended,
    };
    eprintln!("Stopping: requests and jobs under way are finished first.");
    stop.send_replace(true);
    if let Ok(Err(error)) = worker.await {
        tracing::error!(
            error = format!("{error:#}"),
            "the background work did not run"
        );
    }
    let drained = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(Duration::from_secs(10), drained)
        .await
        .is_err()
    {
        tracing::warn!("some connections were still open and are cut");
    }
    upkeep.abort();
    services.deps.db.pool().close().await;
    match failed {
        Some(Ok(Err(error))) => Err(error),
        Some(Err(error)) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes the demo data, then runs jobs until the end. Jobs wait for the demo data, since that plays
/// months of trade with the clock turned back, and a job would do its part today.
async fn work_on(
    services: Services,
    demo: bool,
    work: bool,
    mut stopped: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    if demo {
        let seeded = tokio::select! {
            seeded = crate::demo::seed(&services) => seeded,
            _ = stopped.wait_for(|stop| *stop) => return Ok(()),
        };
        if let Err(error) = seeded {
            tracing::error!(
                error = format!("{error:#}"),
                "the demo data could not be completed"
            );
        }
    }
    if work {
        let registry = wiring::registry(&services)?;
        let workers = Workers::start(&services.deps.db, registry, jobs::Config::default()).await?;
        services.attendance.keep_deriving(gone(stopped)).await;
        workers.stop().await;
    }
    Ok(())
}

/// Ends when the flag is raised, or its owner is gone.
async fn gone(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender was dropped, which is the end as well.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Ends at SIGTERM or Ctrl-C.
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard");
            // Without Ctrl-C there is nothing left to wait for but the end of the process.
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

/// Compile-time proof that the services can go to every task.
const _: fn() = || {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Services>();
};
