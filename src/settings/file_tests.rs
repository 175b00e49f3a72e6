//! Tests of the saved file: what it keeps, what it never holds, and two programs at once.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::domain::{IdentityCenterRole, Location, ParameterRule, Prefix, RoleSpec};
use crate::settings::connection::{Access, CredentialMode, KeysEnd, StorageKind};
use crate::settings::problem::{Problem, Reason};
use crate::settings::slot::SecretSlot;
use crate::settings::table::{OPTIONS, OptionId};
use crate::settings::value::Value;
use crate::settings::written::tests::any_setting;

const NOW: Timestamp = Timestamp(1_678_883_696);

fn new_file() -> (tempfile::TempDir, ConnectionsFile) {
    let folder = tempfile::tempdir().expect("folder");
    let file = ConnectionsFile::new(&Folders::in_one(folder.path()));
    (folder, file)
}

fn text_of(file: &ConnectionsFile) -> String {
    fs::read_to_string(file.path()).expect("file")
}

fn full_connection() -> Connection {
    let mut one = Connection::new("media \"live\"");
    one.colour = 6;
    one.access = Access::NoDelete;
    one.production = true;
    one.credentials = CredentialMode::Keys;
    one.kind = StorageKind::ManifestStatic;
    one.based_on = Some(ConnectionId::random());
    one.kept_secrets
        .insert(SecretSlot::Option(OptionId::SecretKey));
    one.kept_secrets.insert(SecretSlot::SessionToken);
    one.buckets.push("other".to_owned());
    one.bookmarks = vec![
        Location::new("media", Prefix::new("a//b")),
        Location::new("media", Prefix::default()),
        Location::new(
            "arn:aws:s3:eu-west-1:123456789012:accesspoint/x",
            Prefix::new("/a"),
        ),
    ];
    one.rules.push(ParameterRule {
        glob: "**/*.css".to_owned(),
        parameters: vec![("ACL".to_owned(), serde_json::Value::Null)],
    });
    one.values.set(OptionId::Location, Value::text("média"));
    one.values
        .set(OptionId::Proxies, Value::Map(serde_json::Map::new()));
    one
}

