//! One request as a card: who, what, why, what it changes, and the form that decides.

use chrono::NaiveDate;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Problem;
use model::attendance::accrual::Part;
use model::attendance::views::{CorrectionView, LeaveView, SwapView};
use model::time::Stamp;

use super::super::compare::Compare;
use super::super::swapped;
use super::super::words::{duration, part_word, short_date};
use super::desk::{CARD, Deciding, card_id};
use crate::action::problem_of;
use crate::paths;
use crate::ui::{Button, FormProblems, Icon, Look, TextareaField, Time};

/// A day to be put right.
pub fn correction_card(number: usize, request: CorrectionView, deciding: Deciding) -> AnyView {
    let day = paths::attendance_day(request.work_date, Some(request.employee.id));
    let title = format!(
        "{}, {}",
        request.employee.name,
        short_date(request.work_date)
    );
    let changes = request
        .changes
        .into_iter()
        .map(|change| view! { <li>{change}</li> })
        .collect_view();
    let id = request.id.to_string();
    let form = request.may_decide.then(|| {
        let fields = fields(
            &id,
            request.version,
            deciding,
            problem_of(deciding.correction),
        );
        let pending = deciding.correction.pending();
        let sent = id.clone();
        view! {
            <ActionForm
                action=deciding.correction
                attr:class="inbox-form"
                on:submit=move |_| deciding.sent.set(Some(sent.clone()))
            >
                {fields}
                {buttons(pending.into())}
            </ActionForm>
        }
        .into_any()
    });
    let body = view! {
        <ul class="request-changes">{changes}</ul>
        <blockquote class="request-note">{request.reason}</blockquote>
        <Compare
            before=request.before
            after=request.after
            heads=("As it is", "As it would be")
        />
    };
    let head = Head {
        number,
        title,
        href: day,
        asked_by: request.asked_by,
        asked_at: request.asked_at,
    };
    card(head, body.into_any(), form)
}

/// Leave to be granted.
pub fn leave_card(number: usize, request: LeaveView, deciding: Deciding) -> AnyView {
    let title = format!("{}, {}", request.employee.name, request.kind);
    let when = when(request.from_day, request.to_day, request.part);
    let month = paths::attendance_month(request.from_day, Some(request.employee.id));
    let cost = duration(request.minutes);
    let away = match request.also_away.is_empty() {
        true => "Nobody else of the team is away then.".to_owned(),
        false => format!("Also away then: {}.", request.also_away.join(", ")),
    };
    let note = (!request.note.is_empty())
        .then(|| view! { <blockquote class="request-note">{request.note}</blockquote> });
    let id = request.id.to_string();
    let form = request.may_decide.then(|| {
        let fields = fields(&id, request.version, deciding, problem_of(deciding.leave));
        let pending = deciding.leave.pending();
        let sent = id.clone();
        view! {
            <ActionForm
                action=deciding.leave
                attr:class="inbox-form"
                on:submit=move |_| deciding.sent.set(Some(sent.clone()))
            >
                {fields}
                {buttons(pending.into())}
            </ActionForm>
        }
        .into_any()
    });
    let body = view! {
        <p>
            <strong>{when}</strong>
            " · "
            <span class="num">{cost}</span>
            " of working time"
        </p>
        <p class="muted">{away}</p>
        {note}
    };
    let head = Head {
        number,
        title,
        href: month,
        asked_by: request.employee.name,
        asked_at: request.asked_at,
    };
    card(head, body.into_any(), form)
}

