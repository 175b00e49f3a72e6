//! What the settings of a connection need beside the uses that people tick.

use serde_json::Value;

use crate::domain::StorageConfig;
use crate::domain::diagnosis::{PolicyExtras, PolicyForm, PolicyScope, PolicyUse, PolicyWish};

/// What uploads with these settings need: tags, ACLs, locks, a key. Rules count for the whole connection.
#[must_use]
pub fn extras_of(config: &StorageConfig) -> PolicyExtras {
    let rules = &config.object_parameters.rules;
    let all = config
        .object_parameters
        .all
        .iter()
        .chain(rules.iter().flat_map(|rule| &rule.parameters));
    let mut extras = PolicyExtras {
        acl: (config.default_acl.as_deref()).is_some_and(|acl| !acl.is_empty()),
        ..PolicyExtras::default()
    };
    for (name, value) in all {
        if matches!(value, Value::Null) || value.as_str() == Some("") {
            continue;
        }
        match name.as_str() {
            "Tagging" => extras.tags = true,
            "ACL" | "GrantFullControl" | "GrantRead" | "GrantReadACP" | "GrantWriteACP" => {
                extras.acl = true;
            }
            "ObjectLockMode" | "ObjectLockRetainUntilDate" => extras.retention = true,
            "ObjectLockLegalHoldStatus" => extras.legal_hold = true,
            "SSEKMSKeyId" => extras.kms_key = value.as_str().map(str::to_owned),
            _ => {}
        }
    }
    extras
}

/// The wish that a connection suggests for one place: everything but versions, for an identity.
#[must_use]
pub fn wish_for(config: &StorageConfig, bucket: &str, prefix: &str) -> PolicyWish {
    let uses = PolicyUse::ALL
        .into_iter()
        .filter(|one| *one != PolicyUse::Versions)
        .collect();
    PolicyWish {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        region: config.region.clone(),
        scope: PolicyScope::Least(uses),
        form: PolicyForm::Identity,
        extras: extras_of(config),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{ObjectParameters, ParameterRule};

    #[test]
    fn only_what_the_settings_use_is_asked_for() {
        let mut config = StorageConfig::default();
        assert_eq!(extras_of(&config), PolicyExtras::default());
        config.object_parameters = ObjectParameters {
            all: vec![
                ("Tagging".to_owned(), json!("a=b")),
                ("ACL".to_owned(), Value::Null),
                ("SSEKMSKeyId".to_owned(), json!("alias/media")),
            ],
            rules: vec![ParameterRule {
                glob: "**".to_owned(),
                parameters: vec![("ObjectLockMode".to_owned(), json!("GOVERNANCE"))],
            }],
        };
        let extras = extras_of(&config);
        assert!(extras.tags && extras.retention && !extras.acl && !extras.legal_hold);
        assert_eq!(extras.kms_key.as_deref(), Some("alias/media"));
        config.default_acl = Some("public-read".to_owned());
        assert!(extras_of(&config).acl);
    }
}
