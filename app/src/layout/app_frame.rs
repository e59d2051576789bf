//! The frame of signed-in pages: rail at the left, or bars at top and bottom on a phone.

use leptos::prelude::*;

use super::keys::{KEYS, KeysDialog};
use super::navigation::Navigation;
use super::palette::{PALETTE, Palette};
use super::theme_switch::ThemeSwitch;
use crate::format::initials;
use crate::paths::{self, use_here};
use crate::preferences::{RAIL_COOKIE, cookie, set_cookie};
use crate::ui::{Glyph, Icon, Menu, MenuAction, Opens, WordMark, open_for_command};

/// The frame around every page of a signed-in person. The room of rail and bars is there before
/// it is known what stands in them.
#[component]
pub fn AppFrame(
    /// What this person may see, once that is known.
    #[prop(into)]
    navigation: Signal<Option<Navigation>>,
    /// The page, usually an `<Outlet/>`.
    children: Children,
) -> impl IntoView {
    let folded = cookie(RAIL_COOKIE).as_deref() == Some("folded");
    let known = move |draw: fn(Navigation) -> AnyView| move || navigation.get().map(draw);
    let rail = view! {
        <header class="rail">
            <div class="rail-head">
                <WordMark href=paths::HOME/>
                <FoldSwitch folded/>
            </div>
            <PaletteButton/>
            {known(|navigation| view! { <RailNav navigation/> }.into_any())}
            <div class="rail-foot">
                {known(|navigation| {
                    view! { <PersonMenu navigation opens=Opens::Above/> }.into_any()
                })}
            </div>
        </header>
    }
    .into_any();
    let topbar = view! {
        <header class="topbar">
            <WordMark href=paths::HOME/>
            <div class="topbar-tools">
                <SearchButton/>
                {known(|navigation| {
                    view! { <PersonMenu navigation opens=Opens::Below/> }.into_any()
                })}
            </div>
        </header>
    }
    .into_any();
    view! {
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        <div class="frame">
            {rail}
            {topbar}
            <main class="main" id="main" tabindex="-1">
                {children()}
            </main>
            {known(|navigation| view! { <BottomNav navigation/> }.into_any())}
        </div>
        {known(|navigation| view! { <Palette navigation/> }.into_any())}
        <KeysDialog/>
    }
}

/// Marks the link of the page that the address belongs to.
fn current_mark(
    navigation: StoredValue<Navigation>,
    href: String,
) -> impl Fn() -> Option<&'static str> {
    let here = use_here();
    move || {
        let path = here.path();
        navigation
            .with_value(|navigation| navigation.current(&path) == Some(&href))
            .then_some("page")
    }
}

#[component]
fn RailNav(navigation: Navigation) -> impl IntoView {
    let stored = StoredValue::new(navigation.clone());
    let sections = navigation
        .sections
        .into_iter()
        .map(|section| {
            let items = section
                .items
                .into_iter()
                .map(|item| {
                    let current = current_mark(stored, item.href.clone());
                    let tooltip = item.label.clone();
                    view! {
                        <li>
                            <a
                                class="rail-link"
                                href=item.href
                                title=tooltip
                                aria-current=current
                            >
                                <Glyph icon=item.icon/>
                                <span>{item.label}</span>
                            </a>
                        </li>
                    }
                })
                .collect_view();
            let label = (!section.label.is_empty())
                .then(|| view! { <p class="rail-label">{section.label}</p> });
            view! {
                <div class="rail-section">
                    {label} <ul class="rail-list">{items}</ul>
                </div>
            }
        })
        .collect_view();
    view! { <nav class="rail-nav" aria-label="Main">{sections}</nav> }.into_any()
}

#[component]
fn BottomNav(navigation: Navigation) -> impl IntoView {
    let stored = StoredValue::new(navigation.clone());
    let tabs = navigation
        .pages()
        .map(|(_, item)| item.clone())
        .take(4)
        .map(|item| {
            let current = current_mark(stored, item.href.clone());
            view! {
                <a class="bottom-link" href=item.href aria-current=current>
                    <Glyph icon=item.icon large=true/>
                    <span>{item.label}</span>
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="bottombar" aria-label="Main pages">
            {tabs}
            <button
                type="button"
                class="bottom-link"
                command="show-modal"
                commandfor=PALETTE
                on:click=|_| open_for_command(PALETTE)
            >
                <Glyph icon=Icon::Grid large=true/>
                <span>"All pages"</span>
            </button>
        </nav>
    }
}

#[component]
fn PaletteButton() -> impl IntoView {
    view! {
        <button
            type="button"
            class="rail-search"
            command="show-modal"
            commandfor=PALETTE
            aria-haspopup="dialog"
            on:click=|_| open_for_command(PALETTE)
        >
            <Glyph icon=Icon::Search/>
            <span>"Search or go to"</span>
            <kbd aria-hidden="true">"/"</kbd>
        </button>
    }
}

#[component]
fn SearchButton() -> impl IntoView {
    view! {
        <button
            type="button"
            aria-label="Search or go to"
            command="show-modal"
            commandfor=PALETTE
            aria-haspopup="dialog"
            on:click=|_| open_for_command(PALETTE)
        >
            <Glyph icon=Icon::Search large=true/>
        </button>
    }
}

/// A box that the style sheet watches, so the rail folds without scripts; scripts remember it.
#[component]
fn FoldSwitch(folded: bool) -> impl IntoView {
    let remember = move |event: leptos::ev::Event| {
        let folded = event_target_checked(&event);
        set_cookie(RAIL_COOKIE, if folded { "folded" } else { "open" });
    };
    view! {
        <label class="rail-toggle" title="Fold the side bar">
            <input
                type="checkbox"
                class="rail-fold"
                aria-label="Fold the side bar"
                checked=folded
                on:change=remember
            />
            <Glyph icon=Icon::Panel/>
        </label>
    }
}

#[component]
fn PersonMenu(navigation: Navigation, opens: Opens) -> impl IntoView {
    let Navigation { person, zone, .. } = navigation;
    let label = match opens {
        Opens::Above => "Theme, keys, sign out".to_owned(),
        _ => format!("{person}: theme, keys, sign out"),
    };
    let face = match opens {
        Opens::Above => view! {
            <span class="initials" aria-hidden="true">{initials(&person)}</span>
            <span class="rail-names">
                <span>{person.clone()}</span>
                <span class="rail-zone">{zone.clone()}</span>
            </span>
        }
        .into_any(),
        _ => view! { <span class="initials" aria-hidden="true">{initials(&person)}</span> }
            .into_any(),
    };
    let class = if opens == Opens::Above {
        "rail-person"
    } else {
        "topbar-person"
    };
    view! {
        <Menu label opens class face>
            <p class="menu-note">{person} " · times in " {zone}</p>
            <ThemeSwitch/>
            <MenuAction
                icon=Icon::Keyboard
                attr:command="show-modal"
                attr:commandfor=KEYS
                on:click=|_| open_for_command(KEYS)
            >
                "Keyboard keys"
            </MenuAction>
            <form method="post" action=paths::SIGN_OUT>
                <MenuAction icon=Icon::SignOut submit=true>"Sign out"</MenuAction>
            </form>
        </Menu>
    }
}
