//! Every form reads back to what it can hold, for arbitrary values of every option; the forms agree with each other; a
//! secret is in a text only when it was asked for.

use proptest::prelude::*;

use super::write::merged_for_tests as merged;
use super::{Exported, Form, OmissionReason, export, read, recognised};
use crate::domain::{ParameterRule, Secret, Verify};
use crate::settings::connection::COLOURS;
use crate::settings::written::tests::{any_setting, any_value};
use crate::settings::{
    Access, Connection, ConnectionId, CredentialMode, Environment, Imported, OptionId, SecretSlot,
    StorageKind, Value, Values,
};

/// Any connection; its own class, where it names one, comes with a bucket, by which it is known again.
fn any_connection() -> impl Strategy<Value = Connection> {
    let kinds = prop::sample::select(StorageKind::ALL.to_vec());
    let settings = prop::collection::vec(any_setting(), 0..9);
    let token = prop::option::of("[!-~]{1,20}");
    let modes = prop::sample::select(CredentialMode::ALL.to_vec());
    (settings, kinds, token, modes, ".{0,12}").prop_map(|(settings, kind, token, mode, name)| {
        let mut one = Connection::new(name);
        one.kind = kind;
        one.credentials = mode;
        one.values = settings.into_iter().collect();
        let classes = [OptionId::DefaultStorage, OptionId::StaticStorage];
        for option in classes {
            if one.values.get(option).is_some_and(Value::is_truthy) {
                one.values.set(option, Value::text("project.storage.Media"));
                one.values.set(OptionId::Bucket, Value::text("media"));
            }
        }
        one.session_token = token.map(Secret::new);
        one
    })
}

fn read_back(exported: &Exported) -> Imported {
    let text = exported.revealed();
    read(&text, Some(exported.form.kind()), &Environment::default())
}

fn connections(imported: Imported) -> Vec<Connection> {
    let mut made: Vec<Option<ConnectionId>> = Vec::new();
    let mut all = Vec::new();
    for one in imported.connections {
        let name = one.name.clone();
        let connection = one.into_connection(name, 0, &made);
        made.push(Some(connection.id.clone()));
        all.push(connection);
    }
    all
}

/// What holds for a connection, without what a form of Django settings cannot say.
#[derive(Debug, PartialEq)]
struct Held {
    values: Values,
    class: String,
    token: Option<String>,
}

fn held(one: &Connection, all: &[Connection], ignores_signing: bool) -> Held {
    let parents = one.parents(all).expect("chain");
    let merged = merged(one, &parents);
    let mut values = merged.values().clone();
    let mut class = merged.class().1.to_owned();
    // Of a class of one's own no text says what kind it is.
    let other = values.get(OptionId::StaticStorage).and_then(Value::as_text);
    let other = other.filter(|class| !class.is_empty());
    let is_said = |value: &Value| value.is_truthy();
    if !values.get(OptionId::DefaultStorage).is_some_and(is_said)
        && let Some(other) = other.filter(|_| merged.kind == StorageKind::Default)
    {
        other.clone_into(&mut class);
    }
    values.reset(OptionId::DefaultStorage);
    values.reset(OptionId::StaticStorage);
    if ignores_signing {
        values.reset(OptionId::SignLinks);
    }
    Held {
        values,
        class,
        token: merged
            .token()
            .flatten()
            .map(|token| token.reveal().to_owned()),
    }
}

/// A static class heeds no setting here, only what is said to itself.
fn ignores_signing(one: &Connection, form: Form) -> bool {
    merged(one, &[]).kind != StorageKind::Default && form != Form::Storages
}

/// The connection of the text that stands for the one that was written.
fn counterpart<'a>(all: &'a [Connection], class: &str) -> &'a Connection {
    let same = |one: &&Connection| held(one, all, false).class == class;
    all.iter()
        .rev()
        .find(same)
        .or_else(|| all.last())
        .expect("a connection")
}

