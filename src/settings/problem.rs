//! What is wrong with a value, as data, and the sentence for it.
//!
//! A [`Problem`] always names its option. The sentence says what is wrong and what to write instead; it never
//! repeats a secret, because no reason carries one.

use std::fmt;

use super::table::OptionId;

/// One option and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the note stands.
    pub option: OptionId,
    /// What it says.
    pub reason: Reason,
}

impl Problem {
    /// A problem with an option.
    #[must_use]
    pub const fn new(option: OptionId, reason: Reason) -> Self {
        Self { option, reason }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.option.name(), self.reason)
    }
}

impl std::error::Error for Problem {}

/// Why a value, or a combination of values, does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A value of another kind.
    WrongKind {
        /// What is needed: `a whole number`.
        needed: &'static str,
        /// What was given: `a list`.
        given: &'static str,
    },
    /// Nothing, where something is needed.
    Nothing {
        /// What is needed.
        needed: &'static str,
    },
    /// A text that does not read as JSON.
    BadJson {
        /// What is needed: `a JSON object`.
        needed: &'static str,
        /// Line of the text, from 1.
        line: usize,
        /// Column of the line, from 1.
        column: usize,
    },
    /// A number outside its range.
    OutOfRange {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
    },
    /// Not one of the values there are.
    NotAChoice {
        /// What was given.
        value: String,
        /// What there is.
        choices: &'static [&'static str],
    },
    /// A blank or line end before or after the text, as pasting leaves it.
    BlanksAround,
    /// `AWS_LOCATION` begins with a slash; Django stops.
    LeadingSlash {
        /// The value without its leading slashes.
        remedy: String,
    },
    /// A location that is not normalised refuses every name.
    LocationRefusesAll {
        /// A location that works.
        remedy: String,
    },
    /// A location that fills the longest key there is.
    LocationTooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// A profile and an S3-specific key or secret; Django stops.
    ProfileWithKeys,
    /// One half of the CloudFront pair; Django stops.
    HalfCloudFrontPair {
        /// The half that is missing.
        missing: OptionId,
    },
    /// A private key that cannot be read.
    BadPem(PemFault),
    /// An endpoint that is no address.
    BadEndpoint(EndpointFault),
    /// A region name that cannot stand in a host name.
    BadRegion,
    /// An empty region name, which is none and hides every other.
    EmptyRegion,
    /// A bucket name that is neither a name nor an ARN.
    BadBucket,
    /// An empty path of a certificate file.
    EmptyPath,
    /// A scheme or proxy in the table of proxies that is no text.
    ProxyNotText {
        /// Key of the entry.
        scheme: String,
    },
    /// A proxy that no address can be read from. It is not quoted: it may hold a password.
    ProxyNotAddress {
        /// Key of the entry.
        scheme: String,
    },
    /// An upload parameter that does not exist.
    UnknownParameter {
        /// Its name.
        name: String,
    },
    /// An upload parameter of the wrong kind.
    BadParameter {
        /// Its name.
        name: String,
        /// What is needed.
        needed: &'static str,
    },
    /// Metadata outside ASCII, which S3 cannot carry in a header.
    MetadataNotAscii {
        /// The name of the entry.
        name: String,
    },
    /// A content type with parameters or without a slash never matches.
    BadContentType {
        /// What was given.
        value: String,
    },
    /// Not a dotted path of a class.
    BadClassPath,
    /// A secret key or a token without an access key: nothing can be signed.
    NoAccessKey,
    /// Credentials from Identity Center without an account and a role.
    NoRoleAtCenter,
    /// The keyring keeps this secret and has not handed it over.
    SecretNotAtHand,
    /// The profile is in neither of the shared files.
    ProfileMissing {
        /// Its name.
        name: String,
    },
    /// The profile has an access key and no secret.
    ProfileWithoutSecret {
        /// Its name.
        name: String,
    },
    /// `based_on` names a connection that is not there.
    ParentMissing,
    /// `based_on` comes back to the connection itself.
    ParentLoop,
}

/// Why a PEM text is no private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PemFault {
    /// Letters outside ASCII.
    NotAscii,
    /// No `BEGIN` and `END` lines.
    NoFrame,
    /// Backslash and `n` where line ends belong.
    EscapedLineEnds,
    /// A public key or a certificate.
    NotPrivate,
    /// Protected by a password.
    Encrypted,
    /// Something that is not base64, or not a key inside.
    Broken,
}

