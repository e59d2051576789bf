//! What is told of swaps: a line of their history, mails to the two, and the decision for the audit
//! log.

use chrono::NaiveDate;
use model::attendance::swap::SwapState;
use model::attendance::views::{RosterShift, SwapDayView};
use model::{Actor, MailId, SwapId};
use platform::mail::{self, NewMail};
use serde_json::json;
use sqlx::PgConnection;

use super::look::{Look, words};
use super::view::Loaded;
use crate::store::roster::PersonRow;
use crate::store::swaps::{self as store, AskedDays, Decided, SwapRow};
use crate::{Attendance, Error};

impl Attendance {
    /// Writes a line into the history of a swap, with the version that it has from then on.
    pub(super) async fn say_swap_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        swap: (SwapId, i32),
        state: SwapState,
        note: &str,
    ) -> Result<(), sqlx::Error> {
        let by = actor.who.reference();
        let said = Decided {
            by: &by,
            label: actor.who.label(),
            at: self.deps.now(),
            note,
        };
        store::add_event(conn, self.deps.new_id(), swap, state, &said).await
    }

    /// Tells of a decision, for the audit log.
    pub(super) async fn tell_swap_decided_in_tx(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        row: &SwapRow,
        state: SwapState,
    ) -> Result<(), sqlx::Error> {
        let detail = json!({
            "asker": row.asker, "from_day": row.from_day,
            "colleague": row.other, "to_day": row.to_day,
        });
        let (action, subject) = (
            format!("attendance.swap_{state}"),
            format!("swap:{}", row.id),
        );
        self.audit_as_in_tx(conn, &actor.who, action, subject, detail)
            .await
    }

    /// Mails whoever has to know what a swap has become: the colleague of a request and of its end, the
    /// asker of an answer that ends it, both of a decision. That somebody agrees is on the page.
    #[expect(clippy::too_many_arguments, reason = "a mail says all of it")]
    pub(super) async fn mail_swap_in_tx(
        &self,
        conn: &mut PgConnection,
        loaded: &Loaded,
        look: &Look<'_>,
        days: &AskedDays,
        state: SwapState,
        actor: &Actor,
        note: &str,
    ) -> Result<(), Error> {
        let (asker, other) = (look.asker, look.other);
        let to: &[&PersonRow] = match state {
            SwapState::Asked | SwapState::Withdrawn => &[other],
            SwapState::Agreed => &[],
            SwapState::Declined => &[asker],
            SwapState::Approved | SwapState::Refused => &[asker, other],
        };
        let days = look.shown(days);
        let now = self.deps.now();
        for person in to {
            // Whoever has left hears nothing.
            let Some(address) = loaded.address(person.id) else {
                continue;
            };
            let is_asker = person.id == asker.id;
            let with = if is_asker { other } else { asker };
            let head = head(state, &with.name, actor.who.label());
            let subject = format!("{head}: {}", days_words(look.from_day, look.to_day));
            let lines: String = days.iter().map(|day| line(day, person, is_asker)).collect();
            let said = match note {
                "" => String::new(),
                note => format!("\n“{note}”\n"),
            };
            let mail = NewMail {
                id: self.deps.new_id::<MailId>(),
                to: address.to_owned(),
                subject,
                text: format!(
                    "Hello {},\n\n{}\n\n{lines}{said}\n{}\n\n{}/attendance/shifts\n\n{}\n",
                    one_line(&person.name),
                    sentence(state, &with.name, actor.who.label()),
                    what_next(state),
                    self.config.public_url,
                    self.config.organisation,
                ),
                html: None,
                calendar: None,
            };
            mail::queue_in_tx(conn, mail, now).await?;
        }
        Ok(())
    }
}

fn head(state: SwapState, with: &str, by: &str) -> String {
    let (with, by) = (one_line(with), one_line(by));
    match state {
        SwapState::Asked => format!("{with} asks you to swap"),
        SwapState::Agreed => format!("{by} agrees to swap"),
        SwapState::Declined => format!("{by} does not swap"),
        SwapState::Withdrawn => format!("{with} does not need to swap any more"),
        SwapState::Approved => format!("Your swap with {with} is approved"),
        SwapState::Refused => format!("Your swap with {with} is refused"),
    }
}

fn sentence(state: SwapState, with: &str, by: &str) -> String {
    let (with, by) = (one_line(with), one_line(by));
    match state {
        SwapState::Asked => format!("{with} asks you to swap shifts. You would work:"),
        SwapState::Agreed => format!("{by} agrees to swap shifts. You would work:"),
        SwapState::Declined => format!("{by} does not want to swap shifts with you. It was about:"),
        SwapState::Withdrawn => format!("{with} has taken the wish to swap back. It was about:"),
        SwapState::Approved => format!("{by} has approved your swap with {with}. You work now:"),
        SwapState::Refused => format!("{by} has refused your swap with {with}. It was about:"),
    }
}

const fn what_next(state: SwapState) -> &'static str {
    match state {
        SwapState::Asked => "Agree or decline here. Your manager decides after you:",
        _ => "Your shifts:",
    }
}

/// `Tue 24 Nov: Late 14:00–22:00 instead of a day off`.
fn line(day: &SwapDayView, person: &PersonRow, is_asker: bool) -> String {
    let (before, after) = match is_asker {
        true => (&day.asker_before, &day.asker_after),
        false => (&day.other_before, &day.other_after),
    };
    let shifts = |shifts: &[RosterShift]| {
        let named: Vec<String> = shifts
            .iter()
            .map(|shift| one_shift(shift, person))
            .collect();
        match named.is_empty() {
            true => "a day off".to_owned(),
            false => named.join(" and "),
        }
    };
    let (before, after) = (shifts(before), shifts(after));
    format!("{}: {after} instead of {before}\n", words(day.date))
}

/// A shift by name and times, with its zone where that is not the reader's.
fn one_shift(shift: &RosterShift, person: &PersonRow) -> String {
    let named = format!("{} {}", one_line(&shift.name), shift.time);
    match shift.zone == person.zone {
        true => named,
        false => format!("{named} ({})", shift.zone),
    }
}

fn days_words(from_day: NaiveDate, to_day: NaiveDate) -> String {
    match from_day == to_day {
        true => words(from_day),
        false => format!("{} and {}", words(from_day), words(to_day)),
    }
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
