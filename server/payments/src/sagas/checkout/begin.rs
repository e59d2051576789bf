//! *begin*: the payment is under way.

use async_trait::async_trait;
use model::payments::PaymentStatus;
use platform::saga::{Call, Next, Step};
use serde_json::Value;
use sqlx::PgConnection;

use super::{Context, payment_of};
use crate::error::Error;
use crate::lifecycle::{self, PUNCTUAL};
use crate::store::payments::{self, Payment};

pub(super) struct Begin;

#[async_trait]
impl Step<Context> for Begin {
    fn name(&self) -> &'static str {
        "begin"
    }

    async fn apply(
        &self,
        ctx: &Context,
        conn: &mut PgConnection,
        call: &Call,
        _outcome: &Value,
    ) -> Result<Next, sqlx::Error> {
        let mut payment = locked(conn, call).await?;
        if payment.status == PaymentStatus::Created {
            let (to, text) = (PaymentStatus::Processing, "Sent to the gateway");
            lifecycle::move_in_tx(
                &ctx.world,
                conn,
                &mut payment,
                to,
                "processing",
                text,
                PUNCTUAL,
            )
            .await
            .map_err(Error::into_sqlx)?;
        }
        Ok(Next::Continue(Value::Null))
    }

    /// Whatever came after has been taken back, so no money is in it.
    async fn undo_apply(
        &self,
        ctx: &Context,
        conn: &mut PgConnection,
        call: &Call,
        _outcome: &Value,
    ) -> Result<(), sqlx::Error> {
        let mut payment = locked(conn, call).await?;
        if payment.status == PaymentStatus::Processing {
            let (to, text) = (PaymentStatus::Voided, "Given up before any money was held");
            lifecycle::move_in_tx(&ctx.world, conn, &mut payment, to, "voided", text, PUNCTUAL)
                .await
                .map_err(Error::into_sqlx)?;
        }
        Ok(())
    }
}

async fn locked(conn: &mut PgConnection, call: &Call) -> Result<Payment, sqlx::Error> {
    payments::find_locked(conn, payment_of(call)?)
        .await?
        .ok_or(sqlx::Error::RowNotFound)
}
