//! What finance decides about a hold: take the money, or let it go. The wish is written on the
//! payment and its saga is woken; the saga does the rest, so a crash in between loses nothing.

use model::payments::{PaymentStatus, PaymentView};
use model::{Actor, Money, PaymentId, Permission, Problem};

use crate::Payments;
use crate::checkout::saga_of;
use crate::error::Error;
use crate::lifecycle::{self, Voice};
use crate::store::payments;

impl Payments {
    /// `POST /payments/{id}/capture`: takes the hold, or a part of it; the rest is let go.
    ///
    /// # Errors
    /// [`Error::WrongState`] when nothing is held, [`Error::Invalid`] when it is more than is held.
    pub async fn capture(
        &self,
        actor: &Actor,
        id: PaymentId,
        amount: Option<&str>,
    ) -> Result<PaymentView, Error> {
        actor.require(Permission::PaymentsWrite)?;
        let mut tx = self.deps.db.begin("payments.capture").await?;
        let mut payment = payments::find_locked(&mut tx, id)
            .await?
            .ok_or(Error::NotFound("payment"))?;
        if payment.status != PaymentStatus::Authorised || payment.void_requested {
            return Err(Error::WrongState {
                status: payment.status,
                verb: "captured",
            });
        }
        let money = match amount {
            Some(text) => model::payments::parse_amount(text, payment.currency.code())
                .map_err(|error| Error::Invalid(Problem::invalid(vec![error])))?,
            None => payment.money(),
        };
        if money.minor > payment.amount_minor {
            let message = format!("Only {} are held.", payment.money());
            return Err(Error::Invalid(Problem::invalid_field("amount", message)));
        }
        payment.capture_requested_minor = Some(money.minor);
        self.wish_in_tx(
            &mut tx,
            actor,
            &payment,
            "capture_requested",
            capture_words(money),
        )
        .await?;
        tx.commit().await?;
        self.run(id).await?;
        self.view(&actor.zone, id).await
    }

    /// `POST /payments/{id}/void`: lets the hold go.
    ///
    /// # Errors
    /// [`Error::WrongState`] when nothing is held.
    pub async fn void(&self, actor: &Actor, id: PaymentId) -> Result<PaymentView, Error> {
        actor.require(Permission::PaymentsWrite)?;
        let mut tx = self.deps.db.begin("payments.void").await?;
        let mut payment = payments::find_locked(&mut tx, id)
            .await?
            .ok_or(Error::NotFound("payment"))?;
        if payment.status != PaymentStatus::Authorised || payment.capture_requested_minor.is_some()
        {
            return Err(Error::WrongState {
                status: payment.status,
                verb: "voided",
            });
        }
        payment.void_requested = true;
        self.wish_in_tx(
            &mut tx,
            actor,
            &payment,
            "void_requested",
            "Release of the hold asked for".into(),
        )
        .await?;
        tx.commit().await?;
        self.run(id).await?;
        self.view(&actor.zone, id).await
    }

    async fn wish_in_tx(
        &self,
        conn: &mut sqlx::PgConnection,
        actor: &Actor,
        payment: &payments::Payment,
        kind: &str,
        text: String,
    ) -> Result<(), Error> {
        payments::update(conn, payment).await?;
        let voice = Voice {
            actor: actor.who.label(),
            machine: false,
        };
        let detail = serde_json::json!({ "by": actor.who.reference() });
        lifecycle::note_in_tx(&self.world, conn, payment.id, kind, text, voice, &detail).await?;
        platform::saga::wake_in_tx(conn, saga_of(payment.id), self.deps.now()).await?;
        Ok(())
    }
}

fn capture_words(money: Money) -> String {
    format!("Capture of {} asked for", money.display())
}
