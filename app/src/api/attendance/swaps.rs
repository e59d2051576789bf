//! One's own shifts and their swaps, as their pages ask for them. The form in which a day is offered is
//! a plain one, so that its page works before it is awake.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::attendance::views::{ShiftsPage, SwapForm, SwapPage, SwapView};
use model::{PersonId, Problem, SwapId};
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// The reader's own coming shifts.
///
/// # Errors
/// 403 without `attendance:self`.
#[server(prefix = "/fn")]
pub async fn own_shifts(
    /// Any day of the first week; the present one, if absent.
    day: Option<NaiveDate>,
) -> Result<ShiftsPage, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.own_shifts(&actor, day).await?)
}

/// What colleagues of the team work, for a day of one's own that is to be swapped.
///
/// # Errors
/// 404 for somebody who is not in the reader's team.
#[server(prefix = "/fn")]
pub async fn swap_choices(
    /// One's own day.
    date: NaiveDate,
    /// Any day of the colleagues' week that is shown; that of the date, if absent.
    week: Option<NaiveDate>,
    /// Who is chosen.
    colleague: Option<PersonId>,
    /// Which day of theirs.
    day: Option<NaiveDate>,
) -> Result<SwapPage, ApiError> {
    let actor = crate::ssr::actor()?;
    let chosen = colleague.zip(day);
    Ok(super::service()?
        .swap_page(&actor, date, week, chosen)
        .await?)
}

/// The swaps that wait for the reader's answer.
///
/// # Errors
/// 403 without `attendance:self`.
#[server(prefix = "/fn")]
pub async fn waiting_swaps() -> Result<Vec<SwapView>, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.waiting_swaps(&actor).await?)
}

/// Asks a colleague to swap.
///
/// # Errors
/// 422 with what stands in its way; 404 for somebody who is not in the reader's team; 409 for a day that
/// is offered already.
#[server(prefix = "/fn", input = Json)]
pub async fn request_swap(
    /// What is asked for.
    form: SwapForm,
    /// The same for every try of one request.
    key: String,
) -> Result<SwapView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.request_swap(&actor, &form, &key).await?)
}

/// Agrees to a swap that a colleague asks for, or declines it.
///
/// # Errors
/// 409 when it was answered or decided already or changed; 404 for one that is not the reader's.
#[server(prefix = "/fn")]
pub async fn answer_swap(
    /// Which.
    id: SwapId,
    /// The version that was seen.
    version: i32,
    /// Whether the reader agrees.
    agree: bool,
    /// For whoever asked.
    note: String,
) -> Result<SwapView, ApiError> {
    let actor = crate::ssr::actor()?;
    let service = super::service()?;
    Ok(service
        .answer_swap(&actor, id, version, agree, &note)
        .await?)
}

/// Takes one's own request back.
///
/// # Errors
/// 409 when it was decided already.
#[server(prefix = "/fn")]
pub async fn withdraw_swap(
    /// Which.
    id: SwapId,
    /// The version that was seen.
    version: i32,
) -> Result<SwapView, ApiError> {
    let actor = crate::ssr::actor()?;
    Ok(super::service()?.withdraw_swap(&actor, id, version).await?)
}

/// Approves or refuses a swap.
///
/// # Errors
/// 409 when it was decided already, or the roster has changed; 404 for one that is not the reader's to
/// decide.
#[server(prefix = "/fn")]
pub async fn decide_swap(
    /// Which.
    id: SwapId,
    /// The version that was seen.
    version: i32,
    /// Whether it is approved.
    approve: bool,
    /// For the two.
    note: String,
) -> Result<SwapView, ApiError> {
    let actor = crate::ssr::actor()?;
    let service = super::service()?;
    Ok(service
        .decide_swap(&actor, id, version, approve, &note)
        .await?)
}

/// What the form sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct SwapFields {
    /// One's own day, as `2026-11-23`.
    pub from_day: String,
    /// Whom one asks, by id.
    pub colleague: String,
    /// Their day.
    pub to_day: String,
    /// For the colleague, and for whoever decides.
    pub note: String,
    /// The newest swap that the page knew. It tells a request from an earlier one like it.
    pub seen: String,
}

impl SwapFields {
    /// What is asked for.
    ///
    /// # Errors
    /// 422 for what the page did not write so.
    pub fn read(&self) -> Result<SwapForm, Problem> {
        let wrong = |field: &str| {
            let message = "Choose a colleague and a day from the list.";
            Problem::invalid_field(field, message)
        };
        Ok(SwapForm {
            from_day: self.from_day.parse().map_err(|_| wrong("from_day"))?,
            colleague: self.colleague.parse().map_err(|_| wrong("colleague"))?,
            to_day: self.to_day.parse().map_err(|_| wrong("to_day"))?,
            note: self.note.trim().to_owned(),
        })
    }

    /// A key that is the same for every try to send the same form.
    pub fn key(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        format!("page:swap:{:016x}", hasher.finish())
    }
}

/// Asks a colleague to swap.
///
/// # Errors
/// As [`request_swap`].
#[server(prefix = "/fn")]
pub async fn ask_swap(
    /// What was typed.
    form: SwapFields,
) -> Result<SwapView, ApiError> {
    crate::ssr::actor()?.require(model::Permission::AttendanceSelf)?;
    let asked = form.read()?;
    let request = request_swap(asked, form.key()).await?;
    crate::api::scheduling::forms::lead_on(crate::paths::SHIFTS);
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_wrote_is_read_back() {
        let fields = SwapFields {
            from_day: "2026-11-23".into(),
            colleague: "019a2b3c-4d5e-7f60-8123-456789abcdef".into(),
            to_day: "2026-11-24".into(),
            note: " Thanks ".into(),
            seen: String::new(),
        };
        let form = fields.read().expect("a request");
        assert_eq!(form.note, "Thanks");
        let lost = SwapFields {
            to_day: "soon".into(),
            ..fields.clone()
        };
        assert_eq!(lost.read().expect_err("no day").errors[0].field, "to_day");
        let later = SwapFields {
            seen: "019a2b3c-4d5e-7f60-8123-456789abcdff".into(),
            ..fields.clone()
        };
        assert_ne!(fields.key(), later.key());
    }
}
