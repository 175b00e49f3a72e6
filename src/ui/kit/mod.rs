//! Every control of the window, in every state, with its accessible name.
//!
//! Used as `kit::primary_button(ui, icons::UPLOAD, "Upload").clicked()`. Functions draw at once; builders ([`Button`], [`TextField`] ...) are for
//! more than a name, and go through `ui.add`. Nothing here knows about buckets, settings or the state of the program.
//! Rules others rely on: what may not be done now stays visible, disabled, with its reason in the tooltip (`refused`); every control is
//! reached by Tab and shows the focus ring; every measure is the one of `theme`.

mod button;
mod cell;
mod check;
mod chip;
mod choice;
mod dialog;
mod empty;
mod field;
mod key;
mod light;
mod mark;
mod marks;
mod menu;
mod nav;
mod note;
mod paint;
mod palette;
mod progress;
mod prose;
mod rows;
mod secret;
mod stepper;
mod tabs;
mod toast;

pub use button::{
    Button, danger_button, icon_button, primary_button, quiet_button, secondary_button,
    small_button,
};
pub use cell::{CELL_GAP, CellSide, cell, titles};
pub use check::{Checked, check_box, mixed_check_box, refused_check_box};
pub use chip::Chip;
pub use choice::{Choice, DropDown, drop_down, segments};
pub use dialog::{CONFIRMATION_WIDTH, Dialog};
pub use empty::{EmptyState, Pressed};
pub use field::TextField;
pub use key::key_caps;
pub use light::{Light, busy, light, light_at, light_icon};
pub use mark::{mark, mark_at};
pub use marks::{crumb_ui, dot_button, dot_ui, icon_sized_ui};
pub use menu::{MENU_WIDTH, MenuItem, SUBMENU_WIDTH, context_menu, menu, menu_separator, submenu};
pub use nav::{NavItem, section_caption};
pub use note::Note;
pub use paint::{describe, focus_ring, icon_at, icon_ui};
pub use palette::{
    Palette, PaletteAnswer, PaletteLine, disabled_ink, palette_caption, palette_nothing,
};
pub use progress::{paused_progress, progress, progress_at};
pub use prose::{
    Prose, body, caption_in_ui, caption_text, cut_middle, heading, label, medium, mono, mono_quiet,
    quiet, quiet_small, small, strong, title,
};
pub use rows::{
    VALUE_LABEL_WIDTH, VALUE_ROW, ValueStyle, at_right, card, divider, fold_button, form_row, pane,
    row_at_right, row_in_middle, row_width, separator, text_box, value_row,
};
pub use secret::SecretField;
pub use stepper::Stepper;
pub use tabs::{counted, inset_tabs, tabs};
pub use toast::{show_toast, toast_ui};

#[cfg(test)]
mod tests;
