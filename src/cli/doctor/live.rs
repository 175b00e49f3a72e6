//! A diagnosis written while it grows: first who is examined, then the places of the ladder, then the live checks, each as
//! soon as it and all above it are known; the tables and the verdict at the end.
//!
//! Each piece reaches its reader at once, through a pipe too. What is written is never taken back: a place is written when
//! it cannot change any more, and the checks come after the whole ladder, which has a word in what is said of them. Only
//! what the server says of the keys changes the place that they come from; that is written once more then. With `--json`
//! the same pieces are objects; of two with the same number the last counts.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use super::super::console::Console;
use super::objects;
use crate::domain::Timestamp;
use crate::domain::diagnosis::{CheckKind, Diagnosis, DoctorNews, Rung};
use crate::words::diagnosis::{self as words, Case, When};

/// What is known and how much of it is written.
pub(super) struct Live<'a> {
    console: &'a Console,
    zone: TimeZone,
    home: Option<&'a str>,
    /// Cancelled when nobody reads any more.
    stop: &'a CancellationToken,
    page: Mutex<Page>,
}

#[derive(Default)]
struct Page {
    found: Diagnosis,
    opened: bool,
    /// The places as they were written.
    places: Vec<Rung>,
    checks: usize,
    failure: Option<io::Error>,
}

impl<'a> Live<'a> {
    pub(super) fn new(
        console: &'a Console,
        home: Option<&'a str>,
        stop: &'a CancellationToken,
    ) -> Self {
        Self {
            console,
            zone: TimeZone::system(),
            home,
            stop,
            page: Mutex::default(),
        }
    }

    fn page(&self) -> MutexGuard<'_, Page> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When and where it is read.
    pub(super) fn when(&self) -> When<'_> {
        When {
            now: Timestamp::now(),
            zone: &self.zone,
            home: self.home,
        }
    }

    /// Looks at what is known so far.
    pub(super) fn look<T>(&self, read: impl FnOnce(&Diagnosis) -> T) -> T {
        read(&self.page().found)
    }

    /// Takes a piece in and writes what can be written now.
    pub(super) fn take(&self, news: DoctorNews) {
        let mut page = self.page();
        page.found.take(news);
        self.go_on(&mut page, false);
        if let Some(text) = words::waiting(&page.found) {
            self.console.progress(&text);
        } else {
            self.console.clear_progress();
        }
    }

    /// Writes what is there of ladder and checks, and gives all that was found.
    ///
    /// # Errors
    /// When standard output could not be written.
    pub(super) fn close(self) -> io::Result<Diagnosis> {
        let mut page = self.page();
        self.go_on(&mut page, true);
        self.console.clear_progress();
        match page.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(std::mem::take(&mut page.found)),
        }
    }

    fn go_on(&self, page: &mut Page, at_the_end: bool) {
        if page.failure.is_some() {
            return;
        }
        if let Err(failure) = self.write(page, at_the_end) {
            page.failure = Some(failure);
            self.stop.cancel();
        }
    }

    fn write(&self, page: &mut Page, at_the_end: bool) -> io::Result<()> {
        let Page {
            found,
            opened,
            places,
            checks,
            ..
        } = page;
        if !*opened && let Some(setup) = &found.setup {
            *opened = true;
            self.console
                .result(words::opening(found).trim_end(), '\n')?;
            self.console.object(&objects::examination(setup))?;
        }
        for at in places.len()..Self::known_places(found, at_the_end) {
            self.place(found, at)?;
            places.push(found.ladder[at].clone());
        }
        let in_order = found.checks.iter().zip(CheckKind::ALL);
        let known = match places.len() == found.ladder.len() && found.climbed {
            _ if at_the_end => found.checks.len(),
            true => in_order.take_while(|(one, kind)| one.kind == *kind).count(),
            false => 0,
        };
        for at in *checks..known {
            let check = &found.checks[at];
            let mut text = String::new();
            words::live_check(&mut text, at, check);
            self.console.result(text.trim_end_matches('\n'), '\n')?;
            self.console.object(&objects::check(check))?;
            *checks = at + 1;
        }
        // What the server said of the keys is said of the place that they come from: that is written anew.
        for (at, written) in places.iter_mut().enumerate() {
            if found.climbed && found.ladder.get(at).is_some_and(|rung| rung != written) {
                *written = found.ladder[at].clone();
                self.place(found, at)?;
            }
        }
        self.console.flush()
    }

    /// How many places can be written. Before all is known, those above the one that is asked for its keys stay as they
    /// are.
    fn known_places(found: &Diagnosis, at_the_end: bool) -> usize {
        if at_the_end {
            return found.ladder.len();
        }
        match found.ladder.iter().position(Rung::is_fetching) {
            _ if found.climbed => found.ladder.len(),
            asked => asked.unwrap_or(0),
        }
    }

    fn place(&self, found: &Diagnosis, at: usize) -> io::Result<()> {
        let (rung, when) = (&found.ladder[at], self.when());
        let mut text = String::new();
        words::report_place(&mut text, at, rung, &when);
        self.console.result(text.trim_end_matches('\n'), '\n')?;
        self.console.object(&objects::rung(at, rung, &when))
    }
}

/// Writes what comes after ladder and checks; after a stop only what is known.
///
/// # Errors
/// When standard output could not be written.
pub(super) fn end(
    console: &Console,
    case: &Case<'_>,
    broken: u64,
    stopped_after_ms: Option<u64>,
) -> io::Result<()> {
    let mut text = String::new();
    words::tables(&mut text, case);
    text += &words::ending(case, stopped_after_ms);
    console.result(text.trim_end(), '\n')?;
    for object in objects::rest(case, broken, stopped_after_ms.is_some()) {
        console.object(&object)?;
    }
    console.flush()
}
