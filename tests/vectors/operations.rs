//! Runs one vector through the core and writes the result in the recording's words. Nothing is computed here.

use std::io::Cursor;

use cooperage::django::{Content, DjangoStorage, ManifestStorage, StaticFile, UrlOptions};
use cooperage::domain::{Addressing, CredentialSpec, SignatureVersion, Verify};
use cooperage::settings::profiles::{Profiles, active_profile};
use cooperage::settings::{OptionId, Value as Setting};
use cooperage::storage::{media_type, names};
use serde_json::{Map, Value, json};

use crate::failures::{self, Refusal};
use crate::server::Server;
use crate::steps;
use crate::surroundings::{NOW, Surroundings};
use crate::traffic;
use crate::values::{Keys, bytes, text};

/// What came out: a value, or a refusal.
pub type Outcome = Result<Value, Refusal>;

/// The operations that are run; a vector of another one fails the test.
pub const KNOWN: [&str; 16] = [
    "available_name",
    "clean_name",
    "client",
    "credentials",
    "filepath_to_uri",
    "guess_type",
    "hashed_name",
    "init",
    "normalize_name",
    "post_process",
    "safe_join",
    "save",
    "steps",
    "url",
    "validate_file_name",
    "write_parameters",
];

/// Runs a vector.
pub async fn run(vector: &Value, keys: &Keys<'_>, server: &Server) -> Outcome {
    let input = &vector["input"];
    let operation = vector["op"].as_str().unwrap();
    match operation {
        "clean_name" => return Ok(json!(names::clean_name(text(&input["name"])))),
        "filepath_to_uri" => return Ok(json!(names::filepath_to_uri(text(&input["name"])))),
        "guess_type" => {
            let guess = media_type::guess(text(&input["name"]));
            return Ok(json!([guess.content_type, guess.encoding]));
        }
        "safe_join" => {
            let paths: Vec<&str> = input["paths"]
                .as_array()
                .unwrap()
                .iter()
                .map(text)
                .collect();
            return names::safe_join(text(&input["base"]), &paths)
                .map(|path| json!(path))
                .ok_or(Refusal::class("builtins.ValueError"));
        }
        "validate_file_name" => {
            let may_hold_path = input["allow_relative_path"].as_bool().unwrap_or(false);
            return names::validate_file_name(text(&input["name"]), may_hold_path)
                .map(|name| json!(name))
                .map_err(|error| failures::of_name(&error));
        }
        _ => {}
    }
    let surroundings = Surroundings::of(vector, keys)?;
    server.reset(vector, surroundings.resolved.config.bucket.as_deref());
    if operation == "init" {
        return Ok(json!({"attributes": attributes(&surroundings, input)}));
    }
    if operation == "credentials" {
        return Ok(credentials(&surroundings, server).await);
    }
    let storage = surroundings.storage(server).await?;
    let refused = |error| failures::of_django(&error);
    let is_manifest = vector["storage"] == json!("S3ManifestStaticStorage");
    match operation {
        "normalize_name" => {
            let key = storage.key(text(&input["name"])).map_err(refused)?;
            Ok(json!(key))
        }
        "available_name" => {
            let max = max_length(input);
            let name = storage.available_name(text(&input["name"]), max).await;
            Ok(json!(name.map_err(refused)?))
        }
        "write_parameters" => {
            let content_type = input["content_type"].as_str();
            let parameters = storage.upload_parameters(text(&input["name"]), content_type);
            let parameters: Map<String, Value> = parameters
                .iter()
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect();
            Ok(Value::Object(parameters))
        }
        "hashed_name" => {
            let content = bytes(&input["content"]);
            Ok(json!(ManifestStorage::hashed_name(
                text(&input["name"]),
                &content
            )))
        }
        "client" => client(&surroundings, &storage, input, server).await,
        "url" if is_manifest => {
            let manifest = ManifestStorage::open(storage).await.map_err(refused)?;
            let url = manifest.url(text(&input["name"]), NOW).await;
            Ok(json!(url.map_err(refused)?))
        }
        "url" => url(&storage, input).await,
        "save" => {
            if is_manifest {
                ManifestStorage::open(storage.clone())
                    .await
                    .map_err(refused)?;
            }
            let name = (!input["name"].is_null()).then(|| text(&input["name"]));
            let saved = storage.save(name, content(input), max_length(input)).await;
            Ok(json!(saved.map_err(refused)?))
        }
        "steps" => Ok(steps::run(&storage, &input["steps"]).await),
        "post_process" => post_process(storage, input).await,
        other => panic!("no operation {other}"),
    }
}

