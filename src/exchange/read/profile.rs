//! AWS profiles: as text with their keys, or one of the shared files by its name.
//!
//! Text of both shared files may stand in one: `[profile NAME]` and `[NAME]` make one profile, and what the credentials
//! file would say wins. A profile taken by its name brings no keys along; they stay where they are.

use std::collections::BTreeMap;

use crate::domain::{Secret, Verify};
use crate::settings::ini::Ini;
use crate::settings::{
    CredentialMode, Environment, Imported, ImportedConnection, OptionId, RemarkReason, StorageKind,
    TextKind, Unresolved, Value,
};

use super::section::{Entries, EntryClass, Section, sections};

/// Keys whose values only AWS tools can make credentials of.
const WORKED_OUT: &[&str] = &[
    "role_arn",
    "source_profile",
    "credential_source",
    "external_id",
    "mfa_serial",
    "role_session_name",
    "duration_seconds",
    "web_identity_token_file",
    "credential_process",
    "sso_session",
    "sso_account_id",
    "sso_role_name",
    "sso_start_url",
    "sso_region",
    "sso_registration_scopes",
];

/// Keys that only the AWS command line and the SDKs heed.
const STEERING: &[&str] = &[
    "output",
    "parameter_validation",
    "retry_mode",
    "max_attempts",
    "sts_regional_endpoints",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "metadata_service_timeout",
    "metadata_service_num_attempts",
    "defaults_mode",
    "tcp_keepalive",
    "sdk_ua_app_id",
    "api_versions",
    "plugins",
    "login_session",
];

/// Transfer settings of the command line in the `s3 =` block.
const STEERING_S3: &[&str] = &[
    "max_concurrent_requests",
    "max_queue_size",
    "multipart_threshold",
    "multipart_chunksize",
    "max_bandwidth",
    "io_chunksize",
    "preferred_transfer_client",
    "target_bandwidth",
];

const TAKEN: &[&str] = &[
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "region",
    "endpoint_url",
    "ca_bundle",
    "s3",
    "services",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "request_checksum_calculation",
    "response_checksum_validation",
    "ignore_configured_endpoint_urls",
];

/// True for a key of AWS profiles.
pub(super) fn knows(key: &str) -> bool {
    let lists = [TAKEN, WORKED_OUT, STEERING];
    lists.iter().any(|list| list.contains(&key)) || key.starts_with("cli_")
}

/// The profiles of a text, and its blocks of services.
#[derive(Default)]
struct Blocks {
    /// Entries, and the line of the first heading.
    profiles: BTreeMap<String, (usize, Entries)>,
    services: BTreeMap<String, Entries>,
}

impl Blocks {
    fn add(&mut self, ini: Ini, is_config: Option<bool>) {
        let mut credentials = Vec::new();
        for section in ini.sections {
            let (word, rest) = section.name.split_once([' ', '\t']).unwrap_or_default();
            let name = rest.trim().trim_matches(['"', '\'']).to_owned();
            match (word, is_config) {
                ("profile", None | Some(true)) => self.put(name, section.line, section.entries),
                ("services", None | Some(true)) => {
                    self.services
                        .entry(name)
                        .or_default()
                        .extend(section.entries);
                }
                ("sso-session", None | Some(true)) => {}
                (_, Some(true)) if section.name != "default" => {}
                _ => credentials.push(section),
            }
        }
        for section in credentials {
            self.put(section.name, section.line, section.entries);
        }
    }

    fn put(&mut self, name: String, line: usize, entries: Entries) {
        let own = self
            .profiles
            .entry(name)
            .or_insert_with(|| (line, Entries::new()));
        own.1.extend(entries);
    }
}

/// Reads a text with profiles.
pub(super) fn read(text: &str) -> Imported {
    let mut imported = Imported::of(TextKind::Profile);
    let ini = sections(text, &mut imported);
    let mut blocks = Blocks::default();
    blocks.add(ini, None);
    let mut profiles: Vec<_> = blocks.profiles.iter().collect();
    profiles.sort_by_key(|(_, (line, _))| *line);
    for (name, (line, entries)) in profiles {
        let mut section = Section::new(entries);
        let mut made = ImportedConnection::new(name, StorageKind::Default);
        take_keys(&mut made, &mut section, *line, &mut imported);
        take_settings(&mut made, &mut section, &blocks.services, &mut imported);
        section.report(&mut imported, class);
        if !made.is_empty() {
            imported.connections.push(made);
        }
    }
    imported.sort();
    imported
}

