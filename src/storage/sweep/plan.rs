//! Which pages to ask for next, and what belongs to whom: a machine without clock and network.
//!
//! The keys are divided into stretches that follow one another, each listed page by page on its own. A stretch is cut
//! in two by asking for the page behind a text in the middle of what is left of it: that page is the beginning of the
//! right half, and its first key proves that there is something. A row belongs to the stretch whose bounds hold its
//! name, so no row comes twice and none is lost, whatever was guessed. Cutting begins only where the server has kept
//! to the order of keys so far; when an answer shows that it ignores where to begin, all goes on one after the other.

use std::collections::VecDeque;

use super::middle::{self, Seen};
use super::rows::Rows;

/// Requests at once, at most.
pub(super) const LANES: usize = 16;
/// Pages and rows that are listed one after the other before the first cut; most folders end before.
const BEFORE_CUTTING: (usize, usize) = (4, 3_500);
/// Requests that cutting may cost beyond the pages: so many, and this share of all pages.
const SPARE: (f64, f64) = (8.0, 0.13);
/// Where a stretch is cut, the page at the cut is half empty on average.
const COST_OF_CUT: f64 = 0.5;
/// Stretches that end within so many pages are not worth a cut.
const WORTH_CUTTING: f64 = 2.0;
/// Rows that may wait for their turn before only the first stretch goes on.
const MOST_WAITING: usize = 1_500_000;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    stretch: u32,
    /// The page behind this text, to cut the stretch there.
    cut: Option<String>,
    /// Where the page before ended.
    pub(super) token: Option<String>,
    /// Where to begin without a token.
    pub(super) start_after: Option<String>,
}

impl Ask {
    /// True when the listing is the same without the answer.
    pub(super) fn is_cut(&self) -> bool {
        self.cut.is_some()
    }
}

/// A page whose turn may have come.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) rows: Rows,
    /// Only rows behind this.
    pub(super) after: Option<String>,
    /// Only rows up to this.
    pub(super) until: Option<String>,
}

#[derive(Debug, Default)]
struct Stretch {
    id: u32,
    /// It holds names behind this.
    after: Option<String>,
    /// It holds names up to this; `None` where nothing ends it but the listing itself.
    until: Option<String>,
    /// The last name seen.
    last: Option<String>,
    token: Option<String>,
    rows_seen: usize,
    /// A page is on its way.
    asked: bool,
    /// A cut is on its way.
    cutting: bool,
    /// No place to cut was found.
    whole: bool,
    /// All its pages are here.
    ended: bool,
    pages: VecDeque<Page>,
}

/// The answers contradict the order of keys after the listing was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OutOfOrder;

/// All stretches of one listing, in the order of their keys.
#[derive(Debug)]
pub(super) struct Plan {
    stretches: Vec<Stretch>,
    next_id: u32,
    /// Characters of the prefix, which all keys share.
    prefix_letters: usize,
    seen: Seen,
    first: Option<String>,
    /// Up to where all keys may differ from the last one, while nothing is known of the end of the listing.
    climb: Option<usize>,
    flying: usize,
    pages: usize,
    rows: usize,
    spent: f64,
    waiting: usize,
    /// False once the server broke the order of keys or ignored where to begin.
    in_order: bool,
}

impl Plan {
    /// The plan of a listing that begins behind a text, or where a page before ended.
    pub(super) fn new(prefix: &str, start_after: Option<String>, token: Option<String>) -> Self {
        let whole = Stretch {
            after: start_after,
            token,
            ..Stretch::default()
        };
        Self {
            stretches: vec![whole],
            next_id: 1,
            prefix_letters: prefix.chars().count(),
            seen: Seen::default(),
            first: None,
            climb: None,
            flying: 0,
            pages: 0,
            rows: 0,
            spent: 0.0,
            waiting: 0,
            in_order: true,
        }
    }

    /// The next request to send, if one should be.
    pub(super) fn next_ask(&mut self) -> Option<Ask> {
        if self.flying >= LANES {
            return None;
        }
        let crowded = self.waiting > MOST_WAITING;
        let ask = self
            .next_page(crowded)
            .or_else(|| if crowded { None } else { self.next_cut() });
        self.flying += usize::from(ask.is_some());
        ask
    }

    fn next_page(&mut self, only_first: bool) -> Option<Ask> {
        let among = if only_first { 1 } else { self.stretches.len() };
        let mut open = self.stretches.iter_mut().take(among);
        let stretch = open.find(|stretch| !stretch.ended && !stretch.asked)?;
        stretch.asked = true;
        Some(stretch.ask())
    }

