//! The chosen line: what it says, why it is open or by what it was matched, what it might be, and
//! what people wrote on it.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use model::Money;
use model::settlement::{ItemRow, ItemStatus, NoteView, PayoutView};

use super::words;
use crate::api::ApiError;
use crate::api::settlement::AddItemNote;
use crate::format;
use crate::paths;
use crate::ui::*;

/// The id of the note's form.
const FORM: &str = "note-form";

/// The line beside the queue.
#[component]
pub fn Chosen(
    /// The line; nothing while none is chosen.
    item: Option<ItemRow>,
    /// Puts notes on it.
    noting: ServerAction<AddItemNote>,
) -> impl IntoView {
    let Some(item) = item else {
        return view! {
            <p class="muted small">
                "Choose a line to see what it says, what it might belong to, and why."
            </p>
        }
        .into_any();
    };
    let (tone, label) = words::item_status(item.status);
    view! {
        <section class="section item-panel" aria-label="Chosen line">
            <div class="spread">
                <Amount money=item.money size=AmountSize::Large/>
                <Chip tone label/>
            </div>
            <h3>{words::name_of(&item)}</h3>
            {explanation(&item)}
            {candidates(&item)}
            <Says item=item.clone()/>
            <Notes item noting/>
        </section>
    }
    .into_any()
}

