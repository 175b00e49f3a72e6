//! A connection together with what it inherits, for forms that know no parents.
//!
//! Each half of the key pair comes whole from the nearest connection that says anything about it, as credentials are
//! searched; and what a static storage class would not heed in a parent is not inherited.

use std::collections::BTreeSet;

use crate::domain::Secret;
use crate::settings::{
    Connection, CredentialMode, OptionId, SecretSlot, StorageKind, Value, Values,
};

use super::cell::Cell;
use super::omission::OmissionReason;
use super::pen::Pen;

/// The halves of the key pair: the S3-specific option and the general one.
const HALVES: [[OptionId; 2]; 2] = [
    [OptionId::S3AccessKey, OptionId::AccessKey],
    [OptionId::S3SecretKey, OptionId::SecretKey],
];

/// What holds for a connection.
pub(in crate::exchange) struct Merged<'a> {
    pub connection: &'a Connection,
    /// The kind that its class says, or its own.
    pub kind: StorageKind,
    values: Values,
    /// Secrets that the keyring has and that are not at hand.
    kept: BTreeSet<SecretSlot>,
    token: Option<Option<Secret>>,
    inherits: bool,
    rules: usize,
}

impl<'a> Merged<'a> {
    pub(super) fn new(connection: &'a Connection, parents: &[&Connection]) -> Self {
        let layers = || std::iter::once(connection).chain(parents.iter().copied());
        let mut values = Values::default();
        let mut kept = BTreeSet::new();
        for option in OptionId::all() {
            let half = HALVES.iter().find(|half| half.contains(&option));
            let group: &[OptionId] = half.map_or(std::slice::from_ref(&option), |half| half);
            let says = |one: &&Connection| group.iter().any(|option| is_said(one, *option));
            let Some(nearest) = layers().find(says) else {
                continue;
            };
            if let Some(value) = nearest.values.get(option) {
                values.set(option, value.clone());
            } else if is_said(nearest, option) {
                kept.insert(SecretSlot::Option(option));
            }
            let customer_key = SecretSlot::CustomerKey(None);
            if option == OptionId::ObjectParameters
                && nearest.kept_secrets.contains(&customer_key)
                && !nearest.has_at_hand(&customer_key)
            {
                kept.insert(customer_key);
            }
        }
        let token = layers().find_map(|one| {
            let is_kept = one.kept_secrets.contains(&SecretSlot::SessionToken);
            let own = one.session_token.clone().filter(|token| !token.is_empty());
            own.map(Some).or(is_kept.then_some(None))
        });
        let rules = layers().map(|one| one.rules.len()).find(|count| *count > 0);
        let kind = kind(connection, &values);
        if kind != StorageKind::Default && connection.values.get(OptionId::SignLinks).is_none() {
            values.reset(OptionId::SignLinks);
        }
        Self {
            connection,
            kind,
            values,
            kept,
            token,
            inherits: !parents.is_empty(),
            rules: rules.unwrap_or(0),
        }
    }

    /// The value of an option.
    pub(super) fn value(&self, option: OptionId) -> Option<&Value> {
        self.values.get(option)
    }

    /// All values at hand.
    #[cfg(test)]
    pub(in crate::exchange) const fn values(&self) -> &Values {
        &self.values
    }

    /// True when an option is set here, at hand or not.
    pub(in crate::exchange) fn is_set(&self, option: OptionId) -> bool {
        self.values.get(option).is_some() || self.kept.contains(&SecretSlot::Option(option))
    }

    /// An option as it is to be written; `None` when it is not set.
    pub(super) fn cell(&self, option: OptionId, pen: &Pen) -> Option<Cell> {
        let key_is_kept = self.kept.contains(&SecretSlot::CustomerKey(None));
        match self.value(option) {
            Some(Value::Map(map)) if option == OptionId::ObjectParameters => {
                Some(Cell::parameters(map, key_is_kept, pen))
            }
            None if option == OptionId::ObjectParameters && key_is_kept => {
                Some(Cell::parameters(&serde_json::Map::new(), true, pen))
            }
            value => self.is_set(option).then(|| Cell::of(option, value, pen)),
        }
    }

    /// The session token; the inner `None` when it is not at hand.
    pub(in crate::exchange) fn token(&self) -> Option<Option<&Secret>> {
        self.token.as_ref().map(Option::as_ref)
    }

    /// The class of its storage, and the setting that names it.
    pub(in crate::exchange) fn class(&self) -> (OptionId, &str) {
        let option = class_option(self.kind);
        let own = self.value(option).and_then(Value::as_text);
        let own = own.filter(|text| !text.is_empty());
        (option, own.unwrap_or_else(|| self.kind.class_path()))
    }

    /// Both halves of the key pair that the S3-specific options have something to do with.
    pub(super) fn is_s3_specific(&self, option: OptionId) -> bool {
        HALVES
            .iter()
            .any(|half| half.contains(&option) && self.is_set(half[0]))
    }

    /// Notes what no form but JSON holds.
    pub(super) fn say_what_is_left_out(&self, pen: &mut Pen) {
        if pen.with_secrets {
            for slot in &self.kept {
                pen.omit(&slot.name(), OmissionReason::NotAtHand);
            }
            if self.token == Some(None) {
                pen.omit(&SecretSlot::SessionToken.name(), OmissionReason::NotAtHand);
            }
        }
        let mode = self.connection.credentials;
        if mode != CredentialMode::Auto {
            let name = "Where credentials are looked for";
            pen.omit(name, OmissionReason::Mode(mode));
        }
        match self.rules {
            0 => {}
            1 => pen.omit(
                "Upload parameters by key (1 rule)",
                OmissionReason::RulesNeedAClass,
            ),
            count => {
                let name = format!("Upload parameters by key ({count} rules)");
                pen.omit(&name, OmissionReason::RulesNeedAClass);
            }
        }
        if self.inherits {
            pen.omit("Inherited settings", OmissionReason::Resolved);
        }
    }
}

/// The setting that names the class of a kind.
pub(super) const fn class_option(kind: StorageKind) -> OptionId {
    match kind {
        StorageKind::Default => OptionId::DefaultStorage,
        StorageKind::Static | StorageKind::ManifestStatic => OptionId::StaticStorage,
    }
}

/// As resolution finds it.
pub(super) fn kind(connection: &Connection, values: &Values) -> StorageKind {
    values
        .get(class_option(connection.kind))
        .and_then(|value| StorageKind::of_class(value.as_text()?))
        .unwrap_or(connection.kind)
}

fn is_said(one: &Connection, option: OptionId) -> bool {
    one.values.get(option).is_some() || one.kept_secrets.contains(&SecretSlot::Option(option))
}
