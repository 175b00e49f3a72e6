//! Tests of the readers: what each text becomes, what is told of the rest, and bad input by its line.

use serde_json::{Value as Json, json};

use super::{read, read_profile};
use crate::settings::{
    CredentialMode, Environment, Imported, ImportedConnection, OptionId, TextKind, Value,
};

fn of(text: &str, kind: TextKind) -> Imported {
    let found = read(text, None, &Environment::default());
    assert_eq!(found.kind, kind, "{text}");
    found
}

/// What is told, as people read it.
fn told(imported: &Imported) -> Vec<String> {
    let unresolved = imported
        .unresolved
        .iter()
        .map(|one| format!("{}: {one}", one.line));
    let remarks = imported
        .remarks
        .iter()
        .map(|one| format!("{}: {one}", one.line));
    unresolved.chain(remarks).collect()
}

fn values(one: &ImportedConnection) -> Json {
    let pairs = one
        .values
        .iter()
        .map(|(option, value)| (option.name().to_owned(), value.to_json_revealed()));
    Json::Object(pairs.collect())
}

#[test]
fn aws_profiles_of_both_files() {
    let found = of(
        "[media]\naws_access_key_id = AKIA\naws_secret_access_key = a=b:c\naws_session_token = tok\n\n\
         [profile media]\nregion = eu-west-1\noutput = json\nendpoint_url = http://127.0.0.1:9000\nca_bundle = /ca.pem\n\
         s3 =\n    addressing_style = path\n    signature_version = s3v4\n    use_accelerate_endpoint = true\n    max_queue_size = 9\n\
         [profile role]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = media\nregion = eu-west-1\n\
         [half]\naws_access_key_id = AKIB\nnonsense\n",
        TextKind::Profile,
    );
    let names: Vec<_> = found
        .connections
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["media", "role", "half"]);
    assert_eq!(
        values(&found.connections[0]),
        json!({
            "AWS_ACCESS_KEY_ID": "AKIA",
            "AWS_SECRET_ACCESS_KEY": "a=b:c",
            "AWS_S3_REGION_NAME": "eu-west-1",
            "AWS_S3_SIGNATURE_VERSION": "s3v4",
            "AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9000",
            "AWS_S3_ADDRESSING_STYLE": "path",
            "AWS_S3_VERIFY": "/ca.pem",
        })
    );
    assert_eq!(
        found.connections[0]
            .session_token
            .as_ref()
            .map(crate::domain::Secret::reveal),
        Some("tok")
    );
    assert_eq!(
        told(&found),
        [
            "20: aws_secret_access_key is not in the text; set it by hand",
            "8: 1 setting steers only the AWS tools and has no meaning here: output",
            "14: s3 use_accelerate_endpoint has no counterpart in django-storages",
            "15: 1 setting steers only the AWS tools and has no meaning here: max_queue_size",
            "17: role_arn is worked out by AWS tools from their shared files; choose the profile itself instead of its text",
            "18: source_profile is worked out by AWS tools from their shared files; choose the profile itself instead of its text",
            "22: this line is neither a [section] nor NAME = VALUE",
        ]
    );
    assert_eq!(found.failures(), 1);
}

#[test]
fn a_profile_of_the_shared_files_stays_where_it_is() {
    let environment = Environment::default().with_files(
        Some("[profile work]\nregion = eu-west-1\nservices = own\ns3 =\n  addressing_style = path\n[services own]\ns3 =\n  endpoint_url = http://h:1\n"),
        Some("[work]\naws_access_key_id = AKIA\naws_secret_access_key = CANARY\n"),
    );
    let found = read_profile("work", &environment);
    let [one] = &found.connections[..] else {
        panic!("{found:?}")
    };
    assert_eq!(one.credentials, CredentialMode::Profile);
    assert_eq!(
        values(one),
        json!({"AWS_S3_SESSION_PROFILE": "work", "AWS_S3_ENDPOINT_URL": "http://h:1", "AWS_S3_ADDRESSING_STYLE": "path"})
    );
    assert_eq!(
        told(&read_profile("none", &environment)),
        ["0: none is no profile of the shared AWS files"]
    );
}

