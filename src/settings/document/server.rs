//! What is known of a connection's server, in its table: `[connection.server]` as found, `[connection.server.set]` as said.
//!
//! Words that this version does not know stay where they are.

use std::collections::BTreeMap;

use toml_edit::{Item, Table, TableLike};

use super::replace;
use crate::domain::diagnosis::{Ability, Answer, Product, ServerPlace, ServerTraits};

const SAID: &str = "set";
const ENDPOINT: &str = "endpoint";
const BUCKET: &str = "bucket";

/// Reads what a connection's table says.
pub(super) fn read(table: &Table) -> ServerTraits {
    let Some(server) = table.get("server").and_then(Item::as_table_like) else {
        return ServerTraits::default();
    };
    ServerTraits {
        product: server
            .get("product")
            .and_then(Item::as_str)
            .and_then(Product::from_word),
        found: answers(server),
        set: server
            .get(SAID)
            .and_then(Item::as_table_like)
            .map(answers)
            .unwrap_or_default(),
        place: place(server),
    }
}

fn place(server: &dyn TableLike) -> Option<ServerPlace> {
    let text = |key| server.get(key).and_then(Item::as_str).map(str::to_owned);
    Some(ServerPlace {
        endpoint: text(ENDPOINT)?,
        bucket: text(BUCKET)?,
    })
}

fn answers(table: &dyn TableLike) -> BTreeMap<Ability, Answer> {
    table
        .iter()
        .filter_map(|(key, item)| {
            let ability = Ability::from_word(key)?;
            let answer = Answer::from_word(item.as_str()?)?;
            ability
                .choices()
                .contains(&answer)
                .then_some((ability, answer))
        })
        .collect()
}

/// Writes it into the connection's table.
pub(super) fn write(traits: &ServerTraits, table: &mut Table) {
    let known = table.get("server").is_some_and(Item::is_table_like);
    if traits.is_empty() && !known {
        return;
    }
    let Some(server) = child(table, "server") else {
        return;
    };
    let product = traits.product.map(Product::word);
    put(server, "product", product, |old| {
        Product::from_word(old).is_some()
    });
    let (endpoint, bucket) = (traits.place.as_ref())
        .map(|place| (place.endpoint.as_str(), place.bucket.as_str()))
        .unzip();
    put(server, ENDPOINT, endpoint, |_| true);
    put(server, BUCKET, bucket, |_| true);
    put_all(server, &traits.found);
    if !traits.set.is_empty() || server.get(SAID).is_some_and(Item::is_table_like) {
        if let Some(said) = child(server, SAID) {
            put_all(said, &traits.set);
        }
        drop_empty(server, SAID);
    }
    drop_empty(table, "server");
}

/// The table of that name, made when there is none.
fn child<'a>(table: &'a mut dyn TableLike, key: &str) -> Option<&'a mut dyn TableLike> {
    if !table.get(key).is_some_and(Item::is_table_like) {
        table.insert(key, Item::Table(Table::new()));
    }
    table.get_mut(key).and_then(Item::as_table_like_mut)
}

fn drop_empty(table: &mut dyn TableLike, key: &str) {
    let is_empty = table
        .get(key)
        .and_then(Item::as_table_like)
        .is_some_and(TableLike::is_empty);
    if is_empty {
        table.remove(key);
    }
}

fn put_all(table: &mut dyn TableLike, answers: &BTreeMap<Ability, Answer>) {
    for ability in Ability::ALL {
        let word = answers.get(&ability).copied().map(Answer::word);
        put(table, ability.word(), word, |old| {
            Answer::from_word(old).is_some_and(|answer| ability.choices().contains(&answer))
        });
    }
}

/// Sets a word; without one, takes the old one away if this version understood it.
fn put(
    table: &mut dyn TableLike,
    key: &str,
    word: Option<&str>,
    understood: impl Fn(&str) -> bool,
) {
    let old = table.get(key).and_then(Item::as_str);
    match word {
        Some(word) if old != Some(word) => replace(table, key, word.into()),
        Some(_) => {}
        None if old.is_some_and(understood) => {
            table.remove(key);
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use toml_edit::DocumentMut;

    use super::*;
    use crate::settings::{Connection, document};

    #[test]
    fn what_is_known_reads_back_and_unknown_words_stay() {
        let mut document: DocumentMut = "schema = 1\n[[connection]]\nid = \"abc\"\nname = \"a\"\n\
             [connection.server]\nproduct = \"from-the-future\"\nlist_v2 = \"sometimes\"\nquantum = \"yes\"\n\
             url_listings = \"no\" # slow\n"
            .parse()
            .unwrap();
        let mut connection = document::read(&document).connections.remove(0);
        assert_eq!(connection.server.product, None);
        let no_encoding = [(Ability::UrlListings, Answer::No)];
        assert!(
            connection
                .server
                .found
                .iter()
                .map(|(a, b)| (*a, *b))
                .eq(no_encoding)
        );
        connection.server.product = Some(Product::Minio);
        connection.server.set.insert(Ability::ListV2, Answer::No);
        connection.server.place = Some(ServerPlace {
            endpoint: "http://127.0.0.1:9000".to_owned(),
            bucket: "media".to_owned(),
        });
        document::put(&mut document, &connection);
        let text = document.to_string();
        for kept in [
            "list_v2 = \"sometimes\"",
            "quantum = \"yes\"",
            "\"no\" # slow",
            "product = \"minio\"",
            "endpoint = \"http://127.0.0.1:9000\"",
            "bucket = \"media\"",
        ] {
            assert!(text.contains(kept), "{kept} in {text}");
        }
        assert!(
            text.contains("[connection.server.set]\nlist_v2 = \"no\""),
            "{text}"
        );
        let read = document::read(&text.parse().unwrap()).connections.remove(0);
        assert_eq!(read, connection);

        connection.server = ServerTraits::default();
        document::put(&mut document, &connection);
        let text = document.to_string();
        assert!(text.contains("quantum") && !text.contains("minio"));
        assert!(
            !text.contains("server.set") && !text.contains("127.0.0.1"),
            "{text}"
        );
    }

    #[test]
    fn a_connection_without_it_has_no_table_for_it() {
        let mut document = DocumentMut::new();
        document::put(&mut document, &Connection::new("a"));
        assert!(!document.to_string().contains("server"));
    }
}
