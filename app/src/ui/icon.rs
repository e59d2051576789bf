//! Our own small set of icons: strokes of 1.5 on a grid of 16, drawn for this product.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $path:literal),+ $(,)?) => {
        /// The name of an icon.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Icon {
            $($(#[$doc])* $name),+
        }

        impl Icon {
            /// Every icon, for the gallery.
            pub const ALL: &'static [Icon] = &[$(Icon::$name),+];

            /// The strokes, as the data of one SVG path.
            pub const fn path(self) -> &'static str {
                match self { $(Icon::$name => $path),+ }
            }
        }
    };
}

icons!(
    /// Overview.
    Home = "M2.5 7 8 2.5 13.5 7v6a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5zM6.25 13.5V9.5h3.5v4",
    /// Payments, cards.
    Card = "M1.75 4.5a1 1 0 0 1 1-1h10.5a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H2.75a1 1 0 0 1-1-1zM1.75 6.5h12.5M4.25 10H7",
    /// Orders and receipts.
    Receipt = "M3.5 2.5h9v11l-2.25-1.5L8 13.5 5.75 12 3.5 13.5zM6 5.75h4M6 8.5h4",
    /// The ledger.
    Book = "M3 12.25V3.5A1.5 1.5 0 0 1 4.5 2H13v9H4.5A1.25 1.25 0 0 0 3 12.25 1.5 1.5 0 0 0 4.5 14H13v-3",
    /// Reconciliation.
    Scales = "M8 2.5v11M5.5 13.5h5M3.5 4.25h9M3.5 4.25 1.75 9a1.75 1.75 0 0 0 3.5 0zM12.5 4.25 10.75 9a1.75 1.75 0 0 0 3.5 0z",
    /// What comes in.
    Import = "M8 2.5v7M5 6.75l3 3 3-3M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2",
    /// What goes out.
    Export = "M8 9.5v-7M5 5.25l3-3 3 3M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2",
    /// One person.
    Person = "M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5a5 5 0 0 1 10 0",
    /// People.
    People = "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5a4.5 4.5 0 0 1 9 0M10.75 2.9a2.5 2.5 0 0 1 0 4.2M12.25 9.6a4.5 4.5 0 0 1 2.25 3.9",
    /// Tokens and secrets.
    Key = "M5.5 13.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7.75 8.25 13.5 2.5M11 5l2 2",
    /// Time.
    Clock = "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.75V8l2.25 1.5",
    /// Days.
    Calendar = "M2.5 4.5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM2.5 6.75h11M5.5 2v2.5M10.5 2v2.5",
    /// Mail.
    Mail = "M1.75 4.5a1 1 0 0 1 1-1h10.5a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H2.75a1 1 0 0 1-1-1zM2 4.25l6 4.5 6-4.5",
    /// Settings.
    Sliders = "M2.5 5H8M12 5h1.5M2.5 11H4M7.5 11h6M10 6.75a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5zM5.75 12.75a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5z",
    /// Find.
    Search = "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.25 10.25 13.5 13.5",
    /// Narrow down.
    Filter = "M2 3.5h12L9.5 8.75v4.75l-3-1.5V8.75z",
    /// Add.
    Plus = "M8 3v10M3 8h10",
    /// Close, take away.
    Cross = "M4 4l8 8M12 4l-8 8",
    /// Done.
    Check = "M3 8.5 6.5 12 13 4.5",
    /// Went well.
    CheckCircle = "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM5.5 8.25 7.25 10l3.25-3.75",
    /// Went wrong.
    CrossCircle = "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6 6l4 4M10 6l-4 4",
    /// Needs a look.
    Alert = "M8 2.25 14.5 13.5h-13zM8 6.5v3M8 11.5h.01",
    /// Good to know.
    Info = "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5h.01",
    /// Nothing here yet.
    Tray = "M2.5 9.5 4.5 3h7l2 6.5v4h-11zM2.5 9.5h3l1 1.75h3l1-1.75h3",
    /// Further, opens.
    ChevronRight = "M6 3.5 10.5 8 6 12.5",
    /// Opens below.
    ChevronDown = "M3.5 6 8 10.5 12.5 6",
    /// Ascending.
    ArrowUp = "M8 13V3M4 7l4-4 4 4",
    /// Descending.
    ArrowDown = "M8 3v10M4 9l4 4 4-4",
    /// Back.
    ArrowLeft = "M13 8H3M7 4 3 8l4 4",
    /// On.
    ArrowRight = "M3 8h10M9 4l4 4-4 4",
    /// More actions.
    Dots = "M3 8h.01M8 8h.01M13 8h.01",
    /// Copy.
    Copy = "M5.5 6.5a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1zM3.25 10.5H2.5v-7a1 1 0 0 1 1-1h7v.75",
    /// Again.
    Refresh = "M13.5 8a5.5 5.5 0 1 1-1.75-4L13.5 5.5M13.5 2.5v3h-3",
    /// Give back, undo.
    Undo = "M5 2.75 2 5.75l3 3M2 5.75h7.75a3.75 3.75 0 0 1 0 7.5H6",
    /// Closed off.
    Lock = "M3.5 7.5A.5.5 0 0 1 4 7h8a.5.5 0 0 1 .5.5V13a.5.5 0 0 1-.5.5H4a.5.5 0 0 1-.5-.5zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
    /// Leave.
    SignOut = "M6 2.5H3.5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1H6M10.5 11l3-3-3-3M13.5 8H6",
    /// Fold the rail.
    Panel = "M2.5 4a.5.5 0 0 1 .5-.5h10a.5.5 0 0 1 .5.5v8a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5zM6 3.5v9M12 6 10 8l2 2",
    /// A document.
    File = "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
    /// Figures.
    Chart = "M2.5 2.5v11h11M5.5 10.75v-3M8.5 10.75v-6M11.5 10.75v-4",
    /// Health.
    Pulse = "M1.5 8.5h3l2-5 3 9 2-4h3",
    /// Jobs in a row.
    Queue = "M2.5 4h11M2.5 8h11M2.5 12H9",
    /// Write.
    Pencil = "M3 13l.75-3 6.75-6.75 2.25 2.25L6 12.25zM9 4.75 11.25 7",
    /// Opens elsewhere.
    External = "M9.5 2.5h4v4M13.5 2.5l-6 6M11.5 9.5V13a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5V5a.5.5 0 0 1 .5-.5h3.5",
    /// The sandbox.
    Flask = "M6.5 2.5v4L3 12.75a.5.5 0 0 0 .45.75h9.1a.5.5 0 0 0 .45-.75L9.5 6.5v-4M5.5 2.5h5M5 9.75h6",
    /// All pages.
    Grid = "M2.5 2.5H7V7H2.5zM9 2.5h4.5V7H9zM2.5 9H7v4.5H2.5zM9 9h4.5v4.5H9z",
    /// The keyboard.
    Keyboard = "M1.75 5a1 1 0 0 1 1-1h10.5a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H2.75a1 1 0 0 1-1-1zM4.25 6.75h.01M6.75 6.75h.01M9.25 6.75h.01M11.75 6.75h.01M5 9.5h6",
);

/// Draws an icon, 16 px and decorative: the words beside it carry the meaning.
#[component]
pub fn Glyph(
    /// Which one.
    icon: Icon,
    /// 20 px instead of 16.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    view! {
        <svg
            class=if large { "icon icon-large" } else { "icon" }
            viewBox="0 0 16 16"
            aria-hidden="true"
            focusable="false"
        >
            <path d=icon.path()/>
        </svg>
    }
}
