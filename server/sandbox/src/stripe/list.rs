//! Lists, their pages, and the expansion of ids into objects.

use serde_json::{Value, json};

use super::balance::BalanceTransaction;
use super::charges::Charge;
use super::customers::Customer;
use super::disputes::Dispute;
use super::errors::ApiError;
use super::form::Params;
use super::intents::Intent;
use super::methods::PaymentMethod;
use super::payouts::Payout;
use super::refunds::Refund;
use crate::state::{Record, State};

/// The parameters that every list takes.
pub(crate) const PAGING: [&str; 4] = ["limit", "starting_after", "ending_before", "created"];

/// An object of the API.
pub(crate) trait Resource: Record + 'static {
    /// What it is called in messages: `payment_intent`.
    const NAME: &'static str;
    /// When it was created, in seconds.
    fn created(&self) -> i64;
    /// The object as the API shows it.
    fn render(&self, state: &State) -> Value;

    /// The object with this id.
    ///
    /// # Errors
    /// 404 `resource_missing`.
    fn get<'a>(state: &'a State, id: &str, param: &str) -> Result<&'a Self, ApiError> {
        state
            .find::<Self>(id)
            .ok_or_else(|| ApiError::no_such(Self::NAME, id, param))
    }

    /// The object with this id, as the API shows it.
    ///
    /// # Errors
    /// 404 `resource_missing`.
    fn show(state: &State, id: &str) -> Result<Value, ApiError> {
        Ok(Self::get(state, id, "id")?.render(state))
    }
}

/// One page of the objects that pass the filter, newest first.
///
/// # Errors
/// A limit outside 1 to 100, or a cursor that is no object's id.
pub(crate) fn page<T: Resource>(
    state: &State,
    params: &Params,
    url: &str,
    keep: impl Fn(&T) -> bool,
) -> Result<Value, ApiError> {
    let limit = params.integer("limit")?.unwrap_or(10);
    if !(1..=100).contains(&limit) {
        let text = "This value must be between 1 and 100.";
        return Err(ApiError::invalid("limit", text).code("parameter_invalid_integer"));
    }
    let limit = limit as usize;
    let created = created_filter(params)?;
    let mut matching: Vec<&T> = state
        .all::<T>()
        .rev()
        .filter(|row| keep(row) && created(row.created()))
        .collect();
    let has_more;
    if let Some(id) = params.text("ending_before") {
        T::get(state, id, "ending_before")?;
        let until = matching.iter().position(|row| row.id() == id).unwrap_or(0);
        matching.truncate(until);
        has_more = matching.len() > limit;
        matching.drain(..matching.len().saturating_sub(limit));
    } else {
        if let Some(id) = params.text("starting_after") {
            T::get(state, id, "starting_after")?;
            let from = matching
                .iter()
                .position(|row| row.id() == id)
                .map_or(0, |at| at + 1);
            matching.drain(..from);
        }
        has_more = matching.len() > limit;
        matching.truncate(limit);
    }
    let data: Vec<Value> = matching.iter().map(|row| row.render(state)).collect();
    Ok(json!({ "object": "list", "url": url, "has_more": has_more, "data": data }))
}

/// `created=…` or `created[gte]=…` and its siblings.
fn created_filter(params: &Params) -> Result<impl Fn(i64) -> bool, ApiError> {
    let exact = params.integer("created")?;
    let range = params.child("created");
    let (gt, gte) = (range.integer("gt")?, range.integer("gte")?);
    let (lt, lte) = (range.integer("lt")?, range.integer("lte")?);
    Ok(move |at: i64| {
        exact.is_none_or(|v| at == v)
            && gt.is_none_or(|v| at > v)
            && gte.is_none_or(|v| at >= v)
            && lt.is_none_or(|v| at < v)
            && lte.is_none_or(|v| at <= v)
    })
}

