//! The page of one payment: how much, how far, what can be done, and everything that happened.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::payments::{AttemptView, PaymentEventView, PaymentStatus, PaymentView};

use super::entries::Entries;
use super::parts::{Answer, amount, is_zero, mail_link, problem_of};
use super::settlement::Settlement;
use super::{flow, words};
use crate::api::ApiError;
use crate::api::payments::{CapturePayment, OrderRow, PaymentPage, VoidPayment, payment};
use crate::live::use_changes;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    Amount, AmountSize, Button, Chip, Column, DataTable, Dialog, DialogActions, DialogButton,
    EmptyState, ErrorState, ErrorSummary, Fact, Facts, Flow, Icon, Look, Notice, Page, PageHeader,
    PaymentChip, Section, ShortId, Skeleton, TableRow, Time, Timeline, TimelineEntry, Tone,
    close_dialog,
};

const CAPTURE: &str = "capture-payment";
const VOID: &str = "void-payment";

/// What can be decided about a hold. Made once for the page, so that it outlives what is drawn
/// anew when the payment changes.
#[derive(Clone, Copy)]
struct Decisions {
    capture: ServerAction<CapturePayment>,
    void: ServerAction<VoidPayment>,
}

/// `/payments/:id`
#[component]
pub fn Payment() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let changes = use_changes("payment.");
    let decisions = Decisions {
        capture: ServerAction::new(),
        void: ServerAction::new(),
    };
    let Decisions { capture, void } = decisions;
    let shown = Resource::new(
        move || {
            (
                id.get(),
                changes.get(),
                capture.version().get(),
                void.version().get(),
            )
        },
        |(id, ..)| payment(id),
    );
    let captured: Answer<PaymentStatus> = Signal::derive(move || capture.value().get());
    let voided: Answer<PaymentStatus> = Signal::derive(move || void.value().get());
    tell(captured, CAPTURE);
    tell(voided, VOID);
    view! {
        <Page>
            <Transition fallback=|| view! { <Skeleton lines=12 label="Loading the payment"/> }>
                {move || Suspend::new(async move {
                    match shown.await {
                        Ok(page) => view! {
                            <Shown page decisions>
                                <ErrorSummary problem=problem_of(captured)/>
                                <ErrorSummary problem=problem_of(voided)/>
                            </Shown>
                        }
                        .into_any(),
                        Err(ApiError(problem)) => {
                            let retry = Callback::new(move |()| shown.refetch());
                            let back = (paths::PAYMENTS.to_owned(), "Payments".to_owned());
                            view! {
                                <PageHeader title="Payment" back/>
                                <ErrorState problem retry/>
                            }
                            .into_any()
                        }
                    }
                })}
            </Transition>
        </Page>
    }
}

/// Closes the dialog once its question is answered, and says what the payment is now.
fn tell(answer: Answer<PaymentStatus>, dialog: &'static str) {
    let toasts = use_context::<Toasts>();
    Effect::new(move |before: Option<()>| {
        let now = answer.get();
        // An answer that came with the page is not news.
        if before.is_none() {
            return;
        }
        let Some(answered) = now else { return };
        close_dialog(dialog);
        if let (Ok(status), Some(toasts)) = (answered, toasts) {
            let text = format!("The payment is now: {}", status.label().to_lowercase());
            toasts.show(Tone::Positive, text);
        }
    });
}

#[component]
fn Shown(page: PaymentPage, decisions: Decisions, children: Children) -> impl IntoView {
    let PaymentPage {
        payment,
        order,
        entries,
        settlement,
        may_decide,
    } = page;
    let total = order.order.total;
    let reference = order.order.reference.clone();
    let title = format!("Payment of {} for {reference}", total.display());
    let decidable = may_decide && payment.status == PaymentStatus::Authorised;
    let dialogs = decidable.then(|| {
        let (id, amount, reference) = (payment.id.to_string(), total.display(), reference.clone());
        view! { <DecisionDialogs decisions id amount reference/> }
    });
    let settled = (payment.status.is_paid() || settlement.is_some()).then_some(settlement);
    let points = flow::points(&payment, &order, settled.as_ref().and_then(Option::as_ref));
    let known = facts_of(&payment, &order);
    let alerts = contradictions(&payment.events);
    let history = payment.events.into_iter().map(event).collect();
    let facts = view! {
        <a href=paths::order(order.order.id)>{reference.clone()}</a>
        <span>{order.order.customer.name.clone()}</span>
        <Time stamp=payment.created_at.clone()/>
    }
    .into_any();
    view! {
        <PageHeader
            title
            face=view! { <Amount money=total size=AmountSize::Large/> }.into_any()
            chip=view! { <PaymentChip status=payment.status/> }.into_any()
            facts
            back=(paths::PAYMENTS.to_owned(), "Payments".to_owned())
        >
            {decidable
                .then(|| {
                    view! {
                        <DialogButton opens=VOID>"Void"</DialogButton>
                        <DialogButton opens=CAPTURE look=Look::Primary>"Capture"</DialogButton>
                    }
                })}
        </PageHeader>
        {children()}
        {alerts}
        <Flow label="Way of this payment" points/>
        <Section title="Facts">
            <Facts facts=known columns=true/>
        </Section>
        <Attempts attempts=payment.attempts/>
        {entries.map(|entries| view! { <Entries entries/> })}
        {settled.map(|settlement| view! { <Settlement settlement/> })}
        <Section title="History">
            <Timeline label=format!("History of the payment for {reference}") entries=history/>
        </Section>
        {dialogs}
    }
}

