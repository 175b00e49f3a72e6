//! Where a table is scrolled to: a row and a distance into it, so that no position is ever a large float.
//!
//! A single offset in points loses its fraction at a million rows and whole rows at a hundred million. Here a move of a
//! quarter point is a move of a quarter point in a table of any length. Pure values; all sums are in `f64`.

/// How much there is to scroll and how much of it is seen. Heights in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Rows of the table.
    pub rows: u64,
    /// Height of one row, above 0.
    pub row_height: f32,
    /// Height of the part that shows rows.
    pub view_height: f32,
}

impl Extent {
    fn row(self) -> f64 {
        f64::from(self.row_height.max(1.0))
    }

    /// Rows that fit wholly, at least one.
    #[must_use]
    pub fn page_rows(self) -> u64 {
        ((f64::from(self.view_height) / self.row()) as u64).max(1)
    }

    /// Height of all rows, in points.
    #[must_use]
    pub fn total_height(self) -> f64 {
        self.rows as f64 * self.row()
    }

    /// True when not all rows are seen at once.
    #[must_use]
    pub fn overflows(self) -> bool {
        self.total_height() > f64::from(self.view_height)
    }

    /// The lowest position: the last row ends where the view ends.
    fn last(self) -> ScrollAnchor {
        let above = self.total_height() - f64::from(self.view_height);
        if above <= 0.0 {
            return ScrollAnchor::TOP;
        }
        let row = (above / self.row()).floor();
        ScrollAnchor {
            row: row as u64,
            offset_points: (above - row * self.row()) as f32,
        }
    }
}

/// The row at the upper edge of the view, and how many points of it are above that edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct ScrollAnchor {
    /// The row, from 0.
    pub row: u64,
    /// Points of that row above the edge: from 0 to the row height, without it.
    pub offset_points: f32,
}

impl ScrollAnchor {
    /// The start of the table.
    pub const TOP: Self = Self {
        row: 0,
        offset_points: 0.0,
    };

    /// A row exactly at the upper edge.
    #[must_use]
    pub const fn at(row: u64) -> Self {
        Self {
            row,
            offset_points: 0.0,
        }
    }

    /// The nearest valid position, for tables that became shorter or views that became taller.
    #[must_use]
    pub fn clamped(self, extent: Extent) -> Self {
        let last = extent.last();
        let offset = if self.offset_points.is_finite() {
            self.offset_points
                .clamp(0.0, extent.row_height.max(1.0).next_down())
        } else {
            0.0
        };
        let own = Self {
            row: self.row,
            offset_points: offset,
        };
        if own > last { last } else { own }
    }

    /// Moved down by this many points (up when negative), and kept inside the table.
    #[must_use]
    pub fn scrolled(self, points: f64, extent: Extent) -> Self {
        let place = f64::from(self.offset_points) + points;
        let rows = (place / extent.row()).floor();
        let offset = (place - rows * extent.row()) as f32;
        let row = self.row as i128 + rows as i128;
        let Ok(row) = u64::try_from(row) else {
            return if row < 0 { Self::TOP } else { extent.last() };
        };
        // Rounding to f32 may give the row height itself.
        if f64::from(offset) >= extent.row() {
            Self::at(row + 1).clamped(extent)
        } else {
            Self {
                row,
                offset_points: offset,
            }
            .clamped(extent)
        }
    }

    /// One view further down or, when not `down`, up; whole rows, at the edge of a row.
    #[must_use]
    pub fn paged(self, down: bool, extent: Extent) -> Self {
        let rows = extent.page_rows();
        let row = if down {
            self.row.saturating_add(rows)
        } else {
            // A row that is partly above the edge counts as above.
            (self.row + u64::from(self.offset_points > 0.0)).saturating_sub(rows)
        };
        Self::at(row).clamped(extent)
    }

    /// The end of the table: its last row just above the lower edge.
    #[must_use]
    pub fn end(extent: Extent) -> Self {
        extent.last()
    }

    /// Moved no further than needed to see all of a row.
    #[must_use]
    pub fn showing(self, row: u64, extent: Extent) -> Self {
        let own = self.clamped(extent);
        let row = row.min(extent.rows.saturating_sub(1));
        if row < own.row || (row == own.row && own.offset_points > 0.0) {
            return Self::at(row).clamped(extent);
        }
        let below = own.points_to(row, extent) + extent.row() - f64::from(extent.view_height);
        if below > 0.0 {
            let moved = own.scrolled(below, extent);
            // A row higher than the view shows its start.
            return if moved > Self::at(row) {
                Self::at(row)
            } else {
                moved
            };
        }
        own
    }

    /// Points from the upper edge of the view to the upper edge of a row; negative when that is above.
    #[must_use]
    pub fn points_to(self, row: u64, extent: Extent) -> f64 {
        (row as i128 - self.row as i128) as f64 * extent.row() - f64::from(self.offset_points)
    }

    /// The row at this many points below the upper edge of the view; `None` outside the rows.
    #[must_use]
    pub fn row_at(self, points: f64, extent: Extent) -> Option<u64> {
        let rows = ((points + f64::from(self.offset_points)) / extent.row()).floor();
        let row = u64::try_from(self.row as i128 + rows as i128).ok()?;
        (row < extent.rows).then_some(row)
    }

