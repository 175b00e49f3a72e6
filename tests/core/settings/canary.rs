//! Unmistakable texts in the place of every secret, through connecting, listing, transfers and failures of all kinds:
//! they appear in no file, log, error or debug output, neither plain nor in base64, hex or percent escapes.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use cooperage::django::{DjangoStorage, Project, import};
use cooperage::domain::{Key, ParameterRule, Secret, StorageError, Timestamp};
use cooperage::settings::credentials::FoundKeys;
use cooperage::settings::file::{Change, ConnectionsFile};
use cooperage::settings::folders::Folders;
use cooperage::settings::secrets::Vault;
use cooperage::settings::{
    Connection, Environment, OptionId, Profiles, SecretSlot, Value, Values, inspect, resolve,
};
use cooperage::storage::{LinkRequest, Storage, UploadJob, UploadParameters, World};
use cooperage::words;
use tokio_util::sync::CancellationToken;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::{connection, keys};
use crate::support::fixtures;
use crate::support::keys::RSA_PEM;
use crate::support::memory_s3::{BUCKET, Fault, MemoryS3};
use crate::support::proxy::{Manners, TestProxy};
use crate::support::serving::dead_port;
use crate::support::tls::{Authority, Validity};

/// One text for each place that holds a secret, long enough for no accident.
const CANARIES: [&str; 9] = [
    "CANARYsecretkey0123456789/+abcdefghijklm",
    "CANARYparentsecret0123456789abcdefghijkl",
    "CANARYtoken0123456789",
    "CANARYproxy0123456789",
    "CANARYcustomer0123456789abcdefgh",
    "CANARYrule0123456789abcdefghijkl",
    "CANARYenvironment0123456789",
    "CANARYprofile0123456789",
    "CANARYpem0123456789",
];

/// Looks for every canary in every form.
#[track_caller]
fn clean(what: &str, text: &str) {
    for canary in CANARIES.iter().copied().chain([pem_body()]) {
        let bytes = canary.as_bytes();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let escaped: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
        let debug: String = format!("{bytes:?}").trim_matches(['[', ']']).to_owned();
        let mut forms = vec![canary.to_owned(), hex.to_uppercase(), hex, escaped, debug];
        forms.push(canary.replace('/', "%2F").replace('+', "%2B"));
        // At each of the three places in a group; the ends depend on what stands beside.
        for skip in 0..3 {
            let encoded = BASE64.encode(&bytes[skip..]);
            forms.push(encoded[..encoded.len() - 3].to_owned());
        }
        for form in forms {
            let found = text.lines().find(|line| line.contains(&form));
            assert!(
                found.is_none(),
                "{what} holds {canary} as {form}: {found:?}"
            );
        }
    }
}

/// A line out of the private key, which is a secret too.
fn pem_body() -> &'static str {
    RSA_PEM.lines().nth(3).unwrap()
}

