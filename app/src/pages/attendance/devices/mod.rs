//! Wall devices: which have called, how they are, what they lack; kiosks, and how a tablet becomes one;
//! badges that are nobody's, and whose the others are. On a page of its own, what devices sent and does
//! not count.

mod alarms;
mod ask;
mod badges;
mod device;
mod kiosks;
mod owners;
mod set_aside;
mod setup;
mod words;

use leptos::prelude::*;
use model::attendance::views::{DeviceState, DevicesPage, KioskSetup};

use self::alarms::Alarms;
use self::badges::Badges;
use self::device::Devices as List;
use self::kiosks::Kiosks;
use self::owners::Owners;
use self::setup::Setup;
use self::words::name_of;
use super::common::{between_dialogs, number, use_changes_between_dialogs, use_minutes, use_param};
use crate::action::on_done;
use crate::api::ApiError;
use crate::api::attendance::badge_form::{EndBadge, HandBadge};
use crate::api::attendance::device_form::{AskForAll, AskForDays, KeepDevice};
use crate::api::attendance::kiosk_form::{AddKiosk, BlockKiosk, ClearPin, RenewKiosk};
use crate::api::attendance::{AssignBadge, CloseAlarm, devices};
use crate::format::counted;
use crate::pages::scheduling::working_hours::Zones;
use crate::paths;
use crate::toast::Toasts;
use crate::ui::{
    CodeBlock, EmptyState, ErrorState, Icon, LinkButton, Notice, Page, PageHeader, TableSkeleton,
    Tone, close_dialog,
};

pub use self::set_aside::SetAsideOf;

/// What can be done on the page. Made once, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Doings {
    /// Accepts, names or blocks a device.
    keep: ServerAction<KeepDevice>,
    /// Puts an alarm away.
    close: ServerAction<CloseAlarm>,
    /// Gives a badge to somebody.
    assign: ServerAction<AssignBadge>,
    /// Hands a badge on to somebody else.
    hand: ServerAction<HandBadge>,
    /// Takes a badge back.
    give_back: ServerAction<EndBadge>,
    /// Asks a device for everything again.
    ask_all: ServerAction<AskForAll>,
    /// Asks a device for a period again.
    ask_days: ServerAction<AskForDays>,
    /// Adds a kiosk.
    add: ServerAction<AddKiosk>,
    /// Gives a kiosk a new set-up code.
    renew: ServerAction<RenewKiosk>,
    /// Blocks a kiosk, or listens to it again.
    block: ServerAction<BlockKiosk>,
    /// Takes a PIN away.
    clear: ServerAction<ClearPin>,
    /// The set-up code that was just made: it is shown now or never.
    setup: RwSignal<Option<KioskSetup>>,
    /// The dialog from which something was sent last.
    sent: StoredValue<Option<String>>,
}

/// `/attendance/devices`
#[component]
pub fn Devices() -> impl IntoView {
    let doings = Doings {
        keep: ServerAction::new(),
        close: ServerAction::new(),
        assign: ServerAction::new(),
        hand: ServerAction::new(),
        give_back: ServerAction::new(),
        ask_all: ServerAction::new(),
        ask_days: ServerAction::new(),
        add: ServerAction::new(),
        renew: ServerAction::new(),
        block: ServerAction::new(),
        clear: ServerAction::new(),
        setup: RwSignal::new(None),
        sent: StoredValue::new(None),
    };
    let done = RwSignal::new(0_u32);
    tell(doings, done);
    let changes = use_changes_between_dialogs("attendance.device");
    let minutes = between_dialogs(use_minutes());
    let (search, cursor) = (use_param("search"), use_param("cursor"));
    let page = Resource::new(
        move || {
            let again = (changes.get(), minutes.get(), done.get());
            (again, search.get(), cursor.get())
        },
        |(_, search, cursor)| devices(search, cursor),
    );
    let content = move || {
        Suspend::new(async move {
            match page.await {
                Ok(page) => {
                    let search = search.get_untracked();
                    view! { <Shown page search doings/> }.into_any()
                }
                Err(ApiError(problem)) => {
                    let retry = Callback::new(move |()| page.refetch());
                    view! { <ErrorState problem retry/> }.into_any()
                }
            }
        })
    };
    let facts = view! { <span>"Wall devices and kiosks, and how they are"</span> }.into_any();
    view! {
        <Page>
            <PageHeader title="Devices" facts>
                <LinkButton href=paths::PUNCH_IMPORTS icon=Icon::Import>
                    "Import punches"
                </LinkButton>
            </PageHeader>
            <Setup setup=doings.setup/>
            <Transition fallback=|| {
                view! { <TableSkeleton columns=7 label="Loading devices"/> }
            }>{content}</Transition>
            <Zones/>
        </Page>
    }
}