#[test]
fn rclone_remotes_and_aliases() {
    let found = of(
        "[media]\ntype = s3\nprovider = Minio\naccess_key_id = A\nsecret_access_key = S\nendpoint = minio.example.com:9000\n\
         acl = public-read\nstorage_class = STANDARD_IA\nforce_path_style = true\nsse_customer_key_base64 = QUJD\nupload_concurrency = 8\n\
         use_dual_stack = true\nuse_accelerate_endpoint = false\nnovelty = 1\nrequester_pays = maybe\n\
         [old]\ntype = s3\nprovider = AWS\nenv_auth = true\nprofile = work\nregion = eu-west-1\nv2_auth = true\n\
         [open]\ntype = s3\nprovider = TencentCOS\nendpoint = cos.example.com\n\
         [photos]\ntype = alias\nremote = media:bucket/photos/2024\n\
         [lost]\ntype = alias\nremote = gone:bucket\n[drive]\ntype = drive\n",
        TextKind::Rclone,
    );
    let shape: Vec<_> = (found.connections.iter())
        .map(|one| (one.name.as_str(), one.credentials, one.based_on))
        .collect();
    assert_eq!(
        shape,
        [
            ("media", CredentialMode::Auto, None),
            ("old", CredentialMode::Profile, None),
            ("open", CredentialMode::Anonymous, None),
            ("photos", CredentialMode::Auto, Some(0)),
        ]
    );
    assert_eq!(
        values(&found.connections[0]),
        json!({
            "AWS_ACCESS_KEY_ID": "A",
            "AWS_SECRET_ACCESS_KEY": "S",
            "AWS_S3_SIGNATURE_VERSION": "s3v4",
            "AWS_S3_ENDPOINT_URL": "https://minio.example.com:9000",
            "AWS_S3_ADDRESSING_STYLE": "path",
            "AWS_S3_OBJECT_PARAMETERS": {"StorageClass": "STANDARD_IA", "SSECustomerKey": {"$b64": "QUJD"}},
            "AWS_DEFAULT_ACL": "public-read",
        })
    );
    assert_eq!(
        values(&found.connections[1]),
        json!({"AWS_S3_SESSION_PROFILE": "work", "AWS_S3_REGION_NAME": "eu-west-1", "AWS_S3_SIGNATURE_VERSION": "s3"})
    );
    assert_eq!(
        values(&found.connections[2])["AWS_S3_ADDRESSING_STYLE"],
        "virtual"
    );
    assert_eq!(
        values(&found.connections[3]),
        json!({"AWS_STORAGE_BUCKET_NAME": "bucket", "AWS_LOCATION": "photos/2024"})
    );
    assert_eq!(
        told(&found),
        [
            "11: 2 settings steer only rclone and have no meaning here: upload_concurrency, use_accelerate_endpoint",
            "12: use_dual_stack has no counterpart in django-storages",
            "14: novelty is not known here among rclone remotes",
            "15: requester_pays needs true or false",
            "30: lost leads to gone, which is not in this text",
            "33: drive is a remote of the type drive, not s3",
        ]
    );
}

#[test]
fn an_encrypted_rclone_config_is_refused_in_words() {
    let found = of(
        "# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nabcd==\n",
        TextKind::Rclone,
    );
    assert_eq!(found.connections, []);
    assert!(
        told(&found)[0].starts_with("3: this line says that the file is encrypted"),
        "{:?}",
        told(&found)
    );
}

