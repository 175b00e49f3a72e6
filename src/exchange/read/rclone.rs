//! rclone remotes. Every remote of the type `s3` makes a connection; an `alias` of one makes a connection to its bucket and
//! prefix, based on it.
//!
//! The names are those of rclone's S3 backend. Secrets of S3 remotes stand there in clear; only a whole encrypted file
//! cannot be read.

use serde_json::{Map, Value as Json, json};

use crate::domain::Secret;
use crate::settings::slot::CUSTOMER_KEY;
use crate::settings::{
    CredentialMode, Imported, ImportedConnection, OptionId, RemarkReason, StorageKind, TextKind,
    Value,
};

use super::section::{EntryClass, Section, sections, truth};

/// Providers that rclone addresses by host on their own endpoints.
const BY_HOST: &[&str] = &["Alibaba", "Netease", "TencentCOS"];

/// Text settings that say an upload parameter.
const PARAMETERS: &[(&str, &str)] = &[
    ("storage_class", "StorageClass"),
    ("server_side_encryption", "ServerSideEncryption"),
    ("sse_kms_key_id", "SSEKMSKeyId"),
    ("sse_customer_algorithm", "SSECustomerAlgorithm"),
    ("sse_customer_key", CUSTOMER_KEY),
    ("sse_customer_key_md5", "SSECustomerKeyMD5"),
];

/// Settings that would change requests or where they go.
const MATTERS: &[&str] = &[
    "bucket_acl",
    "bucket_object_lock_enabled",
    "directory_markers",
    "download_url",
    "ibm_api_key",
    "ibm_iam_endpoint",
    "ibm_resource_instance_id",
    "location_constraint",
    "object_lock_legal_hold_status",
    "object_lock_mode",
    "object_lock_retain_until_date",
    "role_arn",
    "role_external_id",
    "role_session_duration",
    "role_session_name",
    "shared_credentials_file",
    "sts_endpoint",
    "sts_region",
    "use_accelerate_endpoint",
    "use_arn_region",
    "use_dual_stack",
];

/// Settings of rclone's own way of working.
const STEERING: &[&str] = &[
    "chunk_size",
    "copy_cutoff",
    "decompress",
    "description",
    "disable_checksum",
    "disable_http2",
    "encoding",
    "leave_parts_on_error",
    "list_chunk",
    "list_url_encode",
    "list_version",
    "max_upload_parts",
    "memory_pool_flush_time",
    "memory_pool_use_mmap",
    "might_gzip",
    "no_check_bucket",
    "no_head",
    "no_head_object",
    "no_system_metadata",
    "sdk_log_mode",
    "sign_accept_encoding",
    "upload_concurrency",
    "upload_cutoff",
    "use_accept_encoding_gzip",
    "use_already_exists",
    "use_data_integrity_protections",
    "use_multipart_etag",
    "use_multipart_uploads",
    "use_presigned_request",
    "use_unsigned_payload",
    "use_x_id",
    "version_at",
    "version_deleted",
    "versions",
];

/// Reads `rclone.conf` or a part of it.
pub(super) fn read(text: &str) -> Imported {
    let mut imported = Imported::of(TextKind::Rclone);
    let encrypted = |line: &str| line.trim_start().starts_with("RCLONE_ENCRYPT_V");
    if let Some(at) = text.lines().position(encrypted) {
        imported.remark(at + 1, "", RemarkReason::Encrypted);
        return imported;
    }
    let ini = sections(text, &mut imported);
    let mut aliases = Vec::new();
    for section in &ini.sections {
        let mut entries = Section::new(&section.entries);
        match entries.text("type") {
            Some("s3") => {
                let remote = remote(&section.name, &mut entries, &mut imported);
                entries.report(&mut imported, class);
                imported.connections.push(remote);
            }
            Some("alias") => aliases.push(section),
            Some(other) => {
                let reason = RemarkReason::OtherRemote(other.to_owned());
                imported.remark(section.line, &section.name, reason);
            }
            None => {
                let reason = RemarkReason::WrongValue("a line type = s3");
                imported.remark(section.line, &section.name, reason);
            }
        }
    }
    for section in aliases {
        let mut entries = Section::new(&section.entries);
        entries.text("type");
        alias(&section.name, section.line, &mut entries, &mut imported);
        entries.report(&mut imported, class);
    }
    imported.sort();
    imported
}