/// A page of what a query such as `metadata['order']:'A1' AND status:'succeeded'` finds.
///
/// # Errors
/// A query that is none.
pub(crate) fn search<T: Resource>(
    state: &State,
    params: &Params,
    url: &str,
) -> Result<Value, ApiError> {
    let clauses = clauses(params.need("query")?)
        .ok_or_else(|| ApiError::invalid("query", "The search query cannot be read."))?;
    let limit = params.integer("limit")?.unwrap_or(10).clamp(1, 100) as usize;
    let skip: usize = params
        .text("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(0);
    let found: Vec<Value> = state
        .all::<T>()
        .rev()
        .map(|row| row.render(state))
        .filter(|object| clauses.iter().all(|clause| clause.holds(object)))
        .collect();
    let has_more = found.len() > skip + limit;
    let next = has_more.then(|| (skip + limit).to_string());
    let data: Vec<Value> = found.into_iter().skip(skip).take(limit).collect();
    Ok(json!({
        "object": "search_result", "url": url, "has_more": has_more, "next_page": next, "data": data,
    }))
}

struct Clause {
    path: Vec<String>,
    value: String,
}

impl Clause {
    fn holds(&self, object: &Value) -> bool {
        let at = self
            .path
            .iter()
            .fold(object, |node, name| &node[name.as_str()]);
        match at {
            Value::String(text) => *text == self.value,
            Value::Null => self.value == "null",
            other => *other == self.value,
        }
    }
}

/// Clauses joined by AND; OR, negation and ranges are not offered.
fn clauses(query: &str) -> Option<Vec<Clause>> {
    query
        .split(" AND ")
        .map(|clause| {
            let (name, value) = clause.trim().split_once(':')?;
            let value = value.trim().trim_matches(['\'', '"']).to_owned();
            let path: Vec<String> = name
                .split('[')
                .map(|part| {
                    part.trim_end_matches(']')
                        .trim_matches(['\'', '"'])
                        .to_owned()
                })
                .collect();
            let sound = !name.is_empty() && !name.starts_with('-');
            sound.then_some(Clause { path, value })
        })
        .collect()
}

/// Replaces ids by objects where `expand[]` asks for it.
pub(crate) fn expand(state: &State, mut object: Value, params: &Params) -> Value {
    for path in params.list("expand") {
        let names: Vec<&str> = path.split('.').take(5).collect();
        expand_at(state, &mut object, &names);
    }
    object
}

fn expand_at(state: &State, node: &mut Value, path: &[&str]) {
    if let Value::Array(items) = node {
        for item in items {
            expand_at(state, item, path);
        }
        return;
    }
    let Some((name, rest)) = path.split_first() else {
        return;
    };
    if *name == "refunds" && node["object"] == "charge" {
        node["refunds"] = super::refunds::of_charge(state, node["id"].as_str().unwrap_or_default());
    }
    let Some(child) = node.get_mut(*name) else {
        return;
    };
    let replacement = child.as_str().and_then(|id| by_id(state, id));
    if let Some(object) = replacement {
        *child = object;
    }
    expand_at(state, child, rest);
}

/// Any object by its id, as the API shows it.
pub(crate) fn by_id(state: &State, id: &str) -> Option<Value> {
    fn of<T: Resource>(state: &State, id: &str) -> Option<Value> {
        state.find::<T>(id).map(|row| row.render(state))
    }
    match id.split('_').next()? {
        "pi" => of::<Intent>(state, id),
        "ch" => of::<Charge>(state, id),
        "pm" => of::<PaymentMethod>(state, id),
        "cus" => of::<Customer>(state, id),
        "re" => of::<Refund>(state, id),
        "du" => of::<Dispute>(state, id),
        "txn" => of::<BalanceTransaction>(state, id),
        "po" => of::<Payout>(state, id),
        _ => None,
    }
}

/// Implements [`Resource`] for a struct with `id` and `created`, rendered by its `view`.
macro_rules! resource {
    ($row:ty, $name:literal) => {
        impl $crate::stripe::list::Resource for $row {
            const NAME: &'static str = $name;
            fn created(&self) -> i64 {
                self.created
            }
            fn render(&self, state: &$crate::state::State) -> serde_json::Value {
                self.view(state)
            }
        }
    };
}
pub(crate) use resource;