    fn next_cut(&mut self) -> Option<Ask> {
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

    /// True once enough has come that cutting may pay.
    fn is_large(&self) -> bool {
        self.pages >= BEFORE_CUTTING.0 && self.rows >= BEFORE_CUTTING.1
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
    fn shared_by_all(&self) -> usize {
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

    /// The page after one that has just come, before its rows are read: asked for early, so that the server works
    /// while this side reads. Only where nothing could make it needless.
    pub(super) fn follow(&mut self, ask: &Ask, next: Option<String>) -> Option<Ask> {
        let [stretch] = self.stretches.as_mut_slice() else {
            return None;
        };
        let goes_on = next.is_some() && next != ask.token && stretch.until.is_none();
        if ask.is_cut() || stretch.cutting || !goes_on {
            return None;
        }
        stretch.token = next;
        self.flying += 1;
        Some(stretch.ask())
    }

    /// A request failed and may be sent again. A cut is not: all goes on without it.
    pub(super) fn give_back(&mut self, ask: &Ask) {
        self.flying -= 1;
        if let Some(stretch) = self.find(ask.stretch) {
            if ask.is_cut() {
                (stretch.cutting, stretch.whole) = (false, true);
            } else {
                stretch.asked = false;
                stretch.token.clone_from(&ask.token);
            }
        }
    }

    /// Takes an answer in.
    ///
    /// # Errors
    /// When it contradicts the order of keys and the listing was cut already.
    pub(super) fn take(
        &mut self,
        ask: &Ask,
        rows: Rows,
        next: Option<String>,
        followed: bool,
    ) -> Result<(), OutOfOrder> {
        self.flying -= 1;
        if ask.cut.is_some() {
            self.take_cut(ask, rows, next);
            Ok(())
        } else {
            self.take_page(ask, rows, next, followed)
        }
    }

    fn take_page(
        &mut self,
        ask: &Ask,
        rows: Rows,
        next: Option<String>,
        followed: bool,
    ) -> Result<(), OutOfOrder> {
        let alone = self.stretches.len() == 1;
        self.look_at(&rows);
        let Some(at) = self.stretches.iter().position(|one| one.id == ask.stretch) else {
            return Ok(());
        };
        let Some(stretch) = self.stretches.get_mut(at) else {
            return Ok(());
        };
        let before = stretch.last.take().or_else(|| stretch.after.clone());
        let (first, last) = match rows.ends() {
            Some((first, last)) => (Some(first.to_owned()), Some(last.to_owned())),
            None => (None, None),
        };
        let behind = !matches!((&before, &first), (Some(before), Some(first)) if first <= before);
        let ordered = rows.ascend() && behind;
        stretch.rows_seen += rows.len();
        stretch.last = before.clone().max(last);
        if !followed {
            stretch.asked = false;
            stretch.token = next;
            stretch.ended = stretch.token.is_none();
        }
        stretch.ended |= stretch.until.is_some() && stretch.last >= stretch.until;
        let until = stretch.until.clone();
        // A server that keeps no order is taken at its word; nothing is cut then.
        let after = before.filter(|_| !alone);
        let was_large = self.is_large();
        self.count(&rows);
        if let Some(stretch) = self.stretches.get_mut(at) {
            stretch.pages.push_back(Page { rows, after, until });
        }
        if !ordered {
            self.in_order = false;
        }
        if self.first.is_none() {
            self.first = first;
        }
        if alone && !was_large && self.is_large() {
            self.climb = self
                .shared_by_all()
                .checked_sub(1)
                .filter(|place| *place >= self.prefix_letters);
        }
        if ordered || alone {
            Ok(())
        } else {
            Err(OutOfOrder)
        }
    }

    fn count(&mut self, rows: &Rows) {
        self.pages += 1;
        self.rows += rows.len();
        self.waiting += rows.len();
    }

    fn look_at(&mut self, rows: &Rows) {
        if let Some((first, last)) = rows.ends() {
            self.seen.take(first);
            self.seen.take(last);
        }
    }

    fn take_cut(&mut self, ask: &Ask, rows: Rows, next: Option<String>) {
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

    /// Asks for nothing more; what is here can still be popped.
    pub(super) fn stop(&mut self) {
        for stretch in &mut self.stretches {
            stretch.ended = true;
        }
    }

    fn find(&mut self, id: u32) -> Option<&mut Stretch> {
        self.stretches.iter_mut().find(|stretch| stretch.id == id)
    }

    /// The next page in the order of keys.
    pub(super) fn pop_first(&mut self) -> Option<Page> {
        self.drop_done();
        let page = self.stretches.first_mut()?.pages.pop_front()?;
        Some(self.popped(page))
    }

    /// Any page that is here.
    pub(super) fn pop_any(&mut self) -> Option<Page> {
        let page = self
            .stretches
            .iter_mut()
            .find_map(|stretch| stretch.pages.pop_front())?;
        Some(self.popped(page))
    }

    fn popped(&mut self, page: Page) -> Page {
        self.waiting -= page.rows.len();
        page
    }

    fn drop_done(&mut self) {
        while self
            .stretches
            .first()
            .is_some_and(|first| first.ended && first.pages.is_empty())
        {
            self.stretches.remove(0);
        }
    }

    /// True when nothing is to come.
    pub(super) fn is_finished(&self) -> bool {
        let done = |stretch: &Stretch| stretch.ended && stretch.pages.is_empty();
        self.stretches.iter().all(done)
    }
}

impl Stretch {
    fn ask(&self) -> Ask {
        Ask {
            stretch: self.id,
            cut: None,
            start_after: self.after.clone().filter(|_| self.token.is_none()),
            token: self.token.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
