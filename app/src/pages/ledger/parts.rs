//! What the pages of the ledger share: forms that live in the address, and cells of tables.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::ledger::AccountKind;
use model::{Money, Problem};

use crate::api::ApiError;
use crate::paths::use_here;
use crate::ui::{Amount, Button, ErrorState, Input, Look, field_id};

/// Shows what was read, or the problem in its place.
pub fn shown<T>(read: Result<T, ApiError>, show: impl FnOnce(T) -> AnyView) -> AnyView {
    match read {
        Ok(value) => show(value),
        Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
    }
}

/// A parameter of the address that is there and not empty.
pub fn text(query: &ParamsMap, key: &str) -> Option<String> {
    query
        .get(key)
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// A day in the address, such as `?from=2026-11-23`.
///
/// # Errors
/// 422 for what is no day.
pub fn day(query: &ParamsMap, key: &str) -> Result<Option<NaiveDate>, ApiError> {
    let Some(text) = text(query, key) else {
        return Ok(None);
    };
    let read = text.parse().map(Some);
    read.map_err(|_| {
        let message = format!("“{text}” is not a day. Write it as 2026-11-23.");
        ApiError(Problem::invalid_field(key, message))
    })
}

/// A day as people read it: `23 Nov 2026`.
pub fn day_words(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// A form whose fields are parameters of the address. It keeps the other parameters and begins at
/// the first page. Works without scripts.
#[component]
pub fn QueryForm(
    /// What it chooses, for those who listen.
    #[prop(into)]
    label: String,
    /// The parameters that its fields set.
    params: &'static [&'static str],
    /// [`QueryField`]s.
    children: Children,
) -> impl IntoView {
    let here = use_here();
    let query = use_query_map();
    let kept = move || {
        query.with(|query| {
            query
                .clone()
                .into_iter()
                .filter(|(key, _)| key != "cursor" && !params.contains(&key.as_ref()))
                .map(|(key, value)| {
                    view! { <input type="hidden" name=key.to_string() value=value/> }
                })
                .collect_view()
        })
    };
    let clear = move || {
        let chosen = query.with(|query| params.iter().any(|key| text(query, key).is_some()));
        let gone = params
            .iter()
            .chain(&["cursor"])
            .map(|key| (*key, None))
            .collect::<Vec<_>>();
        chosen.then(|| {
            view! { <a class="button button-quiet" href=here.with(&gone)>"Clear"</a> }
        })
    };
    view! {
        <div class="query" role="search" aria-label=label>
            <Form method="GET" action=move || here.path()>
                {kept}
                <div class="query-fields">
                    {children()}
                    <span class="button-row">
                        <Button submit=true look=Look::Secondary>
                            "Show"
                        </Button>
                        {clear}
                    </span>
                </div>
            </Form>
        </div>
    }
}

/// One field of a [`QueryForm`]. It follows the address, also backwards.
#[component]
pub fn QueryField(
    /// The parameter in the address.
    param: &'static str,
    /// The words above.
    #[prop(into)]
    label: String,
    /// What kind of text is typed.
    #[prop(optional)]
    input: Input,
    /// An example.
    #[prop(optional, into)]
    placeholder: String,
) -> impl IntoView {
    let query = use_query_map();
    let value = move || query.with(|query| query.get(param).unwrap_or_default());
    let id = field_id(param);
    let kind = if input == Input::Date { "date" } else { "text" };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="input"
                id=id
                name=param
                type=kind
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                value=value
                prop:value=value
                autocomplete="off"
                spellcheck="false"
            />
        </div>
    }
}

/// The path of an account, which may break after each colon.
#[component]
pub fn AccountPathText(
    /// The whole path.
    #[prop(into)]
    path: String,
) -> impl IntoView {
    let mut rest = path.split(':').peekable();
    let mut segments = Vec::new();
    while let Some(segment) = rest.next() {
        let more = rest.peek().is_some();
        let segment = if more {
            format!("{segment}:")
        } else {
            segment.to_owned()
        };
        segments.push(view! { {segment}{more.then(|| view! { <wbr/> })} });
    }
    view! { <span class="account-path">{segments}</span> }
}

/// An amount in a column of a table; a dash where there is none.
pub fn amount_cell(money: Option<Money>) -> AnyView {
    match money.filter(|money| money.minor != 0) {
        Some(money) => view! { <Amount money/> }.into_any(),
        None => view! { <span class="quiet">"–"</span> }.into_any(),
    }
}

/// The debit column and the credit column of an amount.
pub fn two_columns(amount: Money) -> (Option<Money>, Option<Money>) {
    if amount.minor < 0 {
        (None, Some(amount.negated()))
    } else {
        (Some(amount), None)
    }
}

/// The name of a posting rule as people say it.
pub fn rule_words(kind: &str) -> String {
    match kind {
        "captured" => "Payment captured".to_owned(),
        "fee" => "Gateway fee".to_owned(),
        "paid_out" => "Payout sent".to_owned(),
        "bank_credited" => "Payout arrived".to_owned(),
        "reversal" => "Reversal".to_owned(),
        other => {
            let mut words = other.replace('_', " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            words
        }
    }
}

/// On which side such an account stands, in a sentence.
pub fn side_words(kind: AccountKind) -> String {
    format!("Balances are positive on the {} side", kind.normal_side())
}

/// The payment behind a business event such as `payment:<id>:captured`.
pub fn payment_of(source: &str) -> Option<model::PaymentId> {
    source
        .strip_prefix("payment:")?
        .split(':')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_business_event_leads_to_its_payment() {
        let id = "019a2b3c-4d5e-7f60-8123-456789abcdef";
        let found = payment_of(&format!("payment:{id}:captured"));
        assert_eq!(found.map(|id| id.to_string()).as_deref(), Some(id));
        assert_eq!(payment_of("stripe:po_1:paid_out"), None);
        assert_eq!(payment_of("payment:nobody:captured"), None);
    }

    #[test]
    fn posting_rules_have_words() {
        assert_eq!(rule_words("bank_credited"), "Payout arrived");
        assert_eq!(rule_words("fx_gain"), "Fx gain");
        assert_eq!(rule_words(""), "");
    }

    #[test]
    fn a_day_that_is_none_is_refused() {
        let mut query = ParamsMap::new();
        query.insert("from", "2026-11-23".to_owned());
        query.insert("to", "yesterday".to_owned());
        assert_eq!(
            day(&query, "from").ok().flatten().map(day_words).as_deref(),
            Some("23 Nov 2026")
        );
        assert!(day(&query, "to").unwrap_err().0.message_for("to").is_some());
        assert_eq!(day(&query, "asOf"), Ok(None));
    }
}