fn check_django(one: &Connection, form: Form) -> Result<(), TestCaseError> {
    let exported = export(one, &[], form, true);
    let imported = read_back(&exported);
    prop_assert_eq!(&imported.unresolved, &vec![], "{}", exported.revealed());
    let ignored = ignores_signing(one, form);
    let mut wanted = held(one, std::slice::from_ref(one), ignored);
    // Which of the two it is stands in the text when both are named.
    wanted.class = merged(one, &[]).class().1.to_owned();
    let all = connections(imported);
    if all.is_empty() {
        prop_assert!(wanted.values.is_empty(), "{}", exported.revealed());
        return Ok(());
    }
    let found = held(counterpart(&all, &wanted.class), &all, ignored);
    prop_assert_eq!(found, wanted, "{}", exported.revealed());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn storages_hold_all_options(one in any_connection()) {
        check_django(&one, Form::Storages)?;
    }

    #[test]
    fn flat_settings_hold_all_options(one in any_connection()) {
        check_django(&one, Form::Flat)?;
    }

    #[test]
    fn a_dotenv_file_holds_all_options(one in any_connection()) {
        check_django(&one, Form::Env)?;
    }

    #[test]
    fn both_forms_of_django_settings_mean_the_same(one in any_connection()) {
        let [flat, storages] = [Form::Flat, Form::Storages].map(|form| {
            let class = merged(&one, &[]).class().1.to_owned();
            let all = connections(read_back(&export(&one, &[], form, true)));
            (!all.is_empty()).then(|| held(counterpart(&all, &class), &all, ignores_signing(&one, Form::Flat)))
        });
        if let (Some(flat), Some(storages)) = (flat, storages) {
            prop_assert_eq!(flat, storages);
        }
    }

    #[test]
    fn a_profile_holds_what_it_has_a_place_for(one in any_connection()) {
        let exported = export(&one, &[], Form::Profile, true);
        let imported = read_back(&exported);
        let own = merged(&one, &[]);
        let omitted = |name: &str| exported.omissions.iter().any(|one| one.name == name);
        let found = imported.connections.first();
        let found = |option| found.and_then(|one| one.values.get(option)).cloned();
        let text = |option: OptionId| own.values().get(option).filter(|value| value.is_truthy()).cloned();
        for (specific, general, key) in [
            (OptionId::S3AccessKey, OptionId::AccessKey, "AWS_S3_ACCESS_KEY_ID"),
            (OptionId::S3SecretKey, OptionId::SecretKey, "aws_secret_access_key"),
        ] {
            let counts = if own.is_set(specific) { specific } else { general };
            let wanted = text(counts).filter(|_| !omitted(key) && !omitted(counts.name()));
            prop_assert_eq!(found(general), wanted, "{}", exported.revealed());
        }
        for option in [OptionId::Region, OptionId::Endpoint, OptionId::AddressingStyle, OptionId::SignatureVersion] {
            let wanted = text(option).filter(|_| !omitted(option.name()));
            prop_assert_eq!(found(option), wanted, "{}", exported.revealed());
        }
        let wanted = own
            .values()
            .get(OptionId::Verify)
            .filter(|value| {
            matches!(value, Value::Verify(Verify::CaFile(_))) && !omitted(OptionId::Verify.name())
        });
        prop_assert_eq!(found(OptionId::Verify), wanted.cloned());
        // Whatever is set and did not come back is named.
        for (option, value) in own.values().iter() {
            let says = !matches!(value, Value::Nothing | Value::Verify(Verify::Default)) && value.is_truthy();
            let came = found(option).as_ref() == Some(value)
                || found(OptionId::AccessKey).as_ref() == Some(value)
                || found(OptionId::SecretKey).as_ref() == Some(value);
            let key = option == OptionId::S3SecretKey || option == OptionId::SecretKey;
            let hidden = [(OptionId::AccessKey, OptionId::S3AccessKey), (OptionId::SecretKey, OptionId::S3SecretKey)]
                .iter()
                .any(|(general, specific)| option == *general && own.is_set(*specific));
            let named = omitted(option.name()) || (key && omitted("aws_secret_access_key"));
            prop_assert!(!says || came || named || hidden, "{}: {}", option.name(), exported.revealed());
        }
    }

    #[test]
    fn json_holds_everything(
        mut one in any_connection(),
        mut parent in any_connection(),
        glob in ".{0,8}",
        colour in 0..COLOURS,
        production in any::<bool>(),
        access in prop::sample::select(Access::ALL.to_vec()),
    ) {
        one.rules = vec![ParameterRule {
            glob,
            parameters: vec![
                ("CacheControl".to_owned(), "max-age=1".into()),
                ("SSECustomerKey".to_owned(), "32 letters".into()),
            ],
        }];
        (one.colour, one.production, one.access) = (colour, production, access);
        one.buckets = vec!["a".to_owned()];
        one.bookmarks = vec![crate::domain::Location::new("b", crate::domain::Prefix::new("x//y"))];
        one.based_on = Some(parent.id.clone());
        parent.based_on = None;
        let exported = export(&one, &[&parent], Form::Json, true);
        prop_assert_eq!(&exported.omissions, &vec![]);
        prop_assert_eq!(recognised(&exported.revealed()), Some(crate::settings::TextKind::Json));
        let imported = read_back(&exported);
        prop_assert_eq!(&imported.remarks, &vec![]);
        let all = connections(imported);
        prop_assert_eq!(all.len(), 2);
        for (found, wanted) in all.iter().zip([&parent, &one]) {
            let mut wanted = wanted.clone();
            wanted.id = found.id.clone();
            wanted.based_on.clone_from(&found.based_on);
            prop_assert_eq!(found, &wanted, "{}", exported.revealed());
        }
        prop_assert_eq!(all[1].based_on.as_ref(), Some(&all[0].id));
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "(?s).*", lines in "([\\[\\]=:{}\"'$% \n\\\\a-z_]|type = s3\n|\\[x\\]\n)*") {
        for kind in crate::settings::TextKind::ALL.map(Some).into_iter().chain([None]) {
            let _read = read(&text, kind, &Environment::default());
            let _read = read(&lines, kind, &Environment::default());
        }
    }
}

