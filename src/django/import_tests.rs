//! Tests of the import: the forms that Django projects use, and what is reported of the rest.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::settings::Values;

/// The JSON of a value.
fn json(values: &Values, option: OptionId) -> Json {
    values
        .get(option)
        .map_or(Json::Null, Value::to_json_revealed)
}

fn read(text: &str) -> Imported {
    import(text, &Environment::default(), None)
}

fn only(text: &str) -> ImportedConnection {
    let imported = read(text);
    assert_eq!(
        (imported.unresolved.as_slice(), imported.remarks.as_slice()),
        (&[][..], &[][..]),
        "{text}"
    );
    let [one] = &imported.connections[..] else {
        panic!("{:?}", imported.connections);
    };
    one.clone()
}

#[test]
fn flat_settings_with_all_kinds_of_literals() {
    let one = only(
        "# storage\nAWS_STORAGE_BUCKET_NAME = 'media'\nAWS_S3_CUSTOM_DOMAIN = f'{AWS_STORAGE_BUCKET_NAME}.example.com'\n\
         AWS_LOCATION = ('me' \"dia\")\nAWS_QUERYSTRING_EXPIRE: int = 60 * 60 * 24 * 7\nAWS_QUERYSTRING_AUTH = not True\n\
         AWS_S3_FILE_OVERWRITE = False; AWS_DEFAULT_ACL = None\n\
         AWS_S3_OBJECT_PARAMETERS = {\n    'CacheControl': 'max-age=%s' % 86400,  # a day\n    'Metadata': dict(a='b'),\n}\n\
         GZIP_CONTENT_TYPES = ('text/css', 'text/plain',)\nAWS_S3_PROXIES = {'http': '{}:{}'.format('p', 1)}\n\
         AWS_CLOUDFRONT_KEY = b'''-----BEGIN\nX'''\nAWS_S3_VERIFY = False\nAWS_S3_MAX_MEMORY_SIZE = 5 * 1_024\n\
         AWS_SECRET_ACCESS_KEY = 'sec' + 'ret'\nAWS_S3_USE_SSL = 'False'\n",
    );
    for (option, expected) in [
        (OptionId::Bucket, json!("media")),
        (OptionId::CustomDomain, json!("media.example.com")),
        (OptionId::Location, json!("media")),
        (OptionId::LinkExpiry, json!(604_800)),
        (OptionId::SignLinks, json!(false)),
        (OptionId::FileOverwrite, json!(false)),
        (
            OptionId::ObjectParameters,
            json!({"CacheControl": "max-age=86400", "Metadata": {"a": "b"}}),
        ),
        (OptionId::GzipTypes, json!(["text/css", "text/plain"])),
        (OptionId::Proxies, json!({"http": "p:1"})),
        (OptionId::CloudFrontKey, json!("-----BEGIN\nX")),
        (OptionId::Verify, json!(false)),
        (OptionId::MaxMemory, json!(5_120)),
        (OptionId::SecretKey, json!("secret")),
        (OptionId::UseSsl, json!(true)),
    ] {
        assert_eq!(json(&one.values, option), expected, "{}", option.name());
    }
    assert_eq!(one.values.get(OptionId::DefaultAcl), Some(&Value::Nothing));
}

