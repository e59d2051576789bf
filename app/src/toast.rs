//! Short messages that come and go by themselves, announced politely.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::{Glyph, Icon, Tone};

/// One message on the screen.
#[derive(Clone)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
    action: Option<(String, Callback<()>)>,
}

/// The messages of this page, from the context: `expect_context::<Toasts>().show(…)`.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Makes an empty list and puts it into the context. [`crate::App`] does this once.
    pub fn provide() -> Self {
        let toasts = Self {
            list: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        };
        provide_context(toasts);
        toasts
    }

    /// Shows a message for six seconds. For event handlers in the browser.
    pub fn show(&self, tone: Tone, text: impl Into<String>) {
        self.push(tone, text.into(), None, Duration::from_secs(6));
    }

    /// Shows a message with one action, such as *Undo*, for twelve seconds.
    pub fn show_with_action(
        &self,
        tone: Tone,
        text: impl Into<String>,
        label: impl Into<String>,
        action: impl Into<Callback<()>>,
    ) {
        let action = Some((label.into(), action.into()));
        self.push(tone, text.into(), action, Duration::from_secs(12));
    }

    fn push(
        &self,
        tone: Tone,
        text: String,
        action: Option<(String, Callback<()>)>,
        stays: Duration,
    ) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            // Three are enough to read; the oldest makes room.
            if list.len() >= 3 {
                list.remove(0);
            }
            list.push(Toast {
                id,
                tone,
                text,
                action,
            });
        });
        let toasts = *self;
        set_timeout(move || toasts.dismiss(id), stays);
    }

    fn dismiss(&self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Where the messages appear; stands once at the end of the page.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                {toast_view(toasts, toast)}
            </For>
        </div>
    }
}

fn toast_view(toasts: Toasts, toast: Toast) -> impl IntoView {
    let Toast {
        id,
        tone,
        text,
        action,
    } = toast;
    let icon = match tone {
        Tone::Positive => Icon::CheckCircle,
        Tone::Negative => Icon::CrossCircle,
        Tone::Caution => Icon::Alert,
        _ => Icon::Info,
    };
    view! {
        <div class=format!("toast toast-{}", tone.as_str())>
            <Glyph icon/>
            <span>{text}</span>
            {action
                .map(|(label, run)| {
                    let press = move |_| {
                        run.run(());
                        toasts.dismiss(id);
                    };
                    view! {
                        <button type="button" class="button button-secondary button-small" on:click=press>
                            {label}
                        </button>
                    }
                })}
            <button
                type="button"
                class="button button-quiet button-small button-icon"
                aria-label="Dismiss"
                on:click=move |_| toasts.dismiss(id)
            >
                <Glyph icon=Icon::Cross/>
            </button>
        </div>
    }
}

/// Something that a message offers to do, even when the page that showed it is gone by then: it
/// belongs to the document and not to the page.
pub fn at_root(run: impl Fn() + Send + Sync + 'static) -> Callback<()> {
    let mut owner = Owner::current();
    while let Some(parent) = owner.as_ref().and_then(Owner::parent) {
        owner = Some(parent);
    }
    let make = move || Callback::new(move |()| run());
    match owner {
        Some(root) => root.with(make),
        None => make(),
    }
}
