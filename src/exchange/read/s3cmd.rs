//! An s3cmd config: one connection.
//!
//! `s3cmd --configure` writes every setting it has, most with the value that holds anyway; those that steer s3cmd itself
//! are therefore told in one remark. A value that begins with a dollar sign is a variable of the environment.

use serde_json::{Map, Value as Json};

use crate::domain::{Secret, Verify};
use crate::settings::ini::{IniEntry, IniFaultKind};
use crate::settings::parameters::PARAMETERS;
use crate::settings::{
    CredentialMode, Environment, Imported, ImportedConnection, OptionId, RemarkReason, StorageKind,
    TextKind, Unresolved, Value,
};

use super::section::{Entries, EntryClass, Section, truth};

/// Settings that would change requests or what is stored.
const MATTERS: &[&str] = &[
    "check_ssl_hostname",
    "encrypt",
    "expiry_date",
    "expiry_days",
    "expiry_prefix",
    "host_bucket",
    "log_target_prefix",
    "ssl_client_cert_file",
    "ssl_client_key_file",
    "use_http_expect",
];

/// Settings that steer s3cmd itself.
const STEERING: &[&str] = &[
    "acl_grants",
    "acl_revokes",
    "add_encoding_exts",
    "additional_destinations",
    "cache_file",
    "cloudfront_host",
    "cloudfront_resource",
    "connection_max_age",
    "connection_pooling",
    "content_disposition",
    "content_type",
    "debug_exclude",
    "debug_include",
    "default_mime_type",
    "delay_updates",
    "delete_after",
    "delete_after_fetch",
    "delete_removed",
    "destination_url",
    "dry_run",
    "enable",
    "enable_multipart",
    "encoding",
    "exclude",
    "files_from",
    "follow_symlinks",
    "force",
    "get_continue",
    "gpg_command",
    "gpg_decrypt",
    "gpg_encrypt",
    "gpg_passphrase",
    "guess_mime_type",
    "human_readable_sizes",
    "ignore_failed_copy",
    "include",
    "invalidate_default_index_on_cf",
    "invalidate_default_index_root_on_cf",
    "invalidate_on_cf",
    "keep_dirs",
    "limit",
    "limitrate",
    "list_allow_unordered",
    "list_md5",
    "long_listing",
    "max_delete",
    "max_retries",
    "multipart_chunk_size_mb",
    "multipart_copy_chunk_size_mb",
    "multipart_max_chunks",
    "preserve_attrs",
    "progress_class",
    "progress_meter",
    "public_url_use_https",
    "put_continue",
    "recursive",
    "recv_chunk",
    "restore_days",
    "restore_priority",
    "select_cmd",
    "send_chunk",
    "short_listing",
    "signurl_use_https",
    "simpledb_host",
    "skip_destination_validation",
    "skip_existing",
    "socket_timeout",
    "stats",
    "stop_on_error",
    "sync_checks",
    "throttle_max",
    "upload_id",
    "urlencoding_mode",
    "use_mime_magic",
    "verbosity",
    "website_endpoint",
    "website_error",
    "website_index",
];

/// Reads `.s3cfg`.
pub(super) fn read(text: &str, environment: &Environment) -> Imported {
    let mut imported = Imported::of(TextKind::S3cmd);
    let entries = entries(text, environment, &mut imported);
    let mut section = Section::new(&entries);
    let mut made = ImportedConnection::new("s3cmd", StorageKind::Default);
    let given = |key: &str| imported_has(&imported, key);
    let had_keys = entries.contains_key("access_key") || given("access_key") || given("secret_key");
    take_keys(&mut made, &mut section);
    take_place(&mut made, &mut section, &mut imported);
    take_uploads(&mut made, &mut section, &mut imported);
    section.report(&mut imported, class);
    if !had_keys && made.values.is_empty() {
        return imported;
    }
    if made.values.get(OptionId::AccessKey).is_none() && !had_keys {
        // Then s3cmd asks the environment and the computer itself.
        made.credentials = CredentialMode::Auto;
    }
    imported.sort();
    imported.connections.push(made);
    imported
}

fn imported_has(imported: &Imported, key: &str) -> bool {
    imported.unresolved.iter().any(|one| one.name == key)
}

/// All sections count, and lines before the first one. Quotes around a value fall, variables are looked up.
fn entries(text: &str, environment: &Environment, imported: &mut Imported) -> Entries {
    let mut entries = Entries::new();
    for (index, raw) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let (line, trimmed) = (index + 1, raw.trim());
        let is_heading = trimmed.starts_with('[') && trimmed.ends_with(']');
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) || is_heading {
            continue;
        }
        let pair = trimmed
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()));
        let is_word = |key: &str| {
            !key.is_empty()
                && key
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let Some((key, value)) = pair.filter(|(key, _)| is_word(key)) else {
            imported.remark(line, "", RemarkReason::Ini(IniFaultKind::Unreadable));
            continue;
        };
        let plain = value
            .strip_prefix('"')
            .and_then(|inner| inner.strip_suffix('"'));
        let mut value = plain.unwrap_or(value).to_owned();
        if let Some(variable) = value.strip_prefix('$').map(str::to_owned) {
            match environment.found(&variable) {
                Some(found) => found.clone_into(&mut value),
                None => {
                    imported.unresolved.push(Unresolved {
                        line,
                        name: key.to_owned(),
                        variable: Some(variable),
                    });
                    continue;
                }
            }
        }
        entries.insert(key.to_lowercase(), IniEntry { value, line });
    }
    entries
}

fn take_keys(made: &mut ImportedConnection, section: &mut Section<'_>) {
    if let Some(id) = section.text("access_key") {
        made.values.set(OptionId::AccessKey, Value::text(id));
    }
    if let Some(secret) = section.text("secret_key") {
        made.values.set(OptionId::SecretKey, Value::secret(secret));
    }
    made.session_token = section.text("access_token").map(Secret::new);
}

