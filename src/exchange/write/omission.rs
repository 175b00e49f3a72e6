//! What a form does not hold, and why.

use std::fmt;

use crate::settings::CredentialMode;

use super::Form;

/// Something of a connection that a form does not hold, or that is to be known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Omission {
    /// What it is about: the name of an option, or words.
    pub name: String,
    /// Why.
    pub reason: OmissionReason,
}

impl fmt::Display for Omission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.reason)
    }
}

/// Why something is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OmissionReason {
    /// The form has no place for it.
    NotIn(Form),
    /// Its text cannot stand in the form.
    CannotStandIn(Form),
    /// A static storage class heeds no such setting.
    HiddenByClass,
    /// Django searches for credentials in its own order.
    Mode(CredentialMode),
    /// Rules need a class of one's own.
    RulesNeedAClass,
    /// It names the class of another storage.
    OtherStorage,
    /// Only later releases of django-storages read it.
    Since(&'static str),
    /// It was asked for and is not at hand; a place was left.
    NotAtHand,
    /// Secrets were not asked for, and the form cannot mark a place that is read again.
    SecretLeftOut,
    /// What the connection inherits was written as its own.
    Resolved,
}

impl fmt::Display for OmissionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotIn(Form::Profile) => f.write_str("has no place in an AWS profile"),
            Self::NotIn(Form::Env) => f.write_str("has no place in a .env file"),
            Self::NotIn(_) => f.write_str("has no place in Django settings"),
            Self::CannotStandIn(Form::Profile) => {
                f.write_str("holds what a line of an AWS profile cannot")
            }
            Self::CannotStandIn(_) => f.write_str("holds what this form cannot"),
            Self::HiddenByClass => f.write_str(
                "is left out: a static storage class does not heed this setting; STORAGES can say it",
            ),
            Self::Mode(mode) => write!(
                f,
                "(“{}”) is left out: Django looks at profile, keys, environment and default session, in this order",
                mode.label()
            ),
            Self::RulesNeedAClass => f.write_str(
                "are left out: Django needs a storage class of your own with get_object_parameters; JSON holds them",
            ),
            Self::OtherStorage => f.write_str("is left out: it names the class of another storage"),
            Self::Since(release) => write!(f, "is read since django-storages {release}"),
            Self::NotAtHand => f.write_str("could not be had from the keyring; a place for it was left"),
            Self::SecretLeftOut => f.write_str("is left out, as secrets were not asked for"),
            Self::Resolved => {
                f.write_str("are written as the connection's own; JSON keeps what it is based on")
            }
        }
    }
}
