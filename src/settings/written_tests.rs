//! Tests of the written forms: every option reads back, wrong kinds are refused by name.

use proptest::prelude::*;

use super::*;
use crate::settings::table::OPTIONS;

/// Any value that an option can hold.
pub(crate) fn any_value(option: OptionId) -> BoxedStrategy<Value> {
    let spec = option.spec();
    let own = match spec.kind {
        Kind::Text { .. } | Kind::Choice { .. } => ".*".prop_map(Value::Text).boxed(),
        Kind::Secret | Kind::Pem => ".*".prop_map(Value::secret).boxed(),
        Kind::Bool { .. } => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::Integer { min, max, .. } => (min..=max).prop_map(Value::Integer).boxed(),
        Kind::List => prop::collection::vec(".*", 0..4)
            .prop_map(Value::List)
            .boxed(),
        Kind::Verify => prop_oneof![
            Just(Verify::Default),
            Just(Verify::On),
            Just(Verify::Off),
            ".*".prop_map(|path| Verify::CaFile(path.into())),
            Just(Verify::CaFile("no".into())),
        ]
        .prop_map(Value::Verify)
        .boxed(),
        Kind::Proxies => prop::collection::btree_map("[a-z]{1,6}", ".*", 0..3)
            .prop_map(|map| {
                Value::Map(
                    map.into_iter()
                        .map(|(key, text)| (key, text.into()))
                        .collect(),
                )
            })
            .boxed(),
        Kind::Map => prop::collection::btree_map("[A-Za-z ]{1,6}", any_json(), 0..4)
            .prop_map(|map| Value::Map(map.into_iter().collect()))
            .boxed(),
    };
    if spec.may_be_nothing() && spec.kind != Kind::Verify {
        prop_oneof![1 => Just(Value::Nothing), 6 => own].boxed()
    } else {
        own
    }
}

fn any_json() -> BoxedStrategy<Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1.0e9..1.0e9_f64).prop_map(Json::from),
        ".*".prop_map(Json::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map(".*", inner, 0..3)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
    .boxed()
}

/// Any option with a value of its kind.
pub(crate) fn any_setting() -> BoxedStrategy<(OptionId, Value)> {
    (0..OPTIONS.len())
        .prop_flat_map(|index| {
            let option = OPTIONS[index].id;
            any_value(option).prop_map(move |value| (option, value))
        })
        .boxed()
}

proptest! {
    #[test]
    fn every_option_reads_back_from_text_and_json((option, value) in any_setting()) {
        let json = value.to_json_revealed();
        prop_assert_eq!(Value::from_json(option, &json), Ok(value.clone()));
        match value.to_text() {
            Some(text) => prop_assert_eq!(Value::from_text(option, &text), Ok(value)),
            None => prop_assert!(option.spec().is_secret()),
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(index in 0..OPTIONS.len(), text in ".*") {
        let option = OPTIONS[index].id;
        if let Err(problem) = Value::from_text(option, &text) {
            prop_assert_eq!(problem.option, option);
        }
    }
}

#[test]
fn wrong_kinds_are_refused_with_the_name_of_the_option() {
    for (option, json, sentence) in [
        (
            OptionId::LinkExpiry,
            Json::from("1h"),
            "AWS_QUERYSTRING_EXPIRE: needs a whole number, not a text",
        ),
        (
            OptionId::Location,
            Json::Null,
            "AWS_LOCATION: needs a text; reset it to use the default",
        ),
        (
            OptionId::CustomDomain,
            Json::from(true),
            "AWS_S3_CUSTOM_DOMAIN: needs a text, not true or false",
        ),
        (
            OptionId::GzipTypes,
            Json::from("text/css"),
            "GZIP_CONTENT_TYPES: needs a list of texts, not a text",
        ),
        (
            OptionId::MaxMemory,
            Json::from(-1),
            "AWS_S3_MAX_MEMORY_SIZE: needs a whole number of at least 0",
        ),
        (
            OptionId::Proxies,
            Json::from("http://proxy:3128"),
            "AWS_S3_PROXIES: needs a dictionary from scheme to proxy, not a text",
        ),
    ] {
        let problem = Value::from_json(option, &json).expect_err("refused");
        assert_eq!(problem.to_string(), sentence);
    }
}

#[test]
fn truth_is_tested_as_python_does() {
    for (json, on) in [
        (Json::from("False"), true),
        (Json::from(""), false),
        (Json::Null, false),
        (Json::from(0), false),
        (Json::from(2), true),
    ] {
        assert_eq!(
            Value::from_json(OptionId::FileOverwrite, &json),
            Ok(Value::Bool(on))
        );
    }
    assert_eq!(
        Value::from_json(OptionId::Verify, &Json::from(0)),
        Ok(Value::Verify(Verify::Off))
    );
    assert_eq!(
        Value::from_json(OptionId::Verify, &Json::from("False")),
        Ok(Value::Verify(Verify::CaFile("False".into())))
    );
}

#[test]
fn an_empty_field_is_nothing_and_quotes_are_an_empty_text() {
    let read = |text| Value::from_text(OptionId::Endpoint, text);
    assert_eq!(read(""), Ok(Value::Nothing));
    assert_eq!(read("\"\""), Ok(Value::text("")));
    assert_eq!(
        Value::from_text(OptionId::Location, ""),
        Ok(Value::text(""))
    );
}

#[test]
fn a_secret_has_no_written_form() {
    let value = Value::secret("CANARY");
    assert_eq!((value.to_text(), value.to_json()), (None, None));
    assert!(!format!("{value:?}").contains("CANARY"));
}
