//! The form in which one asks for a day to be put right: a row for each punch, rows for those that are
//! missing, a reason, and the new day beside it. A plain form; once the page is awake, the new day
//! follows what is typed.

mod desk;
mod preview;
mod rows;
mod start;

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::attendance::views::DayPage;
use wasm_bindgen::JsCast;

pub use desk::Asking;

use self::preview::PreviewPane;
use self::rows::{Rows, added_rows, left_out, punch_rows};
use self::start::start;
use crate::action::problem_of;
use crate::pages::scheduling::meeting::parts::said_of;
use crate::pages::scheduling::working_hours::growing::row_error;
use crate::paths;
use crate::ui::{Button, FormProblems, LinkButton, Look, TextareaField, field_id};

/// The id of the section.
const SECTION: &str = "correct";

/// The section with the form.
#[component]
pub fn Ask(
    /// The day.
    page: DayPage,
    /// What is typed, and what can be done.
    asking: Asking,
) -> impl IntoView {
    // What was typed before the page was drawn anew stands in it again.
    let typed = asking.typed.get_untracked();
    let whose = start(&page).person;
    let typed = typed.filter(|typed| typed.date == page.date.to_string() && typed.person == whose);
    let is_fresh = typed.is_none();
    let fields = typed.unwrap_or_else(|| start(&page));
    let problem = problem_of(asking.ask);
    let person = (!page.own).then_some(page.employee.id);
    let away = paths::attendance_day(page.date, person);
    let words = Words::of(&page);
    let seen = fields.seen.clone();
    let date = fields.date.clone();
    let reason = fields.reason.clone();
    let rows = Rows::of(&page, fields, problem);
    let left_out = left_out(&rows);
    let changes_id = field_id("changes");
    let changes_error = row_error(&changes_id, said_of(problem, "changes".to_owned()));
    let described = format!("{changes_id}-error");
    Effect::new(move |_| {
        if is_fresh {
            focus_first();
        }
    });
    view! {
        <section class="section correct" id=SECTION aria-labelledby="correct-title">
            <h2 id="correct-title">{words.title}</h2>
            <p class="muted">{words.text}</p>
            <div class="correct-columns">
                <ActionForm
                    action=asking.ask
                    attr:class="correct-form"
                    attr:novalidate=true
                    on:input=move |event| asking.input(&event)
                >
                    <input type="hidden" name="form[date]" value=date/>
                    <input type="hidden" name="form[person]" value=whose/>
                    <input type="hidden" name="form[seen]" value=seen/>
                    <FormProblems problem>
                        <fieldset id=changes_id tabindex="-1" aria-describedby=described>
                            <legend class="choices-legend">"Punches"</legend>
                            <div class="correct-rows">{punch_rows(&rows)} {added_rows(rows)}</div>
                            {changes_error}
                        </fieldset>
                        {left_out}
                        <TextareaField
                            name="form[reason]"
                            id=field_id("reason")
                            error=said_of(problem, "reason".to_owned())
                            label="Why"
                            help=words.help
                            value=reason
                            required=true
                            maxlength=1000
                        />
                        <div class="form-actions">
                            <Button look=Look::Primary submit=true busy=asking.ask.pending()>
                                {words.send}
                            </Button>
                            <LinkButton href=away look=Look::Quiet>
                                "Leave it as it is"
                            </LinkButton>
                        </div>
                    </FormProblems>
                </ActionForm>
                <PreviewPane asking/>
            </div>
        </section>
    }
    .into_any()
}

/// What the form says of itself.
struct Words {
    title: &'static str,
    text: String,
    help: String,
    send: &'static str,
}

impl Words {
    fn of(page: &DayPage) -> Self {
        if page.own {
            return Self {
                title: "Request a correction",
                text: "Say how it was. The punches stay as they came; whoever decides sees the day before and after.".to_owned(),
                help: "For whoever decides".to_owned(),
                send: "Send request",
            };
        }
        let name = &page.employee.name;
        Self {
            title: "Correct this day",
            text: format!(
                "Say how it was. It counts at once; the punches stay as they came, and {name} sees here what was changed, why and by whom."
            ),
            help: format!("{name} reads it"),
            send: "Correct the day",
        }
    }
}

/// Gives the focus to the time that is most likely wanted: that of a missing punch. The heading of a
/// page that has just been arrived at takes it first, so this waits for the frame after.
fn focus_first() {
    request_animation_frame(|| {
        request_animation_frame(|| {
            let wanted = [
                "#correct .is-wanted input[type=time]",
                "#correct input[type=time]",
            ];
            let document = document();
            let mut found = wanted
                .iter()
                .filter_map(|field| document.query_selector(field).ok().flatten());
            let field = found.next();
            let field = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(field) = field {
                // A field that cannot take the focus leaves it where it is.
                let _ = field.focus();
            }
        });
    });
}
