//! Cutting: which stretch, where, at what cost, and what an answer means.

use super::super::middle;
use super::super::rows::Rows;
use super::{Ask, Page, Plan, Stretch};

/// Requests that cutting may cost beyond the pages: so many, and this share of all pages.
const SPARE: (f64, f64) = (8.0, 0.13);
/// Where a stretch is cut, the page at the cut is half empty on average.
const COST_OF_CUT: f64 = 0.5;
/// Stretches that end within so many pages are not worth a cut.
const WORTH_CUTTING: f64 = 2.0;

impl Plan {
    pub(super) fn next_cut(&mut self) -> Option<Ask> {
        let (free, share) = SPARE;
        let affordable = self.spent + 1.0 <= free + share * self.pages as f64;
        if !self.in_order || !affordable || !self.is_large() {
            return None;
        }
        loop {
            let at = self.largest()?;
            let cut = self.place_to_cut(at);
            let stretch = self.stretches.get_mut(at)?;
            stretch.cutting = cut.is_some();
            stretch.whole = cut.is_none();
            if cut.is_some() {
                return Some(Ask {
                    stretch: stretch.id,
                    start_after: cut.clone(),
                    token: None,
                    cut,
                });
            }
        }
    }

    /// The stretch that most is left of, as far as can be told.
    fn largest(&self) -> Option<usize> {
        let candidates = self.stretches.iter().enumerate();
        let sized = candidates
            .filter(|(_, stretch)| !stretch.ended && !stretch.cutting && !stretch.whole)
            .filter_map(|(at, stretch)| Some((at, self.pages_left(stretch)?)));
        sized
            .filter(|(_, left)| *left >= WORTH_CUTTING)
            .max_by(|one, other| one.1.total_cmp(&other.1))
            .map(|(at, _)| at)
    }

    /// How many characters all keys share, as far as is known.
    pub(super) fn shared_by_all(&self) -> usize {
        let last = self.stretches.last();
        match (
            &self.first,
            last.and_then(|stretch| stretch.last.as_deref()),
        ) {
            (Some(first), Some(last)) => middle::shared(first, last).max(self.prefix_letters),
            _ => self.prefix_letters,
        }
    }

    /// Pages to come, if keys are as dense in the rest of a stretch as in what was seen of it.
    fn pages_left(&self, stretch: &Stretch) -> Option<f64> {
        let last = stretch.last.as_deref()?;
        if stretch.until.is_none() && self.climb.is_some() {
            return Some(f64::INFINITY);
        }
        // Measured where what was seen and what is left part: digits far behind a long name count as much.
        let from = match &stretch.until {
            Some(until) => middle::shared(last, until),
            None => self.shared_by_all(),
        };
        let height = |key: &str| middle::height(key, from, &self.seen);
        let begin = stretch.after.as_deref();
        let begin = begin.filter(|after| middle::shared(after, last) >= from);
        let end = stretch.until.as_deref().map_or(1.0, height);
        let here = height(last);
        let (done, left) = (here - begin.map_or(0.0, height), end - here);
        let pages_seen = stretch.rows_seen as f64 * self.pages as f64 / self.rows.max(1) as f64;
        Some(pages_seen * left / done.max(1e-9))
    }

    fn place_to_cut(&self, at: usize) -> Option<String> {
        let stretch = self.stretches.get(at)?;
        let last = stretch.last.as_deref()?;
        match (&stretch.until, self.climb) {
            (None, Some(place)) => middle::beyond(last, place),
            (until, _) => middle::middle(last, until.as_deref(), self.prefix_letters, &self.seen),
        }
    }

    pub(super) fn take_cut(&mut self, ask: &Ask, rows: Rows, next: Option<String>) {
        let Some(cut) = ask.cut.clone() else { return };
        let Some(at) = self.stretches.iter().position(|one| one.id == ask.stretch) else {
            self.spent += 1.0;
            return;
        };
        let Some(stretch) = self.stretches.get_mut(at) else {
            return;
        };
        stretch.cutting = false;
        let overtaken = stretch.ended || stretch.last.as_deref() >= Some(cut.as_str());
        let ignored = rows
            .names()
            .any(|(name, is_folder)| name <= cut.as_str() && !(is_folder && cut.starts_with(name)));
        let behind = |name: &str| name > cut.as_str();
        let nothing_behind = !rows.names().any(|(name, _)| behind(name));
        let until = stretch.until.clone();
        let inside =
            |name: &str| behind(name) && until.as_deref().is_none_or(|until| name <= until);
        let found = rows.names().any(|(name, _)| inside(name));
        let mut right = None;
        if ignored || !rows.ascend() {
            self.in_order = false;
        } else if overtaken {
            // Its rows are coming from the left already.
        } else if found {
            stretch.until = Some(cut.clone());
            right = Some(until.clone());
        } else if nothing_behind && next.is_some() {
            // A page that says there is more, but shows none of it, tells nothing.
            stretch.whole = true;
        } else {
            stretch.until = Some(cut.clone());
        }
        if until.is_none() && stretch.until.is_some() {
            let higher = self.climb.and_then(|place| place.checked_sub(1));
            self.climb = higher.filter(|place| right.is_some() && *place >= self.prefix_letters);
        }
        match right {
            Some(until) => {
                self.spent += COST_OF_CUT;
                self.look_at(&rows);
                self.insert(at + 1, cut, until, rows, next);
            }
            None => self.spent += 1.0,
        }
    }

    /// Puts the right half of a cut behind the left one.
    fn insert(
        &mut self,
        at: usize,
        cut: String,
        until: Option<String>,
        rows: Rows,
        next: Option<String>,
    ) {
        let last = rows.ends().map(|(_, last)| last.to_owned());
        let mut stretch = Stretch {
            id: self.next_id,
            after: Some(cut.clone()),
            ended: next.is_none() || (until.is_some() && last >= until),
            until: until.clone(),
            last,
            token: next,
            rows_seen: rows.len(),
            ..Stretch::default()
        };
        self.next_id += 1;
        self.count(&rows);
        stretch.pages.push_back(Page {
            rows,
            after: Some(cut),
            until,
        });
        self.stretches.insert(at, stretch);
    }
}