/// A connection with a value for every option and a secret wherever one can be.
fn full() -> Connection {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut one = Connection::new("media \"live\"\nx");
    for option in OptionId::all() {
        // One that says something, so that it is missed when it is lost.
        let value = std::iter::repeat_with(|| {
            let tree = any_value(option).new_tree(&mut runner).expect("value");
            proptest::strategy::ValueTree::current(&tree)
        })
        .find(Value::is_truthy)
        .expect("a value");
        one.values.set(option, value);
    }
    one.values.set(OptionId::S3AccessKey, Value::text("AKIA"));
    one.values.set(OptionId::DefaultStorage, Value::Nothing);
    one.values.set(OptionId::StaticStorage, Value::Nothing);
    let secrets = OptionId::all().filter(|option| option.spec().is_secret());
    for option in secrets {
        let text = format!("CANARY {}\n\"x\"\\", option.name());
        one.values.set(option, Value::secret(text));
    }
    let key = serde_json::json!({"CacheControl": "max-age=1", "SSECustomerKey": {"$bytes": "CANARY sse"}});
    if let serde_json::Value::Object(map) = key {
        one.values.set(OptionId::ObjectParameters, Value::Map(map));
    }
    one.session_token = Some(Secret::new("CANARY token"));
    one
}

#[test]
fn secrets_are_in_a_text_only_when_asked_for_and_else_have_a_place() {
    let whole = full();
    for form in Form::ALL {
        let asked = export(&whole, &[], form, true);
        assert!(
            asked.holds_secrets() && asked.revealed().contains("CANARY"),
            "{form:?}"
        );
        assert!(
            !asked.masked().contains("CANARY"),
            "{form:?}: {}",
            asked.masked()
        );
        assert!(!format!("{asked:?}").contains("CANARY"), "{form:?}");

        let mut kept = whole.clone();
        kept.kept_secrets = kept
            .take_secrets()
            .into_iter()
            .map(|(slot, _)| slot)
            .collect();
        // Without being asked, and when the keyring did not give them, places are left.
        let unasked = export(&whole, &[], form, false);
        let locked = export(&kept, &[], form, true);
        for text in [&unasked, &locked] {
            assert!(
                !text.holds_secrets() && !text.revealed().contains("CANARY"),
                "{form:?}"
            );
            let imported = read_back(text);
            let missing: Vec<_> = imported
                .unresolved
                .iter()
                .map(|one| one.name.as_str())
                .collect();
            let count = if form == Form::Profile { 1 } else { 5 };
            assert_eq!(
                missing.len(),
                count,
                "{form:?} {missing:?}\n{}",
                text.revealed()
            );
        }
        let said = locked
            .omissions
            .iter()
            .any(|one| one.reason == OmissionReason::NotAtHand);
        assert!(said, "{form:?}");
        // The variables that the places name bring them back.
        if form != Form::Profile {
            let variables = [
                ("AWS_S3_SECRET_ACCESS_KEY", "1"),
                ("AWS_SECRET_ACCESS_KEY", "2"),
                ("AWS_CLOUDFRONT_KEY", "3"),
                ("AWS_SESSION_TOKEN", "4"),
                ("AWS_SSE_CUSTOMER_KEY", "5"),
            ];
            let imported = read(&unasked.revealed(), None, &Environment::of(variables));
            assert_eq!(imported.unresolved, [], "{form:?}");
            let all = connections(imported);
            let last = all.last().expect("connection");
            let merged = merged(last, &last.parents(&all).expect("chain"));
            assert_eq!(
                merged.values().get(OptionId::CloudFrontKey),
                Some(&Value::secret("3"))
            );
            assert_eq!(merged.token().flatten().map(Secret::reveal), Some("4"));
        }
    }
}

