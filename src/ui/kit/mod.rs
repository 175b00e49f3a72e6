//! Every control of the window, in every state, with its accessible name.
//!
//! Used as `kit::primary_button(ui, icons::UPLOAD, "Upload").clicked()`. Functions draw at once; builders ([`Button`], [`TextField`] ...) are for
//! more than a name, and go through `ui.add`. Nothing here knows about buckets, settings or the state of the program.
//! Rules others rely on: what may not be done now stays visible, disabled, with its reason in the tooltip (`refused`); every control is
//! reached by Tab and shows the focus ring; every measure is the one of `theme`.

mod button;
mod field;
mod key;
mod paint;
mod prose;

pub use button::{
    Button, danger_button, icon_button, primary_button, quiet_button, secondary_button,
    small_button,
};
pub use field::TextField;
pub use key::key_caps;
pub use paint::{icon_at, icon_ui};
pub use prose::{
    Prose, body, caption_text, cut_middle, heading, label, medium, mono, mono_quiet, quiet,
    quiet_small, small, strong, title,
};
