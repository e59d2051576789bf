//! The one place where services, adapters and jobs are built.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use attendance::Attendance;
use identity::Identity;
use ledger::Ledger;
use payments::Payments;
use payments::gateways::{Gateways, stripe::Stripe};
use platform::idempotency::LightKeys;
use platform::jobs::Registry;
use platform::mail::{Mailer, SmtpConfig};
use platform::outbox::Relay;
use platform::postgres::{PostgresConfig, PostgresError, PrivatePostgres};
use platform::vault::Vault;
use platform::{Db, Deps, SystemClock, SystemEntropy};
use scheduling::Scheduling;
use secrecy::{ExposeSecret, SecretBox, SecretString};

use crate::config::Config;

/// How many connections the pool may have: the workers, the web part, and sagas, each of which
/// holds one while it wants another.
const POOL: u32 = 48;

/// Everything that the edges work with; cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// The configuration.
    pub config: Arc<Config>,
    /// Clock, database, ids.
    pub deps: Deps,
    /// People, sessions, tokens.
    pub identity: Identity,
    /// The books.
    pub ledger: Ledger,
    /// Orders and payments.
    pub payments: Payments,
    /// Meetings.
    pub scheduling: Scheduling,
    /// Punches, days, leave, roster.
    pub attendance: Attendance,
    /// Idempotency keys of calls that are known again without them.
    pub keys: LightKeys,
    /// Hands events to subscribers, and to pages that stay open.
    pub relay: Relay,
}

/// Where a server leaves the address of its private database for commands beside it.
const ADDRESS_FILE: &str = "database.url";

/// The database that is in use, and the private server behind it if there is one.
pub struct Database {
    /// The address.
    pub url: SecretString,
    /// Our own server; stopped when everything else is.
    pub private: Option<PrivatePostgres>,
}

impl Database {
    /// Uses the configured database, or starts a private one.
    ///
    /// # Errors
    /// When the private one cannot be started; the message says what to do.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        if let Some(url) = &config.database_url {
            return Ok(Self {
                url: url.clone(),
                private: None,
            });
        }
        let private = PrivatePostgres::start(&PostgresConfig::at(&config.data_dir)).await?;
        keep_secret(
            &config.data_dir.join(ADDRESS_FILE),
            private.url().expose_secret(),
        )?;
        Ok(Self {
            url: private.url(),
            private: Some(private),
        })
    }

    /// As [`Database::open`]; but when a server of ours runs on the data folder already, uses the
    /// database that it has started. For commands that run beside a server.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn open_beside(config: &Config) -> anyhow::Result<Self> {
        match Self::open(config).await {
            Err(error) if matches!(error.downcast_ref(), Some(PostgresError::Busy { .. })) => {
                let path = config.data_dir.join(ADDRESS_FILE);
                let url = fs::read_to_string(&path)
                    .with_context(|| format!("{error}; and {} cannot be read", path.display()))?;
                Ok(Self {
                    url: url.trim().to_owned().into(),
                    private: None,
                })
            }
            opened => opened,
        }
    }

    /// Stops the private server, if there is one.
    pub async fn close(self) {
        if let Some(private) = self.private {
            private.stop().await;
        }
    }
}

/// Builds everything over a database that is reachable. Does not migrate.
///
/// # Errors
/// When the database cannot be reached or the master key cannot be used.
pub async fn build(config: Config, url: &SecretString) -> anyhow::Result<Services> {
    let db = Db::connect(url, POOL)
        .await
        .context("the database cannot be reached")?;
    let deps = Deps {
        db,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        http: platform::http::client().context("the HTTP client cannot be set up")?,
        vault: Vault::new(master_key(&config)?),
        hasher: platform::Hasher::default(),
    };
    Ok(assemble(Arc::new(config), deps))
}

/// Puts the services together over given dependencies.
pub fn assemble(config: Arc<Config>, deps: Deps) -> Services {
    let mut gateways = Gateways::default();
    if let Some(settings) = &config.stripe {
        gateways = gateways.with(Arc::new(Stripe::new(settings.clone(), deps.http.clone())));
    }
    let ledger = Ledger::new(deps.clone());
    let own = payments::Config {
        public_url: config.public_url.clone(),
        organisation: config.organisation.clone(),
    };
    let payments = Payments::new(deps.clone(), ledger.clone(), own, gateways);
    let identity = Identity::new(deps.clone());
    let own = scheduling::Config {
        public_url: config.public_url.clone(),
        organisation: config.organisation.clone(),
        mail_from: config.mail_from.clone(),
    };
    let scheduling = Scheduling::new(deps.clone(), own);
    let own = attendance::Config {
        public_url: config.public_url.clone(),
        organisation: config.organisation.clone(),
    };
    let attendance = Attendance::new(deps.clone(), own);
    let relay = Relay::new(
        deps.db.clone(),
        deps.clock.clone(),
        crate::subscribers::all(&identity, &scheduling, &attendance),
    );
    Services {
        config,
        deps,
        identity,
        ledger,
        payments,
        scheduling,
        attendance,
        keys: LightKeys::default(),
        relay,
    }
}

/// Every job, timer and subscriber of this program.
///
/// # Errors
/// When the mail server's address or our sender cannot be read.
pub fn registry(services: &Services) -> anyhow::Result<Registry> {
    let (db, clock) = (services.deps.db.clone(), services.deps.clock.clone());
    let mut registry = Registry::new();
    services.identity.register_jobs(&mut registry);
    services.ledger.register_jobs(&mut registry);
    services.payments.register_jobs(&mut registry);
    services.scheduling.register_jobs(&mut registry);
    services.attendance.register_jobs(&mut registry);
    services.relay.register(&mut registry);
    platform::idempotency::register(&mut registry, db.clone(), clock.clone());
    let smtp = services.config.smtp_url.clone();
    let smtp = smtp.map(|url| SmtpConfig {
        url,
        from: services.config.mail_from.clone(),
    });
    Mailer::new(db, clock, smtp)?.register(&mut registry);
    Ok(registry)
}

/// The key that seals secrets: as configured, or made once and kept in the data folder.
fn master_key(config: &Config) -> anyhow::Result<SecretBox<[u8; 32]>> {
    let text = match &config.master_key {
        Some(text) => text.expose_secret().trim().to_owned(),
        None => kept_key(&config.data_dir)?,
    };
    let mut key = Box::new([0_u8; 32]);
    if text.len() != 64 {
        bail!("the master key must be 64 hexadecimal digits (32 bytes)");
    }
    for (index, byte) in key.iter_mut().enumerate() {
        let digits = text.get(2 * index..2 * index + 2).unwrap_or("");
        *byte = u8::from_str_radix(digits, 16)
            .ok()
            .context("the master key must be 64 hexadecimal digits (32 bytes)")?;
    }
    Ok(SecretBox::new(key))
}

fn kept_key(data_dir: &Path) -> anyhow::Result<String> {
    let path = data_dir.join("master.key");
    if path.exists() {
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        return Ok(text.trim().to_owned());
    }
    fs::create_dir_all(data_dir).with_context(|| format!("cannot make {}", data_dir.display()))?;
    let mut bytes = [0_u8; 32];
    platform::Entropy::fill(&SystemEntropy, &mut bytes);
    let text: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    keep_secret(&path, &text)?;
    Ok(text)
}

/// Writes a file that only our own user may read.
fn keep_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    let partial = path.with_extension("new");
    let written = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&partial)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .and_then(|()| fs::rename(&partial, path));
    written.with_context(|| format!("cannot write {}", path.display()))
}