/// Writes down everything that is traced on this thread, at every level.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Recorder {
    fn line(&self, name: &str, record: impl FnOnce(&mut Line<'_>)) {
        let mut text = self.0.lock().unwrap();
        text.push_str(name);
        record(&mut Line(&mut text));
        text.push('\n');
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.line(span.metadata().name(), |line| span.record(line));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        self.line("recorded", |line| values.record(line));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        self.line(event.metadata().name(), |line| event.record(line));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn json(option: OptionId, json: &serde_json::Value) -> Value {
    Value::from_json(option, json).unwrap()
}

/// A connection with a secret in every place, and its parent.
fn laden(endpoint: &str, proxy: &str) -> (Connection, Connection) {
    let mut parent = Connection::new("parent");
    parent
        .values
        .set(OptionId::SecretKey, Value::secret(CANARIES[1]));
    parent
        .values
        .set(OptionId::AccessKey, Value::text("AKIAPARENT"));
    let mut one = connection(&[(OptionId::Endpoint, endpoint)]);
    one.based_on = Some(parent.id.clone());
    one.values
        .set(OptionId::S3SecretKey, Value::secret(CANARIES[0]));
    one.session_token = Some(Secret::new(CANARIES[2]));
    let address = format!("http://me:{}@{proxy}", CANARIES[3]);
    let proxies = serde_json::json!({"http": address, "https": address});
    one.values
        .set(OptionId::Proxies, json(OptionId::Proxies, &proxies));
    let parameters = serde_json::json!({
        "SSECustomerAlgorithm": "AES256", "SSECustomerKey": CANARIES[4], "CacheControl": "x"
    });
    let parameters = json(OptionId::ObjectParameters, &parameters);
    one.values.set(OptionId::ObjectParameters, parameters);
    one.values
        .set(OptionId::CustomDomain, Value::text("cdn.test"));
    one.values.set(OptionId::CloudFrontKeyId, Value::text("K1"));
    one.values
        .set(OptionId::CloudFrontKey, Value::secret(RSA_PEM));
    one.rules.push(ParameterRule {
        glob: "rule/*".to_owned(),
        parameters: vec![("SSECustomerKey".to_owned(), CANARIES[5].into())],
    });
    (one, parent)
}

fn surroundings() -> Environment {
    let profile = format!(
        "[default]\naws_access_key_id = AKIA\naws_secret_access_key = {}\n",
        CANARIES[7]
    );
    Environment::of([("AWS_SECRET_ACCESS_KEY", CANARIES[6])]).with_files(None, Some(&profile))
}

fn check_error(error: &StorageError) {
    let told = words::explain(error);
    clean(
        "an error",
        &format!("{error} {error:?} {error:#?} {told:?} {}", told.to_text()),
    );
}

/// Everything that fails, with everything that is asked.
async fn try_everything(storage: &Storage, folder: &Path) -> usize {
    let cancel = CancellationToken::new();
    let key = Key::new("rule/key");
    let upload = UploadJob {
        source: fixtures::file(folder, "file", "content"),
        key: key.clone(),
        if_absent: true,
    };
    let mut errors = Vec::new();
    errors.extend(keys(storage).await.err());
    errors.extend(storage.list_buckets().await.err());
    errors.extend(storage.head(&key).await.err());
    errors.extend(storage.upload(&upload, &|_| {}, &cancel).await.err());
    errors.extend(storage.calls().head_object("x").await.err());
    errors.extend(
        storage
            .delete_many(std::slice::from_ref(&key))
            .await
            .into_iter()
            .map(|(_, error)| error),
    );
    let link = storage
        .sign_link(&LinkRequest::new(key), Timestamp::now())
        .await;
    match link {
        Ok(link) => clean("a link", &format!("{link:?} {}", link.url)),
        Err(error) => errors.push(error),
    }
    let identity = storage.identity().await;
    clean("an identity", &format!("{identity:?}"));
    let signing = storage.signing_keys().await;
    clean("signing keys", &format!("{signing:?}"));
    clean("a storage", &format!("{storage:?} {storage:#?}"));
    errors.iter().for_each(check_error);
    errors.len()
}

#[tokio::test]
async fn secrets_appear_in_no_log_error_or_debug_output() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let folder = fixtures::folder();
    let server = MemoryS3::start();
    server.fault(|request| {
        let cut = request.method == "GET" && request.number % 3 == 0;
        cut.then_some(Fault::Status(503, "SlowDown"))
    });
    let authority = Authority::new();
    let front = authority.front(&["elsewhere.test"], Validity::Current, server.port());
    let working = TestProxy::start(server.port());
    let tunnel = TestProxy::start(front.port);
    let refusing = TestProxy::with(
        server.port(),
        Manners {
            login: Some("me:another".to_owned()),
            refuses: None,
        },
    );
    let dead = format!("127.0.0.1:{}", dead_port());
    let mut failures = 0;
    for (endpoint, proxy) in [
        // 403, for the secret is wrong; a certificate for another host; a proxy that refuses; one that is gone.
        ("http://s3.test", working.address()),
        ("https://s3.test", tunnel.address()),
        ("http://s3.test", refusing.address()),
        ("https://s3.test", refusing.address()),
        ("http://s3.test", dead),
    ] {
        // A place that a test beside this one reached while the recorder was being set may be taken for a silent one.
        tracing::callsite::rebuild_interest_cache();
        let (one, parent) = laden(endpoint, &proxy);
        let environment = surroundings();
        let resolved = resolve(&one, &[&parent], &Values::default(), &environment).unwrap();
        clean("what was resolved", &format!("{resolved:?} {resolved:#?}"));
        let storage = Storage::connect(resolved.config.clone()).await.unwrap();
        failures += try_everything(&storage, folder.path()).await;
        let django =
            DjangoStorage::connect(&resolved, &environment, Project::default(), World::system())
                .await
                .unwrap();
        let error = django.exists("x").await.unwrap_err();
        clean("Django", &format!("{django:?} {error} {error:?}"));
    }
    assert!(failures >= 25, "only {failures} of all this failed");
    let traced = recorder.0.lock().unwrap().clone();
    assert!(traced.contains("s3.test"), "nothing was traced");
    clean("the log", &traced);
}

#[test]
fn secrets_are_printed_by_no_public_type() {
    let (mut one, parent) = laden("http://s3.test", "proxy.test:1");
    let environment = surroundings();
    let inspected = inspect(&one, &[&parent], &Values::default(), &environment);
    let layers = cooperage::settings::effective::Layers {
        connection: &one,
        above: &Values::default(),
        parents: &[&parent],
    };
    let config = &inspected.resolved.config;
    let parameters = UploadParameters::for_key(config, &Key::new("rule/x"), None);
    clean("upload parameters", &format!("{parameters:?}"));
    clean(
        "upload headers",
        &format!("{:?}", parameters.headers().unwrap()),
    );
    clean(
        "found keys",
        &format!("{:?}", FoundKeys::search(layers, &environment)),
    );
    clean("connections", &format!("{one:?} {parent:#?} {inspected:?}"));
    clean(
        "the environment",
        &format!("{environment:?} {:?}", Profiles::read(&environment)),
    );

    // A key that is none: the reason must not quote it.
    for pem in [
        CANARIES[8].to_owned(),
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
            CANARIES[8]
        ),
        RSA_PEM.replace("MII", "MIJ"),
    ] {
        one.values.set(OptionId::CloudFrontKey, Value::secret(pem));
        let inspected = inspect(&one, &[], &Values::default(), &environment);
        clean("a bad key", &format!("{inspected:?} {:?}", inspected.stops));
        for problem in inspected.stops {
            clean("a problem", &problem.to_string());
        }
    }
    let text = format!(
        "AWS_S3_SECRET_ACCESS_KEY = '{}'\nAWS_S3_PROXIES = {{'http': 'http://me:{}@proxy:1'}}\n\
         AWS_S3_OBJECT_PARAMETERS = {{'SSECustomerKey': '{}'}}\nAWS_CLOUDFRONT_KEY = b'''{}'''\n",
        CANARIES[0], CANARIES[3], CANARIES[4], CANARIES[8]
    );
    let imported = import(&text, &environment, None);
    clean("an import", &format!("{imported:?}"));
}

