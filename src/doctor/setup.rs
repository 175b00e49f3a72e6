//! Who is examined, read off the settings without asking anybody.

use super::{Patient, permissions};
use crate::domain::diagnosis::{Answer, SetOption, Setup};
use crate::domain::{CredentialSpec, Prefix, Verify};
use crate::settings::profiles::active_profile;
use crate::settings::{CredentialMode, OptionId, Source, summary, without_user};

/// What a report may say about the connection.
#[must_use]
pub fn setup_of(patient: &Patient) -> Setup {
    let config = &patient.inspected.resolved.config;
    let host = patient
        .storage
        .as_ref()
        .ok()
        .and_then(|storage| storage.request_host().ok());
    let bucket = config.bucket.clone();
    let prefix = Prefix::new(config.location.trim_start_matches('/'));
    let uploads = (patient.storage.as_ref().ok())
        .map(|storage| permissions::test_headers(storage, prefix.as_str()))
        .unwrap_or_default();
    let in_host = match (&host, &bucket) {
        (Some(host), Some(bucket)) => host.starts_with(&format!("{bucket}.")),
        _ => true,
    };
    Setup {
        connection: patient.connection.name.clone(),
        bucket,
        keys_only: patient.keys_only,
        prefix: prefix.as_str().to_owned(),
        region: config
            .region
            .clone()
            .unwrap_or_else(|| "us-east-1".to_owned()),
        endpoint: config.endpoint.as_deref().map(without_user),
        token_service: (patient.storage.as_ref().ok())
            .map(|storage| without_user(storage.sts_url())),
        host,
        account: (patient.storage.as_ref().ok())
            .and_then(|storage| storage.endpoint_url().ok())
            .map(|url| without_user(&url)),
        path_style: !in_host,
        style: Answer::of_style(config.addressing),
        profile: match &config.credentials {
            CredentialSpec::Profile(name) => Some(name.clone()),
            CredentialSpec::Chain
                if patient.connection.credentials != CredentialMode::Anonymous =>
            {
                Some(active_profile(&patient.environment).to_owned())
            }
            _ => None,
        },
        unsigned: config.credentials == CredentialSpec::Anonymous,
        system: std::env::consts::OS,
        unverified: config.verify == Verify::Off,
        ca_file: match &config.verify {
            Verify::CaFile(path) => Some(path.display().to_string()),
            _ => None,
        },
        storage_class: uploads.storage_class,
        locks: uploads.locks,
        settings: settings_of(patient),
    }
}

/// What is not left at its default, in a few words.
fn settings_of(patient: &Patient) -> Vec<SetOption> {
    let options = &patient.inspected.resolved.options;
    let set = OptionId::all().filter_map(|option| {
        let effective = options.get(option);
        let value = summary(option, &effective.value);
        (effective.source != Source::Default).then(|| SetOption {
            name: option.name(),
            value: if option == OptionId::Endpoint {
                without_user(&value)
            } else {
                value
            },
            source: effective.source.to_string(),
        })
    });
    set.collect()
}