fn remote(name: &str, section: &mut Section<'_>, imported: &mut Imported) -> ImportedConnection {
    let mut made = ImportedConnection::new(name, StorageKind::Default);
    take_credentials(&mut made, section, imported);
    take_place(&mut made, section, imported);
    if let Some(acl) = section.text("acl") {
        made.values.set(OptionId::DefaultAcl, Value::text(acl));
    }
    let mut parameters: Map<String, Json> = PARAMETERS
        .iter()
        .filter_map(|(key, name)| Some(((*name).to_owned(), section.text(key)?.into())))
        .collect();
    if let Some(key) = section.text("sse_customer_key_base64") {
        parameters.insert(CUSTOMER_KEY.to_owned(), json!({ "$b64": key }));
    }
    if section.truth("requester_pays", imported) == Some(true) {
        parameters.insert("RequestPayer".to_owned(), "requester".into());
    }
    if !parameters.is_empty() {
        let parameters = Value::Map(parameters);
        made.values.set(OptionId::ObjectParameters, parameters);
    }
    made
}

/// Keys come first; without them the environment, if that is allowed; else nothing is signed.
fn take_credentials(
    made: &mut ImportedConnection,
    section: &mut Section<'_>,
    imported: &mut Imported,
) {
    let id = section.text("access_key_id");
    let secret = section.text("secret_access_key");
    let of_environment = section.truth("env_auth", imported) == Some(true);
    let profile = section.text("profile");
    made.session_token = section.text("session_token").map(Secret::new);
    if let Some(id) = id {
        made.values.set(OptionId::AccessKey, Value::text(id));
    }
    if let Some(secret) = secret {
        made.values.set(OptionId::SecretKey, Value::secret(secret));
    }
    if id.is_some() || secret.is_some() {
        return;
    }
    match profile.filter(|_| of_environment) {
        Some(profile) => {
            made.values
                .set(OptionId::SessionProfile, Value::text(profile));
            made.credentials = CredentialMode::Profile;
        }
        None if of_environment => {}
        None => made.credentials = CredentialMode::Anonymous,
    }
}

/// Region, endpoint, addressing and signature.
fn take_place(made: &mut ImportedConnection, section: &mut Section<'_>, imported: &mut Imported) {
    let provider = section.text("provider").unwrap_or_default();
    let endpoint = section.text("endpoint");
    if let Some(endpoint) = endpoint {
        let url = if endpoint.contains("://") {
            endpoint.to_owned()
        } else {
            format!("https://{endpoint}")
        };
        made.values.set(OptionId::Endpoint, Value::text(url));
    }
    let style = match section.truth("force_path_style", imported) {
        Some(true) => Some("path"),
        Some(false) => Some("virtual"),
        None if endpoint.is_some() && BY_HOST.contains(&provider) => Some("virtual"),
        None => None,
    };
    if let Some(style) = style {
        made.values
            .set(OptionId::AddressingStyle, Value::text(style));
    }
    let region = section.text("region");
    // The name that rclone once had for the older signature.
    let is_old = region == Some("other-v2-signature");
    if let Some(region) = region.filter(|_| !is_old) {
        made.values.set(OptionId::Region, Value::text(region));
    }
    let v2 = section.truth("v2_auth", imported) == Some(true) || is_old;
    // rclone signs all with version 4 unless told otherwise, links included.
    let version = if v2 { "s3" } else { "s3v4" };
    made.values
        .set(OptionId::SignatureVersion, Value::text(version));
}

/// `remote = media:bucket/prefix`.
fn alias(name: &str, line: usize, section: &mut Section<'_>, imported: &mut Imported) {
    let target = section.text("remote").unwrap_or_default();
    let (remote, path) = target.split_once(':').unwrap_or((target, ""));
    let parent = (imported.connections)
        .iter()
        .position(|one| one.name == remote && one.based_on.is_none());
    let Some(parent) = parent else {
        let reason = RemarkReason::RemoteMissing(remote.to_owned());
        return imported.remark(line, name, reason);
    };
    let mut made = ImportedConnection::new(name, StorageKind::Default);
    made.based_on = Some(parent);
    made.credentials = imported.connections[parent].credentials;
    let path = path.trim_matches('/');
    let (bucket, location) = path.split_once('/').unwrap_or((path, ""));
    if !bucket.is_empty() {
        made.values.set(OptionId::Bucket, Value::text(bucket));
    }
    if !location.is_empty() {
        made.values.set(OptionId::Location, Value::text(location));
    }
    imported.connections.push(made);
}

fn class(key: &str, value: &str) -> EntryClass {
    if MATTERS.contains(&key) {
        // Said to be off is what holds anyway.
        if value.is_empty() || truth(value) == Some(false) {
            EntryClass::Steers
        } else {
            EntryClass::NO_COUNTERPART
        }
    } else if STEERING.contains(&key) {
        EntryClass::Steers
    } else if key == "profile" {
        EntryClass::NO_COUNTERPART
    } else {
        EntryClass::unknown(TextKind::Rclone)
    }
}
