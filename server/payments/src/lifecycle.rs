//! Every change of a payment's state goes through here, from whichever side it comes: our own
//! saga, a webhook, a look-up, the bank line. So each of them may be first, late or repeated, and
//! the payment, its books and its history still come out the same.

use chrono::{DateTime, Utc};
use ledger::Ledger;
use model::payments::{NextAction, OrderStatus, PaymentStatus};
use model::{EventId, PaymentEventId, PaymentId};
use platform::{Deps, outbox};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::bookkeeping;
use crate::error::Error;
use crate::gateways::{GatewayState, Standing};
use crate::store::events::Event;
use crate::store::payments::Payment;
use crate::store::{events, orders, payments};

/// What a change needs besides the connection.
#[derive(Clone)]
pub struct World {
    /// Clock, ids.
    pub deps: Deps,
    /// The books.
    pub ledger: Ledger,
}

/// Who speaks, for the history.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    /// The name in the timeline.
    pub actor: &'a str,
    /// Whether it is the machine, whose steps fold away.
    pub machine: bool,
}

/// The gateway's own voice, by answer, look-up or webhook.
pub const GATEWAY: Voice<'static> = Voice {
    actor: "Gateway",
    machine: true,
};
/// Punctual itself.
pub const PUNCTUAL: Voice<'static> = Voice {
    actor: "Punctual",
    machine: true,
};

/// Adds a line to a payment's history.
pub(crate) async fn note_in_tx(
    world: &World,
    conn: &mut PgConnection,
    payment: PaymentId,
    kind: &str,
    text: impl Into<String>,
    voice: Voice<'_>,
    detail: &Value,
) -> Result<(), sqlx::Error> {
    let event = Event {
        id: world.deps.new_id::<PaymentEventId>(),
        payment_id: payment,
        at: world.deps.now(),
        kind: kind.to_owned(),
        actor: voice.actor.to_owned(),
        text: text.into(),
        machine: voice.machine,
    };
    events::insert(conn, &event, detail).await
}

/// Takes in what the gateway says of a payment. What it says late, or a second time, changes
/// nothing. Gives the payment as it then is.
pub(crate) async fn learn_in_tx(
    world: &World,
    conn: &mut PgConnection,
    id: PaymentId,
    state: &GatewayState,
) -> Result<Payment, Error> {
    let mut payment = payments::find_locked(conn, id)
        .await?
        .ok_or(Error::NotFound("payment"))?;
    let mut changed = false;
    if payment.gateway_reference.is_none() {
        payment.gateway_reference = Some(state.reference.clone());
        changed = true;
    }
    if payment.gateway_charge.is_none() && state.charge.is_some() {
        payment.gateway_charge.clone_from(&state.charge);
        changed = true;
    }
    let target = target_of(&state.standing);
    match target {
        Some(target) if payment.status.may_become(target) => {
            become_in_tx(world, conn, payment, target, state).await
        }
        Some(PaymentStatus::Captured) if !payment.status.is_paid() => {
            contradiction_in_tx(world, conn, &payment, state).await?;
            Ok(payment)
        }
        _ => {
            if changed {
                save(conn, &mut payment).await?;
            }
            Ok(payment)
        }
    }
}

const fn target_of(standing: &Standing) -> Option<PaymentStatus> {
    match standing {
        Standing::Open | Standing::Processing => None,
        Standing::RequiresAction { .. } => Some(PaymentStatus::RequiresAction),
        Standing::Authorised => Some(PaymentStatus::Authorised),
        Standing::Captured { .. } => Some(PaymentStatus::Captured),
        Standing::Cancelled => Some(PaymentStatus::Voided),
        Standing::Declined(_) => Some(PaymentStatus::Declined),
    }
}

async fn become_in_tx(
    world: &World,
    conn: &mut PgConnection,
    mut payment: Payment,
    target: PaymentStatus,
    state: &GatewayState,
) -> Result<Payment, Error> {
    let now = world.deps.now();
    payment.status = target;
    payment.next_action = None;
    let (kind, text) = match &state.standing {
        Standing::RequiresAction { url } => {
            payment.next_action =
                serde_json::to_value(NextAction::Redirect { url: url.clone() }).ok();
            (
                "requires_action",
                "The bank asks the customer to confirm".to_owned(),
            )
        }
        Standing::Authorised => {
            payment.authorised_at = Some(now);
            (
                "authorised",
                format!("{} held on the card", payment.money().display()),
            )
        }
        Standing::Captured { minor } => {
            payment.captured_minor = *minor;
            payment.captured_at = Some(now);
            let taken = model::Money::new(*minor, payment.currency);
            ("captured", format!("{} taken", taken.display()))
        }
        Standing::Cancelled => ("voided", "The hold was released".to_owned()),
        Standing::Declined(code) => {
            payment.decline = Some(*code);
            (
                "declined",
                format!("Declined: {}", code.as_str().replace('_', " ")),
            )
        }
        Standing::Open | Standing::Processing => unreachable!("these have no target state"),
    };
    save(conn, &mut payment).await?;
    note_in_tx(
        world,
        conn,
        payment.id,
        kind,
        text,
        Voice {
            machine: false,
            ..GATEWAY
        },
        &json!({}),
    )
    .await?;
    if target == PaymentStatus::Captured {
        book_capture_in_tx(world, conn, &payment, now).await?;
    }
    publish_in_tx(world, conn, &payment, kind).await?;
    Ok(payment)
}