/// A swap to be approved: what both would work, and what speaks against it.
pub fn swap_card(number: usize, request: SwapView, deciding: Deciding) -> AnyView {
    let title = format!(
        "{} and {}, {}",
        request.asker.name,
        request.other.name,
        swapped::days_words(request.from_day, request.to_day)
    );
    let week = paths::roster_week(request.from_day);
    let id = request.id.to_string();
    let form = request.may_decide.then(|| {
        let fields = fields(&id, request.version, deciding, problem_of(deciding.swap));
        let pending = deciding.swap.pending();
        let sent = id.clone();
        view! {
            <ActionForm
                action=deciding.swap
                attr:class="inbox-form"
                on:submit=move |_| deciding.sent.set(Some(sent.clone()))
            >
                {fields}
                {buttons(pending.into())}
            </ActionForm>
        }
        .into_any()
    });
    let body = view! {
        {swapped::note(&request.note)}
        {swapped::days(&request.days, &request.asker.name, &request.other.name, "")}
        {swapped::concerns(&request.obstacles, &request.warnings)}
        {swapped::history(&request)}
    };
    let head = Head {
        number,
        title,
        href: week,
        asked_by: request.asker.name.clone(),
        asked_at: request.asked_at.clone(),
    };
    card(head, body.into_any(), form)
}

/// `Mon 23 Nov – Fri 27 Nov`, or one day and how much of it.
fn when(from: NaiveDate, to: NaiveDate, part: Part) -> String {
    let first = short_date(from);
    match (from == to, part) {
        (true, Part::Full) => first,
        (true, part) => format!("{first}, {}", part_word(part)),
        (false, _) => format!("{first} – {}", short_date(to)),
    }
}

/// What a card is headed by.
struct Head {
    /// Which card it is, from 0.
    number: usize,
    title: String,
    href: String,
    asked_by: String,
    asked_at: Stamp,
}

fn card(head: Head, body: AnyView, form: Option<AnyView>) -> AnyView {
    let Head {
        number,
        title,
        href,
        asked_by,
        asked_at,
    } = head;
    let id = card_id(number);
    let title_id = format!("{id}-title");
    let labelled = title_id.clone();
    view! {
        <article class=CARD id=id tabindex="-1" aria-labelledby=labelled>
            <div class="spread">
                <h3 id=title_id>
                    <a href=href>{title}</a>
                </h3>
                <span class="muted small">
                    "Asked for by " {asked_by} ", " <Time stamp=asked_at/>
                </span>
            </div>
            {body}
            {form}
        </article>
    }
    .into_any()
}

/// The note, and what the form has to say of itself.
fn fields(id: &str, version: i32, deciding: Deciding, problem: Signal<Option<Problem>>) -> AnyView {
    let own = id.to_owned();
    // Of several cards, the problem is that of the one which was sent.
    let problem = Signal::derive(move || {
        let is_own = deciding.sent.with(|sent| sent.as_ref() == Some(&own));
        problem.get().filter(|_| is_own)
    });
    let (card, field) = (id.to_owned(), format!("note-{id}"));
    let written = deciding.note(id);
    view! {
        <input type="hidden" name="id" value=id.to_owned()/>
        <input type="hidden" name="version" value=version.to_string()/>
        <FormProblems problem>
            <TextareaField
                name="note"
                id=field
                label="Note"
                help="For whoever asked"
                value=written
                optional=true
                maxlength=1000
                on:input=move |event| deciding.write(&card, event_target_value(&event))
                on:focusin=move |_| deciding.typing.set(true)
                on:focusout=move |_| deciding.typing.set(false)
            />
        </FormProblems>
    }
    .into_any()
}

/// Each sends the form with its word.
fn buttons(pending: Signal<bool>) -> AnyView {
    view! {
        <div class="button-row">
            <Button
                look=Look::Primary
                submit=true
                icon=Icon::Check
                busy=pending
                attr:name="approve"
                attr:value="true"
            >
                "Approve"
            </Button>
            <Button
                submit=true
                icon=Icon::Cross
                busy=pending
                attr:name="approve"
                attr:value="false"
            >
                "Refuse"
            </Button>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_day_says_which() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a real day");
        let friday = NaiveDate::from_ymd_opt(2026, 11, 27).expect("a real day");
        assert_eq!(when(day, day, Part::Full), "Mon 23 Nov");
        assert_eq!(when(day, day, Part::Am), "Mon 23 Nov, morning");
        assert_eq!(when(day, friday, Part::Full), "Mon 23 Nov – Fri 27 Nov");
    }
}