/// Why an endpoint is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointFault {
    /// Empty.
    Empty,
    /// No `http://` or `https://` in front.
    NoScheme,
    /// Another scheme.
    OtherScheme,
    /// No host after the scheme.
    NoHost,
    /// A blank, an underscore or another letter that no host has.
    BadHost,
    /// What stands behind the colon is no port.
    BadPort,
    /// A question mark and more.
    Query,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongKind { needed, given } => write!(f, "needs {needed}, not {given}"),
            Self::Nothing { needed } => write!(f, "needs {needed}; reset it to use the default"),
            Self::BadJson { needed, line, column } => {
                write!(f, "needs {needed}; line {line}, column {column} does not read as JSON")
            }
            Self::OutOfRange { min, max } if *max == i64::MAX => {
                write!(f, "needs a whole number of at least {min}")
            }
            Self::OutOfRange { min, max } => write!(f, "needs a whole number from {min} to {max}"),
            Self::NotAChoice { value, choices } => {
                write!(f, "“{value}” does not exist; use {}", spoken_list(choices))
            }
            Self::BlanksAround => f.write_str("has a blank before or after it; remove it"),
            Self::LeadingSlash { remedy } => {
                write!(f, "cannot begin with a slash, Django stops there; use “{remedy}”")
            }
            Self::LocationTooLong { bytes } => write!(
                f,
                "has {bytes} bytes, and a whole key may have 1024, so no name fits below it; shorten it"
            ),
            Self::LocationRefusesAll { remedy } => {
                write!(f, "every name would be refused with this location; use “{remedy}”")
            }
            Self::ProfileWithKeys => f.write_str(
                "Django stops with ImproperlyConfigured: a profile and an S3 key cannot both be set; clear one",
            ),
            Self::HalfCloudFrontPair { missing } => {
                write!(f, "works only together with {}; set both or neither", missing.name())
            }
            Self::BadPem(fault) => fault.fmt(f),
            Self::BadEndpoint(fault) => fault.fmt(f),
            Self::BadRegion => f.write_str(
                "is no region name: letters, digits and dashes, up to 63, as in eu-west-1",
            ),
            Self::EmptyRegion => f.write_str("is empty; reset it to use the default"),
            Self::BadBucket => f.write_str(
                "is no bucket name: letters, digits, dot, dash and underscore, up to 255, or an access-point ARN",
            ),
            Self::EmptyPath => f.write_str("needs the path of a file; reset it to use the default"),
            Self::ProxyNotText { scheme } => write!(f, "the proxy for “{scheme}” needs to be a text"),
            Self::ProxyNotAddress { scheme } => write!(
                f,
                "the proxy for “{scheme}” is no address; write http://HOST:PORT, and %40 for an @ in a user's name or password"
            ),
            Self::UnknownParameter { name } => {
                write!(f, "“{name}” is no upload parameter; every upload would fail, remove it")
            }
            Self::BadParameter { name, needed } => write!(f, "{name} needs {needed}"),
            Self::MetadataNotAscii { name } => {
                write!(f, "metadata must be ASCII; “{name}” would be refused on upload")
            }
            Self::BadContentType { value } => write!(
                f,
                "“{value}” matches nothing; write a type and a subtype without parameters, as in text/css"
            ),
            Self::BadClassPath => f.write_str("needs the dotted path of a class"),
            Self::NoAccessKey => f.write_str("no access key is found, so nothing can be signed; set both halves"),
            Self::NoRoleAtCenter => {
                f.write_str("no account and role of Identity Center is chosen; sign in and pick one")
            }
            Self::SecretNotAtHand => f.write_str(
                "is in the system keyring, which has not handed it over; unlock the keyring or type it again",
            ),
            Self::ProfileMissing { name } => {
                write!(f, "there is no profile “{name}” in the shared AWS files")
            }
            Self::ProfileWithoutSecret { name } => {
                write!(f, "the profile “{name}” has an access key and no secret")
            }
            Self::ParentMissing => f.write_str("the connection this one is based on is gone"),
            Self::ParentLoop => f.write_str("this connection is based on itself"),
        }
    }
}

impl fmt::Display for PemFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAscii => "a PEM text has ASCII letters only; copy the key again",
            Self::NoFrame => "needs the lines -----BEGIN … PRIVATE KEY----- and -----END …-----",
            Self::EscapedLineEnds => "holds \\n as two letters; put real line ends there",
            Self::NotPrivate => "is a public key or a certificate; the private key is needed",
            Self::Encrypted => "is protected by a password; store it without one",
            Self::Broken => "is damaged between its BEGIN and END lines; copy the key again",
        })
    }
}

impl fmt::Display for EndpointFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty; reset it to use Amazon S3",
            Self::NoScheme => "needs http:// or https:// in front",
            Self::OtherScheme => "can only be http:// or https://",
            Self::NoHost => "needs a host after the scheme",
            Self::BadHost => "the host holds a letter that no host has",
            Self::BadPort => "what stands behind the host is no port: a number from 1 to 65535",
            Self::Query => "cannot hold a question mark",
        })
    }
}

/// `a, b or c`; an empty text is called so.
fn spoken_list(words: &[&str]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == words.len() {
                " or "
            } else {
                ", "
            });
        }
        text.push_str(if word.is_empty() { "nothing" } else { word });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_option_and_remedy() {
        let problem = Problem::new(
            OptionId::AddressingStyle,
            Reason::NotAChoice {
                value: "Virtual".to_owned(),
                choices: &["auto", "virtual", "path"],
            },
        );
        assert_eq!(
            problem.to_string(),
            "AWS_S3_ADDRESSING_STYLE: “Virtual” does not exist; use auto, virtual or path"
        );
    }
}
