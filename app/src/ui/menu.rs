//! Menus on `<details>`: they open without scripts; Esc and a press elsewhere close them.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Glyph, Icon};

/// Where a menu opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opens {
    /// Below, aligned with the button's end.
    #[default]
    Below,
    /// Below, aligned with the button's start.
    BelowStart,
    /// Above, aligned with the button's start.
    Above,
}

/// Closes a `<details>` when Esc is pressed in it or the focus leaves it.
fn close(details: NodeRef<html::Details>, refocus: bool) {
    if let Some(details) = details.get_untracked() {
        details.set_open(false);
        if refocus
            && let Ok(Some(summary)) = details.query_selector("summary")
            && let Ok(summary) = summary.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = summary.focus();
        }
    }
}

/// A button that opens a short list of links and actions.
#[component]
pub fn Menu(
    /// What the button says, or for an icon alone what is read aloud.
    #[prop(into)]
    label: String,
    /// Shows only this icon on the button.
    #[prop(optional)]
    icon: Option<Icon>,
    /// Where it opens.
    #[prop(optional)]
    opens: Opens,
    /// The class of the button, when it is not an ordinary one.
    #[prop(default = "")]
    class: &'static str,
    /// What stands on the button instead of label or icon; the label stays for those who listen.
    #[prop(optional)]
    face: Option<AnyView>,
    /// [`MenuLink`]s, [`MenuAction`]s, `<hr/>`s.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let frame = match opens {
        Opens::Below => "menu",
        Opens::BelowStart => "menu menu-start",
        Opens::Above => "menu menu-start menu-up",
    };
    let look = match (class, icon) {
        ("", Some(_)) => "button button-quiet button-icon",
        ("", None) => "button button-secondary",
        (own, _) => own,
    };
    let spoken = (icon.is_some() && face.is_none()).then(|| label.clone());
    let inner = match (face, icon) {
        (Some(face), _) => view! { {face} <span class="sr-only">{label}</span> }.into_any(),
        (None, Some(icon)) => view! { <Glyph icon/> }.into_any(),
        (None, None) => view! { {label} <Glyph icon=Icon::ChevronDown/> }.into_any(),
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            close(node, true);
        }
    };
    let on_leave = move |event: leptos::ev::FocusEvent| {
        let inside = node.get_untracked().is_some_and(|details| {
            let to = event
                .related_target()
                .and_then(|to| to.dyn_into::<web_sys::Node>().ok());
            details.contains(to.as_ref())
        });
        if !inside {
            close(node, false);
        }
    };
    view! {
        <details class=frame node_ref=node on:keydown=on_key on:focusout=on_leave>
            <summary class=look aria-label=spoken.clone() title=icon.and(spoken)>
                {inner}
            </summary>
            // Takes the focus that a press on empty ground would drop, so the menu stays open.
            <div class="menu-panel" tabindex="-1">{children()}</div>
        </details>
    }
}

/// A line of a menu that leads somewhere.
#[component]
pub fn MenuLink(
    /// Where to.
    #[prop(into)]
    href: String,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Icon>,
    /// Leaves the app: the browser loads it, not the router.
    #[prop(optional)]
    external: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu-item" href=href rel=external.then_some("external")>
            {icon.map(|icon| view! { <Glyph icon/> })}
            {children()}
        </a>
    }
}

/// A line of a menu that does something. Handlers and form attributes go on it directly.
#[component]
pub fn MenuAction(
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Icon>,
    /// Destroys something.
    #[prop(optional)]
    danger: bool,
    /// Whether it submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=if danger { "menu-item menu-item-danger" } else { "menu-item" }
        >
            {icon.map(|icon| view! { <Glyph icon/> })}
            {children()}
        </button>
    }
}
