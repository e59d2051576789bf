//! The pages of Punctual, compiled twice: into the server, which sends each page with its data in
//! it, and into WASM, which wakes it up in the browser.
//!
//! * [`router`]: which address shows which page. A new page is one line there.
//! * [`pages`]: a file a page. [`layout`]: the two frames around them.
//! * [`ui`]: the component kit; its module page is the reference for those who write pages.
//! * [`action`]: what became of an action. [`toast`], [`journey`], [`preferences`]: what belongs to the page as a whole.
//! * [`typed`]: what a form that was refused without scripts gives back to its fields.
//! * [`paths`], [`format`]: addresses and words, pure.
//!
//! To add a page: write `pages/<name>.rs` with a component that begins with
//! [`ui::Page`] and [`ui::PageHeader`], name it in `pages/mod.rs`, add a `<Route>` under the frame
//! it belongs to in [`router`], a constant in [`paths`], and an item in the navigation. What is
//! rendered must come out the same on both sides: no clock, no randomness, ids from props, times
//! as [`model::time::Stamp`]. No `style` attribute: the content security policy drops it.

// The type of a view is as deep as the page it draws.
#![recursion_limit = "256"]

pub mod action;
pub mod api;
#[cfg(test)]
mod contrast;
pub mod format;
pub mod journey;
pub mod layout;
pub mod live;
pub mod nav;
pub mod pages;
pub mod paths;
pub mod preferences;
pub mod router;
pub mod shell;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod toast;
pub mod typed;
pub mod ui;

pub use router::App;
pub use shell::{ShellKind, shell};

/// Marks the document as awake: the browser part has attached to the server's page. Style and
/// tests can tell a page that answers to the hand from one that is still plain.
pub fn awake() {
    let root = web_sys::window()
        .and_then(|w| w.document())
        .and_then(|d| d.document_element());
    if let Some(root) = root {
        // The name and the value are ours, so this cannot fail.
        let _ = root.set_attribute("data-hydrated", "");
    }
}
