//! The API tokens of programs.

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Page as Rows;
use model::identity::{TokenState, TokenView};

use super::parts::{shown, use_param};
use crate::action::{on_done, problem_of};
use crate::api::ApiError;
use crate::api::admin::{RevokeToken, list_tokens};
use crate::paths::TOKENS;
use crate::toast::Toasts;
use crate::ui::{
    Button, Chip, Column, DataTable, Dialog, DialogActions, DialogButton, EmptyState, ErrorState,
    ErrorSummary, Icon, LinkButton, Look, Page, PageHeader, Pager, TableRow, TableSkeleton, Time,
    Tone, close_dialog,
};

/// The list of tokens.
#[component]
pub fn Tokens() -> impl IntoView {
    let cursor = use_param("cursor");
    let changes = RwSignal::new(0_u32);
    let revoke = ServerAction::<RevokeToken>::new();
    let toasts = expect_context::<Toasts>();
    on_done(revoke, move |token| {
        close_dialog(&dialog_of(token));
        toasts.show(Tone::Positive, format!("Token {} revoked", token.name));
        changes.update(|n| *n += 1);
    });
    let tokens = Resource::new(
        move || (cursor.get(), changes.get()),
        |(cursor, _)| list_tokens(cursor),
    );
    let list = move || {
        Suspend::new(async move {
            match tokens.await {
                Ok(page) => list_view(page, revoke),
                Err(ApiError(problem)) => view! { <ErrorState problem/> }.into_any(),
            }
        })
    };
    view! {
        <Page>
            <PageHeader title="API tokens" facts=view! { <span>"What programs sign in with"</span> }.into_any()>
                {new_token()}
            </PageHeader>
            <Transition fallback=|| view! { <TableSkeleton columns=6 label="Loading tokens"/> }>
                {list}
            </Transition>
        </Page>
    }
}

fn new_token() -> impl IntoView {
    view! {
        <LinkButton href=format!("{TOKENS}/new") look=Look::Primary icon=Icon::Plus>
            "New token"
        </LinkButton>
    }
}

/// The id of the dialog in which a token is revoked.
fn dialog_of(token: &TokenView) -> String {
    format!("revoke-{}", token.id)
}

fn list_view(page: Rows<TokenView>, revoke: ServerAction<RevokeToken>) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Key
                title="No tokens"
                text="A program that uses the API needs one. It is limited to the scopes that you choose."
            >
                <LinkButton href=format!("{TOKENS}/new")>"Make the first token"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let words = shown(page.items.len(), page.next.is_some(), "token", "tokens");
    let dialogs = page
        .items
        .iter()
        .filter(|token| token.state == TokenState::Active)
        .map(|token| revoke_dialog(token, revoke))
        .collect_view();
    let rows = page.items.into_iter().map(row).collect();
    view! {
        <DataTable
            caption="API tokens, newest first"
            columns=vec![
                Column::text("name", "Name"),
                Column::text("prefix", "Begins with"),
                Column::text("scopes", "Scopes"),
                Column::text("state", "State").lead(),
                Column::text("created", "Created"),
                Column::text("used", "Last used"),
                Column::text("actions", "Action"),
            ]
            rows
        />
        <Pager shown=words next=page.next/>
        {dialogs}
    }
    .into_any()
}

fn row(token: TokenView) -> TableRow {
    let (tone, label) = match token.state {
        TokenState::Active => (Tone::Positive, "Active"),
        TokenState::Expired => (Tone::Neutral, "Expired"),
        TokenState::Revoked => (Tone::Neutral, "Revoked"),
    };
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let action = match token.state {
        TokenState::Active => {
            let spoken = format!(" {}", token.name);
            view! {
                <DialogButton opens=dialog_of(&token) small=true>
                    "Revoke"<span class="sr-only">{spoken}</span>"…"
                </DialogButton>
            }
            .into_any()
        }
        _ => view! { <span class="quiet">"–"</span> }.into_any(),
    };
    let used = match token.last_used_at {
        Some(stamp) => view! { <Time stamp/> }.into_any(),
        None => view! { <span class="quiet">"Never"</span> }.into_any(),
    };
    let expires = token.expires_at.map(|stamp| {
        let word = if token.state == TokenState::Expired {
            "expired "
        } else {
            "until "
        };
        view! { <span class="quiet small nowrap">{word} <Time stamp/></span> }
    });
    TableRow::plain()
        .cell(token.name)
        .cell(view! { <span class="mono">{token.prefix} "…"</span> })
        .cell(view! { <span class="mono token-scopes">{scopes.join(", ")}</span> })
        .cell(view! { <Chip tone label/> })
        .cell(view! {
            <span class="cell-stack">
                <Time stamp=token.created_at/>
                <span class="quiet small">"by " {token.created_by}</span>
                {expires}
            </span>
        })
        .cell(used)
        .cell(action)
}

fn revoke_dialog(token: &TokenView, revoke: ServerAction<RevokeToken>) -> impl IntoView + use<> {
    let dialog = dialog_of(token);
    let title = format!("Revoke the token {}", token.name);
    let (id, prefix) = (token.id.to_string(), token.prefix.clone());
    view! {
        <Dialog id=dialog.clone() title>
            <p>
                "Programs that use " <span class="mono">{prefix} "…"</span>
                " are refused from the next request on. This cannot be undone."
            </p>
            <ErrorSummary problem=problem_of(revoke)/>
            <ActionForm action=revoke>
                <input type="hidden" name="id" value=id/>
                <DialogActions dialog=dialog cancel="Keep it">
                    <Button look=Look::Danger submit=true busy=revoke.pending()>"Revoke token"</Button>
                </DialogActions>
            </ActionForm>
        </Dialog>
    }
}
