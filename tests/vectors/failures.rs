//! Failures of the core by the names that the recording gives them.

use cooperage::django::{DjangoError, GzipFault, ManifestFault, ModeFault};
use cooperage::domain::{ErrorKind, Operation, StorageError};
use cooperage::settings::attributes::AttributeError;
use cooperage::settings::problem::{EndpointFault, PemFault};
use cooperage::settings::{OptionId, Problem, Reason};
use cooperage::storage::names::NameError;
use serde_json::{Value, json};

/// A refusal: the class of the exception, and what a server said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub class: &'static str,
    pub status: Option<u16>,
    pub code: Option<String>,
    /// Refused on the way in: a typed setting cannot hold the value, so any recorded error will do.
    pub on_the_way_in: bool,
}

impl Refusal {
    pub const fn class(class: &'static str) -> Self {
        Self {
            class,
            status: None,
            code: None,
            on_the_way_in: false,
        }
    }

    pub fn on_the_way_in() -> Self {
        Self {
            on_the_way_in: true,
            ..Self::class("refused on the way in")
        }
    }

    /// As the recording writes it, without the message.
    pub fn json(&self) -> Value {
        let mut error = json!({"class": self.class});
        if let Some(status) = self.status {
            error["http_status"] = json!(status);
            error["code"] = json!(self.code);
        }
        json!({"error": error})
    }
}

/// Codes for which the models of current boto3 have an exception of their own.
const MODELLED: [&str; 4] = ["AccessDenied", "NoSuchBucket", "NoSuchKey", "NoSuchUpload"];

pub fn of_django(error: &DjangoError) -> Refusal {
    Refusal::class(match error {
        DjangoError::Setting(problem) => return of_problem(problem),
        DjangoError::Name(error) => return of_name(error),
        DjangoError::NoBucket | DjangoError::NoUploadParameter { .. } => "builtins.ValueError",
        DjangoError::EmptyKey | DjangoError::LinkParameter { .. } => {
            "botocore.exceptions.ParamValidationError"
        }
        DjangoError::NoSecret => "builtins.AttributeError",
        DjangoError::Parameter(_) => "botocore.exceptions.ParamValidationError",
        DjangoError::TextContent => "builtins.TypeError",
        DjangoError::Missing { .. } => "builtins.FileNotFoundError",
        DjangoError::Mode(ModeFault::Both | ModeFault::Compressed) => "builtins.ValueError",
        DjangoError::Mode(_) => "builtins.AttributeError",
        DjangoError::NotUtf8 { .. } => "builtins.UnicodeDecodeError",
        DjangoError::Gzip(GzipFault::NotGzip) => "gzip.BadGzipFile",
        DjangoError::Gzip(GzipFault::Cut) => "builtins.EOFError",
        DjangoError::Gzip(GzipFault::Damaged) => "zlib.error",
        DjangoError::Manifest(ManifestFault::DoesNotSettle) => "builtins.RuntimeError",
        DjangoError::Manifest(ManifestFault::NotText { .. }) => "builtins.UnicodeDecodeError",
        DjangoError::Manifest(_) => "builtins.ValueError",
        DjangoError::Storage(error) => return of_storage(error),
        DjangoError::Local(_) => "builtins.OSError",
    })
}

pub fn of_name(error: &NameError) -> Refusal {
    Refusal::class(match error {
        NameError::OutsideLocation { .. } => "django.core.exceptions.SuspiciousOperation",
        _ => "django.core.exceptions.SuspiciousFileOperation",
    })
}

fn of_storage(error: &StorageError) -> Refusal {
    if let Some(status) = error.status {
        // A refused HEAD has no body, so its status is its code.
        let code = error.code.clone().unwrap_or_else(|| status.to_string());
        let modelled = MODELLED.iter().find(|known| **known == code);
        let class = match modelled {
            Some(&"AccessDenied") => "botocore.errorfactory.AccessDenied",
            Some(&"NoSuchBucket") => "botocore.errorfactory.NoSuchBucket",
            Some(&"NoSuchKey") => "botocore.errorfactory.NoSuchKey",
            Some(_) => "botocore.errorfactory.NoSuchUpload",
            None => "botocore.exceptions.ClientError",
        };
        return Refusal {
            status: Some(status),
            code: Some(code),
            ..Refusal::class(class)
        };
    }
    Refusal::class(match (error.kind, error.operation) {
        (ErrorKind::NoCredentials, _) => "botocore.exceptions.NoCredentialsError",
        (ErrorKind::Unsupported, Operation::Link) => "builtins.TypeError",
        (ErrorKind::Invalid, _) => "botocore.exceptions.ParamValidationError",
        _ => "another failure of the storage",
    })
}

pub fn of_problem(problem: &Problem) -> Refusal {
    Refusal::class(match (&problem.reason, problem.option) {
        (
            Reason::HalfCloudFrontPair { .. }
            | Reason::ProfileWithKeys
            | Reason::LeadingSlash { .. },
            _,
        ) => "django.core.exceptions.ImproperlyConfigured",
        (Reason::BadPem(PemFault::Encrypted), _) => "builtins.TypeError",
        (Reason::BadPem(PemFault::NotAscii), _) => "builtins.UnicodeEncodeError",
        (Reason::BadPem(_) | Reason::EmptyRegion, _) => "builtins.ValueError",
        (Reason::BadRegion, _) => "botocore.exceptions.InvalidRegionError",
        (Reason::BadEndpoint(EndpointFault::OtherScheme | EndpointFault::Query), _) => {
            "botocore.exceptions.EndpointResolutionError"
        }
        (Reason::BadEndpoint(_), _) => "builtins.ValueError",
        (Reason::NotAChoice { .. }, OptionId::SignatureVersion) => {
            "botocore.exceptions.UnsupportedSignatureVersionError"
        }
        (Reason::NotAChoice { .. }, OptionId::AddressingStyle) => {
            "botocore.exceptions.InvalidS3AddressingStyleError"
        }
        (Reason::BadBucket, _) => "botocore.exceptions.ParamValidationError",
        (Reason::EmptyPath, _) => "botocore.exceptions.InvalidConfigError",
        (Reason::NoAccessKey, _) => "builtins.TypeError",
        (Reason::ProfileMissing { .. }, _) => "botocore.exceptions.ProfileNotFound",
        (Reason::ProfileWithoutSecret { .. }, _) => "botocore.exceptions.PartialCredentialsError",
        _ => return Refusal::on_the_way_in(),
    })
}

pub fn of_attribute(error: &AttributeError) -> Refusal {
    match error {
        AttributeError::Unknown(_) => Refusal::class("django.core.exceptions.ImproperlyConfigured"),
        AttributeError::Problem(problem) => of_problem(problem),
    }
}
