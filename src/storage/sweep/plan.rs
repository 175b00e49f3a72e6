//! Which pages to ask for next, and what belongs to whom: a machine without clock and network.
//!
//! The keys are divided into stretches that follow one another, each listed page by page on its own. A stretch is cut
//! in two by asking for the page behind a text in the middle of what is left of it: that page is the beginning of the
//! right half, and its first key proves that there is something. A row belongs to the stretch whose bounds hold its
//! name, so no row comes twice and none is lost, whatever was guessed. Cutting begins only where the server has kept
//! to the order of keys so far; when an answer shows that it ignores where to begin, all goes on one after the other.

mod cut;

use std::collections::VecDeque;

use super::middle::Seen;
use super::rows::Rows;

/// Requests at once, at most.
pub(super) const LANES: usize = 16;
/// Pages and rows that are listed one after the other before the first cut; most folders end before.
const BEFORE_CUTTING: (usize, usize) = (4, 3_500);
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

    /// True once enough has come that cutting may pay.
    fn is_large(&self) -> bool {
        self.pages >= BEFORE_CUTTING.0 && self.rows >= BEFORE_CUTTING.1
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
