//! The two frames around pages, and what belongs to them: rail, palette, keys, theme.

mod app_frame;
mod keys;
mod navigation;
mod palette;
mod public_frame;
mod theme_switch;

pub use app_frame::AppFrame;
pub use navigation::{NavItem, NavSearch, NavSection, Navigation};
pub use public_frame::PublicFrame;
pub use theme_switch::ThemeSwitch;
