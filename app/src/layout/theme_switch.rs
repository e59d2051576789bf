//! Light, dark, or as the system has it. A plain form; scripts spare it the round trip.

use leptos::prelude::*;

use crate::paths::{self, use_here};
use crate::preferences::Theme;

/// Three buttons, the chosen one pressed.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let here = use_here();
    let chosen = RwSignal::new(Theme::current());
    let buttons = Theme::ALL
        .into_iter()
        .map(|theme| {
            let choose = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                theme.apply();
                chosen.set(theme);
            };
            view! {
                <button
                    type="submit"
                    name="theme"
                    value=theme.as_str()
                    aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                    on:click=choose
                >
                    {theme.label()}
                </button>
            }
        })
        .collect_view();
    view! {
        <form method="post" action=paths::THEME class="theme-switch" aria-label="Theme">
            <input type="hidden" name="return" value=move || here.full()/>
            {buttons}
        </form>
    }
}
