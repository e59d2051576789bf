//! *receipt*: a mail to the customer.

use async_trait::async_trait;
use model::{MailId, Money};
use platform::mail::{self, NewMail};
use platform::saga::{Call, Next, Step};
use serde_json::Value;
use sqlx::PgConnection;

use super::{Context, payment_of};
use crate::store::{orders, payments};

pub(super) struct Receipt;

#[async_trait]
impl Step<Context> for Receipt {
    fn name(&self) -> &'static str {
        "receipt"
    }

    async fn apply(
        &self,
        ctx: &Context,
        conn: &mut PgConnection,
        call: &Call,
        _outcome: &Value,
    ) -> Result<Next, sqlx::Error> {
        let payment = payments::find(conn, payment_of(call)?)
            .await?
            .ok_or(sqlx::Error::RowNotFound)?;
        let order = orders::find(conn, payment.order_id)
            .await?
            .ok_or(sqlx::Error::RowNotFound)?;
        let taken = Money::new(payment.captured_minor, payment.currency);
        let deps = &ctx.world.deps;
        let mail = NewMail {
            id: deps.new_id::<MailId>(),
            to: order.customer_email.clone(),
            subject: format!(
                "Receipt for {} from {}",
                order.reference, ctx.config.organisation
            ),
            text: format!(
                "Hello {},\n\nwe have received {} for {}.\n{}\n\nYour receipt: {}/pay/{}\n\n{}\n",
                order.customer_name,
                taken.display(),
                order.reference,
                order.description,
                ctx.config.public_url,
                order.link_token,
                ctx.config.organisation
            ),
            html: None,
            calendar: None,
        };
        mail::queue_in_tx(conn, mail, deps.now()).await?;
        Ok(Next::Finish)
    }
}