/// Endpoint, region, addressing, signature, certificates and proxy.
fn take_place(made: &mut ImportedConnection, section: &mut Section<'_>, imported: &mut Imported) {
    let mut set = |option, value: &str| made.values.set(option, Value::text(value));
    let host = section.text("host_base").unwrap_or("s3.amazonaws.com");
    let is_amazon = host == "s3.amazonaws.com" || host.contains("%(location)s");
    let uses_ssl = section.truth("use_https", imported).unwrap_or(true);
    if !is_amazon {
        let scheme = if uses_ssl { "https" } else { "http" };
        let url = if host.contains("://") {
            host.to_owned()
        } else {
            format!("{scheme}://{host}")
        };
        set(OptionId::Endpoint, &url);
        // What stands in front of or behind the host decides; on Amazon every tool does the same.
        if let Some(entry) = section.entry("host_bucket") {
            let in_front = entry
                .value
                .strip_prefix("%(bucket)s.")
                .or_else(|| entry.value.strip_prefix("%(bucket)."));
            if in_front == Some(host) {
                set(OptionId::AddressingStyle, "virtual");
            } else if entry.value.contains("%(bucket)") {
                imported.remark(entry.line, "host_bucket", RemarkReason::NoCounterpart);
            } else {
                set(OptionId::AddressingStyle, "path");
            }
        }
    } else if let Some(entry) = section.entry("host_bucket")
        && !entry.value.contains("amazonaws.com")
    {
        imported.remark(entry.line, "host_bucket", RemarkReason::NoCounterpart);
    }
    let region = match section.text("bucket_location") {
        Some("US" | "us") => Some("us-east-1"),
        Some("EU") => Some("eu-west-1"),
        other => other,
    };
    if let Some(region) = region {
        set(OptionId::Region, region);
    }
    let v2 = section.truth("signature_v2", imported) == Some(true);
    set(OptionId::SignatureVersion, if v2 { "s3" } else { "s3v4" });
    if is_amazon && !uses_ssl {
        made.values.set(OptionId::UseSsl, Value::Bool(false));
    }
    let checked = section.truth("check_ssl_certificate", imported);
    let file = section.text("ca_certs_file");
    let verify = match (checked, file) {
        (Some(false), _) => Some(Verify::Off),
        (_, Some(path)) => Some(Verify::CaFile(path.into())),
        _ => None,
    };
    if let Some(verify) = verify {
        made.values.set(OptionId::Verify, Value::Verify(verify));
    }
    let port = section.text("proxy_port").unwrap_or("3128");
    if let Some(host) = section.text("proxy_host") {
        let proxy = format!("http://{host}:{port}");
        let proxies: Map<String, Json> = ["http", "https"]
            .map(|scheme| (scheme.to_owned(), proxy.as_str().into()))
            .into_iter()
            .collect();
        made.values.set(OptionId::Proxies, Value::Map(proxies));
    }
}

fn take_uploads(made: &mut ImportedConnection, section: &mut Section<'_>, imported: &mut Imported) {
    if section.truth("acl_public", imported) == Some(true) {
        made.values
            .set(OptionId::DefaultAcl, Value::text("public-read"));
    }
    let mut parameters = Map::new();
    let mut put = |name: &str, value: &str| parameters.insert(name.to_owned(), value.into());
    if section.truth("reduced_redundancy", imported) == Some(true) {
        put("StorageClass", "REDUCED_REDUNDANCY");
    }
    if let Some(class) = section.text("storage_class") {
        put("StorageClass", class);
    }
    let encrypts = section.truth("server_side_encryption", imported) == Some(true);
    let kms_key = section.text("kms_key");
    if encrypts || kms_key.is_some() {
        put(
            "ServerSideEncryption",
            if kms_key.is_some() {
                "aws:kms"
            } else {
                "AES256"
            },
        );
    }
    if let Some(key) = kms_key {
        put("SSEKMSKeyId", key);
    }
    if let Some(kind) = section.text("mime_type") {
        put("ContentType", kind);
    }
    if section.truth("requester_pays", imported) == Some(true) {
        put("RequestPayer", "requester");
    }
    let mut metadata = Map::new();
    if let Some(entry) = section.entry("add_headers") {
        for header in entry.value.split(',') {
            let (name, value) = header.split_once(':').unwrap_or((header, ""));
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
            let known = PARAMETERS.iter().find(|spec| spec.header == name);
            if let Some(own) = name.strip_prefix("x-amz-meta-") {
                metadata.insert(own.to_owned(), value.into());
            } else if let Some(spec) = known.filter(|_| !name.is_empty()) {
                put(spec.name, value);
            } else {
                let what = format!("add_headers {name}");
                imported.remark(entry.line, &what, RemarkReason::NoCounterpart);
            }
        }
    }
    if !metadata.is_empty() {
        parameters.insert("Metadata".to_owned(), metadata.into());
    }
    if !parameters.is_empty() {
        let parameters = Value::Map(parameters);
        made.values.set(OptionId::ObjectParameters, parameters);
    }
}

fn class(key: &str, value: &str) -> EntryClass {
    if MATTERS.contains(&key) {
        // What holds anyway takes nothing away.
        let usual = if key == "check_ssl_hostname" {
            Some(true)
        } else {
            Some(false)
        };
        if value.is_empty() || value == "None" || truth(value) == usual {
            EntryClass::Steers
        } else {
            EntryClass::NO_COUNTERPART
        }
    } else if STEERING.contains(&key) || key.starts_with("keyring_") {
        EntryClass::Steers
    } else {
        EntryClass::unknown(TextKind::S3cmd)
    }
}
