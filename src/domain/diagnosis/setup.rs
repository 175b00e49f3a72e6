//! Who is examined, as far as a report may say it.

use super::Answer;

/// The connection of a diagnosis. Holds no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Its name.
    pub connection: String,
    /// Its bucket, if it names one.
    pub bucket: Option<String>,
    /// No bucket is named because only the credentials are in question.
    pub keys_only: bool,
    /// The key prefix at which it begins, as it is listed; empty for the whole bucket.
    pub prefix: String,
    /// The region that requests are signed for.
    pub region: String,
    /// Its own endpoint, if it has one, without user and password.
    pub endpoint: Option<String>,
    /// Where its token service answers, when that could be worked out; without user and password.
    pub token_service: Option<String>,
    /// The host that requests about the bucket go to, when it could be worked out.
    pub host: Option<String>,
    /// The address of the account, as what is known of a server is kept under it.
    pub account: Option<String>,
    /// The bucket stands in the path.
    pub path_style: bool,
    /// What `AWS_S3_ADDRESSING_STYLE` says of that: `auto` lets it stand in the host name and in the path. `None` where it is
    /// not set.
    pub style: Option<Answer>,
    /// The profile that signs.
    pub profile: Option<String>,
    /// Requests are not signed.
    pub unsigned: bool,
    /// Certificates are not checked.
    pub unverified: bool,
    /// The operating system: `linux`, `macos`, `windows`.
    pub system: &'static str,
    /// The file of certificates of its own.
    pub ca_file: Option<String>,
    /// The storage class that uploads take, where the settings name one.
    pub storage_class: Option<String>,
    /// Parameters of uploads that no test tries, because they would keep its object from being removed.
    pub locks: Vec<&'static str>,
    /// What is not left at its default.
    pub settings: Vec<SetOption>,
}

/// An option that somebody set, in a few words. Secrets are only said to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOption {
    /// Its Django name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Where it comes from: `connection`, `environment AWS_S3_REGION_NAME`.
    pub source: String,
}
