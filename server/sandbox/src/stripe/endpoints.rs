//! Webhook endpoints: the configured one and those made over the API.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Call;
use super::errors::ApiError;
use super::form::Metadata;
use super::list::{PAGING, Resource, page, resource};
use crate::Config;
use crate::state::State;

/// The id of the endpoint that comes from the configuration.
const CONFIGURED: &str = "we_configured";

/// Where events go.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) url: String,
    pub(crate) secret: String,
    /// Event types; `*` for all.
    pub(crate) events: Vec<String>,
    pub(crate) metadata: Metadata,
}

resource!(Endpoint, "webhook_endpoint");

impl Endpoint {
    fn view(&self, _state: &State) -> Value {
        json!({
            "id": self.id,
            "object": "webhook_endpoint",
            "api_version": super::API_VERSION,
            "application": null,
            "created": self.created,
            "description": null,
            "enabled_events": self.events,
            "livemode": false,
            "metadata": self.metadata,
            "status": "enabled",
            "url": self.url,
        })
    }

    /// Whether it asked for events of this type.
    pub(crate) fn wants(&self, kind: &str) -> bool {
        self.events
            .iter()
            .any(|wanted| wanted == "*" || wanted == kind)
    }
}

/// Brings the configured endpoint in line with the configuration.
pub(crate) fn configure(state: &mut State, config: &Config) {
    match &config.webhook_url {
        Some(url) => {
            let created = state.now_seconds();
            state.put(Endpoint {
                id: CONFIGURED.to_owned(),
                created,
                url: url.clone(),
                secret: config.webhook_secret.clone(),
                events: vec!["*".to_owned()],
                metadata: Metadata::new(),
            });
        }
        None => state.remove::<Endpoint>(CONFIGURED),
    }
}

pub(crate) fn create(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    let known = [
        "url",
        "enabled_events",
        "metadata",
        "description",
        "api_version",
    ];
    call.params.only(&known)?;
    let url = call.params.need("url")?.to_owned();
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(ApiError::invalid(
            "url",
            "Invalid URL: it starts with http:// or https://",
        ));
    }
    let events: Vec<String> = call
        .params
        .list("enabled_events")
        .into_iter()
        .map(str::to_owned)
        .collect();
    if events.is_empty() {
        return Err(ApiError::missing("enabled_events"));
    }
    let mut metadata = Metadata::new();
    call.params.merge_metadata(&mut metadata);
    let endpoint = Endpoint {
        id: state.new_id("we"),
        created: state.now_seconds(),
        url,
        secret: format!("whsec_{}", state.letters(32)),
        events,
        metadata,
    };
    state.put(endpoint.clone());
    let mut view = endpoint.render(state);
    // Shown this once.
    view["secret"] = json!(endpoint.secret);
    Ok(view)
}

pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    Endpoint::show(state, call.id)
}

pub(crate) fn delete(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    Endpoint::get(state, call.id, "id")?;
    state.remove::<Endpoint>(call.id);
    Ok(json!({ "id": call.id, "object": "webhook_endpoint", "deleted": true }))
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params.only(&PAGING)?;
    page::<Endpoint>(state, call.params, "/v1/webhook_endpoints", |_| true)
}