    /// How far down this is: 0 at the start, 1 at the end.
    #[must_use]
    pub fn fraction(self, extent: Extent) -> f64 {
        let range = extent.total_height() - f64::from(extent.view_height);
        if range <= 0.0 {
            return 0.0;
        }
        ((self.row as f64 * extent.row() + f64::from(self.offset_points)) / range).clamp(0.0, 1.0)
    }

    /// The position of which [`Self::fraction`] is this.
    #[must_use]
    pub fn from_fraction(fraction: f64, extent: Extent) -> Self {
        let range = (extent.total_height() - f64::from(extent.view_height)).max(0.0);
        Self::TOP.scrolled(fraction.clamp(0.0, 1.0) * range, extent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MILLION: u64 = 1_000_000;

    fn extent(rows: u64) -> Extent {
        Extent {
            rows,
            row_height: 26.0,
            view_height: 700.0,
        }
    }

    fn place(anchor: ScrollAnchor, extent: Extent) -> f64 {
        anchor.row as f64 * f64::from(extent.row_height) + f64::from(anchor.offset_points)
    }

    #[test]
    fn what_is_asked_is_what_is_moved() {
        for rows in [MILLION, 100 * MILLION] {
            let extent = extent(rows);
            for start in [rows / 3, rows - 2_000, 7] {
                for points in [0.25, 0.5, 1.0, 1.75, 3.0, 7.3, 12.0] {
                    for sign in [1.0, -1.0] {
                        let begin = ScrollAnchor::at(start + if sign < 0.0 { 600 } else { 0 });
                        let mut anchor = begin;
                        for _ in 0..1_000 {
                            anchor = anchor.scrolled(sign * points, extent);
                        }
                        let moved = anchor.points_to(begin.row, extent) * -sign;
                        let ratio = moved / (1_000.0 * points);
                        assert!((ratio - 1.0).abs() <= 0.005, "{rows} {points} {ratio}");
                    }
                }
            }
        }
    }

    #[test]
    fn home_end_and_pages_land_on_rows() {
        for rows in [MILLION, 100 * MILLION] {
            let extent = extent(rows);
            let end = ScrollAnchor::end(extent);
            assert_eq!(end.row_at(699.9, extent), Some(rows - 1));
            assert!((end.points_to(rows, extent) - 700.0).abs() < 1e-3);
            assert_eq!(end.scrolled(1e12, extent), end);
            assert_eq!(end.scrolled(-1e12, extent), ScrollAnchor::TOP);
            let mut anchor = ScrollAnchor::at(rows / 2).scrolled(3.25, extent);
            anchor = anchor.paged(true, extent);
            assert_eq!(anchor, ScrollAnchor::at(rows / 2 + 26));
            anchor = anchor.paged(false, extent);
            assert_eq!(anchor, ScrollAnchor::at(rows / 2));
            assert_eq!(ScrollAnchor::at(3).paged(false, extent), ScrollAnchor::TOP);
            assert_eq!(ScrollAnchor::at(rows - 30).paged(true, extent), end);
        }
    }

    #[test]
    fn a_row_is_brought_into_view_by_the_shortest_way() {
        let extent = extent(100 * MILLION);
        let anchor = ScrollAnchor::at(50 * MILLION);
        assert_eq!(anchor.showing(50 * MILLION + 3, extent), anchor);
        let up = anchor.showing(50 * MILLION - 1, extent);
        assert_eq!(up, ScrollAnchor::at(50 * MILLION - 1));
        let down = anchor.showing(50 * MILLION + 26, extent);
        assert!((down.points_to(50 * MILLION + 27, extent) - 700.0).abs() < 1e-3);
        assert_eq!(anchor.showing(u64::MAX, extent), ScrollAnchor::end(extent));
        let low = Extent {
            view_height: 10.0,
            ..extent
        };
        assert_eq!(anchor.showing(9, low), ScrollAnchor::at(9));
        assert_eq!(ScrollAnchor::TOP.showing(9, low), ScrollAnchor::at(9));
    }

    #[test]
    fn short_tables_stay_at_the_top() {
        for rows in [0, 1, 20] {
            let extent = extent(rows);
            assert_eq!(ScrollAnchor::at(15).clamped(extent), ScrollAnchor::TOP);
            assert_eq!(ScrollAnchor::TOP.scrolled(50.0, extent), ScrollAnchor::TOP);
            assert_eq!(
                ScrollAnchor::TOP.row_at(26.0 * rows as f32 as f64, extent),
                None
            );
        }
    }

    proptest! {
        #[test]
        fn positions_stay_inside(
            rows in 0..200_u64, height in 1.0..60.0_f32, view in 0.0..900.0_f32,
            moves in prop::collection::vec(-900.0..900.0_f64, 1..20),
        ) {
            let extent = Extent { rows, row_height: height, view_height: view };
            let mut anchor = ScrollAnchor::TOP;
            for points in moves {
                let before = place(anchor, extent);
                anchor = anchor.scrolled(points, extent);
                prop_assert!(anchor.offset_points >= 0.0 && anchor.offset_points < height);
                let limit = (extent.total_height() - f64::from(view)).max(0.0);
                let expected = (before + points).clamp(0.0, limit);
                prop_assert!((place(anchor, extent) - expected).abs() < 0.01);
                prop_assert_eq!(anchor.clamped(extent), anchor);
                let back = ScrollAnchor::from_fraction(anchor.fraction(extent), extent);
                prop_assert!((place(back, extent) - place(anchor, extent)).abs() < 0.01);
            }
        }
    }
}
