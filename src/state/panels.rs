//! Which parts of the window are shown, how large, and in which colours: edits of the window's memory.

use crate::settings::memory::{Density, Theme, WindowMemory};

/// A change of the window's parts. Sizes are in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PanelEdit {
    /// Show or hide the left panel.
    ToggleLeft,
    /// Its width.
    LeftWidth(f32),
    /// Show or hide the inspector.
    ToggleInspector,
    /// Its width.
    InspectorWidth(f32),
    /// Unfold or fold the transfers.
    ToggleTransfers,
    /// Their height.
    TransfersHeight(f32),
    /// Height of the requests.
    RequestsHeight(f32),
    /// Row height.
    Density(Density),
    /// Dark, light, or as the system says.
    Theme(Theme),
    /// Zoom of everything, 1.0 is none.
    Zoom(f32),
    /// Inner size of the window.
    WindowSize([f32; 2]),
    /// The window fills the screen, or not.
    Maximized(bool),
}

/// Narrowest left panel.
pub const LEFT_MIN: f32 = 180.0;
/// Narrowest inspector.
pub const INSPECTOR_MIN: f32 = 280.0;
/// Lowest panel at the foot: transfers, requests.
pub const LOWER_MIN: f32 = 160.0;
/// Narrowest column.
const COLUMN_MIN: f32 = 56.0;

/// Takes a change in; sizes stay within sensible bounds.
pub fn edit(window: &mut WindowMemory, edit: PanelEdit) {
    match edit {
        PanelEdit::ToggleLeft => window.left.open = !window.left.open,
        PanelEdit::LeftWidth(width) => window.left.size = width.clamp(LEFT_MIN, 480.0),
        PanelEdit::ToggleInspector => window.right.open = !window.right.open,
        PanelEdit::InspectorWidth(width) => window.right.size = width.clamp(INSPECTOR_MIN, 640.0),
        PanelEdit::ToggleTransfers => window.bottom.open = !window.bottom.open,
        PanelEdit::TransfersHeight(height) => {
            window.bottom.size = height.clamp(LOWER_MIN, 2000.0);
        }
        PanelEdit::RequestsHeight(height) => {
            window.requests_height = height.clamp(LOWER_MIN, 2000.0);
        }
        PanelEdit::Density(density) => window.density = density,
        PanelEdit::Theme(theme) => window.theme = theme,
        PanelEdit::Zoom(zoom) => window.zoom = zoom.clamp(0.5, 3.0),
        PanelEdit::WindowSize(size) => window.window_size = Some(size),
        PanelEdit::Maximized(maximized) => window.maximized = maximized,
    }
}

/// Columns of the table by their names in the window's memory; the first takes what is left.
pub const COLUMNS: [&str; 4] = ["name", "size", "modified", "class"];

/// Width of a column after the first. Those that nobody set have room for the text of the density.
#[must_use]
pub fn column_width(window: &WindowMemory, column: usize) -> f32 {
    const NORMAL: [f32; 4] = [0.0, 88.0, 152.0, 112.0];
    const ROOMY: [f32; 4] = [0.0, 96.0, 164.0, 120.0];
    let usual = match window.density {
        Density::Compact | Density::Normal => NORMAL,
        Density::Roomy => ROOMY,
    };
    let name = COLUMNS.get(column).copied().unwrap_or_default();
    window
        .columns
        .get(name)
        .copied()
        .unwrap_or_else(|| usual.get(column).copied().unwrap_or(COLUMN_MIN))
}

/// Gives a column after the first a width.
pub fn set_column_width(window: &mut WindowMemory, column: usize, width: f32) {
    if column > 0
        && let Some(name) = COLUMNS.get(column)
    {
        window
            .columns
            .insert((*name).to_owned(), width.clamp(COLUMN_MIN, 480.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_stay_within_bounds() {
        let mut window = WindowMemory::default();
        edit(&mut window, PanelEdit::LeftWidth(3.0));
        assert!((window.left.size - LEFT_MIN).abs() < f32::EPSILON);
        set_column_width(&mut window, 2, 1e9);
        assert!((column_width(&window, 2) - 480.0).abs() < f32::EPSILON);
        set_column_width(&mut window, 0, 100.0);
        assert!(!window.columns.contains_key("name"));
    }
}
