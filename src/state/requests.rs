//! The log of requests as the window shows it: what was read so far, what is shown of it, what is looked at.
//!
//! Only while the panel is open is the log read: one question to the worker waits for news, its answer asks the next.

use std::collections::BTreeMap;

use crate::domain::Ticket;
use crate::domain::diagnosis::{Exchange, ExchangeEnd};
use crate::worker::messages::{Command, LogNews, REQUESTS_KEPT};

use super::{Effect, State};

/// What the user did in the panel of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestsAction {
    /// Show or hide the panel.
    Toggle,
    /// Show only requests that hold all words of this text.
    Filter(String),
    /// Show only those that failed, or all.
    OnlyFailed(bool),
    /// The oldest above, or the newest.
    OldestFirst(bool),
    /// Look at one closely, or at none.
    Select(Option<u64>),
    /// Look at the one so many rows below, or above.
    Step(i64),
    /// Take away what is shown so far.
    Clear,
}

/// The panel of requests.
#[derive(Debug, Default)]
pub struct Requests {
    /// It is shown.
    pub open: bool,
    /// What is searched for.
    pub filter: String,
    /// Only those that failed are shown.
    pub only_failed: bool,
    /// The oldest stands above.
    pub oldest_first: bool,
    /// The number of the one that is looked at closely.
    pub selected: Option<u64>,
    all: BTreeMap<u64, Exchange>,
    shown: Vec<u64>,
    failed: usize,
    /// Up to where the log was read.
    version: u64,
    reading: Option<Ticket>,
    /// Once that is answered the log is read again: something came that the answer may lack.
    again: bool,
    /// Requests up to this number were cleared away.
    cleared: u64,
}

impl Requests {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// How many of them failed.
    #[must_use]
    pub const fn failed(&self) -> usize {
        self.failed
    }

    /// How many rows are shown.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.shown.len()
    }

    /// The request in a row, from the top.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<&Exchange> {
        self.all.get(self.shown.get(row)?)
    }

    /// The one that is looked at closely.
    #[must_use]
    pub fn chosen(&self) -> Option<&Exchange> {
        self.all.get(&self.selected?)
    }

    /// Those that failed, newest first.
    pub fn failures(&self) -> impl Iterator<Item = &Exchange> {
        self.all.values().rev().filter(|exchange| exchange.failed())
    }

    fn take(&mut self, news: LogNews) {
        self.version = news.version;
        for exchange in news.exchanges {
            if exchange.number > self.cleared {
                self.all.insert(exchange.number, exchange);
            }
        }
        while self.all.len() > REQUESTS_KEPT {
            self.all.pop_first();
        }
        self.arrange();
    }

    /// Finds what is shown.
    fn arrange(&mut self) {
        let filter = self.filter.to_lowercase();
        let needles: Vec<&str> = filter.split_whitespace().collect();
        let fits = |exchange: &Exchange| {
            (!self.only_failed || exchange.failed())
                && (needles.is_empty() || {
                    let hay = hay(exchange);
                    needles.iter().all(|needle| hay.contains(needle))
                })
        };
        let fitting = self.all.values().filter(|exchange| fits(exchange));
        let mut shown: Vec<u64> = fitting.map(|exchange| exchange.number).collect();
        if !self.oldest_first {
            shown.reverse();
        }
        self.shown = shown;
        self.failed = self
            .all
            .values()
            .filter(|exchange| exchange.failed())
            .count();
        if let Some(selected) = self.selected
            && !self.all.contains_key(&selected)
        {
            self.selected = None;
        }
    }

    fn step(&mut self, rows: i64) {
        let at = self
            .selected
            .and_then(|own| self.shown.iter().position(|number| *number == own));
        let last = self.shown.len().saturating_sub(1);
        let next = match at {
            None => 0,
            Some(at) => at
                .saturating_add_signed(isize::try_from(rows).unwrap_or_default())
                .min(last),
        };
        self.selected = self.shown.get(next).copied();
    }
}

/// What is searched.
fn hay(exchange: &Exchange) -> String {
    let Exchange {
        number,
        connection,
        operation,
        method,
        host,
        bucket,
        key,
        query,
        ..
    } = exchange;
    let status = match &exchange.end {
        ExchangeEnd::Answered(status) => status.to_string(),
        ExchangeEnd::Running => "running".to_owned(),
        ExchangeEnd::Broken { message, .. } => message.clone(),
        ExchangeEnd::Dropped => "dropped".to_owned(),
    };
    let code = exchange.code.as_deref().unwrap_or_default();
    let id = exchange.request_id.as_deref().unwrap_or_default();
    format!("#{number} {connection} {operation} {method} {host} {bucket}/{key} {query} {status} {code} {id}")
        .to_lowercase()
}

impl State {
    pub(super) fn work_on_requests(&mut self, action: RequestsAction) -> Vec<Effect> {
        let requests = &mut self.requests;
        match action {
            RequestsAction::Toggle => return self.toggle_requests(),
            RequestsAction::Filter(text) => {
                requests.filter = text;
                requests.arrange();
            }
            RequestsAction::OnlyFailed(only) => {
                requests.only_failed = only;
                requests.arrange();
            }
            RequestsAction::OldestFirst(oldest) => {
                requests.oldest_first = oldest;
                requests.arrange();
            }
            RequestsAction::Select(number) => requests.selected = number,
            RequestsAction::Step(rows) => requests.step(rows),
            RequestsAction::Clear => {
                requests.cleared = requests
                    .all
                    .keys()
                    .next_back()
                    .copied()
                    .unwrap_or(requests.cleared);
                requests.all.clear();
                requests.selected = None;
                requests.arrange();
            }
        }
        Vec::new()
    }

    fn toggle_requests(&mut self) -> Vec<Effect> {
        self.requests.open = !self.requests.open;
        if self.requests.open {
            // One of the two at the foot is unfolded.
            self.window.bottom.open = false;
            return self.glance_at_requests();
        }
        let reading = self.requests.reading.take();
        reading
            .map(|ticket| Effect::Run(Command::Cancel(ticket)))
            .into_iter()
            .collect()
    }

    /// Reads the log once, unless that is being done.
    pub(super) fn glance_at_requests(&mut self) -> Vec<Effect> {
        if self.requests.reading.is_some() {
            self.requests.again = true;
            return Vec::new();
        }
        self.read_requests()
    }

    fn read_requests(&mut self) -> Vec<Effect> {
        let ticket = self.tickets.draw();
        self.requests.reading = Some(ticket);
        vec![Effect::Run(Command::ReadRequests {
            ticket,
            after: self.requests.version,
        })]
    }

    pub(super) fn take_requests(&mut self, ticket: Ticket, news: Option<LogNews>) -> Vec<Effect> {
        if self.requests.reading != Some(ticket) {
            return Vec::new();
        }
        self.requests.reading = None;
        let Some(news) = news else {
            return Vec::new();
        };
        self.requests.take(news);
        let again = std::mem::take(&mut self.requests.again);
        if self.requests.open || again {
            return self.read_requests();
        }
        Vec::new()
    }
}

#[cfg(test)]
#[path = "requests_tests.rs"]
mod tests;
