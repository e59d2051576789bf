//! `POST /attendance/press`: the buttons of the clock where no script runs, or before it does. As with
//! payments, the answer is a page to look at, so that going back or reloading presses nothing again.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use model::attendance::day::Direction;
use model::attendance::views::Press;
use model::{Actor, Problem};
use platform::idempotency::is_key;
use serde::Deserialize;

use super::auth::Somebody;
use crate::wiring::Services;

#[derive(Deserialize)]
pub struct PressForm {
    #[serde(default)]
    direction: String,
    #[serde(default)]
    key: String,
}

/// Clocks in or out, and leads back to *Today*, which says what went wrong if something did.
pub async fn press(
    State(services): State<Services>,
    Somebody(actor): Somebody,
    Form(form): Form<PressForm>,
) -> Redirect {
    match pressed(&services, &actor, form).await {
        Ok(()) => Redirect::to(app::paths::HOME),
        Err(problem) => {
            let code = app::paths::encode(&problem.code);
            Redirect::to(&format!("{}?problem={code}", app::paths::HOME))
        }
    }
}

async fn pressed(services: &Services, actor: &Actor, form: PressForm) -> Result<(), Problem> {
    let press = read(form)?;
    services.attendance.press(actor, &press).await?;
    Ok(())
}

/// The page gives all of its buttons one key, so the way belongs to the key of a press.
fn read(form: PressForm) -> Result<Press, Problem> {
    let direction = form
        .direction
        .parse::<Direction>()
        .ok()
        .filter(|direction| *direction != Direction::Unknown)
        .ok_or_else(|| Problem::invalid_field("direction", "Press one of the buttons."))?;
    let key = format!("form:{direction}:{}", form.key);
    if form.key.is_empty() || !is_key(&key) {
        return Err(Problem::invalid_field("key", "Load the page again."));
    }
    Ok(Press {
        key,
        direction,
        age_seconds: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(direction: &str, key: &str) -> PressForm {
        PressForm {
            direction: direction.to_owned(),
            key: key.to_owned(),
        }
    }

    #[test]
    fn a_button_says_which_way() {
        let press = read(form("break_out", "1795000000000")).expect("a press");
        assert_eq!(press.direction, Direction::BreakOut);
        assert_eq!(press.key, "form:break_out:1795000000000");
        assert_eq!(press.age_seconds, None);
    }

    #[test]
    fn what_is_no_button_is_refused() {
        for (direction, key) in [("unknown", "1"), ("", "1"), ("in", ""), ("in", "a b")] {
            assert!(read(form(direction, key)).is_err(), "{direction} {key}");
        }
    }
}
