//! Making a token, and the one time its secret is shown.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Permission;
use model::identity::NewToken;

use super::parts::{CheckGroup, Tick};
use crate::action::problem_of;
use crate::api::ApiError;
use crate::api::admin::{CreateToken, own_scopes};
use crate::paths::TOKENS;
use crate::ui::{
    Button, Choice, CodeBlock, ErrorState, FormProblems, LinkButton, Look, Notice, Page,
    PageHeader, SelectField, Skeleton, TextField, Tone,
};

const SCOPES_HELP: &str = "You can give what you may do yourself. Other scopes can be given by \
    somebody who has them, or on the server with “punctual token create”.";

/// The form for a new token; once it is made, its secret stands in the form's place.
#[component]
pub fn NewTokenPage() -> impl IntoView {
    let action = ServerAction::<CreateToken>::new();
    let scopes = Resource::new(|| (), |()| own_scopes());
    let made = action.value();
    let form = move || {
        Suspend::new(async move {
            match scopes.await {
                Ok(scopes) => form_view(&scopes, action),
                Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
            }
        })
    };
    // The form stays in the page, hidden, so that what was typed survives a refusal.
    let is_made = Memo::new(move |_| made.with(|made| matches!(made, Some(Ok(_)))));
    let secret = move || {
        made.with(|made| match made {
            Some(Ok(token)) => Some(secret_view(token)),
            _ => None,
        })
    };
    view! {
        <Page>
            <PageHeader title="New API token" back=(TOKENS.to_owned(), "API tokens".to_owned())/>
            <div role="status" class="token-made">{secret}</div>
            <div hidden=move || is_made.get()>
                <Suspense fallback=|| view! { <Skeleton lines=8 label="Loading the form"/> }>
                    {form}
                </Suspense>
            </div>
        </Page>
    }
}

fn form_view(scopes: &[Permission], action: ServerAction<CreateToken>) -> AnyView {
    let problem = problem_of(action);
    let ticks = scopes
        .iter()
        .map(|scope| Tick {
            value: scope.as_str(),
            label: scope.as_str().to_owned(),
            help: scope_help(*scope),
            checked: false,
        })
        .collect();
    let days = vec![
        Choice::new("30", "After 30 days"),
        Choice::new("90", "After 90 days"),
        Choice::new("365", "After a year"),
        Choice::new("", "Never"),
    ];
    view! {
        <ActionForm action attr:class="form" attr:novalidate=true>
            <FormProblems problem>
                <TextField name="name" label="Name" required=true maxlength=120 autocomplete="off"
                    help="Which program uses it, for example “Nightly export”"/>
                <SelectField name="days" label="Stops working" choices=days value="90"/>
                <CheckGroup name="scopes" legend="Scopes" help=SCOPES_HELP ticks problem/>
                <div class="form-actions">
                    <Button look=Look::Primary submit=true busy=action.pending()>"Make token"</Button>
                    <LinkButton href=TOKENS look=Look::Quiet>"Cancel"</LinkButton>
                </div>
            </FormProblems>
        </ActionForm>
    }
    .into_any()
}

fn secret_view(made: &NewToken) -> AnyView {
    view! {
        <Notice
            tone=Tone::Caution
            title=format!("{} is ready", made.token.name)
            text="Copy the secret now. It is not kept and cannot be shown again."
        />
        <CodeBlock label="Secret" text=made.secret.expose().to_owned()/>
        <p class="muted">
            "The program sends it with each request as " <code>"Authorization: Bearer …"</code> "."
        </p>
        <div class="button-row">
            <LinkButton href=TOKENS look=Look::Primary>"I have copied it"</LinkButton>
        </div>
    }
    .into_any()
}

const fn scope_help(scope: Permission) -> &'static str {
    match scope {
        Permission::SelfRead => "Who the token belongs to",
        Permission::PaymentsRead => "Orders and payments",
        Permission::PaymentsWrite => "Create orders and payments, capture, void",
        Permission::LedgerRead => "Accounts, entries, balances",
        Permission::SettlementRead => "Imports and reconciliation",
        Permission::SettlementWrite => "Import settlement files, reconcile",
        Permission::MeetingsRead => "Who is free, and meetings",
        Permission::MeetingsWrite => "Book, change and cancel meetings",
        Permission::RoomsWrite => "Make and change rooms",
        Permission::MailReceive => "Hand in mail with answers to invitations",
        Permission::AttendanceSelf => "Clock in and out, own days and leave",
        Permission::AttendanceApprove => "Decide requests of those whom one manages",
        Permission::AttendanceManage => "Everybody’s attendance, roster, leave, periods",
        Permission::PayrollRead => "Totals of periods and adjustments",
        Permission::DevicesManage => "Wall devices, kiosks and badges",
        Permission::PunchesWrite => "Hand in punches of anybody",
        Permission::PeopleRead => "People and their roles",
        Permission::PeopleWrite => "Add people, change roles and access",
        Permission::TokensWrite => "Make and revoke API tokens",
        Permission::AuditRead => "The audit log",
        Permission::OperationsRead => "Jobs and mail",
        Permission::SandboxRun => "Settlement cycles and faults of the sandbox",
        Permission::MetricsRead => "Figures for monitoring",
    }
}
