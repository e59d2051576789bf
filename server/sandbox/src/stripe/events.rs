//! Events: what happened, as the object was then. Each one is queued for every endpoint at once.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::endpoints::Endpoint;
use super::errors::ApiError;
use super::list::{PAGING, Resource, page, resource};
use super::{API_VERSION, Call};
use crate::state::State;
use crate::webhooks;

/// Something that happened.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) created: i64,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The object as it was then.
    pub(crate) object: Value,
    /// The request that caused it and its idempotency key.
    pub(crate) request: Option<(String, Option<String>)>,
    /// To how many endpoints it was queued.
    pub(crate) endpoints: usize,
}

resource!(Event, "event");

impl Event {
    fn view(&self, _state: &State) -> Value {
        let (id, key) = self.request.clone().unzip();
        json!({
            "id": self.id,
            "object": "event",
            "api_version": API_VERSION,
            "created": self.created,
            "data": { "object": self.object },
            "livemode": false,
            "pending_webhooks": self.endpoints,
            "request": { "id": id, "idempotency_key": key.flatten() },
            "type": self.kind,
        })
    }
}

/// Records an event and queues its deliveries.
pub(crate) fn emit(state: &mut State, kind: &str, object: Value) {
    let targets: Vec<String> = state
        .all::<Endpoint>()
        .filter(|endpoint| endpoint.wants(kind))
        .map(|endpoint| endpoint.id.clone())
        .collect();
    let event = Event {
        id: state.new_id("evt"),
        created: state.now_seconds(),
        kind: kind.to_owned(),
        object,
        request: state.request.clone(),
        endpoints: targets.len(),
    };
    for endpoint in targets {
        webhooks::queue(state, &event.id, &endpoint);
    }
    state.put(event);
}

pub(crate) fn retrieve(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    Event::show(state, call.id)
}

pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Result<Value, ApiError> {
    call.params
        .only(&[&PAGING[..], &["type", "types", "delivery_success"]].concat())?;
    let one = call.params.text("type");
    let several = call.params.list("types");
    let of = |pattern: &str, kind: &str| {
        pattern == kind
            || pattern
                .strip_suffix('*')
                .is_some_and(|start| kind.starts_with(start))
    };
    page::<Event>(state, call.params, "/v1/events", |event| {
        one.is_none_or(|pattern| of(pattern, &event.kind))
            && (several.is_empty() || several.iter().any(|pattern| of(pattern, &event.kind)))
    })
}
