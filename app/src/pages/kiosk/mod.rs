//! The page of a kiosk: a tablet at the door. Plain forms without the browser part; one small script
//! (`public/kiosk.js`) adds what fingers want. All of it is one address, and what it shows is decided by
//! the kiosk's own cookies, so that nothing of a person stands in the address or in the way back.

mod card;
mod start;
mod words;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::attendance::views::{KioskPage, KioskStep};

use self::card::{Card, Done};
use self::start::{SetUp, Start};
use self::words::refusal;
use crate::api::ApiError;
use crate::api::kiosk::kiosk_page;
use crate::layout::PublicFrame;
use crate::shell::look_again;
use crate::ui::{ErrorState, Loading, Notice, Tone};

/// For how many seconds what somebody is known for stands there; a second more than the ticket is good.
const CARD_SECONDS: u32 = 61;
/// For how many seconds it says what was pressed.
const DONE_SECONDS: u32 = 8;

/// `/kiosk`
#[component]
pub fn Kiosk() -> impl IntoView {
    let page = Resource::new_blocking(|| (), |()| kiosk_page());
    view! {
        <Suspense fallback=|| view! { <Loading label="Loading"/> }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <Shown page/> }.into_any(),
                    Err(ApiError(problem)) => {
                        view! {
                            <Title text="Kiosk"/>
                            <PublicFrame organisation="Kiosk">
                                <h1 class="sr-only">"Kiosk"</h1>
                                <ErrorState problem/>
                            </PublicFrame>
                        }
                        .into_any()
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn Shown(page: KioskPage) -> impl IntoView {
    let KioskPage {
        organisation,
        name,
        now,
        step,
    } = page;
    let title = match &name {
        Some(name) => format!("{name} · {organisation}"),
        None => "Set up a kiosk".to_owned(),
    };
    let head = match name {
        Some(name) => format!("{organisation} · {name}"),
        None => organisation,
    };
    let step = match step {
        KioskStep::SetUp => view! { <SetUp/> }.into_any(),
        KioskStep::Start => view! { <Start now/> }.into_any(),
        KioskStep::Card(card) => {
            look_again(CARD_SECONDS);
            view! { <Card card now/> }.into_any()
        }
        KioskStep::Done(done) => {
            look_again(DONE_SECONDS);
            view! { <Done done/> }.into_any()
        }
    };
    view! {
        <Title text=title/>
        <PublicFrame organisation=head>
            <div class="kiosk" id="kiosk">
                <p class="kiosk-offline" id="kiosk-offline" role="status"></p>
                {step}
            </div>
        </PublicFrame>
        <script src="/kiosk.js" nonce=use_nonce()></script>
    }
}

/// Why the last form was refused, if it was.
#[component]
fn Refused() -> impl IntoView {
    let query = use_query_map();
    let code = query.with_untracked(|query| query.get("problem"));
    let said = code.map(|code| {
        let (title, text) = refusal(&code);
        view! { <Notice tone=Tone::Negative title text/> }
    });
    view! { <div role="alert">{said}</div> }
}
