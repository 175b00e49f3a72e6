//! The recorded behaviour of django-storages, vector by vector, against the core.
//!
//! The vectors are those of `django_storages.json` beside this file, or of the file that `COOPERAGE_VECTORS` names.
//! Each goes through the public functions that the window and the command line use; here values and names of errors
//! are translated and results compared. Parts: `surroundings` (settings to connections), `operations` and `steps` (what
//! is called), `failures` (names of errors), `server` and `traffic` (what went over the wire), `values`.
//!
//! A vector passes when the result is the recorded one. What passes otherwise stands in [`FOLLOWED`] and [`UNTYPED`].

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    unreachable_pub,
    missing_docs,
    reason = "a test may stop at a surprise and tells what it did"
)]

mod failures;
mod ladder;
mod operations;
mod server;
mod steps;
mod surroundings;
mod traffic;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;

use operations::Outcome;
use serde_json::{Value, json};
use server::Server;
use values::{Keys, same};

/// Where a later release fixed a bug and we follow the fix: category, release, reason.
const FOLLOWED: &[(&str, &str, &str)] = &[
    (
        "config_errors",
        "django-storages-1.14",
        "the CloudFront pair can be set on a storage, not only in the settings file",
    ),
    (
        "presign_token",
        "django-storages-1.14",
        "a session token can be set on a storage, beside the keys it belongs to",
    ),
    (
        "credentials_missing",
        "django-storages-1.14",
        "links that are not signed need no credentials",
    ),
    (
        "unsigned_client",
        "django-storages-1.14",
        "links that are not signed need no credentials",
    ),
];

/// Where a recorded success used a value that a typed setting cannot hold: category, reason.
const UNTYPED: &[(&str, &str)] = &[
    (
        "config_errors",
        "proxies as one text: there is no scheme to look one up by",
    ),
    (
        "custom_domain_protocol",
        "true as a domain: links would lead to a host of that name",
    ),
    (
        "gzip",
        "content types as one text: it would be searched for parts of words",
    ),
];

#[derive(Default)]
struct Count {
    passed: usize,
    followed: usize,
    untyped: usize,
    failed: usize,
}

