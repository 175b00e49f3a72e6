//! Listings of many shapes against a server of which only the rounds are counted.

use super::*;
use crate::domain::{ListSink, Timestamp};

/// A server with these keys; an answer takes one round.
struct Rounds {
    keys: Vec<String>,
    ignores_start: bool,
}

impl Rounds {
    fn of(mut keys: Vec<String>) -> Self {
        keys.sort();
        keys.dedup();
        Self {
            keys,
            ignores_start: false,
        }
    }

    fn page(&self, ask: &Ask) -> (Rows, Option<String>) {
        let from = match (&ask.token, &ask.start_after) {
            (Some(token), _) => token.parse().unwrap(),
            (None, Some(after)) if !self.ignores_start => {
                self.keys.partition_point(|key| key <= after)
            }
            _ => 0,
        };
        let mut rows = Rows::default();
        let until = self.keys.len().min(from + 1000);
        for key in &self.keys[from..until] {
            rows.object(key, 1, Timestamp(0), "", "");
        }
        let next = (until < self.keys.len()).then(|| until.to_string());
        (rows, next)
    }
}

#[derive(Default)]
struct Names(Vec<String>);

impl ListSink for Names {
    fn object(&mut self, key: &str, _: u64, _: Timestamp, _: &str, _: &str) {
        self.0.push(key.to_owned());
    }

    fn folder(&mut self, prefix: &str) {
        self.0.push(prefix.to_owned());
    }
}

struct Swept {
    names: Vec<String>,
    rounds: usize,
    requests: usize,
    most_at_once: usize,
}

fn sweep(server: &Rounds, in_order: bool) -> Swept {
    let mut plan = Plan::new("", None, None);
    let (mut names, mut rounds, mut requests, mut most_at_once) = (Names::default(), 0, 0, 0);
    loop {
        let asks: Vec<Ask> = std::iter::from_fn(|| plan.next_ask()).collect();
        most_at_once = most_at_once.max(asks.len());
        requests += asks.len();
        rounds += usize::from(!asks.is_empty());
        for ask in asks {
            let (rows, next) = server.page(&ask);
            plan.take(&ask, rows, next, false).unwrap();
        }
        let pop = if in_order {
            Plan::pop_first
        } else {
            Plan::pop_any
        };
        while let Some(page) = pop(&mut plan) {
            page.rows
                .give(page.after.as_deref(), page.until.as_deref(), &mut names);
        }
        if plan.is_finished() {
            break;
        }
        assert!(rounds < 3000, "it does not end");
    }
    Swept {
        names: names.0,
        rounds,
        requests,
        most_at_once,
    }
}

/// A number that looks random, the same in every run.
fn scrambled(number: u64) -> u64 {
    let mixed = (number ^ (number >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ (mixed >> 32)
}

fn shapes(count: u64) -> Vec<(&'static str, Vec<String>)> {
    let all = |make: &dyn Fn(u64) -> String| (0..count).map(make).collect();
    vec![
        ("numbers", all(&|n| format!("photos/img-{n:09}.jpg"))),
        ("hashes", all(&|n| format!("{:016x}", scrambled(n)))),
        ("bare numbers", all(&|n| format!("{n}"))),
        (
            "times",
            all(&|n| {
                let (day, second) = (n / 3000, n % 3000 * 28);
                format!(
                    "logs/{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z.gz",
                    2023 + day / 336,
                    day / 28 % 12 + 1,
                    day % 28 + 1,
                    second / 3600,
                    second / 60 % 60,
                    second % 60
                )
            }),
        ),
        (
            "users, few of whom hold most",
            all(&|n| {
                let user = scrambled(n) % 1000;
                let user = if user < 900 { user % 5 } else { user };
                format!("user{user:04}/file {n:07}")
            }),
        ),
        (
            "mixed letters",
            all(&|n| {
                let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
                let mut rest = scrambled(n);
                let mut name = String::new();
                for _ in 0..9 {
                    name.push(char::from(letters[(rest % 62) as usize]));
                    rest /= 62;
                }
                name
            }),
        ),
    ]
}

#[test]
fn a_million_keys_are_there_in_an_eighth_of_the_rounds() {
    let mut slow = Vec::new();
    for (shape, keys) in shapes(1_000_000) {
        let server = Rounds::of(keys);
        let pages = server.keys.len().div_ceil(1000);
        let swept = sweep(&server, true);
        assert!(swept.names == server.keys, "{shape}: not the same keys");
        assert!(swept.most_at_once <= LANES, "{shape}");
        if swept.rounds * 8 > pages || swept.requests * 100 > pages * 115 {
            let (rounds, requests) = (swept.rounds, swept.requests);
            slow.push(format!(
                "{shape}: {pages} pages, {rounds} rounds, {requests} requests"
            ));
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn small_listings_cost_nothing_more() {
    for (shape, keys) in shapes(3_500) {
        let server = Rounds::of(keys);
        let swept = sweep(&server, true);
        assert!(swept.names == server.keys, "{shape}");
        assert_eq!(swept.requests, 4, "{shape}");
    }
}

#[test]
fn in_any_order_the_keys_are_the_same() {
    for (shape, keys) in shapes(60_000) {
        let server = Rounds::of(keys);
        let mut swept = sweep(&server, false);
        swept.names.sort();
        assert!(swept.names == server.keys, "{shape}");
    }
}

#[test]
fn a_server_that_ignores_where_to_begin_is_listed_one_page_after_the_other() {
    for (shape, keys) in shapes(30_000) {
        let mut server = Rounds::of(keys);
        server.ignores_start = true;
        let swept = sweep(&server, true);
        assert!(swept.names == server.keys, "{shape}");
        assert!(swept.requests <= 32, "{shape}: {}", swept.requests);
    }
}