/// Says what was done, and has the page read again.
fn tell(doings: Doings, done: RwSignal<u32>) {
    let toasts = expect_context::<Toasts>();
    let close_sent = move || {
        if let Some(dialog) = doings.sent.get_value() {
            close_dialog(&dialog);
        }
    };
    on_done(doings.keep, move |()| {
        close_sent();
        toasts.show(Tone::Positive, "Device kept");
        done.update(|n| *n += 1);
    });
    let made = move |setup: &KioskSetup| {
        close_sent();
        doings.setup.set(Some(setup.clone()));
        done.update(|n| *n += 1);
    };
    on_done(doings.add, made);
    on_done(doings.renew, made);
    on_done(doings.block, move |()| {
        close_sent();
        toasts.show(Tone::Positive, "Kiosk kept");
        done.update(|n| *n += 1);
    });
    on_done(doings.clear, move |()| {
        close_sent();
        toasts.show(
            Tone::Positive,
            "The PIN is gone; its owner can set a new one",
        );
    });
    on_done(doings.close, move |()| {
        toasts.show(Tone::Neutral, "Alarm put away");
        done.update(|n| *n += 1);
    });
    for_device(doings, toasts, done);
    on_done(doings.hand, move |()| {
        close_sent();
        toasts.show(
            Tone::Positive,
            "The badge is handed on; each punch is that of its day’s owner",
        );
        done.update(|n| *n += 1);
    });
    on_done(doings.give_back, move |()| {
        close_sent();
        toasts.show(Tone::Positive, "The badge is given back");
        done.update(|n| *n += 1);
    });
    on_done(doings.assign, move |()| {
        close_sent();
        toasts.show(
            Tone::Positive,
            "The badge has an owner, and so have its punches",
        );
        done.update(|n| *n += 1);
    });
}

/// Says what a device was asked for.
fn for_device(doings: Doings, toasts: Toasts, done: RwSignal<u32>) {
    let asked = move || {
        toasts.show(
            Tone::Positive,
            "The device is asked, and sends at its next poll",
        );
        done.update(|n| *n += 1);
    };
    on_done(doings.ask_all, move |()| asked());
    on_done(doings.ask_days, move |()| {
        if let Some(dialog) = doings.sent.get_value() {
            close_dialog(&dialog);
        }
        asked();
    });
}

#[component]
fn Shown(page: DevicesPage, search: Option<String>, doings: Doings) -> impl IntoView {
    let DevicesPage {
        devices,
        kiosks,
        sites,
        keeps_people,
        unknown_badges,
        badges,
        now,
    } = page;
    let badges = badges.map(|page| view! { <Owners page search doings/> });
    let aside = keeps_people.then(|| {
        view! {
            <p>
                <a href=paths::SET_ASIDE>"What devices sent and does not count"</a>
                ": punches whose time cannot be true, and lines that nobody could read."
            </p>
        }
    });
    let nothing = (devices.is_empty() && unknown_badges.is_empty()).then(nothing);
    let of_devices = devices
        .iter()
        .map(|device| (name_of(device), device.alarms.clone()));
    let of_kiosks = kiosks
        .iter()
        .map(|kiosk| (kiosk.name.clone(), kiosk.alarms.clone()));
    let raised = of_devices.chain(of_kiosks).collect::<Vec<_>>();
    let pending: Vec<_> = devices
        .iter()
        .filter(|device| device.state == DeviceState::Pending)
        .collect();
    let waits = (!pending.is_empty()).then(|| {
        let count = counted(number(&pending), "device waits", "devices wait");
        view! {
            <Notice
                tone=Tone::Caution
                title=format!("{count} to be accepted")
                text="What they send is refused until then, and they keep it. Look at the serial number on the device before you accept it."
            />
        }
    });
    view! {
        {waits}
        <Alarms raised doings/>
        {nothing}
        <List devices sites=sites.clone() now=now.clone() doings/>
        {aside}
        <Kiosks kiosks sites clears_pins=keeps_people now doings/>
        <Badges badges=unknown_badges doings/>
        {badges}
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Keyboard
            title="No device has called yet"
            text="In the menu of a terminal that speaks ADMS (also called PUSH or iClock), set the server to the host name and port of this site and, where it asks for a path, to the one below. It appears here with its first call, and is listened to once you accept it."
        >
            <CodeBlock label="Path on this server" text="/iclock/"/>
        </EmptyState>
    }
    .into_any()
}
