//! What an operator may set: `punctual.toml` in the working folder, and above it the environment.
//! The keys are the same in both, lower-case in the file. Any secret may be given as `NAME_FILE`,
//! the path of a file that holds it. Keys that nobody knows are refused.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Map};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The file that is read if it is there.
pub const FILE: &str = "punctual.toml";

/// The keys that hold secrets, and so may be given as `<key>_file`.
const SECRETS: &[&str] = &[
    "database_url",
    "punctual_master_key",
    "smtp_url",
    "stripe_secret_key",
    "stripe_webhook_secret",
];

/// Every key, with its default. Absent means: not set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(skip_serializing)]
    database_url: Option<SecretString>,
    leptos_site_addr: SocketAddr,
    leptos_site_root: PathBuf,
    punctual_data_dir: PathBuf,
    punctual_public_url: Option<String>,
    #[serde(skip_serializing)]
    punctual_master_key: Option<SecretString>,
    punctual_organisation: String,
    punctual_sandbox_addr: SocketAddr,
    punctual_metrics_addr: Option<SocketAddr>,
    punctual_devices_addr: Option<SocketAddr>,
    otel_exporter_otlp_endpoint: Option<String>,
    #[serde(skip_serializing)]
    smtp_url: Option<SecretString>,
    punctual_mail_from: String,
    stripe_api_base: Option<String>,
    #[serde(skip_serializing)]
    stripe_secret_key: Option<SecretString>,
    stripe_publishable_key: Option<String>,
    #[serde(skip_serializing)]
    stripe_webhook_secret: Option<SecretString>,
    stripe_js_url: Option<String>,
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            database_url: None,
            leptos_site_addr: SocketAddr::from(([127, 0, 0, 1], 3000)),
            leptos_site_root: PathBuf::from("target/site"),
            punctual_data_dir: PathBuf::from("data"),
            punctual_public_url: None,
            punctual_master_key: None,
            punctual_organisation: "Aldertree Instruments".to_owned(),
            punctual_sandbox_addr: SocketAddr::from(([127, 0, 0, 1], 4010)),
            punctual_metrics_addr: None,
            punctual_devices_addr: None,
            otel_exporter_otlp_endpoint: None,
            smtp_url: None,
            punctual_mail_from: "Punctual <noreply@localhost>".to_owned(),
            stripe_api_base: None,
            stripe_secret_key: None,
            stripe_publishable_key: None,
            stripe_webhook_secret: None,
            stripe_js_url: None,
        }
    }
}

/// The configuration, checked and complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// The database; absent means a private one under `data_dir`.
    pub database_url: Option<SecretString>,
    /// Where the pages are served.
    pub site_addr: SocketAddr,
    /// The folder with the built browser part.
    pub site_root: PathBuf,
    /// The folder for everything that Punctual keeps itself.
    pub data_dir: PathBuf,
    /// How the outside reaches us, without a slash at the end.
    pub public_url: String,
    /// The key that seals secrets; absent means one that is made and kept under `data_dir`.
    pub master_key: Option<SecretString>,
    /// The name that customers read.
    pub organisation: String,
    /// Where the sandbox listens when this process runs it.
    pub sandbox_addr: SocketAddr,
    /// A private listener for `/metrics` and health; absent means that `/metrics` asks for a token.
    pub metrics_addr: Option<SocketAddr>,
    /// A listener for wall devices alone; absent means that they call the public one.
    pub devices_addr: Option<SocketAddr>,
    /// The collector of traces, without `/v1/traces`; absent means that no traces are sent.
    pub otlp_endpoint: Option<String>,
    /// The mail server; absent means that mail is kept and shown.
    pub smtp_url: Option<SecretString>,
    /// The sender of our mail.
    pub mail_from: String,
    /// Stripe; absent means that no card can be taken.
    pub stripe: Option<payments::gateways::stripe::Settings>,
}

impl Config {
    /// Reads file and environment. `sandbox` says that providers which are not set are the sandbox.
    ///
    /// # Errors
    /// One clear line that names the key or file that is wrong.
    pub fn load(sandbox: bool) -> anyhow::Result<Self> {
        refuse_unknown_environment()?;
        let raw: Raw = figment()?
            .extract()
            .context("the configuration is not right")?;
        complete(raw, sandbox)
    }
}