#[test]
fn an_s3cmd_config() {
    let text = "[default]\naccess_key = \"A\"\nsecret_key = $S3_SECRET\naccess_token =\nbucket_location = EU\n\
                host_base = s3.example.com\nhost_bucket = %(bucket)s.s3.example.com\nuse_https = True\n\
                check_ssl_certificate = False\nca_certs_file =\nproxy_host = proxy\nproxy_port = 8080\nsignature_v2 = True\n\
                acl_public = yes\nserver_side_encryption = True\nkms_key = k1\nstorage_class = GLACIER\n\
                add_headers = Cache-Control: max-age=1, X-Amz-Meta-A: b, X-Odd: c\ncloudfront_host = cloudfront.amazonaws.com\n\
                default_mime_type = binary/octet-stream\nencrypt = True\nexpiry_days =\ngpg_command = /usr/bin/gpg\nwhat is this\nodd = 1\n\
                use_mime_magic = True\nguess = x\n";
    let found = read(text, None, &Environment::of([("S3_SECRET", "S")]));
    assert_eq!(found.kind, TextKind::S3cmd);
    assert_eq!(
        values(&found.connections[0]),
        json!({
            "AWS_ACCESS_KEY_ID": "A",
            "AWS_SECRET_ACCESS_KEY": "S",
            "AWS_S3_REGION_NAME": "eu-west-1",
            "AWS_S3_SIGNATURE_VERSION": "s3",
            "AWS_S3_ENDPOINT_URL": "https://s3.example.com",
            "AWS_S3_ADDRESSING_STYLE": "virtual",
            "AWS_S3_VERIFY": false,
            "AWS_S3_PROXIES": {"http": "http://proxy:8080", "https": "http://proxy:8080"},
            "AWS_S3_OBJECT_PARAMETERS": {
                "StorageClass": "GLACIER",
                "ServerSideEncryption": "aws:kms",
                "SSEKMSKeyId": "k1",
                "CacheControl": "max-age=1",
                "Metadata": {"a": "b"},
            },
            "AWS_DEFAULT_ACL": "public-read",
        })
    );
    assert_eq!(
        told(&found),
        [
            "18: add_headers x-odd has no counterpart in django-storages",
            "19: 5 settings steer only s3cmd and have no meaning here: cloudfront_host, default_mime_type, expiry_days, \
             gpg_command, use_mime_magic",
            "21: encrypt has no counterpart in django-storages",
            "24: this line is neither a [section] nor NAME = VALUE",
            "25: odd is not known here among s3cmd config",
            "27: guess is not known here among s3cmd config",
        ]
    );
    let unset = read(text, None, &Environment::default());
    assert_eq!(
        told(&unset)[0],
        "3: secret_key lies in the variable S3_SECRET, which is not set here; set it by hand"
    );
    let amazon = of(
        "access_key=A\nsecret_key=B\nhost_base = s3.amazonaws.com\nhost_bucket = %(bucket)s.s3.amazonaws.com\nuse_https = no\n",
        TextKind::S3cmd,
    );
    assert_eq!(
        values(&amazon.connections[0]),
        json!({
            "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B", "AWS_S3_SIGNATURE_VERSION": "s3v4", "AWS_S3_USE_SSL": false,
        })
    );
}

#[test]
fn bad_json_names_its_line() {
    let cases = [
        (
            "{\n  \"cooperage\": 1,\n  oops\n}",
            "3: this line does not read",
        ),
        (
            "{\"cooperage\": 1}",
            "1: the text is not in the form that Cooperage exports",
        ),
        (
            "{\"cooperage\": 1, \"connections\": [{\n\"settings\": {\n\"AWS_QUERYSTRING_EXPIRE\": \"soon\"}}]}",
            "3: AWS_QUERYSTRING_EXPIRE needs a whole number, not a text",
        ),
        (
            "{\"cooperage\": 1, \"connections\": [{\n\"name\": \"a\",\n\"kind\": \"odd\"}]}",
            "3: kind is not in the form that Cooperage exports",
        ),
    ];
    for (text, sentence) in cases {
        let found = read(text, Some(TextKind::Json), &Environment::default());
        assert_eq!(told(&found), [sentence], "{text}");
        assert_eq!(found.failures(), 1);
    }
}

#[test]
fn a_place_in_a_dictionary_leaves_the_rest_readable() {
    let found = read(
        "import os\nSTORAGES = {\n  'default': {\n    'BACKEND': 'storages.backends.s3.S3Storage',\n    'OPTIONS': {\n\
         'bucket_name': 'media',\n'secret_key': os.environ['SECRET'],\n'location': BASE / 'x',\n\
         'object_parameters': {'CacheControl': 'a', 'SSECustomerKey': os.environ['KEY']},\n'region_name': 'eu-west-1',\n},\n},\n}\n",
        None,
        &Environment::default(),
    );
    assert_eq!(
        values(&found.connections[0]),
        json!({
            "AWS_S3_REGION_NAME": "eu-west-1",
            "AWS_STORAGE_BUCKET_NAME": "media",
            "AWS_S3_OBJECT_PARAMETERS": {"CacheControl": "a"},
        })
    );
    assert_eq!(
        told(&found),
        [
            "7: secret_key lies in the variable SECRET, which is not set here; set it by hand",
            "9: object_parameters[\"SSECustomerKey\"] lies in the variable KEY, which is not set here; set it by hand",
            "8: location uses BASE, which is not assigned here",
        ]
    );
    let values = &found.connections[0].values;
    assert_eq!(values.get(OptionId::Location), None::<&Value>);
}
