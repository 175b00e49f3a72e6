//! What the window remembers from one start to the next. Losing it costs nothing but comfort, so a broken file is
//! simply forgotten and unknown keys are dropped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::Location;

/// Dark, light, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// How high rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Density {
    /// 22 points.
    Compact,
    /// 26 points.
    #[default]
    Normal,
    /// 32 points, with larger text.
    Roomy,
}

impl Density {
    /// Height of a table row in points.
    #[must_use]
    pub const fn row_points(self) -> f32 {
        match self {
            Self::Compact => 22.0,
            Self::Normal => 26.0,
            Self::Roomy => 32.0,
        }
    }

    /// Size of body text in points.
    #[must_use]
    pub const fn body_points(self) -> f32 {
        match self {
            Self::Compact | Self::Normal => 13.0,
            Self::Roomy => 14.0,
        }
    }
}

/// A panel at an edge of the window. Sizes are in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// Shown or folded away.
    pub open: bool,
    /// Width of a side panel, height of the lower one.
    pub size: f32,
}

/// How the table is sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Sort {
    /// Column: `name`, `size`, `modified`, `class`.
    pub column: String,
    /// Largest first.
    pub descending: bool,
    /// Folders before objects.
    pub folders_first: bool,
    /// `a2` before `a10`.
    pub natural: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self {
            column: "name".to_owned(),
            descending: false,
            folders_first: true,
            natural: true,
        }
    }
}

/// The window's memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowMemory {
    /// Colours.
    pub theme: Theme,
    /// Height of rows.
    pub density: Density,
    /// Zoom of everything, 1.0 is none.
    pub zoom: f32,
    /// The last connection, by the letters of its identity.
    pub connection: Option<String>,
    /// The last place.
    pub location: Option<Location>,
    /// Inner size of the window in points.
    pub window_size: Option<[f32; 2]>,
    /// Position of the window's outer corner in points.
    pub window_position: Option<[f32; 2]>,
    /// Filled the screen.
    pub maximized: bool,
    /// Lifetime of links that was chosen last, in seconds.
    pub link_secs: i64,
    /// Connections, bookmarks, buckets.
    pub left: Panel,
    /// Inspector.
    pub right: Panel,
    /// Transfers.
    pub bottom: Panel,
    /// Height of the requests in points.
    pub requests_height: f32,
    /// Order of the table.
    pub sort: Sort,
    /// Widths of columns by name, in points.
    pub columns: BTreeMap<String, f32>,
}

impl Default for WindowMemory {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            density: Density::default(),
            zoom: 1.0,
            connection: None,
            location: None,
            window_size: None,
            window_position: None,
            maximized: false,
            link_secs: 3600,
            left: Panel {
                open: true,
                size: 232.0,
            },
            right: Panel {
                open: true,
                size: 312.0,
            },
            bottom: Panel {
                open: false,
                size: 456.0,
            },
            requests_height: 304.0,
            sort: Sort::default(),
            columns: BTreeMap::new(),
        }
    }
}

impl WindowMemory {
    /// Reads the saved text; what cannot be read is the default.
    #[must_use]
    pub fn from_toml(text: &str) -> Self {
        let mut memory: Self = toml_edit::de::from_str(text).unwrap_or_default();
        memory.make_sane();
        memory
    }

    /// The text to save.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml_edit::ser::to_string_pretty(self).unwrap_or_default()
    }

    /// Replaces sizes that no window can have, as a damaged or hand-written file may hold.
    fn make_sane(&mut self) {
        let default = Self::default();
        if !(0.5..=4.0).contains(&self.zoom) {
            self.zoom = default.zoom;
        }
        for (size, usual) in [
            (&mut self.left.size, default.left.size),
            (&mut self.right.size, default.right.size),
            (&mut self.bottom.size, default.bottom.size),
            (&mut self.requests_height, default.requests_height),
        ] {
            if !(40.0..=4000.0).contains(size) {
                *size = usual;
            }
        }
        self.columns
            .retain(|_, width| (16.0..=4000.0).contains(width));
        let fits = |size: &[f32; 2]| size.iter().all(|side| (200.0..=16_000.0).contains(side));
        self.window_size = self.window_size.filter(fits);
        let reachable =
            |corner: &[f32; 2]| corner.iter().all(|at| (-16_000.0..=32_000.0).contains(at));
        self.window_position = self.window_position.filter(reachable);
        if self.link_secs <= 0 {
            self.link_secs = default.link_secs;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Prefix;

    #[test]
    fn remembers_everything() {
        let memory = WindowMemory {
            theme: Theme::Light,
            density: Density::Roomy,
            connection: Some("abc".to_owned()),
            location: Some(Location::new("media", Prefix::new("a//b"))),
            window_size: Some([1440.0, 900.0]),
            requests_height: 420.0,
            columns: BTreeMap::from([("size".to_owned(), 96.5)]),
            ..WindowMemory::default()
        };
        assert_eq!(WindowMemory::from_toml(&memory.to_toml()), memory);
    }

    #[test]
    fn nonsense_is_forgotten() {
        assert_eq!(
            WindowMemory::from_toml("theme = {"),
            WindowMemory::default()
        );
        let text = "zoom = nan\nrequests_height = inf\nwindow_size = [0.0, inf]\nlink_secs = -1\n[left]\nopen = false\nsize = -5.0\n";
        let memory = WindowMemory::from_toml(text);
        assert_eq!(memory.zoom, 1.0);
        assert_eq!((memory.window_size, memory.link_secs), (None, 3600));
        assert_eq!(memory.requests_height, 304.0);
        assert_eq!(
            memory.left,
            Panel {
                open: false,
                size: 232.0
            }
        );
    }
}
