//! What came of a live check: an enum with data, one variant a cause, so that every cause has words and a remedy of its
//! own. Nothing here is secret.

use super::{DeniedTo, NoRegion, Origin, Refusal, Skip, TlsFault, TrustFile, TrustFlaw};

/// What settings keep from working although requests go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hindered {
    /// Everything that takes a name below the location.
    Names,
    /// Uploads.
    Uploads,
    /// Links.
    Links,
    /// Links at servers that take only version 4.
    OldLinks,
    /// Nothing but what the setting itself was meant for.
    Meaning,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Not done.
    Skipped(Skip),
    /// The settings fit.
    SettingsFit {
        /// How many options there are.
        options: usize,
        /// What works but may surprise: the Django name of each option, and what is said beside it.
        hints: Vec<(&'static str, String)>,
    },
    /// Requests go, but something else cannot work as it is set.
    SettingsHinder {
        /// What cannot work; the most that is hindered first.
        what: Hindered,
        /// The options that hinder, and why.
        faults: Vec<(&'static str, String)>,
        /// A value for the first of them that puts it right, as text.
        better: Option<String>,
        /// What works but may surprise.
        hints: Vec<(&'static str, String)>,
    },
    /// A setting stops everything.
    SettingsProblem {
        /// Its Django name.
        option: &'static str,
        /// What is wrong with it, as it stands beside the field.
        reason: String,
        /// The others that are wrong, and why.
        others: Vec<(&'static str, String)>,
    },
    /// The settings are good by themselves, but nothing can be begun with them.
    CannotStart(Refusal),
    /// Nothing can be begun, because the file of trusted authorities cannot be used.
    TrustFileUnfit {
        /// Which one.
        file: TrustFile,
        /// Why.
        flaw: TrustFlaw,
    },
    /// The name has addresses.
    NameKnown {
        /// The host.
        host: String,
        /// Its addresses, in the resolver's order.
        addresses: Vec<String>,
    },
    /// The host is a numeric address.
    NumericHost {
        /// The address.
        host: String,
    },
    /// Nobody knows the name.
    NameUnknown {
        /// The host.
        host: String,
    },
    /// Nobody knows the name with the bucket in front, but without it there are addresses.
    NameUnknownWithBucket {
        /// The host with the bucket.
        host: String,
        /// The host without it.
        bare: String,
    },
    /// Nobody knows the host that is made of the region, but Amazon's other hosts have addresses.
    RegionUnknown {
        /// The host.
        host: String,
        /// The region.
        region: String,
    },
    /// Nobody knows any host of Amazon's.
    AmazonUnknown {
        /// The host.
        host: String,
    },
    /// The resolver did not answer.
    LookupSilent {
        /// The host.
        host: String,
    },
    /// The proxy looks the name up.
    NameLeftToProxy {
        /// The host.
        host: String,
    },
    /// Addresses take connections.
    PortOpen {
        /// The port.
        port: u16,
        /// How many addresses take connections.
        answering: usize,
        /// How many addresses there are.
        addresses: usize,
    },
    /// Nobody listens.
    PortRefused {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// Packets vanish.
    PortSilent {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// There is no way to these addresses.
    NoRoute {
        /// The host.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// Connections are made by the proxy.
    PortLeftToProxy {
        /// The port.
        port: u16,
    },
    /// Chain and host name fit.
    CertificateFits {
        /// Whole days until the certificate ends, where that could be read.
        days_left: Option<i64>,
        /// The version spoken.
        version: &'static str,
    },
    /// Chain and host name fit, but not for long.
    CertificateEndsSoon {
        /// Whole days until it ends.
        days_left: i64,
    },
    /// TLS is spoken, but nobody looks whose certificate it is.
    CertificateUnchecked {
        /// The version spoken.
        version: &'static str,
    },
    /// The connection is not encrypted.
    NotEncrypted {
        /// The server is this computer.
        is_local: bool,
    },
    /// The endpoint says `http`, the server speaks TLS.
    TlsWanted {
        /// The port.
        port: u16,
    },
    /// The server takes a connection and says nothing.
    ServerMute {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// What answers at the port speaks something else than HTTP.
    NotHttp {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// Its first line, without what looks secret.
        says: String,
    },
    /// TLS failed.
    TlsFailed {
        /// The host.
        host: String,
        /// Why.
        fault: TlsFault,
        /// The certificate fits the host without the bucket in front.
        path_fits: bool,
        /// The file of authorities that are trusted, where one is named.
        trusted: Option<TrustFile>,
    },
    /// There is none.
    NoProxy,
    /// The proxy lets through.
    ProxyPasses {
        /// Its host and port.
        proxy: String,
        /// It is the environment's.
        from_environment: bool,
    },
    /// The proxy's name is not known.
    ProxyUnknown {
        /// Its host and port.
        proxy: String,
        /// It is the environment's.
        from_environment: bool,
    },
    /// Nobody listens where the proxy should be.
    ProxyDead {
        /// Its host and port.
        proxy: String,
        /// It is the environment's.
        from_environment: bool,
    },
    /// The proxy does not answer.
    ProxySilent {
        /// Its host and port.
        proxy: String,
        /// It is the environment's.
        from_environment: bool,
    },
    /// The proxy wants a login, or another one.
    ProxyWantsLogin {
        /// Its host and port.
        proxy: String,
        /// One is sent already.
        has_login: bool,
    },
    /// The proxy does not let through to this server.
    ProxyForbids {
        /// Its host and port.
        proxy: String,
        /// Its status, when it told one.
        status: Option<u16>,
    },
    /// The clocks agree.
    ClockFits {
        /// Seconds that the server is ahead.
        ahead_secs: i64,
    },
    /// The clocks differ, but within what is allowed.
    ClockDrifts {
        /// Seconds that the server is ahead.
        ahead_secs: i64,
    },
    /// The clocks differ by more than is allowed.
    ClockWrong {
        /// Seconds that the server is ahead.
        ahead_secs: i64,
    },
    /// Answers tell a time that is far off, and what is signed with this computer's is accepted.
    DateHeaderWrong {
        /// Seconds that the told time is ahead.
        ahead_secs: i64,
    },
    /// Who signs.
    CallerIs {
        /// `arn:aws:sts::123456789012:assumed-role/media-editor/cooperage`
        arn: String,
    },
    /// Requests are accepted, but there is no token service that could say who signs.
    CallerAccepted {
        /// The host that was asked.
        host: String,
    },
    /// The server does not know the key id.
    KeyUnknown,
    /// The secret does not belong to the key id.
    SecretWrong,
    /// The session has ended.
    SessionEnded,
    /// The session token does not belong to the key.
    TokenWrong {
        /// Where the token stands; `None` where a service gave it with the keys.
        from: Option<Origin>,
        /// The key is a long-term one, which needs none.
        needless: bool,
    },
    /// The keys are refused for another reason.
    KeysRefused(Refusal),
    /// There is nothing to sign with.
    NoCredentials {
        /// Why, as the source tells it.
        reason: String,
    },
    /// The source of the credentials did not answer.
    CredentialsSilent,
    /// S3 accepts the keys, and the token service does not say whose they are.
    CallerUntold(Refusal),
    /// The regions agree.
    RegionFits {
        /// The region.
        region: String,
    },
    /// The bucket is elsewhere.
    RegionDiffers {
        /// Where it is.
        found: String,
        /// What the connection says.
        configured: String,
    },
    /// The account cannot be asked with this region; no bucket is named.
    RegionWanted {
        /// What the server wants.
        found: String,
        /// What the connection says.
        configured: String,
    },
    /// The server names another region and works with any.
    RegionIgnored {
        /// What it names.
        found: String,
        /// What the connection says.
        configured: String,
    },
    /// The bucket is elsewhere, and the server does not say where.
    RegionWrong {
        /// What the connection says.
        configured: String,
    },
    /// The server does not tell the region, and takes requests for the configured one.
    RegionUntold {
        /// What the connection says.
        configured: String,
        /// Why it is not known.
        why: NoRegion,
    },
    /// The style works.
    StyleWorks {
        /// The bucket stands in the host name.
        in_host: bool,
        /// Whether the other one works too; `None` when there is no other.
        other_works: Option<bool>,
    },
    /// Only the other style works.
    StyleWrong {
        /// The bucket stands in the host name, and should not.
        in_host: bool,
    },
    /// A key came.
    KeyCame {
        /// The prefix.
        prefix: String,
    },
    /// The listing came, and it took its time.
    ListedSlowly {
        /// The prefix.
        prefix: String,
        /// There is nothing below it.
        is_empty: bool,
        /// Until the answer was there.
        took_ms: u64,
    },
    /// The listing is empty.
    NothingThere {
        /// The prefix.
        prefix: String,
    },
    /// The policy does not allow it.
    ListDenied {
        /// The prefix.
        prefix: String,
        /// The server's own words, which may name the policy.
        message: Option<String>,
        /// To whom.
        to: DeniedTo,
    },
    /// The connection names no bucket; those of the account are there to choose from.
    BucketUnchosen {
        /// The first of them.
        names: Vec<String>,
        /// How many there are.
        count: usize,
        /// The one that is open in the window.
        open: Option<String>,
    },
    /// The connection names no bucket, and none can be offered.
    BucketUnnamed {
        /// Listing them is denied; else the server does not offer it.
        denied: bool,
    },
    /// There is no such bucket.
    BucketMissing {
        /// Its name.
        bucket: String,
        /// A bucket of the account whose name is nearly the same.
        near: Option<String>,
    },
    /// The endpoint has a path, which the server takes for a bucket.
    EndpointHasPath {
        /// The path, without slashes around it.
        path: String,
    },
    /// What answers is no S3 server.
    NotS3 {
        /// The host.
        host: String,
        /// The plain proxy on the way, which may be who answers.
        proxy: Option<String>,
    },
    /// The listing failed for another reason.
    ListFailed(Refusal),
    /// The buckets of the account.
    BucketsSeen {
        /// How many.
        count: usize,
        /// The connection's own bucket is among them; `None` when it names none.
        has_own: Option<bool>,
    },
    /// The policy does not allow it, and nothing else needs it.
    BucketsDenied {
        /// The connection names its bucket.
        has_bucket: bool,
    },
    /// The server does not list buckets.
    BucketsUnsupported,
    /// It failed for another reason.
    BucketsFailed {
        /// Why.
        refusal: Refusal,
        /// The connection names its bucket, so that nothing else needs it.
        has_bucket: bool,
    },
}