#[test]
fn a_connection_comes_back_whole() {
    let (_folder, file) = new_file();
    assert_eq!(file.load(NOW).expect("load"), Loaded::default());
    let one = full_connection();
    let after = file
        .change(&[Change::Put(Box::new(one.clone()))], NOW)
        .expect("save");
    assert_eq!(after.connections.as_slice(), std::slice::from_ref(&one));
    assert_eq!(file.load(NOW).expect("load").connections, [one]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn every_option_reads_back_from_the_file_and_no_secret_is_in_it(
        settings in prop::collection::vec(any_setting(), 0..8)
    ) {
        let (_folder, file) = new_file();
        let mut one = Connection::new("one");
        one.values = settings.into_iter().collect();
        let mut expected = one.clone();
        drop(expected.take_secrets());
        file.change(&[Change::Put(Box::new(one))], NOW).expect("save");
        prop_assert_eq!(file.load(NOW).expect("load").connections, vec![expected]);
    }
}

#[test]
fn no_secret_of_any_option_reaches_the_file() {
    let (folder, file) = new_file();
    let mut one = Connection::new("one");
    for spec in OPTIONS.iter().filter(|spec| spec.is_secret()) {
        one.values.set(spec.id, Value::secret("CANARY-SECRET"));
    }
    assert_eq!(one.values.len(), 3);
    one.session_token = Some(crate::domain::Secret::new("CANARY-TOKEN"));
    let parameters = serde_json::json!({"SSECustomerKey": "CANARY-CUSTOMER-KEY"});
    let value = Value::from_json(OptionId::ObjectParameters, &parameters).expect("parameters");
    one.values.set(OptionId::ObjectParameters, value);
    file.change(&[Change::Put(Box::new(one))], NOW)
        .expect("save");
    for entry in fs::read_dir(folder.path()).expect("list") {
        let text = fs::read_to_string(entry.expect("entry").path()).expect("text");
        assert!(!text.contains("CANARY"), "{text}");
    }
}

#[test]
fn comments_unknown_keys_and_refused_values_stay() {
    let (_folder, file) = new_file();
    let text = "# mine\nschema = 1\nfuture = { a = 1 }\n\n[[connection]] # the first\nid = \"one\"\nname = \"media\" # old name\n\
                new_thing = 7\n[connection.settings]\nAWS_S3_REGION_NAME = 'eu-west-1'   # Ireland\n\
                AWS_QUERYSTRING_EXPIRE = \"soon\"\nAWS_NEW_OPTION = 1\n\n[[connection]]\nname = \"no id\"\n";
    fs::write(file.path(), text).expect("write");
    let loaded = file.load(NOW).expect("load");
    let id = ConnectionId::parse("one").expect("id");
    let problem = Problem::new(
        OptionId::LinkExpiry,
        Reason::WrongKind {
            needed: "a whole number",
            given: "a text",
        },
    );
    assert_eq!(
        loaded.notices,
        [Notice::Skipped(2), Notice::Refused(id, problem)]
    );

    let before = loaded.connections[0].clone();
    let mut after = before.clone();
    after.name = "media-live".to_owned();
    after.values.set(OptionId::Bucket, Value::text("media"));
    file.change(
        &[Change::Update {
            before: Box::new(before),
            after: Box::new(after),
        }],
        NOW,
    )
    .expect("save");
    let saved = text_of(&file);
    for kept in [
        "# mine",
        "future = { a = 1 }",
        "# the first",
        "name = \"media-live\" # old name",
        "new_thing = 7",
        "AWS_S3_REGION_NAME = 'eu-west-1'   # Ireland",
        "AWS_QUERYSTRING_EXPIRE = \"soon\"",
        "AWS_NEW_OPTION = 1",
        "AWS_STORAGE_BUCKET_NAME = \"media\"",
        "name = \"no id\"",
    ] {
        assert!(saved.contains(kept), "{kept} is gone:\n{saved}");
    }
}

#[test]
fn a_broken_file_is_set_aside_and_named() {
    let (_folder, file) = new_file();
    for (content, line, name) in [
        (
            &b"schema = 1\nname = [\n"[..],
            2,
            "connections.toml.broken-20230315T123456Z",
        ),
        (
            &b"a = 1\nb = \"\xff\"\n"[..],
            2,
            "connections.toml.broken-20230315T123456Z-2",
        ),
    ] {
        fs::write(file.path(), content).expect("write");
        let loaded = file.load(NOW).expect("load");
        let [Notice::SetAside { to, line: at }] = &loaded.notices[..] else {
            panic!("{:?}", loaded.notices);
        };
        assert!(to.ends_with(name), "{}", to.display());
        assert!((line..=line + 1).contains(at), "line {at}");
        assert_eq!(fs::read(to).expect("kept"), content);
        assert!(!file.path().exists());
    }
    file.change(&[Change::Put(Box::new(full_connection()))], NOW)
        .expect("save");
    assert_eq!(file.load(NOW).expect("load").connections.len(), 1);
}

#[test]
fn a_newer_file_is_read_and_never_written() {
    let (_folder, file) = new_file();
    let text = "schema = 2\n[[connection]]\nid = \"one\"\nname = \"media\"\nshape = 'round'\n";
    fs::write(file.path(), text).expect("write");
    let loaded = file.load(NOW).expect("load");
    assert_eq!(loaded.notices, [Notice::Newer { schema: 2 }]);
    assert!(!loaded.can_be_saved());
    assert_eq!(loaded.connections[0].name, "media");
    let refused = file.change(&[Change::Remove(loaded.connections[0].id.clone())], NOW);
    assert!(matches!(refused, Err(SettingsError::Newer { schema: 2 })));
    assert_eq!(text_of(&file), text);
}

#[test]
fn two_programs_do_not_undo_each_other() {
    let (_folder, file) = new_file();
    let one = full_connection();
    let start = file
        .change(&[Change::Put(Box::new(one))], NOW)
        .expect("save")
        .connections[0]
        .clone();

    let mut renamed = start.clone();
    renamed.name = "renamed here".to_owned();
    let mut bookmarked = start.clone();
    bookmarked.bookmarks.clear();
    bookmarked
        .values
        .set(OptionId::Region, Value::text("eu-west-1"));
    let update = |after: Connection| Change::Update {
        before: Box::new(start.clone()),
        after: Box::new(after),
    };
    file.change(
        &[
            update(renamed),
            Change::Put(Box::new(Connection::new("second"))),
        ],
        NOW,
    )
    .expect("save");
    let end = file
        .change(&[update(bookmarked)], NOW)
        .expect("save")
        .connections;
    assert_eq!(end.len(), 2);
    assert_eq!(end[0].name, "renamed here");
    assert!(end[0].bookmarks.is_empty());
    assert_eq!(
        end[0].values.get(OptionId::Region),
        Some(&Value::text("eu-west-1"))
    );
}

#[test]
fn many_writers_lose_nothing() {
    let (_folder, file) = new_file();
    let file = file.with_lock_wait(Duration::from_secs(60));
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let file = &file;
            scope.spawn(move || {
                for number in 0..5 {
                    let one = Connection::new(format!("{writer}.{number}"));
                    file.change(&[Change::Put(Box::new(one))], NOW)
                        .expect("save");
                }
            });
        }
    });
    assert_eq!(file.load(NOW).expect("load").connections.len(), 20);
}