#[test]
fn lookups_are_resolved_or_named() {
    let text = "import os\nimport environ\nenv = environ.Env()\nAWS_ACCESS_KEY_ID = os.environ['KEY']\n\
                AWS_SECRET_ACCESS_KEY = os.environ.get('SECRET')\nAWS_S3_REGION_NAME = os.getenv('REGION', 'eu-west-1')\n\
                AWS_IS_GZIPPED = env.bool('ZIP', default=False)\nAWS_QUERYSTRING_EXPIRE = config('SECS', default=60, cast=int)\n\
                AWS_STORAGE_BUCKET_NAME = env('BUCKET')\nAWS_S3_ENDPOINT_URL = env.str('ENDPOINT')\n\
                AWS_CLOUDFRONT_KEY = os.environ.get('PEM', '').replace('\\\\n', '\\n').encode('ascii')\n";
    let environment = Environment::of([
        ("KEY", "AKIA"),
        ("SECS", "120"),
        ("ZIP", "yes"),
        ("PEM", "a\\nb"),
    ]);
    let imported = import(text, &environment, Some("BUCKET=from-file\nKEY=hidden"));
    let values = &imported.connections[0].values;
    for (option, expected) in [
        (OptionId::AccessKey, json!("AKIA")),
        (OptionId::Region, json!("eu-west-1")),
        (OptionId::Gzip, json!(true)),
        (OptionId::LinkExpiry, json!(120)),
        (OptionId::Bucket, json!("from-file")),
        (OptionId::CloudFrontKey, json!("a\nb")),
    ] {
        assert_eq!(json(values, option), expected, "{}", option.name());
    }
    let missing: Vec<_> = imported
        .unresolved
        .iter()
        .map(|one| {
            (
                one.line,
                one.name.as_str(),
                one.variable.as_deref().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        missing,
        [
            (5, "AWS_SECRET_ACCESS_KEY", "SECRET"),
            (10, "AWS_S3_ENDPOINT_URL", "ENDPOINT")
        ]
    );
    assert_eq!(imported.remarks, []);
}

#[test]
fn storages_become_connections_based_on_the_flat_settings() {
    let imported = read(
        "AWS_S3_REGION_NAME = 'eu-west-1'\nSTORAGES = {\n  'default': {\n    'BACKEND': 'storages.backends.s3boto3.S3Boto3Storage',\n\
             'OPTIONS': {'bucket_name': 'media', 'access_key': 'AKIA', 'nope': 1},\n  },\n\
           'staticfiles': {'BACKEND': 'storages.backends.s3.S3StaticStorage', 'OPTIONS': {'location': 'static'}},\n\
           'cache': {'BACKEND': 'django.core.files.storage.FileSystemStorage'},\n}\n",
    );
    let shape: Vec<_> = imported
        .connections
        .iter()
        .map(|one| (one.name.as_str(), one.kind, one.based_on))
        .collect();
    assert_eq!(
        shape,
        [
            ("Django settings", StorageKind::Default, None),
            ("default", StorageKind::Default, Some(0)),
            ("staticfiles", StorageKind::Static, Some(0))
        ]
    );
    let default = &imported.connections[1].values;
    assert_eq!(json(default, OptionId::AccessKey), json!("AKIA"));
    assert_eq!(
        json(&imported.connections[2].values, OptionId::Location),
        json!("static")
    );
    let reasons: Vec<_> = imported
        .remarks
        .iter()
        .map(|remark| (remark.name.as_str(), &remark.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            ("nope", &RemarkReason::NotAnOption),
            (
                "cache",
                &RemarkReason::OtherBackend(
                    "django.core.files.storage.FileSystemStorage".to_owned()
                )
            )
        ]
    );
}

#[test]
fn the_older_settings_and_a_single_storage() {
    let one = only(
        "DEFAULT_FILE_STORAGE = 'storages.backends.s3boto3.S3Boto3Storage'\nAWS_STORAGE_BUCKET_NAME = 'b'\n",
    );
    assert_eq!((one.name.as_str(), one.based_on), ("default", None));
    let both = read(
        "DEFAULT_FILE_STORAGE = 'storages.backends.s3boto3.S3Boto3Storage'\nAWS_STORAGE_BUCKET_NAME = 'b'\n\
         STATICFILES_STORAGE = 'storages.backends.s3boto3.S3ManifestStaticStorage'\n",
    );
    let shape: Vec<_> = both
        .connections
        .iter()
        .map(|one| (one.name.as_str(), one.kind, one.based_on))
        .collect();
    assert_eq!(
        shape,
        [
            ("default", StorageKind::Default, None),
            ("staticfiles", StorageKind::ManifestStatic, Some(0))
        ]
    );
    let plain = only(
        "STORAGES = {'default': 'storages.backends.s3boto3.S3Boto3Storage'}\nAWS_LOCATION = 'a'\n",
    );
    assert_eq!(plain.name, "default");
    let fixed = read(
        "STATICFILES_STORAGE = 'storages.backends.s3boto3.S3StaticStorage'\nAWS_QUERYSTRING_AUTH = True\n",
    );
    assert_eq!(fixed.connections[0].values.get(OptionId::SignLinks), None);
    assert_eq!(
        (fixed.remarks[0].line, &fixed.remarks[0].reason),
        (2, &RemarkReason::HiddenByClass)
    );
}

#[test]
fn classes_of_the_text_are_followed() {
    let imported = read(
        "from storages.backends.s3boto3 import S3Boto3Storage\nAWS_S3_REGION_NAME = 'eu-west-1'\n\
         class Base(S3Boto3Storage):\n    bucket_name = 'app'\n    def url(self, name):\n        location = 'no'\n        return 1\n\
         class MediaStorage(Base):\n    location = 'media'\n    custom_domain = '{}.example.com'.format('cdn')\n\
         class Unrelated(object):\n    location = 'x'\nDEFAULT_FILE_STORAGE = 'app.storage.MediaStorage'\n",
    );
    let names: Vec<_> = imported
        .connections
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["Django settings", "default", "Base"]);
    let media = &imported.connections[1].values;
    for (option, expected) in [
        (OptionId::Bucket, json!("app")),
        (OptionId::Location, json!("media")),
        (OptionId::CustomDomain, json!("cdn.example.com")),
        (OptionId::DefaultStorage, json!("app.storage.MediaStorage")),
    ] {
        assert_eq!(json(media, option), expected);
    }
    assert_eq!(imported.remarks, []);
}

#[test]
fn conditions_are_taken_and_said() {
    let imported = read(
        "USE_S3 = True\nif USE_S3:\n    AWS_STORAGE_BUCKET_NAME = 'b'\nelse:\n    AWS_STORAGE_BUCKET_NAME = 'other'\n    \
         AWS_LOCATION = 'l'\ndef f():\n    AWS_LOCATION = 'never'\n",
    );
    let values = &imported.connections[0].values;
    assert_eq!(json(values, OptionId::Bucket), json!("b"));
    assert_eq!(json(values, OptionId::Location), json!("l"));
    let said: Vec<_> = imported
        .remarks
        .iter()
        .map(|one| (one.line, one.reason.clone()))
        .collect();
    assert_eq!(
        said,
        [
            (3, RemarkReason::Condition { line: 2 }),
            (6, RemarkReason::Condition { line: 4 })
        ]
    );
}

#[test]
fn what_cannot_be_taken_over_names_line_and_reason() {
    let imported = read(
        "AWS_STORAGE_BUCKET_NAME = get_bucket()\nAWS_LOCATION = PREFIX + 'x'\nAWS_S3_REGION_NAME = 'open\n\
         AWS_QUERYSTRING_EXPIRE = '1h'\nAWS_S3_USE_THREADS = True\nAWS_DEFAULT_ACL += 'x'\n\
         AWS_S3_OBJECT_PARAMETERS = {k: 1 for k in x}\nSTORAGES['default'] = {}\nAWS_S3_CUSTOM_DOMAIN = True\n",
    );
    assert_eq!(imported.connections, []);
    let said: Vec<_> = imported
        .remarks
        .iter()
        .map(|one| format!("{} {} {}", one.line, one.name, one.reason))
        .collect();
    assert_eq!(
        said,
        [
            "1 AWS_STORAGE_BUCKET_NAME would take a running Python; set it by hand",
            "2 AWS_LOCATION uses PREFIX, which is not assigned here",
            "3 AWS_S3_REGION_NAME does not read",
            "4 AWS_QUERYSTRING_EXPIRE needs a whole number, not a text",
            "5 AWS_S3_USE_THREADS is no documented option of the S3 storage",
            "6 AWS_DEFAULT_ACL would take a running Python; set it by hand",
            "7 AWS_S3_OBJECT_PARAMETERS uses k, which is not assigned here",
            "8 STORAGES would take a running Python; set it by hand",
            "9 AWS_S3_CUSTOM_DOMAIN needs a text, not true or false",
        ]
    );
}

#[test]
fn dotenv_files_are_told_apart() {
    let text = "# env\nAWS_ACCESS_KEY_ID=AKIA\nexport AWS_SECRET_ACCESS_KEY=\"s3cr3t\"\nAWS_SESSION_TOKEN=tok\nDEBUG=1\n\
                AWS_QUERYSTRING_AUTH=False\nAWS_QUERYSTRING_EXPIRE=soon\nAWS_UNHEARD_OF=1\n";
    let imported = read(text);
    let one = &imported.connections[0];
    assert_eq!(json(&one.values, OptionId::SecretKey), json!("s3cr3t"));
    assert_eq!(json(&one.values, OptionId::SignLinks), json!(false));
    assert_eq!(one.session_token, Some(Secret::new("tok")));
    let said: Vec<_> = imported
        .remarks
        .iter()
        .map(|one| (one.line, one.name.as_str()))
        .collect();
    assert_eq!(said, [(7, "AWS_QUERYSTRING_EXPIRE"), (8, "AWS_UNHEARD_OF")]);
}

#[test]
fn deep_nesting_stops_instead_of_overflowing() {
    let deep = format!(
        "AWS_LOCATION = {}'a'{}",
        "(".repeat(20_000),
        ")".repeat(20_000)
    );
    assert_eq!(read(&deep).remarks[0].reason, RemarkReason::NeedsPython);
    let minus = format!("AWS_QUERYSTRING_EXPIRE = {}1", "-".repeat(20_000));
    assert_eq!(read(&minus).remarks[0].reason, RemarkReason::NeedsPython);
    let strings = format!("AWS_LOCATION = {}", "f'{".repeat(5_000));
    assert_eq!(read(&strings).connections, []);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".*", parts in prop::collection::vec(part(), 0..30)) {
        let environment = Environment::of([("X", "1")]);
        let whole = import(&text, &environment, Some(&text));
        prop_assert!(whole.remarks.len() <= text.lines().count() * 2 + 1);
        let made = parts.concat();
        let lines = made.lines().count();
        prop_assert!(import(&made, &environment, None).unresolved.iter().all(|one| one.line <= lines));
    }

    #[test]
    fn texts_come_over_exactly(value in "[ -~é]*") {
        let quoted = serde_json::Value::from(value.as_str()).to_string();
        let one = only(&format!("AWS_STORAGE_BUCKET_NAME = {quoted}\n"));
        prop_assert_eq!(one.values.get(OptionId::Bucket), Some(&Value::Text(value)));
    }
}

fn part() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "AWS_LOCATION",
        " = ",
        "'a'",
        "f'{X}'",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        "\n",
        "\n    ",
        "if X:",
        "class A(S3Boto3Storage):",
        "os.environ",
        "['X']",
        ".get(",
        "env",
        ".bool(",
        "default=",
        "cast=",
        "int",
        "STORAGES",
        "'OPTIONS'",
        "'BACKEND'",
        "%",
        "+",
        "-",
        "*",
        "**",
        "//",
        "1",
        "0x",
        "1e5",
        "None",
        "not ",
        " or ",
        " and ",
        " if ",
        " else ",
        " in ",
        "#",
        "\\",
        "'",
        "\"\"\"",
        ".format(",
        ".encode()",
        "lambda",
        "b'\\xff'",
        ";",
        "=",
        "\u{feff}",
        "é",
    ])
}
