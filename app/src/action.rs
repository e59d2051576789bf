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

/// A key for an action that nobody has used: 128 random bits. For event handlers in the browser.
pub fn fresh_key() -> String {
    let mut bytes = [0_u8; 16];
    let crypto = window().crypto();
    let filled = crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        for byte in &mut bytes {
            // It only has to be unlike others, not hard to guess. The cast keeps within a byte.
            *byte = (js_sys::Math::random() * 256.0) as u8;
        }
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