fn max_length(input: &Value) -> Option<usize> {
    input["max_length"]
        .as_u64()
        .map(|max| usize::try_from(max).unwrap())
}

/// Content of the kind that a vector names.
pub fn content(input: &Value) -> Content {
    let given = &input["content"];
    let is_text = given.is_string();
    let content = match input["content_kind"].as_str().unwrap_or("ContentFile") {
        "ContentFile" | "StringIO" | "File" if is_text => Content::text(given.as_str().unwrap()),
        "Unseekable" => {
            let start = input["position"].as_u64().unwrap_or(0);
            let mut cursor = Cursor::new(bytes(given));
            cursor.set_position(start);
            Content::stream(cursor)
        }
        _ => Content::bytes(bytes(given)),
    };
    content
        .with_content_type(input["content_type"].as_str().map(str::to_owned))
        .with_name(input["content_name"].as_str().map(str::to_owned))
}

async fn url(storage: &DjangoStorage, input: &Value) -> Outcome {
    let parameters: Vec<(String, Value)> = input["parameters"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let expires_secs = match &input["expire"] {
        Value::Null => None,
        Value::Number(number) => number.as_i64().map(Some).ok_or(Refusal::on_the_way_in())?,
        Value::String(text) => text
            .parse()
            .map(Some)
            .map_err(|_| Refusal::on_the_way_in())?,
        _ => return Err(Refusal::on_the_way_in()),
    };
    let options = UrlOptions {
        parameters,
        expires_secs,
        method: input["http_method"].as_str().map(str::to_owned),
    };
    let link = storage.url(text(&input["name"]), &options, NOW).await;
    Ok(json!(
        link.map_err(|error| failures::of_django(&error))?.url
    ))
}

/// Values of storage attributes after construction.
fn attributes(surroundings: &Surroundings, input: &Value) -> Map<String, Value> {
    let resolved = &surroundings.resolved;
    input["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|name| {
            let value = match name {
                "access_key" => storage_access_key(surroundings),
                "secret_key" => storage_secret_key(surroundings),
                name => match resolved.options.value(OptionId::from_attribute(name)?) {
                    Setting::Secret(secret) => json!(secret.reveal()),
                    value => value.to_json().unwrap(),
                },
            };
            Some((name.to_owned(), value))
        })
        .collect()
}

fn storage_access_key(surroundings: &Surroundings) -> Value {
    let found = surroundings.resolved.keys.access_key.as_ref();
    json!(found.map(|key| &key.value))
}

fn storage_secret_key(surroundings: &Surroundings) -> Value {
    let found = surroundings.resolved.keys.secret_key.as_ref();
    json!(found.map(|key| key.value.reveal()))
}

fn storage_token(surroundings: &Surroundings) -> Value {
    let found = surroundings.resolved.keys.token.as_ref();
    json!(found.map(|key| key.value.reveal()))
}

/// The credentials finally used, and where they are from.
async fn used_credentials(surroundings: &Surroundings, storage: &DjangoStorage) -> Value {
    if let CredentialSpec::Keys { .. } = surroundings.resolved.config.credentials {
        return json!({
            "access_key": storage_access_key(surroundings),
            "secret_key": storage_secret_key(surroundings),
            "token": storage_token(surroundings),
            "method": "explicit",
        });
    }
    let Ok(connection) = storage.connection() else {
        return Value::Null;
    };
    let Ok(Some(keys)) = connection.signing_keys().await else {
        return Value::Null;
    };
    let environment = &surroundings.environment;
    let named = match &surroundings.resolved.config.credentials {
        CredentialSpec::Profile(name) => name.as_str(),
        _ => active_profile(environment),
    };
    let profiles = Profiles::read(environment);
    let file = profiles.get(named).and_then(|one| one.keys_in.as_ref());
    let method = match file {
        _ if keys.source == "environment" => "env",
        Some(path) if *path == environment.config.path => "config-file",
        _ => "shared-credentials-file",
    };
    json!({
        "access_key": keys.access_key,
        "secret_key": keys.secret_key.reveal(),
        "token": keys.token.as_ref().map(cooperage::domain::Secret::reveal),
        "method": method,
    })
}