/// The capture's entry, and the order it pays, in the transaction that makes it captured.
async fn book_capture_in_tx(
    world: &World,
    conn: &mut PgConnection,
    payment: &Payment,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let order = orders::find(conn, payment.order_id)
        .await?
        .ok_or(Error::NotFound("order"))?;
    let gross = model::Money::new(payment.captured_minor, payment.currency);
    let draft =
        bookkeeping::captured::draft(payment.id, &order.reference, &payment.gateway, gross, at);
    world.ledger.post_in_tx(conn, &draft).await?;
    orders::set_status(conn, order.id, OrderStatus::Open, OrderStatus::Paid).await?;
    Ok(())
}

/// The gateway has taken money for a payment that is over here. Nothing may hide that.
async fn contradiction_in_tx(
    world: &World,
    conn: &mut PgConnection,
    payment: &Payment,
    state: &GatewayState,
) -> Result<(), Error> {
    tracing::error!(payment.id = %payment.id, payment.status = %payment.status, "the gateway took money for a payment that is over");
    let text = format!(
        "The gateway took the money although the payment is {}. Someone has to look.",
        payment.status.label().to_lowercase()
    );
    let voice = Voice {
        machine: false,
        ..GATEWAY
    };
    note_in_tx(
        world,
        conn,
        payment.id,
        "contradiction",
        text,
        voice,
        &json!({ "reference": state.reference }),
    )
    .await?;
    Ok(())
}

/// The payment's bank line is matched.
pub(crate) async fn settle_in_tx(
    world: &World,
    conn: &mut PgConnection,
    id: PaymentId,
    bank_line: &str,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let mut payment = payments::find_locked(conn, id)
        .await?
        .ok_or(Error::NotFound("payment"))?;
    if !payment.status.may_become(PaymentStatus::Settled) {
        return Ok(false);
    }
    payment.status = PaymentStatus::Settled;
    payment.settled_at = Some(at);
    save(conn, &mut payment).await?;
    let text = format!("Arrived at the bank: {bank_line}");
    note_in_tx(
        world,
        conn,
        id,
        "settled",
        text,
        Voice {
            machine: false,
            ..PUNCTUAL
        },
        &json!({}),
    )
    .await?;
    publish_in_tx(world, conn, &payment, "settled").await?;
    Ok(true)
}

/// Moves a payment by our own doing, with a line of history.
pub(crate) async fn move_in_tx(
    world: &World,
    conn: &mut PgConnection,
    payment: &mut Payment,
    to: PaymentStatus,
    kind: &str,
    text: impl Into<String>,
    voice: Voice<'_>,
) -> Result<(), Error> {
    if !payment.status.may_become(to) {
        return Err(Error::IllegalMove {
            from: payment.status,
            to,
        });
    }
    payment.status = to;
    save(conn, payment).await?;
    note_in_tx(world, conn, payment.id, kind, text, voice, &json!({})).await?;
    publish_in_tx(world, conn, payment, kind).await
}

/// Writes the payment. Its row is locked by this transaction, so a moved version is a defect.
async fn save(conn: &mut PgConnection, payment: &mut Payment) -> Result<(), Error> {
    if !payments::update(conn, payment).await? {
        return Err(Error::Saga(format!(
            "payment {} changed under its lock",
            payment.id
        )));
    }
    payment.version += 1;
    Ok(())
}

async fn publish_in_tx(
    world: &World,
    conn: &mut PgConnection,
    payment: &Payment,
    what: &str,
) -> Result<(), Error> {
    let payload = json!({
        "payment": payment.id,
        "order": payment.order_id,
        "status": payment.status,
        "amount": payment.money().amount_text(),
        "currency": payment.currency,
    });
    let id = world.deps.new_id::<EventId>();
    outbox::publish(
        conn,
        id,
        world.deps.now(),
        &format!("payment.{what}"),
        &payload,
    )
    .await?;
    Ok(())
}
