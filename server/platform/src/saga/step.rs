//! What a saga is made of.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::SagaId;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgConnection;

/// What a step is told when it is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The saga.
    pub saga_id: SagaId,
    /// The key for the call outside: `<saga id>:<step>`, and `<saga id>:<step>:undo` for the undo.
    /// The same in every repetition, so that the other side can tell a repetition from a new wish.
    pub key: String,
    /// What the saga was asked to do.
    pub input: Value,
    /// What the steps so far have learned.
    pub state: Value,
    /// For an undo: what the step's act gave when it was done.
    pub outcome: Option<Value>,
    /// How often this step was tried before without an answer; 0 the first time. Waiting and
    /// parking begin the count anew.
    pub attempt: i32,
    /// The present instant.
    pub now: DateTime<Utc>,
}

impl Call {
    /// The input as a type.
    ///
    /// # Errors
    /// When the saga was started with something else.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, ActError> {
        read("input", &self.input)
    }

    /// The state as a type.
    ///
    /// # Errors
    /// When the steps before left something else.
    pub fn state<T: DeserializeOwned>(&self) -> Result<T, ActError> {
        read("state", &self.state)
    }
}

fn read<T: DeserializeOwned>(what: &str, value: &Value) -> Result<T, ActError> {
    T::deserialize(value)
        .map_err(|error| ActError::Failed(format!("the saga's {what} cannot be read: {error}")))
}

/// Why an act has no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// Whether it happened is not known: a timeout, a lost connection. The step is taken again
    /// later under the same key, for as long as it takes.
    #[error("the outcome is not known: {0}")]
    Unknown(String),
    /// It did not happen and will not. What was done before is undone; an undo that fails so
    /// leaves the saga to a person.
    #[error("{0}")]
    Failed(String),
}

/// Where a saga goes after a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// On to the next step with this state; after the last one the saga is finished.
    Continue(Value),
    /// This step is taken again at an instant, or earlier if the saga is woken.
    Wait {
        /// When.
        until: DateTime<Utc>,
        /// What it waits for, for a person who asks.
        reason: String,
    },
    /// This step is taken again when something wakes the saga.
    Park {
        /// What it waits for, for a person who asks.
        reason: String,
    },
    /// The steps done before this one are undone. This step itself is not: it leaves nothing.
    Stop {
        /// Why, for a person who asks.
        reason: String,
    },
    /// The saga is finished, whatever steps there are left.
    Finish,
}

/// One step of a saga. `C` is what the steps work with: services, gateways.
#[async_trait]
pub trait Step<C: Sync>: Send + Sync {
    /// The step's name, unique in its saga; part of the key, so it never changes.
    fn name(&self) -> &'static str;

    /// Acts on the world outside and gives what came of it. It runs outside any transaction, may
    /// run again with the same call after a crash, and must then give the same outcome, for which
    /// the key is there. By default nothing, with outcome `null`.
    ///
    /// # Errors
    /// See [`ActError`].
    async fn act(&self, _ctx: &C, _call: &Call) -> Result<Value, ActError> {
        Ok(Value::Null)
    }

    /// Writes down the outcome and says where to go. It runs in the transaction that logs the
    /// step; no calls outside here.
    ///
    /// # Errors
    /// When the database refuses: all of it rolls back and the step is taken again.
    async fn apply(
        &self,
        ctx: &C,
        conn: &mut PgConnection,
        call: &Call,
        outcome: &Value,
    ) -> Result<Next, sqlx::Error>;

    /// Takes the act back outside, under the same rules as [`act`](Self::act). By default nothing.
    ///
    /// # Errors
    /// See [`ActError`].
    async fn undo_act(&self, _ctx: &C, _call: &Call) -> Result<Value, ActError> {
        Ok(Value::Null)
    }

    /// Writes down that the step is undone, in the transaction that logs it. By default nothing.
    ///
    /// # Errors
    /// When the database refuses: all of it rolls back and the undo is taken again.
    async fn undo_apply(
        &self,
        _ctx: &C,
        _conn: &mut PgConnection,
        _call: &Call,
        _outcome: &Value,
    ) -> Result<(), sqlx::Error> {
        Ok(())
    }
}
