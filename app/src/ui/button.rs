//! Buttons, and links that look like them. A button's text is a verb.

use leptos::prelude::*;

use super::brand::Travelling;
use super::icon::{Glyph, Icon};

/// How loud a button is. One primary button a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The one thing to do here.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// Beside a louder one, or in a row of tools.
    Quiet,
    /// Destroys something; stands in a dialog that names it.
    Danger,
}

impl Look {
    const fn class(self) -> &'static str {
        match self {
            Look::Primary => "button button-primary",
            Look::Secondary => "button button-secondary",
            Look::Quiet => "button button-quiet",
            Look::Danger => "button button-danger",
        }
    }
}

fn classes(look: Look, small: bool, wide: bool, icon_only: bool) -> String {
    let mut class = look.class().to_owned();
    for (on, name) in [
        (small, " button-small"),
        (wide, " button-wide"),
        (icon_only, " button-icon"),
    ] {
        if on {
            class.push_str(name);
        }
    }
    class
}

/// A button. Handlers and further attributes go on it directly: `on:click`, `attr:name`.
#[component]
pub fn Button(
    /// How loud.
    #[prop(optional)]
    look: Look,
    /// Whether it submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Icon>,
    /// 28 px high instead of 32.
    #[prop(optional)]
    small: bool,
    /// As wide as its column and 44 px high, for customers.
    #[prop(optional)]
    wide: bool,
    /// While true, it shows the mark and takes no press.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// While true, it takes no press.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The words.
    children: Children,
) -> impl IntoView {
    // A button that is replaced by what it does may be told once more when it is gone already.
    let busy = move || busy.try_get().unwrap_or_default();
    let disabled = move || disabled.try_get().unwrap_or_default() || busy();
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=classes(look, small, wide, false)
            aria-busy=move || busy().then_some("true")
            disabled=disabled
        >
            {move || busy().then(|| view! { <Travelling/> })}
            {icon.map(|icon| view! { <Glyph icon/> })}
            {children()}
        </button>
    }
}

/// A button that is only an icon; its label is for those who listen, and its tooltip.
#[component]
pub fn IconButton(
    /// What it does.
    #[prop(into)]
    label: String,
    /// The icon.
    icon: Icon,
    /// How loud; quiet unless told.
    #[prop(default = Look::Quiet)]
    look: Look,
    /// 28 px instead of 32.
    #[prop(optional)]
    small: bool,
    /// Whether it submits the form around it.
    #[prop(optional)]
    submit: bool,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=classes(look, small, false, true)
            title=label.clone()
            aria-label=label
        >
            <Glyph icon/>
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where to.
    #[prop(into)]
    href: String,
    /// How loud.
    #[prop(optional)]
    look: Look,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Icon>,
    /// 28 px high instead of 32.
    #[prop(optional)]
    small: bool,
    /// As wide as its column and 44 px high.
    #[prop(optional)]
    wide: bool,
    /// Leaves the app (exports, files, other sites): the browser loads it, not the router.
    #[prop(optional)]
    external: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=classes(look, small, wide, false) rel=external.then_some("external")>
            {icon.map(|icon| view! { <Glyph icon/> })}
            {children()}
        </a>
    }
}