impl Config {
    /// Whether the gateway that is set up is the sandbox beside us.
    pub fn runs_sandbox(&self) -> bool {
        let at = format!("http://{}", self.sandbox_addr);
        self.stripe
            .as_ref()
            .is_some_and(|stripe| stripe.api_base.starts_with(&at))
    }
}

fn figment() -> anyhow::Result<Figment> {
    let keys = keys();
    let environment = Env::raw()
        .filter(move |name| {
            keys.iter()
                .any(|key| name.as_str().eq_ignore_ascii_case(key))
        })
        .map(|name| name.as_str().to_ascii_lowercase().into());
    let mut file = Toml::string("");
    if std::path::Path::new(FILE).exists() {
        file = Toml::string(
            &std::fs::read_to_string(FILE).with_context(|| format!("cannot read {FILE}"))?,
        );
    }
    let from_file = Figment::from(file);
    let mut secrets = Dict::new();
    for secret in SECRETS {
        let name = format!("{}_FILE", secret.to_ascii_uppercase());
        let path = match std::env::var(&name) {
            Ok(path) if !path.is_empty() => path,
            _ => match from_file.find_value(&format!("{secret}_file")) {
                Ok(value) => value
                    .into_string()
                    .with_context(|| format!("{secret}_file is not a path"))?,
                Err(_) => continue,
            },
        };
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {path}, named by {name}"))?;
        secrets.insert((*secret).to_owned(), text.trim().to_owned().into());
    }
    // The `_file` keys have been followed and must not reach the strict reading.
    let mut plain: Dict = from_file
        .extract::<Dict>()
        .with_context(|| format!("{FILE} cannot be read"))?;
    plain.retain(|key, _| {
        !SECRETS
            .iter()
            .any(|secret| *key == format!("{secret}_file"))
    });
    Ok(Figment::from(Serialized::defaults(Raw::default()))
        .merge(Layer(plain, FILE))
        .merge(environment)
        .merge(Layer(secrets, "the secret files")))
}

/// A layer of values that were read beforehand.
struct Layer(Dict, &'static str);

impl figment::Provider for Layer {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named(self.1)
    }
    fn data(&self) -> Result<Map<figment::Profile, Dict>, figment::Error> {
        Ok(Map::from([(figment::Profile::Default, self.0.clone())]))
    }
}

fn keys() -> Vec<&'static str> {
    vec![
        "database_url",
        "leptos_site_addr",
        "leptos_site_root",
        "punctual_data_dir",
        "punctual_public_url",
        "punctual_master_key",
        "punctual_organisation",
        "punctual_sandbox_addr",
        "punctual_metrics_addr",
        "punctual_devices_addr",
        "otel_exporter_otlp_endpoint",
        "smtp_url",
        "punctual_mail_from",
        "stripe_api_base",
        "stripe_secret_key",
        "stripe_publishable_key",
        "stripe_webhook_secret",
        "stripe_js_url",
    ]
}

/// Names that begin with ours but are read elsewhere: by the launcher of the private database, by
/// tests.
const ELSEWHERE: &[&str] = &[
    "PUNCTUAL_PG_BIN",
    "PUNCTUAL_PG_USER",
    "PUNCTUAL_KILL_AT",
    "PUNCTUAL_SAMPLES",
];

/// A variable with our prefix that we do not know is a typing mistake that would otherwise be found
/// much later.
fn refuse_unknown_environment() -> anyhow::Result<()> {
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with("PUNCTUAL_")) else {
            continue;
        };
        let plain = name
            .strip_suffix("_FILE")
            .unwrap_or(name)
            .to_ascii_lowercase();
        if !keys().contains(&plain.as_str()) && !ELSEWHERE.contains(&name) {
            bail!(
                "{name} is not a setting of Punctual; see the configuration section of README.md"
            );
        }
    }
    Ok(())
}

