//! What became of an action, as its page needs it.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::Problem;

use crate::api::ApiError;

/// What an action was refused for, if it was.
pub fn problem_of<F>(action: ServerAction<F>) -> Signal<Option<Problem>>
where
    F: ServerFn<Error = ApiError> + Send + Sync + Clone + 'static,
    F::Output: Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || {
        value.with(|value| match value {
            Some(Err(ApiError(problem))) => Some(problem.clone()),
            _ => None,
        })
    })
}

/// Does something in the browser each time an action has succeeded.
pub fn on_done<F>(action: ServerAction<F>, done: impl Fn(&F::Output) + 'static)
where
    F: ServerFn<Error = ApiError> + Send + Sync + Clone + 'static,
    F::Output: Send + Sync + 'static,
{
    let value = action.value();
    Effect::new(move |_| {
        value.with(|value| {
            if let Some(Ok(output)) = value {
                untrack(|| done(output));
            }
        });
    });
}