/// Makes a connection of a profile of the shared files. Credentials, region, certificates and signature keep coming from
/// there; what Django would not take from the profile is copied.
#[must_use]
pub fn read_profile(name: &str, environment: &Environment) -> Imported {
    let mut imported = Imported::of(TextKind::Profile);
    let mut blocks = Blocks::default();
    blocks.add(Ini::parse(environment.config.text()), Some(true));
    blocks.add(Ini::parse(environment.credentials.text()), Some(false));
    let Some((_, entries)) = blocks.profiles.get(name) else {
        imported.remark(0, name, RemarkReason::NoSuchProfile);
        return imported;
    };
    let mut section = Section::new(entries);
    let mut made = ImportedConnection::new(name, StorageKind::Default);
    take_settings(&mut made, &mut section, &blocks.services, &mut imported);
    for option in [
        OptionId::Region,
        OptionId::Verify,
        OptionId::SignatureVersion,
    ] {
        made.values.reset(option);
    }
    made.credentials = CredentialMode::Profile;
    made.values.set(OptionId::SessionProfile, Value::text(name));
    imported.connections.push(made);
    // What is left acts through the profile, or never acts.
    imported.remarks.clear();
    imported
}

fn take_keys(
    made: &mut ImportedConnection,
    section: &mut Section<'_>,
    line: usize,
    imported: &mut Imported,
) {
    let id = section.text("aws_access_key_id");
    let secret = section.text("aws_secret_access_key");
    if let Some(id) = id {
        made.values.set(OptionId::AccessKey, Value::text(id));
    }
    if let Some(secret) = secret {
        made.values.set(OptionId::SecretKey, Value::secret(secret));
    }
    let missing = match (id, secret) {
        (Some(_), None) => Some("aws_secret_access_key"),
        (None, Some(_)) => Some("aws_access_key_id"),
        _ => None,
    };
    imported.unresolved.extend(missing.map(|name| Unresolved {
        line,
        name: name.to_owned(),
        variable: None,
    }));
    let older = section.text("aws_security_token");
    let token = section.text("aws_session_token").or(older);
    made.session_token = token.map(Secret::new);
}

fn take_settings(
    made: &mut ImportedConnection,
    section: &mut Section<'_>,
    services: &BTreeMap<String, Entries>,
    imported: &mut Imported,
) {
    let of_service = section
        .text("services")
        .and_then(|name| services.get(name)?.get("s3"))
        .and_then(|s3| s3.nested().get("endpoint_url").map(|url| (*url).to_owned()));
    let general = section.text("endpoint_url").map(str::to_owned);
    if let Some(endpoint) = of_service.or(general) {
        made.values.set(OptionId::Endpoint, Value::text(endpoint));
    }
    if let Some(region) = section.text("region") {
        made.values.set(OptionId::Region, Value::text(region));
    }
    if let Some(path) = section.text("ca_bundle") {
        let verify = Verify::CaFile(path.into());
        made.values.set(OptionId::Verify, Value::Verify(verify));
    }
    let Some(s3) = section.entry("s3") else {
        return;
    };
    let mut steering = Vec::new();
    for (offset, nested) in s3.value.lines().enumerate() {
        let Some((key, value)) = nested.split_once('=') else {
            continue;
        };
        // The first line of the entry is that of `s3 =` itself.
        let (line, key, value) = (s3.line + offset, key.trim(), value.trim());
        match key {
            "addressing_style" => made
                .values
                .set(OptionId::AddressingStyle, Value::text(value)),
            "signature_version" => made
                .values
                .set(OptionId::SignatureVersion, Value::text(value)),
            key if STEERING_S3.contains(&key) => steering.push((key.to_owned(), line)),
            key => imported.remark(line, &format!("s3 {key}"), RemarkReason::NoCounterpart),
        }
    }
    if let Some((_, line)) = steering.first() {
        let kind = TextKind::Profile;
        let names = steering.iter().map(|(key, _)| key.clone()).collect();
        imported.remark(*line, "", RemarkReason::OnlyForTool { kind, names });
    }
}

fn class(key: &str, _: &str) -> EntryClass {
    if WORKED_OUT.contains(&key) {
        EntryClass::Matters(RemarkReason::NeedsSharedFiles)
    } else if STEERING.contains(&key) || key.starts_with("cli_") {
        EntryClass::Steers
    } else if TAKEN.contains(&key) {
        EntryClass::NO_COUNTERPART
    } else {
        EntryClass::unknown(TextKind::Profile)
    }
}
