//! Mail that was sent, or kept where there is no server to send it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::Page as Rows;
use model::operations::{MailDetail, MailRow, MailState};

use super::parts::{shown, use_param};
use crate::api::ApiError;
use crate::api::admin::{list_mail, read_mail};
use crate::paths::MAIL;
use crate::ui::{
    Chip, CodeBlock, Column, DataTable, EmptyState, ErrorState, Fact, Facts, Icon, LinkButton,
    Notice, Page, PageHeader, Pager, Section, ShortId, Skeleton, TableRow, TableSkeleton, Time,
    Tone,
};

/// The list of mail.
#[component]
pub fn MailList() -> impl IntoView {
    let cursor = use_param("cursor");
    let mail = Resource::new(move || cursor.get(), list_mail);
    let list = move || {
        Suspend::new(async move {
            match mail.await {
                Ok(page) => list_view(page),
                Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
            }
        })
    };
    view! {
        <Page>
            <PageHeader
                title="Mail"
                facts=view! { <span>"What Punctual sent, or kept where no mail server is set up"</span> }.into_any()
            />
            <Transition fallback=|| view! { <TableSkeleton columns=4 label="Loading mail"/> }>
                {list}
            </Transition>
        </Page>
    }
}

fn list_view(page: Rows<MailRow>) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Mail
                title="No mail"
                text="Receipts and other mail to customers and people appear here as they are queued."
            >
                <LinkButton href=MAIL>"Show the newest"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let words = shown(page.items.len(), page.next.is_some(), "mail", "mails");
    let rows = page.items.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="Mail, newest first"
            columns=vec![
                Column::text("subject", "Subject"),
                Column::text("to", "To"),
                Column::text("state", "State").lead(),
                Column::text("at", "Queued"),
            ]
            rows
        />
        <Pager shown=words next=page.next/>
    }
    .into_any()
}

fn row(mail: MailRow) -> TableRow {
    TableRow::link(format!("{MAIL}/{}", mail.id))
        .cell(mail.subject)
        .cell(view! { <span class="break-words">{mail.to}</span> })
        .cell(state_chip(mail.state))
        .cell(view! { <Time stamp=mail.created_at/> })
}

fn state_chip(state: MailState) -> AnyView {
    let tone = match state {
        MailState::Queued => Tone::Info,
        MailState::Sent => Tone::Positive,
        MailState::Kept => Tone::Neutral,
        MailState::Failed => Tone::Negative,
    };
    view! { <Chip tone label=state.label()/> }.into_any()
}

/// One mail.
#[component]
pub fn Mail() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let mail = Resource::new(move || id.get(), read_mail);
    let content = move || {
        Suspend::new(async move {
            match mail.await {
                Ok(mail) => mail_view(mail),
                Err(ApiError(problem)) => view! {
                    <PageHeader title="Mail" back=back()/>
                    <ErrorState problem/>
                }
                .into_any(),
            }
        })
    };
    view! {
        <Page>
            <Suspense fallback=|| view! { <Skeleton lines=10 label="Loading the mail"/> }>
                {content}
            </Suspense>
        </Page>
    }
}

fn back() -> (String, String) {
    (MAIL.to_owned(), "Mail".to_owned())
}

fn mail_view(mail: MailDetail) -> AnyView {
    let MailDetail {
        row,
        text,
        has_html,
        calendar,
        error,
        sent_at,
    } = mail;
    let chip = state_chip(row.state);
    let remark = match row.state {
        MailState::Kept => {
            Some("No mail server is set up, so this mail was not sent. It is kept here.")
        }
        MailState::Failed => Some("The mail server or the address refused it for good."),
        _ => None,
    };
    let tone = if row.state == MailState::Failed {
        Tone::Negative
    } else {
        Tone::Info
    };
    let notice = remark.map(|title| {
        let text = error.clone().unwrap_or_default();
        view! { <Notice tone title text/> }
    });
    let mut facts = vec![
        Fact::new("To", view! { <span class="break-words">{row.to}</span> }),
        Fact::new("Queued", view! { <Time stamp=row.created_at/> }),
    ];
    if let Some(stamp) = sent_at {
        facts.push(Fact::new("Sent", view! { <Time stamp/> }));
    }
    if let (MailState::Queued, Some(error)) = (row.state, error.clone()) {
        facts.push(Fact::new("Last try", error));
    }
    if has_html {
        facts.push(Fact::new("HTML part", "Says the same; not shown here"));
    }
    facts.push(Fact::new(
        "Id",
        view! { <ShortId id=row.id.to_string() label="mail id"/> },
    ));
    let calendar = calendar.map(|text| {
        view! {
            <Section title="Calendar">
                <CodeBlock label="Calendar text" text/>
            </Section>
        }
    });
    view! {
        <PageHeader title=row.subject chip back=back()/>
        {notice}
        <div class="columns">
            <Section title="Text">
                <pre class="mail-text">{text}</pre>
            </Section>
            <Section title="Facts">
                <Facts facts/>
            </Section>
        </div>
        {calendar}
    }
    .into_any()
}