/// The vectors of this run.
fn recording() -> Value {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/django_storages.json");
    let path = std::env::var_os("COOPERAGE_VECTORS").map_or(own, PathBuf::from);
    let text = std::fs::read_to_string(&path).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_recorded_vector_comes_out_the_same() {
    let recording = recording();
    let keys = Keys(&recording["keys"]);
    let only = std::env::var("COOPERAGE_VECTOR").unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let server = Server::start();
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut mismatches = Vec::new();
    for vector in recording["vectors"].as_array().unwrap() {
        let id = vector["id"].as_str().unwrap();
        let category = vector["category"].as_str().unwrap();
        if !id.starts_with(&only) {
            continue;
        }
        let count = counts.entry(category.to_owned()).or_default();
        let operation = vector["op"].as_str().unwrap();
        if !operations::KNOWN.contains(&operation) {
            count.failed += 1;
            mismatches.push(format!("{id}: not run: {operation}"));
            continue;
        }
        match runtime.block_on(judge(vector, category, &keys, &server)) {
            Ok(Passed::AsRecorded) => count.passed += 1,
            Ok(Passed::AsFollowed) => count.followed += 1,
            Ok(Passed::Untyped) => count.untyped += 1,
            Err(mismatch) => {
                count.failed += 1;
                mismatches.push(format!("{id}: {mismatch}"));
            }
        }
    }
    report(&counts);
    assert!(
        mismatches.is_empty(),
        "{} vectors differ:\n{}",
        mismatches.len(),
        mismatches.join("\n")
    );
}

enum Passed {
    AsRecorded,
    AsFollowed,
    Untyped,
}

async fn judge(
    vector: &Value,
    category: &str,
    keys: &Keys<'_>,
    server: &Server,
) -> Result<Passed, String> {
    let mut mismatch = String::new();
    // The recording sorts the names of link parameters; the order they were given in is one of all.
    for vector in in_every_order(vector) {
        server.reset(&vector, None);
        let outcome = operations::run(&vector, keys, server).await;
        match compare(&vector, &vector["expect"], &outcome, server) {
            Ok(()) => return Ok(Passed::AsRecorded),
            Err(error) if mismatch.is_empty() => mismatch = error,
            Err(_) => {}
        }
        let followed = FOLLOWED.iter().filter(|(one, ..)| *one == category);
        for (_, release, _) in followed {
            let variant = vector["variants"].as_object().and_then(|variants| {
                let found = variants.iter().find(|(name, _)| name.starts_with(release));
                found.map(|(_, variant)| variant)
            });
            if let Some(variant) = variant
                && compare(&vector, variant, &outcome, server).is_ok()
            {
                return Ok(Passed::AsFollowed);
            }
        }
        if let Err(refusal) = &outcome
            && refusal.on_the_way_in
            && UNTYPED.iter().any(|(one, _)| *one == category)
        {
            return Ok(Passed::Untyped);
        }
    }
    Err(mismatch)
}

fn compare(
    vector: &Value,
    recorded: &Value,
    outcome: &Outcome,
    server: &Server,
) -> Result<(), String> {
    let recorded_error = recorded.get("error");
    match (outcome, recorded_error) {
        (Ok(value), None) => {
            let mut expected = without_messages(&recorded["ok"]);
            if vector["op"] == json!("init") {
                without_attributes_that_do_nothing(&mut expected);
            }
            if !same(value, &expected) {
                return Err(format!("{value}\n    recorded {expected}"));
            }
        }
        (Ok(value), Some(error)) => return Err(format!("{value}\n    recorded {error}")),
        (Err(refusal), Some(error)) => {
            let ours = refusal.json();
            let theirs = json!({"error": without_messages(error)});
            if !refusal.on_the_way_in && ours != theirs {
                return Err(format!("{ours}\n    recorded {theirs}"));
            }
        }
        (Err(refusal), None) => {
            return Err(format!(
                "{}\n    recorded {}",
                refusal.json(),
                recorded["ok"]
            ));
        }
    }
    if let Some(expected) = recorded.get("head_keys") {
        let state = server.state.lock().unwrap();
        let heads: Vec<&str> = state
            .requests
            .iter()
            .filter(|request| request.operation == "HeadObject")
            .map(|request| request.key.as_str())
            .collect();
        if json!(heads) != *expected {
            return Err(format!("asked for {heads:?}, recorded {expected}"));
        }
    }
    let bucket = vector["class_attrs"]["bucket_name"]
        .as_str()
        .or(vector["kwargs"]["bucket_name"].as_str())
        .or(vector["settings"]["AWS_STORAGE_BUCKET_NAME"].as_str());
    traffic::compare(recorded, server, bucket.unwrap_or_default())
}

/// Messages come from other libraries; classes, statuses and codes are compared.
fn without_messages(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let is_error = map.contains_key("class");
            map.iter()
                .filter(|(name, _)| !(is_error && *name == "message"))
                .map(|(name, value)| (name.clone(), without_messages(value)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.iter().map(without_messages).collect(),
        other => other.clone(),
    }
}

/// Settings outside the documented page that have no effect have no value either.
fn without_attributes_that_do_nothing(expected: &mut Value) {
    if let Some(attributes) = expected["attributes"].as_object_mut() {
        for name in cooperage::settings::attributes::WITHOUT_EFFECT {
            attributes.remove(name);
        }
    }
}

/// A vector with the parameters of its link in every order.
fn in_every_order(vector: &Value) -> Vec<Value> {
    let parameters: Vec<(String, Value)> = vector["input"]["parameters"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if parameters.len() < 2 {
        return vec![vector.clone()];
    }
    let mut orders: Vec<Vec<(String, Value)>> = vec![Vec::new()];
    for pair in parameters {
        orders = orders
            .into_iter()
            .flat_map(|order| {
                (0..=order.len()).map({
                    let pair = pair.clone();
                    move |at| {
                        let mut longer = order.clone();
                        longer.insert(at, pair.clone());
                        longer
                    }
                })
            })
            .collect();
    }
    orders
        .into_iter()
        .map(|order| {
            let mut vector = vector.clone();
            vector["input"]["parameters"] =
                Value::Object(order.into_iter().collect::<serde_json::Map<_, _>>());
            vector
        })
        .collect()
}

fn report(counts: &BTreeMap<String, Count>) {
    let mut total = Count::default();
    println!(
        "{:<28} {:>6} {:>8} {:>7} {:>6}",
        "category", "passed", "followed", "untyped", "failed"
    );
    for (category, count) in counts {
        println!(
            "{category:<28} {:>6} {:>8} {:>7} {:>6}",
            count.passed, count.followed, count.untyped, count.failed
        );
        total.passed += count.passed;
        total.followed += count.followed;
        total.untyped += count.untyped;
        total.failed += count.failed;
    }
    println!(
        "{:<28} {:>6} {:>8} {:>7} {:>6}",
        "in total", total.passed, total.followed, total.untyped, total.failed
    );
}