#[test]
fn every_option_is_in_every_form_or_named_as_left_out() {
    let whole = full();
    for form in Form::ALL {
        let exported = export(&whole, &[], form, true);
        let all = connections(read_back(&exported));
        let last = all.last().expect("connection");
        let merged = merged(last, &last.parents(&all).expect("chain"));
        for option in OptionId::all() {
            let is_class = option.spec().attribute.is_empty();
            // A profile has one pair of keys; the S3-specific one is what counts.
            let general = [
                OptionId::AccessKey,
                OptionId::SecretKey,
                OptionId::S3AccessKey,
            ]
            .contains(&option);
            let said = exported
                .omissions
                .iter()
                .any(|one| one.name == option.name())
                || (form == Form::Profile && (general || option.spec().is_secret()));
            assert!(
                merged.is_set(option) || said || is_class,
                "{form:?} {} {:?}",
                option.name(),
                whole.values.get(option)
            );
        }
        if form == Form::Profile {
            let key = merged.values().get(OptionId::AccessKey);
            assert_eq!(key, Some(&Value::text("AKIA")));
        }
    }
}

#[test]
fn inherited_settings_are_resolved_or_kept() {
    let mut parent = Connection::new("company");
    parent
        .values
        .set(OptionId::Region, Value::text("eu-west-1"));
    parent
        .values
        .set(OptionId::S3AccessKey, Value::text("PARENT"));
    parent
        .values
        .set(OptionId::S3SecretKey, Value::secret("PARENT"));
    let mut child = Connection::new("media");
    child.values.set(OptionId::AccessKey, Value::text("CHILD"));
    child
        .kept_secrets
        .insert(SecretSlot::Option(OptionId::SecretKey));
    child.based_on = Some(parent.id.clone());
    let text = export(&child, &[&parent], Form::Storages, true).revealed();
    assert!(
        text.contains("\"region_name\": \"eu-west-1\"") && text.contains("CHILD"),
        "{text}"
    );
    // The nearest connection that says a half is the one that counts.
    assert!(!text.contains("PARENT"), "{text}");
    let json = export(&child, &[&parent], Form::Json, true);
    let all = connections(read_back(&json));
    assert_eq!(
        (all[0].name.as_str(), all[1].name.as_str()),
        ("company", "media")
    );
    assert_eq!(all[1].based_on.as_ref(), Some(&all[0].id));
}
