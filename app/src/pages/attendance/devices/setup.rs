//! The set-up code of a kiosk, the one time that it is shown.

use leptos::prelude::*;
use model::attendance::views::KioskSetup;

use crate::paths;
use crate::ui::{Button, CodeBlock, Notice, Tone};

/// Stands above all else until it is said to be typed.
#[component]
pub fn Setup(
    /// The code that was just made, if one was.
    setup: RwSignal<Option<KioskSetup>>,
) -> impl IntoView {
    let shown = move |made: KioskSetup| {
        let text = format!(
            "Open {} on the tablet and type this code by {}. It works once, and it is not kept: it cannot be shown again.",
            paths::KIOSK,
            made.until.clock(),
        );
        view! {
            <Notice tone=Tone::Caution title=format!("Set-up code of {}", made.name) text/>
            <CodeBlock label="Set-up code" text=made.code/>
            <div class="button-row">
                <Button on:click=move |_| setup.set(None)>"It is typed"</Button>
            </div>
        }
    };
    view! {
        <div role="status" class="kiosk-setup">
            {move || setup.get().map(shown)}
        </div>
    }
}
