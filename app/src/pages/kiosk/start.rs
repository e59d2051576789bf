//! A kiosk that is not set up yet, and one that asks who is there.

use leptos::prelude::*;
use model::time::Stamp;

use super::Refused;
use crate::paths;
use crate::ui::{Button, Glyph, Icon, Input, Look, TextField};

/// Asks for the set-up code.
#[component]
pub fn SetUp() -> impl IntoView {
    view! {
        <h1>"Set up this kiosk"</h1>
        <p>
            "Employees clock in and out here. Whoever keeps the devices makes a set-up code on the page of devices, under Kiosks."
        </p>
        <Refused/>
        <form class="form" method="post" action=paths::KIOSK_SET_UP autocomplete="off">
            <TextField
                name="code"
                label="Set-up code"
                help="Eight letters and digits, such as 4F7K-9QXM"
                required=true
                maxlength=40
                autocomplete="off"
            />
            <Button look=Look::Primary submit=true wide=true>
                "Set up"
            </Button>
        </form>
    }
}

/// Asks for number and PIN, or for a code.
#[component]
pub fn Start(
    /// The present.
    now: Stamp,
) -> impl IntoView {
    let keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
        .map(|key| {
            view! {
                <button type="button" class="kiosk-key num" data-key=key>
                    {key}
                </button>
            }
        })
        .collect_view();
    view! {
        <h1 class="sr-only">"Clock in or out"</h1>
        <p
            class="kiosk-clock num"
            data-clock=now.at.timestamp_millis().to_string()
            data-offset=now.offset_minutes.to_string()
        >
            {now.clock()}
        </p>
        <Refused/>
        <form class="form kiosk-enter" id="enter" method="post" action=paths::KIOSK_ENTER autocomplete="off">
            <TextField
                name="number"
                label="Number"
                help="Or scan the code of your own page"
                maxlength=64
                autocomplete="off"
            />
            // As a one-time code, so that no browser offers to keep it for the next in the queue.
            <TextField
                name="secret_pin"
                label="PIN"
                input=Input::Password
                maxlength=6
                autocomplete="one-time-code"
            />
            // Shown by the script, without which it could do nothing.
            <div class="kiosk-pad" id="pad" role="group" aria-label="Key pad" hidden=true>
                {keys}
                <button type="button" class="kiosk-key" data-key="back" aria-label="Delete">
                    <Glyph icon=Icon::ArrowLeft large=true/>
                </button>
                <button type="button" class="kiosk-key num" data-key="0">
                    "0"
                </button>
                <button type="button" class="kiosk-key" data-key="next" aria-label="Next">
                    <Glyph icon=Icon::ArrowRight large=true/>
                </button>
            </div>
            <Button look=Look::Primary submit=true wide=true>
                "Continue"
            </Button>
        </form>
    }
}