#[test]
fn a_taken_lock_is_said_after_a_bounded_wait() {
    let (folder, file) = new_file();
    let file = file.with_lock_wait(Duration::from_millis(60));
    let lock = File::create(folder.path().join("connections.lock")).expect("lock file");
    lock.lock().expect("lock");
    let begin = Instant::now();
    let refused = file.change(&[Change::Order(Vec::new())], NOW);
    assert!(matches!(refused, Err(SettingsError::Busy { .. })));
    assert!(begin.elapsed() < Duration::from_secs(2));
    drop(lock);
    file.change(&[Change::Order(Vec::new())], NOW)
        .expect("free again");
}

#[test]
fn order_and_removal() {
    let (_folder, file) = new_file();
    let [a, b, c] = ["a", "b", "c"].map(Connection::new);
    let put = |one: &Connection| Change::Put(Box::new(one.clone()));
    file.change(&[put(&a), put(&b), put(&c)], NOW)
        .expect("save");
    let names = |loaded: Loaded| -> Vec<String> {
        loaded.connections.into_iter().map(|one| one.name).collect()
    };
    file.change(&[Change::Order(vec![c.id.clone(), a.id.clone()])], NOW)
        .expect("order");
    assert_eq!(names(file.load(NOW).expect("load")), ["c", "a", "b"]);
    file.change(&[Change::Remove(a.id)], NOW).expect("remove");
    assert_eq!(names(file.load(NOW).expect("load")), ["c", "b"]);
}

#[test]
fn a_secret_written_by_hand_works_and_leaves_the_file_on_saving() {
    let (_folder, file) = new_file();
    let text = "[[connection]]\nid = \"one\"\n[connection.settings]\nAWS_SECRET_ACCESS_KEY = \"by-hand\"\n";
    fs::write(file.path(), text).expect("write");
    let loaded = file.load(NOW).expect("load");
    let one = loaded.connections[0].clone();
    assert_eq!(loaded.notices, [Notice::SecretInFile(one.id.clone())]);
    assert_eq!(
        one.values.get(OptionId::SecretKey),
        Some(&Value::secret("by-hand"))
    );
    file.change(&[Change::Put(Box::new(one))], NOW)
        .expect("save");
    assert!(!text_of(&file).contains("by-hand"));
}

#[test]
fn a_role_an_account_and_the_end_of_keys_are_changed_and_come_back() {
    let (_folder, file) = new_file();
    let before = Connection::new("one");
    file.change(&[Change::Put(Box::new(before.clone()))], NOW)
        .expect("save");
    let mut after = before.clone();
    after.keys_end = Some(KeysEnd {
        access_key: "ASIAIOSFODNN7EXAMPLE".to_owned(),
        at: Timestamp(1_780_315_200),
    });
    after.role = Some(RoleSpec {
        arn: "arn:aws:iam::1:role/editor".to_owned(),
        ..RoleSpec::default()
    });
    after.identity_center = Some(IdentityCenterRole {
        start_url: "https://corp/start".to_owned(),
        region: "eu-central-1".to_owned(),
        account: "1".to_owned(),
        role: "Editor".to_owned(),
        ..IdentityCenterRole::default()
    });
    let change = Change::Update {
        before: Box::new(before),
        after: Box::new(after.clone()),
    };
    file.change(&[change], NOW).expect("save");
    let loaded = file.load(NOW).expect("load").connections;
    assert_eq!(loaded, [after]);
}

#[test]
fn the_window_is_remembered() {
    let folder = tempfile::tempdir().expect("folder");
    let folders = Folders::in_one(folder.path().join("new"));
    assert_eq!(load_window(&folders), WindowMemory::default());
    let memory = WindowMemory {
        maximized: true,
        ..WindowMemory::default()
    };
    save_window(&folders, &memory).expect("save");
    assert_eq!(load_window(&folders), memory);
}
