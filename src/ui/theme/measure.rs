//! Measures of the window in points, all on a grid of four.
//!
//! Names say what is measured. A number that appears in a view and not here belongs to that view alone.

/// Corner of controls, cards, menus and dialogs.
pub const CORNER: u8 = 6;
/// Corner of menu items, key caps and check boxes.
pub const SMALL_CORNER: u8 = 4;
/// Height of a control.
pub const CONTROL: f32 = 28.0;
/// Height of a small control.
pub const SMALL_CONTROL: f32 = 24.0;
/// Edge of an icon in controls, rows and menus.
pub const ICON: f32 = 16.0;
/// Edge of an icon in the status bar and in small buttons.
pub const SMALL_ICON: f32 = 14.0;
/// Edge of carets and of icons in chips.
pub const TINY_ICON: f32 = 12.0;
/// Height of navigation and menu items.
pub const ITEM: f32 = 26.0;
/// Height of the toolbar.
pub const TOOLBAR: f32 = 44.0;
/// Height of the status bar.
pub const STATUS_BAR: f32 = 26.0;
/// Height of the transfers strip.
pub const STRIP: f32 = 36.0;
/// Height of the band of a production connection.
pub const BAND: f32 = 20.0;
/// Width of the left panel; it may shrink to [`LEFT_PANEL_MIN`].
pub const LEFT_PANEL: f32 = 232.0;
/// The narrowest left panel.
pub const LEFT_PANEL_MIN: f32 = 180.0;
/// Width of the left panel when it is folded to a rail of icons.
pub const LEFT_RAIL: f32 = 44.0;
/// Width of the inspector; it may shrink to [`INSPECTOR_MIN`].
pub const INSPECTOR: f32 = 312.0;
/// The narrowest inspector.
pub const INSPECTOR_MIN: f32 = 280.0;
