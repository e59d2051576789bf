//! What open pages hear of settlement: that an import has come a state further, and that matching
//! has changed something. An event says only what to read again; how far a reading has come within
//! a file is none.

use model::settlement::ImportStatus;
use model::{EventId, ImportId};
use platform::{Deps, outbox};
use serde_json::json;
use sqlx::PgConnection;

use super::reconcile::Reconciled;

/// An import is in another state.
const IMPORT: &str = "settlement.import";
/// Lines were matched or judged anew.
const RECONCILED: &str = "settlement.reconciled";

/// Tells that an import is now in this state, in the transaction that brought it there.
pub(super) async fn import_is_in_tx(
    deps: &Deps,
    conn: &mut PgConnection,
    id: ImportId,
    status: ImportStatus,
) -> Result<(), sqlx::Error> {
    let payload = json!({ "import": id, "status": status });
    let event = deps.new_id::<EventId>();
    outbox::publish(conn, event, deps.now(), IMPORT, &payload).await
}

/// Tells what a run of matching did, in its transaction. A run that found nothing to look at is no
/// news.
pub(super) async fn reconciled_in_tx(
    deps: &Deps,
    conn: &mut PgConnection,
    done: &Reconciled,
) -> Result<(), sqlx::Error> {
    if *done == Reconciled::default() {
        return Ok(());
    }
    let payload = json!({
        "matched": done.matched,
        "open": done.open,
        "settled": done.settled,
    });
    let event = deps.new_id::<EventId>();
    outbox::publish(conn, event, deps.now(), RECONCILED, &payload).await
}
