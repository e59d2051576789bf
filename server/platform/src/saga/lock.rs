//! Who may run a saga.

use model::SagaId;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

use super::store;
use crate::db::Db;

/// The right to run a saga. Dropped without [`release`](Self::release), it closes its connection,
/// so that the lock never goes back into the pool with it.
pub(super) struct Lock {
    conn: PoolConnection<Postgres>,
    id: SagaId,
    held: bool,
}

impl Lock {
    pub(super) async fn take(db: &Db, id: SagaId) -> Result<Option<Self>, sqlx::Error> {
        let mut lock = Self {
            conn: db.read().await?,
            id,
            held: true,
        };
        if store::try_lock(&mut lock.conn, id).await? {
            return Ok(Some(lock));
        }
        lock.held = false;
        Ok(None)
    }

    pub(super) fn conn(&mut self) -> &mut PgConnection {
        &mut self.conn
    }

    pub(super) async fn release(mut self) -> Result<(), sqlx::Error> {
        store::unlock(&mut self.conn, self.id).await?;
        self.held = false;
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.held {
            self.conn.close_on_drop();
        }
    }
}