/// The rule's or the matcher's own words.
fn explanation(item: &ItemRow) -> AnyView {
    let title = words::reason_of(item);
    let text = item.explanation.clone().unwrap_or_default();
    if title.is_empty() && text.is_empty() {
        return ().into_any();
    }
    let (tone, title) = match item.status {
        ItemStatus::Matched => (
            Tone::Positive,
            format!("Matched by: {}", lower_first(&title)),
        ),
        _ if title.is_empty() => (Tone::Caution, "Open".to_owned()),
        _ => (Tone::Caution, title),
    };
    view! { <Notice tone title text/> }.into_any()
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

/// The payouts that it might be, each with where it agrees and where not.
fn candidates(item: &ItemRow) -> AnyView {
    if item.candidates.is_empty() {
        return ().into_any();
    }
    let rows = item
        .candidates
        .iter()
        .map(|payout| {
            TableRow::plain()
                .cell(view! { <ShortId id=payout.reference.clone() label="payout id"/> })
                .cell(agreement(amount_differs(item.money, payout.money)))
                .cell(agreement(day_differs(item, payout)))
                .cell(agreement(name_differs(item, payout)))
                .cell(view! { <Amount money=payout.money/> })
        })
        .collect();
    view! {
        <h4>"What it might be"</h4>
        <DataTable
            caption="Payouts that this line might be"
            compact=true
            columns=vec![
                Column::text("payout", "Payout"),
                Column::text("amount-agrees", "Amount agrees"),
                Column::text("day-agrees", "Day agrees"),
                Column::text("name-agrees", "Name agrees"),
                Column::number("amount", "Amount").lead(),
            ]
            rows
        />
    }
    .into_any()
}

/// Yes, or how it differs.
fn agreement(difference: Option<String>) -> AnyView {
    match difference {
        None => view! { <Chip tone=Tone::Positive label="Yes"/> }.into_any(),
        Some(difference) => view! { <Chip tone=Tone::Caution label=difference/> }.into_any(),
    }
}

fn amount_differs(line: Money, payout: Money) -> Option<String> {
    match line.checked_sub(payout) {
        Ok(difference) if difference.minor == 0 => None,
        Ok(difference) => Some(format!("Differs by {}", difference.display())),
        Err(_) => Some("Other currency".to_owned()),
    }
}

fn day_differs(item: &ItemRow, payout: &PayoutView) -> Option<String> {
    let (Some(line), Some(payout)) = (item.value_date.or(item.booking_date), payout.effective_on)
    else {
        return Some("Not known".to_owned());
    };
    match (line - payout).num_days() {
        0 => None,
        days if days > 0 => Some(format!("{} later", format::counted(days, "day", "days"))),
        days => Some(format!("{} earlier", format::counted(-days, "day", "days"))),
    }
}

fn name_differs(item: &ItemRow, payout: &PayoutView) -> Option<String> {
    let names = [Some(&payout.reference), payout.trace.as_ref()];
    let said = [&item.reference, &item.end_to_end_id, &item.text];
    let named = names.into_iter().flatten().any(|name| {
        said.iter().any(|text| {
            text.as_ref()
                .is_some_and(|text| text.contains(name.as_str()))
        })
    });
    (!named).then(|| "Not named".to_owned())
}

/// What the line itself says.
#[component]
fn Says(item: ItemRow) -> impl IntoView {
    let place = match &item.statement {
        Some(statement) => format!("statement {statement}, line {}", item.position),
        None => format!("line {} of the file", item.line),
    };
    let source = format!("{} {}, {place}", words::source(item.source), item.party);
    let mut facts = vec![
        Fact::new("About", words::kind(item.kind)),
        Fact::new("Source", source),
        Fact::new(
            "File",
            view! { <a href=paths::import(item.import_id)>{item.file}</a> },
        ),
        Fact::new("Value date", words::day(item.value_date)),
        Fact::new("Booked", words::day(item.booking_date)),
    ];
    if item.status == ItemStatus::Open {
        facts.push(Fact::new(
            "Age",
            format::counted(item.age_days, "day", "days"),
        ));
    }
    for (name, money) in [("Gross", item.gross), ("Fee", item.fee)] {
        if let Some(money) = money {
            facts.push(Fact::new(name, view! { <Amount money/> }));
        }
    }
    for (name, text) in [("Counterparty", item.counterparty), ("Text", item.text)] {
        if let Some(text) = text {
            facts.push(Fact::new(
                name,
                view! { <span class="item-said">{text}</span> },
            ));
        }
    }
    let ids = [
        ("Reference", item.reference, "reference"),
        ("End-to-end id", item.end_to_end_id, "end-to-end id"),
        ("Payout", item.payout, "payout id"),
    ];
    for (name, id, label) in ids {
        if let Some(id) = id {
            facts.push(Fact::new(name, view! { <ShortId id label/> }));
        }
    }
    if let Some(payment) = item.payment {
        let name = match item.status {
            ItemStatus::Matched => "Payment",
            _ => "Seems to be of",
        };
        facts.push(Fact::new(
            name,
            view! {
                <a href=paths::payment(payment.id)>"Payment of order " {payment.reference}</a>
                " "
                <Amount money=payment.captured/>
            },
        ));
    }
    if let Some(stamp) = item.matched_at {
        facts.push(Fact::new("Matched", view! { <Time stamp/> }));
    }
    view! { <Facts facts/> }
}

#[component]
fn Notes(item: ItemRow, noting: ServerAction<AddItemNote>) -> impl IntoView {
    let problem = Signal::derive(move || match noting.value().get() {
        Some(Err(ApiError(problem))) => Some(problem),
        _ => None,
    });
    let notes = item
        .notes
        .into_iter()
        // Newest first, as in every history.
        .rev()
        .map(|note: NoteView| TimelineEntry::new(note.at, note.by, note.text))
        .collect::<Vec<_>>();
    view! {
        <h4>"Notes"</h4>
        <ActionForm action=noting attr:id=FORM attr:class="form">
            <input type="hidden" name="item" value=item.id.to_string()/>
            <FormProblems problem>
                <TextareaField name="text" label="New note" required=true maxlength=2000/>
            </FormProblems>
            <div class="form-actions">
                <Button submit=true small=true busy=noting.pending()>
                    "Add note"
                </Button>
            </div>
        </ActionForm>
        {(!notes.is_empty())
            .then(|| view! { <Timeline label="Notes, newest first" entries=notes/> })}
    }
}

/// Empties the note's form, if it is there. In the browser only.
pub fn reset_form() {
    let Some(form) = document().get_element_by_id(FORM) else {
        return;
    };
    // A note that came back after a refusal without scripts would stand in it again.
    if let Ok(Some(text)) = form.query_selector("textarea") {
        // Every textarea has it.
        let _set = js_sys::Reflect::set(&text, &"defaultValue".into(), &"".into());
    }
    let reset = js_sys::Reflect::get(&form, &JsValue::from_str("reset")).ok();
    if let Some(reset) = reset.and_then(|reset| reset.dyn_into::<js_sys::Function>().ok()) {
        // Every form has it, and it takes and throws nothing.
        let _nothing = reset.call0(&form);
    }
}

#[cfg(test)]
mod tests {
    use model::Currency;

    use super::*;

    #[test]
    fn a_difference_of_amounts_is_told_to_the_cent() {
        let eur = |minor| Money::new(minor, Currency::EUR);
        assert_eq!(amount_differs(eur(10_00), eur(10_00)), None);
        assert_eq!(
            amount_differs(eur(10_00), eur(10_01)).as_deref(),
            Some("Differs by −0.01\u{a0}EUR")
        );
        let usd = Money::new(10_00, Currency::USD);
        assert_eq!(
            amount_differs(eur(10_00), usd).as_deref(),
            Some("Other currency")
        );
    }
}