/// What the gateway did against what we know: nobody may overlook it.
fn contradictions(events: &[PaymentEventView]) -> impl IntoView + use<> {
    events
        .iter()
        .filter(|event| event.kind == "contradiction")
        .map(|event| {
            let (text, stamp) = (event.text.clone(), event.at.clone());
            view! {
                <div role="alert">
                    <Notice
                        tone=Tone::Negative
                        title="The gateway and this payment contradict each other"
                        text
                    >
                        <span class="small nowrap">
                            <Time stamp/>
                        </span>
                    </Notice>
                </div>
            }
        })
        .collect_view()
}

fn facts_of(payment: &PaymentView, order: &OrderRow) -> Vec<Fact> {
    let currency = payment.currency;
    let money = |name: &'static str, text: &str| {
        (!is_zero(text)).then(|| Fact::new(name, amount(text, currency)))
    };
    let OrderRow { order, .. } = order;
    let reference = order.reference.clone();
    let mut facts = vec![
        Fact::new(
            "Order",
            view! { <a href=paths::order(order.id)>{reference}</a> },
        ),
        Fact::new("Customer", order.customer.name.clone()),
        Fact::new("E-mail", mail_link(&order.customer.email)),
        Fact::new("Money is taken", words::capture(order.capture)),
        Fact::new("Gateway", words::gateway(&payment.gateway)),
    ];
    facts.extend(
        payment
            .gateway_reference
            .clone()
            .map(|id| Fact::new("Gateway id", view! { <ShortId id label="gateway id"/> })),
    );
    facts.push(Fact::new(
        "Payment id",
        view! { <ShortId id=payment.id.to_string() label="payment id"/> },
    ));
    facts.extend(
        payment
            .decline
            .map(|code| Fact::new("Declined because", words::decline(code))),
    );
    facts.extend(money("Captured", &payment.captured));
    facts.extend(money("Refunded", &payment.refunded));
    facts.extend(money("In dispute", &payment.disputed));
    facts.extend(
        payment
            .settled_at
            .clone()
            .map(|stamp| Fact::new("Arrived at the bank", view! { <Time stamp/> })),
    );
    facts
}

#[component]
fn Attempts(attempts: Vec<AttemptView>) -> impl IntoView {
    if attempts.is_empty() {
        return view! {
            <Section title="Calls to the gateway">
                <EmptyState
                    icon=Icon::Pulse
                    title="Not sent yet"
                    text="Each call to the gateway stands here with its outcome, from the first one on."
                />
            </Section>
        }
        .into_any();
    }
    let rows = attempts.into_iter().map(attempt).collect();
    view! {
        <Section title="Calls to the gateway">
            <DataTable
                caption="Calls to the gateway"
                compact=true
                columns=vec![
                    Column::text("verb", "Call"),
                    Column::text("outcome", "Outcome").lead(),
                    Column::number("sends", "Sent"),
                    Column::number("took", "Took"),
                    Column::text("started", "Started"),
                    Column::text("reference", "Gateway id").spare(),
                ]
                rows
            />
        </Section>
    }
    .into_any()
}

fn attempt(attempt: AttemptView) -> TableRow {
    let (word, tone) = words::outcome(&attempt.outcome);
    let sends = match attempt.sends {
        1 => "once".to_owned(),
        many => format!("{many} times"),
    };
    let took = attempt
        .duration_ms
        .map_or_else(|| "–".to_owned(), words::took);
    let reference = match attempt.gateway_reference {
        Some(id) => view! { <ShortId id label="gateway id"/> }.into_any(),
        None => view! { <span class="quiet">"–"</span> }.into_any(),
    };
    let reason = attempt
        .decline
        .map(|code| words::decline(code).to_owned())
        .or(attempt.message);
    let reason = reason.map(|text| view! { <span class="muted small">{text}</span> });
    TableRow::plain()
        .cell(words::verb(&attempt.verb))
        .cell(view! { <span class="payment-outcome"><Chip tone label=word/> {reason}</span> })
        .cell(sends)
        .cell(took)
        .cell(view! { <Time stamp=attempt.started_at/> })
        .cell(reference)
}

fn event(event: PaymentEventView) -> TimelineEntry {
    let tone = words::event_tone(&event.kind);
    let entry = TimelineEntry::new(event.at, event.actor, event.text).tone(tone);
    if event.machine {
        entry.machine()
    } else {
        entry
    }
}

#[component]
fn DecisionDialogs(
    decisions: Decisions,
    id: String,
    amount: String,
    reference: String,
) -> impl IntoView {
    let Decisions { capture, void } = decisions;
    let (taking, releasing) = (capture.pending(), void.pending());
    let (take, release) = (format!("Capture {amount}"), format!("Void {amount}"));
    let take_title = format!("{take} for {reference}?");
    let release_title = format!("Void the {amount} held for {reference}?");
    let (taken, released) = (id.clone(), id);
    view! {
        <Dialog id=CAPTURE title=take_title>
            <p>"The customer's bank hands over the money that it holds. A capture cannot be taken back; the way back is a refund."</p>
            <ActionForm action=capture>
                <input type="hidden" name="id" value=taken/>
                <DialogActions dialog=CAPTURE cancel="Not now">
                    <Button look=Look::Primary submit=true busy=taking>
                        {take}
                    </Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
        <Dialog id=VOID title=release_title>
            <p>"The bank lets the money go and nothing is taken. This payment is then over; the order can be paid again with its link."</p>
            <ActionForm action=void>
                <input type="hidden" name="id" value=released/>
                <DialogActions dialog=VOID cancel="Keep it">
                    <Button look=Look::Danger submit=true busy=releasing>
                        {release}
                    </Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
    }
}