fn complete(raw: Raw, sandbox: bool) -> anyhow::Result<Config> {
    let public_url = raw
        .punctual_public_url
        .unwrap_or_else(|| format!("http://{}", raw.leptos_site_addr));
    let public_url = public_url.trim_end_matches('/').to_owned();
    if !is_web_address(&public_url) {
        bail!("PUNCTUAL_PUBLIC_URL must begin with http:// or https://, and is {public_url}");
    }
    // Set to nothing is not set, as OpenTelemetry has it.
    let otlp_endpoint = raw
        .otel_exporter_otlp_endpoint
        .filter(|endpoint| !endpoint.is_empty());
    if otlp_endpoint
        .as_deref()
        .is_some_and(|endpoint| !is_web_address(endpoint))
    {
        bail!("OTEL_EXPORTER_OTLP_ENDPOINT must begin with http:// or https://");
    }
    let at = format!("http://{}", raw.punctual_sandbox_addr);
    let or_sandbox = |given: Option<String>, theirs: &str, real: &str| {
        given.unwrap_or_else(|| {
            if sandbox {
                format!("{at}{theirs}")
            } else {
                real.to_owned()
            }
        })
    };
    let secret = |given: Option<SecretString>, theirs: &str| {
        given.or_else(|| sandbox.then(|| SecretString::from(theirs.to_owned())))
    };
    let secret_key = secret(raw.stripe_secret_key, sandbox::SECRET_KEY);
    let webhook_secret = secret(raw.stripe_webhook_secret, sandbox::WEBHOOK_SECRET);
    let publishable_key = raw
        .stripe_publishable_key
        .or_else(|| sandbox.then(|| sandbox::PUBLISHABLE_KEY.to_owned()));
    let stripe = match (secret_key, publishable_key, webhook_secret) {
        (Some(secret_key), Some(publishable_key), Some(webhook_secret)) => {
            Some(payments::gateways::stripe::Settings {
                api_base: or_sandbox(raw.stripe_api_base, "/stripe", "https://api.stripe.com"),
                js_url: or_sandbox(raw.stripe_js_url, "/stripe/js", "https://js.stripe.com/v3/"),
                secret_key,
                publishable_key,
                webhook_secret,
            })
        }
        (None, None, None) => None,
        _ => bail!(
            "Stripe is half set up: STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET belong together"
        ),
    };
    Ok(Config {
        database_url: raw.database_url,
        site_addr: raw.leptos_site_addr,
        site_root: raw.leptos_site_root,
        data_dir: raw.punctual_data_dir,
        public_url,
        master_key: raw.punctual_master_key,
        organisation: raw.punctual_organisation,
        sandbox_addr: raw.punctual_sandbox_addr,
        metrics_addr: raw.punctual_metrics_addr,
        devices_addr: raw.punctual_devices_addr,
        otlp_endpoint,
        smtp_url: raw.smtp_url,
        mail_from: raw.punctual_mail_from,
        stripe,
    })
}

fn is_web_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> Result<Raw, figment::Error> {
        Figment::from(Serialized::defaults(Raw::default()))
            .merge(Toml::string(text))
            .extract()
    }

    #[test]
    fn every_key_of_the_list_is_a_field_and_the_other_way_round() {
        for key in keys() {
            let value = if key.ends_with("_addr") {
                "127.0.0.1:1"
            } else {
                "x"
            };
            assert!(
                from(&format!("{key} = \"{value}\"")).is_ok(),
                "{key} is no field"
            );
        }
        let error = from("databaze_url = \"x\"").expect_err("an unknown key");
        assert!(error.to_string().contains("databaze_url"), "{error}");
    }

    #[test]
    fn a_collector_has_an_address_of_the_web_or_there_is_none() {
        let with = |endpoint: &str| {
            let raw = Raw {
                otel_exporter_otlp_endpoint: Some(endpoint.to_owned()),
                ..Raw::default()
            };
            complete(raw, false).map(|config| config.otlp_endpoint)
        };
        assert_eq!(with("").expect("set to nothing"), None);
        let given = "http://collector:4318";
        assert_eq!(with(given).expect("an address").as_deref(), Some(given));
        assert!(with("collector:4317").is_err());
    }

    #[test]
    fn half_a_gateway_is_refused_and_a_sandbox_fills_the_gaps() {
        let half = Raw {
            stripe_secret_key: Some("sk_live_x".to_owned().into()),
            ..Raw::default()
        };
        assert!(complete(half.clone(), false).is_err());
        let filled = complete(half, true)
            .expect("the sandbox has the rest")
            .stripe
            .expect("set up");
        assert!(filled.js_url.starts_with("http://127.0.0.1:4010/"));
        assert!(
            complete(Raw::default(), false)
                .expect("no gateway")
                .stripe
                .is_none()
        );
    }
}
