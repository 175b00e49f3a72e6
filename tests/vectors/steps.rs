//! Vectors that run several operations on one storage; file operations act on the file that was opened last.

use std::io::SeekFrom;

use cooperage::django::{Data, DjangoError, DjangoFile, DjangoStorage, ModifiedTime, UrlOptions};
use cooperage::storage::names;
use serde_json::{Value, json};

use crate::failures::{self, Refusal};
use crate::operations::{Outcome, content};
use crate::surroundings::NOW;
use crate::values::{bytes, text, written};

/// Runs the steps and tells what came of each.
pub async fn run(storage: &DjangoStorage, steps: &Value) -> Value {
    let mut file: Option<DjangoFile> = None;
    let mut results = Vec::new();
    for step in steps.as_array().unwrap() {
        let parts = step.as_array().unwrap();
        let name = parts[0].as_str().unwrap();
        let outcome = match on_storage(storage, name, &parts[1..], &mut file).await {
            Some(outcome) => outcome,
            None => match &mut file {
                Some(file) => on_file(file, name, &parts[1..]).await,
                // Nothing has been opened, so there is nothing to ask.
                None => Err(Refusal::class("builtins.AttributeError")),
            },
        };
        let result = match outcome {
            Ok(value) => json!({"ok": value}),
            Err(refusal) => refusal.json(),
        };
        results.push(json!({"step": step, "result": result}));
    }
    json!(results)
}

fn told<T>(result: Result<T, DjangoError>) -> Result<T, Refusal> {
    result.map_err(|error| failures::of_django(&error))
}

async fn on_storage(
    storage: &DjangoStorage,
    name: &str,
    arguments: &[Value],
    file: &mut Option<DjangoFile>,
) -> Option<Outcome> {
    let first = || text(&arguments[0]);
    Some(match name {
        "exists" => told(storage.exists(first()).await).map(|found| json!(found)),
        "size" => told(storage.size(first()).await).map(|bytes| json!(bytes)),
        "delete" => told(storage.delete(first()).await).map(|()| Value::Null),
        "listdir" => told(storage.listdir(first()).await).map(|lists| json!(lists)),
        "get_modified_time" => {
            told(storage.modified_time(first()).await).map(|time| written_time(&time))
        }
        "get_valid_name" => names::valid_name(first())
            .map(|name| json!(name))
            .map_err(|error| failures::of_name(&error)),
        "generate_filename" => names::generated_name(first())
            .map(|name| json!(name))
            .map_err(|error| failures::of_name(&error)),
        "url" => {
            let link = storage.url(first(), &UrlOptions::default(), NOW).await;
            told(link).map(|link| json!(link.url))
        }
        "save" => {
            let content = content(&json!({"content": arguments[1]}));
            told(storage.save(Some(first()), content, None).await).map(|name| json!(name))
        }
        "open" => {
            let mode = arguments.get(1).map_or("rb", |mode| mode.as_str().unwrap());
            match storage.open(first(), mode).await {
                Ok(opened) => {
                    let result = json!({"name": opened.name()});
                    *file = Some(opened);
                    Ok(result)
                }
                Err(error) => Err(failures::of_django(&error)),
            }
        }
        _ => return None,
    })
}

async fn on_file(file: &mut DjangoFile, name: &str, arguments: &[Value]) -> Outcome {
    let number = arguments.first().and_then(Value::as_u64);
    match name {
        "fsize" => told(file.size().await).map(|bytes| json!(bytes)),
        "read" => told(file.read(number).await).map(|data| written_data(&data)),
        "readline" => told(file.read_line().await).map(|data| written_data(&data)),
        "readlines" => {
            let lines = told(file.read_lines().await)?;
            Ok(lines.iter().map(|line| written(line)).collect())
        }
        "chunks" => {
            let chunks = told(file.chunks(number).await)?;
            Ok(chunks.iter().map(written_data).collect())
        }
        "iter" => {
            let lines = told(file.lines().await)?;
            Ok(lines.iter().map(written_data).collect())
        }
        "multiple_chunks" => {
            told(file.has_multiple_chunks(number).await).map(|multiple| json!(multiple))
        }
        "seek" => {
            let offset = arguments[0].as_i64().unwrap();
            let to = match arguments.get(1).and_then(Value::as_i64).unwrap_or(0) {
                0 => SeekFrom::Start(offset.unsigned_abs()),
                1 => SeekFrom::Current(offset),
                _ => SeekFrom::End(offset),
            };
            told(file.seek(to).await).map(|place| json!(place))
        }
        "tell" => told(file.tell().await).map(|place| json!(place)),
        "closed" => told(file.is_closed().await).map(|closed| json!(closed)),
        "bool" => Ok(json!(file.is_named())),
        "write" => told(file.write(&bytes(&arguments[0])).await).map(|count| json!(count)),
        "close" => told(file.close().await).map(|()| Value::Null),
        other => panic!("no step {other}"),
    }
}

fn written_data(data: &Data) -> Value {
    match data {
        Data::Bytes(bytes) => written(bytes),
        Data::Text(text) => json!(text),
    }
}

fn written_time(time: &ModifiedTime) -> Value {
    let text = match time {
        ModifiedTime::Aware(time) => {
            time.strftime("%Y-%m-%dT%H:%M:%S+00:00", &jiff::tz::TimeZone::UTC)
        }
        ModifiedTime::Naive(time) => time.to_string(),
    };
    json!({"$datetime": text})
}