async fn credentials(surroundings: &Surroundings, server: &Server) -> Value {
    let profile = surroundings
        .resolved
        .options
        .value(OptionId::SessionProfile);
    let mut result = json!({
        "session_profile": profile.to_json().unwrap(),
        "storage_access_key": storage_access_key(surroundings),
        "storage_secret_key": storage_secret_key(surroundings),
        "storage_security_token": storage_token(surroundings),
    });
    let error_of = |refusal: &Refusal| refusal.json()["error"].clone();
    let storage = match surroundings.storage(server).await {
        Ok(storage) => storage,
        Err(refusal) => {
            result["connection_error"] = error_of(&refusal);
            return result;
        }
    };
    let link = url(&storage, &json!({"name": "probe.txt"})).await;
    if let Err(refusal) = &link
        && ["ProfileNotFound", "InvalidRegionError"]
            .iter()
            .any(|class| refusal.class.ends_with(class))
    {
        result["connection_error"] = error_of(refusal);
        return result;
    }
    result["credentials"] = used_credentials(surroundings, &storage).await;
    let region = surroundings.resolved.config.region.as_deref();
    result["client_region_name"] = match storage.connection() {
        Ok(connection) => json!(connection.region()),
        Err(_) => json!(region.unwrap_or("us-east-1")),
    };
    match link {
        Ok(link) => result["url"] = link,
        Err(refusal) => result["url_error"] = error_of(&refusal),
    }
    result
}

async fn client(
    surroundings: &Surroundings,
    storage: &DjangoStorage,
    input: &Value,
    server: &Server,
) -> Outcome {
    let connection = storage
        .connection()
        .map_err(|error| failures::of_django(&error))?;
    let config = connection.config();
    // There is no such object; only the request matters.
    let probe = input["probe"].as_str().unwrap_or("probe/key.txt");
    let _missing = connection.calls().head_object(probe).await;
    let request = server.state.lock().unwrap().requests[0].clone();
    let mut headers = request.headers.clone();
    headers.retain(|name, _| !["accept", "user-agent", "content-length"].contains(&name.as_str()));
    let style = match config.addressing {
        Addressing::Default => Value::Null,
        Addressing::Auto => json!("auto"),
        Addressing::Virtual => json!("virtual"),
        Addressing::Path => json!("path"),
    };
    let proxies: Map<String, Value> = config
        .proxies
        .iter()
        .flatten()
        .map(|(scheme, proxy)| (scheme.clone(), json!(proxy)))
        .collect();
    let options = &surroundings.resolved.options;
    Ok(json!({
        "client_endpoint_url": connection.endpoint_url().unwrap(),
        "client_region_name": connection.region(),
        "client_signature_version": match connection.request_signature() {
            SignatureVersion::V2 => "s3",
            SignatureVersion::V4 | SignatureVersion::Default => "s3v4",
        },
        "config_proxies": options.value(OptionId::Proxies).to_json(),
        "config_s3": {"addressing_style": style},
        "credentials": used_credentials(surroundings, storage).await,
        "effective_proxies": proxies,
        "effective_verify": match &config.verify {
            Verify::Default | Verify::On => json!(true),
            Verify::Off => json!(false),
            Verify::CaFile(path) => json!(path),
        },
        "probe_proxy": connection.proxy_for(request.scheme),
        "probe_request": {
            "headers": headers,
            "method": request.method,
            "url": traffic::url(&request),
        },
    }))
}

async fn post_process(storage: DjangoStorage, input: &Value) -> Outcome {
    let refused = |error| failures::of_django(&error);
    let mut manifest = ManifestStorage::open(storage).await.map_err(refused)?;
    let files: Vec<StaticFile> = input["files"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, content)| StaticFile {
            name: name.clone(),
            content: bytes(content),
        })
        .collect();
    for file in &files {
        let content = Content::bytes(file.content.clone());
        let storage = manifest.storage();
        storage
            .save(Some(&file.name), content, None)
            .await
            .map_err(refused)?;
    }
    let processed = manifest.post_process(&files, NOW).await.map_err(refused)?;
    Ok(processed
        .into_iter()
        .map(|one| {
            let saved = match one.saved {
                Ok(saved) => json!(saved),
                Err(error) => refused(error).json()["error"].clone(),
            };
            json!([one.name.as_deref().unwrap_or("All"), one.hashed, saved])
        })
        .collect())
}
