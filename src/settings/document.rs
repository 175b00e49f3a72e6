//! The form of `connections.toml`: connections to tables and back, leaving everything else in the file as it is.
//!
//! A connection is written into its old table, so that comments and keys that this version does not know stay
//! where they are. No secret is written.

use super::toml_json::{json_of, toml_of};
use serde_json::{Map, Value as Json};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value as Toml};

use super::connection::{
    Access, COLOURS, Connection, ConnectionId, CredentialMode, KeysEnd, StorageKind,
};
use super::problem::Problem;
use super::slot::SecretSlot;
use super::table::OptionId;
use super::value::Value;
use crate::domain::{IdentityCenterRole, Location, ParameterRule, Prefix, RoleSpec, Timestamp};

mod server;

/// The schema number that this version writes.
pub const SCHEMA: i64 = 1;

/// What was read, and what in it could not be used.
#[derive(Debug, Default)]
pub struct Read {
    /// The connections in the order of the file.
    pub connections: Vec<Connection>,
    /// Values that an option refuses; the connection is there without them, and the file keeps them.
    pub problems: Vec<(ConnectionId, Problem)>,
    /// Numbers (from 1) of tables that are no connection, for want of an id.
    pub skipped: Vec<usize>,
    /// Connections with a secret written into the file by hand. It works, and belongs into the keyring.
    pub secrets_in_file: Vec<ConnectionId>,
}

/// The schema of a document; 1 when none is written.
#[must_use]
pub fn schema(document: &DocumentMut) -> i64 {
    document
        .get("schema")
        .and_then(Item::as_integer)
        .unwrap_or(SCHEMA)
}

/// Reads all connections.
#[must_use]
pub fn read(document: &DocumentMut) -> Read {
    let mut read = Read::default();
    let tables = document
        .get("connection")
        .and_then(Item::as_array_of_tables);
    for (index, table) in tables.into_iter().flat_map(ArrayOfTables::iter).enumerate() {
        match id_of(table) {
            Some(id) if read.connections.iter().all(|one| one.id != id) => {
                let connection = read_one(id, table, &mut read);
                read.connections.push(connection);
            }
            _ => read.skipped.push(index + 1),
        }
    }
    read
}

fn id_of(table: &Table) -> Option<ConnectionId> {
    ConnectionId::parse(text(table, "id")?)
}

fn text<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key)?.as_str()
}

fn read_one(id: ConnectionId, table: &Table, read: &mut Read) -> Connection {
    let mut connection = Connection::new(text(table, "name").unwrap_or(id.as_str()));
    connection.id = id;
    connection.colour = table
        .get("colour")
        .and_then(Item::as_integer)
        .and_then(|colour| u8::try_from(colour).ok())
        .filter(|colour| *colour < COLOURS)
        .unwrap_or(0);
    connection.access = text(table, "access")
        .and_then(Access::from_word)
        .unwrap_or_default();
    connection.production = table
        .get("production")
        .and_then(Item::as_bool)
        .unwrap_or(false);
    connection.credentials = text(table, "credentials")
        .and_then(CredentialMode::from_word)
        .unwrap_or_default();
    connection.kind = text(table, "kind")
        .and_then(StorageKind::from_word)
        .unwrap_or_default();
    connection.based_on = text(table, "based_on").and_then(ConnectionId::parse);
    let texts = |key| {
        json_of(table.get(key)).and_then(|json| serde_json::from_value::<Vec<String>>(json).ok())
    };
    connection.kept_secrets = texts("kept_secrets")
        .unwrap_or_default()
        .iter()
        .filter_map(|name| SecretSlot::from_name(name))
        .collect();
    connection.buckets = texts("buckets").unwrap_or_default();
    connection.bookmarks = texts("bookmarks")
        .unwrap_or_default()
        .iter()
        .filter_map(|text| read_bookmark(text))
        .collect();
    connection.rules = read_rules(table);
    connection.identity_center = read_center(table);
    connection.role = read_role(table);
    connection.keys_end = read_keys_end(table);
    connection.server = server::read(table);
    read_settings(table, &mut connection, read);
    connection
}

/// A bookmark is written as `s3://bucket/prefix`; an ARN may hold slashes of its own, so it ends at `//`.
fn read_bookmark(text: &str) -> Option<Location> {
    let rest = text.strip_prefix("s3://")?;
    let (bucket, prefix) = if rest.starts_with("arn:") {
        rest.split_once("//")?
    } else {
        rest.split_once('/')?
    };
    Some(Location::new(bucket, Prefix::new(prefix)))
}

fn write_bookmark(at: &Location) -> String {
    let gap = if at.bucket.starts_with("arn:") {
        "//"
    } else {
        "/"
    };
    format!("s3://{}{gap}{}", at.bucket, at.prefix)
}