#[test]
fn secrets_lie_in_no_file_and_come_back_from_the_keyring() {
    let folder = fixtures::folder();
    let file = ConnectionsFile::new(&Folders::in_one(folder.path()));
    let vault = Vault::in_memory();
    let now = Timestamp::now();
    let (mut one, mut parent) = laden("http://s3.test", "proxy.test:1");
    let whole = one.clone();
    for connection in [&mut one, &mut parent] {
        let kept = vault.keep(connection, &[]);
        clean("what was kept", &format!("{kept:?}"));
        let change = Change::Put(Box::new(connection.clone()));
        clean("a change", &format!("{change:?}"));
        file.change(&[change], now).unwrap();
    }
    for (name, bytes) in fixtures::read_tree(folder.path()) {
        clean(&name, &String::from_utf8_lossy(&bytes));
    }
    let mut loaded = file.load(now).unwrap().connections;
    assert_eq!(loaded.len(), 2);
    let read = loaded.iter_mut().find(|read| read.id == one.id).unwrap();
    let slots: Vec<String> = read.kept_secrets.iter().map(SecretSlot::name).collect();
    assert_eq!(slots.len(), 7, "{slots:?}");
    // Before the keyring has answered, what it holds is missed in so many words.
    let inspected = inspect(read, &[], &Values::default(), &Environment::default());
    let missed = |option: OptionId| {
        let mut problems = inspected.resolved.problems.iter();
        problems.any(|(_, problem)| {
            problem.option == option
                && problem.reason == cooperage::settings::Reason::SecretNotAtHand
        })
    };
    assert!(missed(OptionId::Proxies) && missed(OptionId::S3SecretKey));
    assert!(vault.fill(read).is_empty());
    assert_eq!(read.values, whole.values);
    assert_eq!(read.rules, whole.rules);
    assert_eq!(read.session_token, whole.session_token);
    // The bucket's name is no secret, and shows that the files were looked at.
    let texts = fixtures::read_tree(folder.path());
    assert!(
        texts
            .iter()
            .any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(BUCKET))
    );
}
