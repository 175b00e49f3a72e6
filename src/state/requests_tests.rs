//! Reading the log, filtering it, stepping through it.

use std::sync::Arc;

use super::*;
use crate::domain::ErrorKind;
use crate::domain::diagnosis::Signature;

fn exchange(number: u64, operation: &'static str, key: &str, status: u16) -> Exchange {
    Exchange {
        number,
        connection: Arc::from("media"),
        began_ms: 0,
        operation,
        method: "GET".to_owned(),
        is_tls: true,
        host: "s3.example".to_owned(),
        bucket: "b".to_owned(),
        key: key.to_owned(),
        path: format!("/b/{key}"),
        query: String::new(),
        headers: Vec::new(),
        signature: Signature::None,
        has_token: false,
        attempt: 1,
        sent_bytes: 0,
        received_bytes: 0,
        first_byte_us: None,
        total_us: None,
        end: ExchangeEnd::Answered(status),
        request_id: None,
        host_id: None,
        code: None,
    }
}

fn asked(effects: &[Effect]) -> Option<(Ticket, u64)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Run(Command::ReadRequests { ticket, after }) => Some((*ticket, *after)),
        _ => None,
    })
}

#[test]
fn the_log_is_read_while_the_panel_is_open_and_not_longer() {
    let mut state = State::default();
    state.window.bottom.open = true;
    let (ticket, after) = asked(&state.work_on_requests(RequestsAction::Toggle)).unwrap();
    assert_eq!(after, 0);
    assert!(!state.window.bottom.open, "the transfers fold");
    let news = LogNews {
        version: 7,
        exchanges: vec![exchange(1, "ListObjectsV2", "", 200)],
    };
    let (next, after) = asked(&state.take_requests(ticket, Some(news.clone()))).unwrap();
    assert_eq!((after, state.requests.rows()), (7, 1));
    assert!(
        state.take_requests(ticket, Some(news)).is_empty(),
        "an older answer"
    );

    let effects = state.work_on_requests(RequestsAction::Toggle);
    assert!(matches!(effects[..], [Effect::Run(Command::Cancel(own))] if own == next));
    assert!(state.take_requests(next, None).is_empty());
    let (_, after) = asked(&state.work_on_requests(RequestsAction::Toggle)).unwrap();
    assert_eq!(after, 7, "what was read stays");
}

#[test]
fn rows_are_filtered_by_words_newest_first_and_can_be_stepped_through() {
    let mut requests = Requests::default();
    let mut broken = exchange(3, "GetObject", "c.txt", 0);
    broken.end = ExchangeEnd::Broken {
        kind: ErrorKind::Unreachable,
        status: None,
        message: "Connection refused".to_owned(),
    };
    requests.take(LogNews {
        version: 3,
        exchanges: vec![
            exchange(1, "GetObject", "a.txt", 200),
            exchange(2, "PutObject", "b.txt", 403),
            broken,
        ],
    });
    let numbers = |requests: &Requests| requests.shown.clone();
    assert_eq!((numbers(&requests), requests.failed()), (vec![3, 2, 1], 2));
    requests.filter = "getobject REFUSED".to_owned();
    requests.arrange();
    assert_eq!(numbers(&requests), [3]);
    requests.filter.clear();
    requests.only_failed = true;
    requests.oldest_first = true;
    requests.arrange();
    assert_eq!(numbers(&requests), [2, 3]);
    requests.step(1);
    assert_eq!(requests.selected, Some(2));
    requests.step(5);
    assert_eq!(requests.selected, Some(3));
    requests.step(-9);
    assert_eq!(requests.selected, Some(2));
}

#[test]
fn what_is_cleared_does_not_come_back() {
    let mut state = State::default();
    let (ticket, _) = asked(&state.work_on_requests(RequestsAction::Toggle)).unwrap();
    let news = |version, numbers: &[u64]| LogNews {
        version,
        exchanges: numbers
            .iter()
            .map(|own| exchange(*own, "GetObject", "k", 200))
            .collect(),
    };
    let (ticket, _) = asked(&state.take_requests(ticket, Some(news(2, &[1, 2])))).unwrap();
    state.work_on_requests(RequestsAction::Select(Some(2)));
    state.work_on_requests(RequestsAction::Clear);
    assert_eq!((state.requests.count(), state.requests.selected), (0, None));
    state.take_requests(ticket, Some(news(4, &[2, 3])));
    assert_eq!(state.requests.row(0).map(|own| own.number), Some(3));
    assert_eq!(state.requests.rows(), 1);
}