fn read_rules(table: &Table) -> Vec<ParameterRule> {
    let Some(Json::Array(rules)) = json_of(table.get("rules")) else {
        return Vec::new();
    };
    rules
        .into_iter()
        .filter_map(|rule| match rule {
            Json::Object(mut rule) => match (rule.remove("glob"), rule.remove("parameters")) {
                (Some(Json::String(glob)), Some(Json::Object(parameters))) => Some(ParameterRule {
                    glob,
                    parameters: parameters.into_iter().collect(),
                }),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

/// A text of an inline table.
fn entry(json: &Json, key: &str) -> Option<String> {
    let text = json.get(key)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn read_center(table: &Table) -> Option<IdentityCenterRole> {
    let json = json_of(table.get("identity_center"))?;
    Some(IdentityCenterRole {
        session: entry(&json, "session"),
        start_url: entry(&json, "start_url")?,
        region: entry(&json, "region")?,
        account: entry(&json, "account")?,
        role: entry(&json, "role")?,
    })
}

fn center_to_toml(role: &IdentityCenterRole) -> Toml {
    inline(&[
        ("session", role.session.as_deref()),
        ("start_url", Some(&role.start_url)),
        ("region", Some(&role.region)),
        ("account", Some(&role.account)),
        ("role", Some(&role.role)),
    ])
}

fn read_role(table: &Table) -> Option<RoleSpec> {
    let json = json_of(table.get("role"))?;
    Some(RoleSpec {
        arn: entry(&json, "arn")?,
        external_id: entry(&json, "external_id"),
        session_name: entry(&json, "session_name"),
        duration_secs: json
            .get("duration_secs")
            .and_then(Json::as_u64)
            .and_then(|secs| u32::try_from(secs).ok()),
        mfa_serial: entry(&json, "mfa_serial"),
    })
}

fn read_keys_end(table: &Table) -> Option<KeysEnd> {
    let json = json_of(table.get("keys_end"))?;
    Some(KeysEnd {
        access_key: entry(&json, "access_key")?,
        at: Timestamp::from_iso(&entry(&json, "at")?)?,
    })
}

fn keys_end_to_toml(end: &KeysEnd) -> Toml {
    inline(&[
        ("access_key", Some(&end.access_key)),
        ("at", Some(&end.at.iso())),
    ])
}

fn role_to_toml(role: &RoleSpec) -> Toml {
    let mut table = inline(&[
        ("arn", Some(&role.arn)),
        ("external_id", role.external_id.as_deref()),
        ("session_name", role.session_name.as_deref()),
        ("mfa_serial", role.mfa_serial.as_deref()),
    ]);
    if let (Some(secs), Some(table)) = (role.duration_secs, table.as_inline_table_mut()) {
        table.insert("duration_secs", i64::from(secs).into());
    }
    table
}

/// An inline table of the texts that are there.
fn inline(texts: &[(&str, Option<&str>)]) -> Toml {
    let mut table = toml_edit::InlineTable::new();
    for (key, text) in texts {
        if let Some(text) = text {
            table.insert(*key, (*text).into());
        }
    }
    Toml::InlineTable(table)
}

fn read_settings(table: &Table, connection: &mut Connection, read: &mut Read) {
    let Some(Json::Object(settings)) = json_of(table.get("settings")) else {
        return;
    };
    for (name, json) in settings {
        let Some(option) = OptionId::from_name(&name) else {
            continue;
        };
        match read_value(option, &json) {
            Ok(value) => {
                if option.spec().is_secret() && value.is_truthy() {
                    read.secrets_in_file.push(connection.id.clone());
                }
                connection.values.set(option, value);
            }
            Err(problem) => read.problems.push((connection.id.clone(), problem)),
        }
    }
}

/// Reads one value of the file. Unlike a Django settings file, it takes no text for true.
fn read_value(option: OptionId, json: &Json) -> Result<Value, Problem> {
    match (option.spec().kind, json) {
        (super::option::Kind::Bool { .. }, Json::String(text)) => Value::from_text(option, text),
        _ => Value::from_json(option, json),
    }
}

/// Writes a connection into the document: into its own table when it has one, else at the end.
pub fn put(document: &mut DocumentMut, connection: &Connection) {
    let mut bare = connection.clone();
    drop(bare.take_secrets());
    let connection = &bare;
    let number = SCHEMA.max(schema(document));
    if document.get("schema").and_then(Item::as_integer) != Some(number) {
        replace(document.as_table_mut(), "schema", number.into());
    }
    if !document
        .get("connection")
        .is_some_and(Item::is_array_of_tables)
    {
        document.insert("connection", Item::ArrayOfTables(ArrayOfTables::new()));
    }
    let Some(tables) = document
        .get_mut("connection")
        .and_then(Item::as_array_of_tables_mut)
    else {
        return;
    };
    let known = tables
        .iter()
        .position(|table| id_of(table).as_ref() == Some(&connection.id));
    if let Some(table) = known.and_then(|index| tables.get_mut(index)) {
        write_one(connection, table);
    } else {
        let mut table = Table::new();
        write_one(connection, &mut table);
        tables.push(table);
    }
}

/// Takes a connection out of the document.
pub fn remove(document: &mut DocumentMut, id: &ConnectionId) {
    if let Some(tables) = document
        .get_mut("connection")
        .and_then(Item::as_array_of_tables_mut)
    {
        tables.retain(|table| id_of(table).as_ref() != Some(id));
    }
}

/// Sorts the connections; those not named stay behind the others in their old order.
pub fn order(document: &mut DocumentMut, ids: &[ConnectionId]) {
    let Some(tables) = document
        .get_mut("connection")
        .and_then(Item::as_array_of_tables_mut)
    else {
        return;
    };
    let mut sorted: Vec<Table> = tables.iter().cloned().collect();
    let rank = |table: &Table| {
        id_of(table)
            .and_then(|id| ids.iter().position(|one| *one == id))
            .unwrap_or(usize::MAX)
    };
    sorted.sort_by_key(rank);
    tables.clear();
    for mut table in sorted {
        // A table remembers where in the file it stood, and would be written there again.
        forget_position(&mut table);
        tables.push(table);
    }
}

fn forget_position(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        if let Item::Table(inner) = item {
            forget_position(inner);
        }
    }
}

fn write_one(connection: &Connection, table: &mut Table) {
    let mut set = |key: &str, wanted: Option<Toml>| match wanted {
        Some(wanted) => replace(table, key, wanted),
        None => {
            table.remove(key);
        }
    };
    let list = |texts: Vec<String>| {
        (!texts.is_empty()).then(|| texts.into_iter().collect::<Array>().into())
    };
    set("id", Some(connection.id.as_str().into()));
    set("name", Some(connection.name.as_str().into()));
    set("colour", Some(i64::from(connection.colour).into()));
    set("access", Some(connection.access.word().into()));
    set(
        "production",
        connection.production.then_some(Toml::from(true)),
    );
    set("credentials", Some(connection.credentials.word().into()));
    set("kind", Some(connection.kind.word().into()));
    set(
        "based_on",
        connection.based_on.as_ref().map(|id| id.as_str().into()),
    );
    set(
        "kept_secrets",
        list(
            connection
                .kept_secrets
                .iter()
                .map(SecretSlot::name)
                .collect(),
        ),
    );
    set("buckets", list(connection.buckets.clone()));
    set(
        "bookmarks",
        list(connection.bookmarks.iter().map(write_bookmark).collect()),
    );
    set(
        "identity_center",
        connection.identity_center.as_ref().map(center_to_toml),
    );
    set("role", connection.role.as_ref().map(role_to_toml));
    set(
        "keys_end",
        connection.keys_end.as_ref().map(keys_end_to_toml),
    );
    set("rules", rules_to_toml(&connection.rules));
    server::write(&connection.server, table);
    write_settings(connection, table);
}

fn rules_to_toml(rules: &[ParameterRule]) -> Option<Toml> {
    if rules.is_empty() {
        return None;
    }
    let rules = rules.iter().map(|rule| {
        let parameters: Map<String, Json> = rule.parameters.iter().cloned().collect();
        serde_json::json!({ "glob": rule.glob, "parameters": parameters })
    });
    Some(toml_of(&Json::Array(rules.collect())))
}

fn write_settings(connection: &Connection, table: &mut Table) {
    if !table.get("settings").is_some_and(Item::is_table_like) {
        let mut settings = Table::new();
        settings.set_implicit(connection.values.is_empty());
        table.insert("settings", Item::Table(settings));
    }
    let Some(settings) = table.get_mut("settings").and_then(Item::as_table_like_mut) else {
        return;
    };
    for option in OptionId::all() {
        let wanted = connection.values.get(option).and_then(Value::to_json);
        match wanted {
            Some(json) => {
                // A value that stayed the same keeps the way it was written by hand.
                if json_of(settings.get(option.name())).as_ref() != Some(&json) {
                    replace(settings, option.name(), toml_of(&json));
                }
            }
            None => {
                let old = json_of(settings.get(option.name()));
                let was_understood = old.is_some_and(|json| read_value(option, &json).is_ok());
                if was_understood {
                    settings.remove(option.name());
                }
            }
        }
    }
    let has_keys = !settings.is_empty();
    if let Some(settings) = table.get_mut("settings").and_then(Item::as_table_mut) {
        settings.set_implicit(!has_keys);
    }
}

/// Puts a value in place of another and keeps the comment behind it.
fn replace(table: &mut dyn TableLike, key: &str, mut wanted: Toml) {
    if let Some(Item::Value(old)) = table.get_mut(key) {
        *wanted.decor_mut() = old.decor().clone();
        *old = wanted;
    } else {
        table.insert(key, Item::Value(wanted));
    }
}
