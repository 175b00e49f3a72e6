//! Identity Center, `aws login` and the way to the services: why they give no keys, in words.

use super::super::rungs::file;
use super::super::{Told, When, code, codes};
use super::{named, say};
use crate::domain::diagnosis::{AskedService, Break, CacheFlaw, Origin, StrangeAnswer};
use crate::words::visible;

/// Identity Center, `aws login`, the network.
pub(super) fn of_services(cause: &Break, when: &When<'_>) -> Option<Told> {
    Some(match cause {
        Break::SessionMissing { session } => say(
            format!("The session {} is not there", named(session)),
            format!(
                "The profile names `sso_session = {}`, and the config file has no such block with an address.",
                visible(session)
            ),
            format!(
                "Add `[sso-session {}]` with `sso_start_url` and `sso_region`.",
                visible(session)
            ),
        ),
        Break::IdentityCenterIncomplete { missing, at } => say(
            format!("Identity Center: {missing} is missing"),
            "The profile signs in there, and the line is not in it or has nothing behind its sign.",
            match at {
                Some(Origin::File { path, section, .. }) => format!(
                    "Write {} below {} in {}.",
                    code(&format!("{missing} = …")),
                    code(&format!("[{section}]")),
                    file(path, when)
                ),
                _ => format!("Add {} to the profile or its session block.", code(missing)),
            },
        ),
        Break::SignIn { session, flaw } => sign_in(session, flaw, when),
        Break::Login { profile, flaw } => login(profile, flaw, Some(when)),
        Break::SignInRefused { session } => say(
            format!(
                "Identity Center does not take the sign-in to {}",
                named(session)
            ),
            "The cached sign-in looks good, and the service refuses it: it was signed out elsewhere.",
            "Sign in again.",
        ),
        Break::RoleNotAssigned { role, account } => say(
            format!("Identity Center does not give you role {}", visible(role)),
            format!(
                "Who is signed in has no {} in account {}.",
                code(role),
                code(account)
            ),
            "Choose one of your roles, or ask for this one.",
        ),
        Break::ServiceFailed {
            service,
            host,
            status,
        } => say(
            format!(
                "{} fails with an error of its own ({status})",
                who(*service)
            ),
            format!(
                "{} answered, and could not do what it is there for; that is no fault of this setup.",
                code(host)
            ),
            "Run again in some minutes; if it stays so, look at the state of the service.",
        ),
        Break::StrangerAnswers {
            service,
            host,
            what,
        } => stranger(who(*service), &code(host), *what),
        Break::Refused {
            subject,
            status,
            code,
            said,
        } => refused(&visible(subject), *status, code.as_deref(), said),
        other => return unreached(other),
    })
}

/// Services that nobody reaches, or that say nothing.
fn unreached(cause: &Break) -> Option<Told> {
    Some(match cause {
        Break::Unreachable {
            subject,
            host,
            code,
        } => {
            let at = host
                .as_deref()
                .map_or_else(|| "Its address".to_owned(), super::code);
            let (cause, next) = match code.as_deref() {
                Some("NameUnknown") => (
                    format!("{at} is a name that nobody knows."),
                    "Check the endpoint or the region that it is made of, and the network's name server.",
                ),
                Some("ConnectionRefused") => (
                    format!("{at} refuses the connection: nobody listens there."),
                    "Check the endpoint and its port, and whether the service runs.",
                ),
                Some(other) if other.starts_with("Certificate") => (
                    format!("The certificate of {at} was not accepted."),
                    "Give the authority's file as AWS_S3_VERIFY, or in AWS_CA_BUNDLE.",
                ),
                _ => (
                    format!("{at} is not known, nobody listens there, or the connection broke."),
                    "Check network, VPN and proxy.",
                ),
            };
            say(
                format!("{} cannot be reached", visible(subject)),
                cause,
                next,
            )
        }
        Break::NoAnswer { subject, secs } => say(
            format!("{} does not answer", visible(subject)),
            format!("No answer came within {secs} s."),
            "Run again; if it stays so, check network and proxy.",
        ),
        _ => return None,
    })
}

const fn who(service: AskedService) -> &'static str {
    match service {
        AskedService::Sts => "STS",
        AskedService::IdentityCenter => "Identity Center",
    }
}

/// Something between this computer and the service, or a wrong address.
fn stranger(who: &str, host: &str, what: StrangeAnswer) -> Told {
    let (title, cause, next) = match what {
        StrangeAnswer::WebPage => (
            format!("A web page came in place of an answer of {who}"),
            format!(
                "What {host} sent is for a browser: the sign-in page of a network, or of a proxy."
            ),
            "Open any page in a browser, sign in to the network, and run again; else check the endpoint.",
        ),
        StrangeAnswer::Redirect => (
            format!("{who} is redirected to another address"),
            format!(
                "The service itself never does that; somebody before {host} does, as networks that want a sign-in."
            ),
            "Sign in to the network in a browser, or check the endpoint and the proxy.",
        ),
        StrangeAnswer::Nothing => (
            format!("The answer of {who} is empty"),
            format!("{host} said that all went well, and sent nothing with it."),
            "Check that the endpoint is that of the service, and what stands between.",
        ),
        StrangeAnswer::Other => (
            format!("What answers is not {who}"),
            format!("There are no keys in what {host} sent, nor a reason."),
            "Check the endpoint: its address, its port, and whether that server offers the service.",
        ),
    };
    say(title, cause, next)
}

fn refused(who: &str, status: Option<u16>, code: Option<&str>, said: &str) -> Told {
    let meaning = code.and_then(codes::meaning);
    let title = match (code, status) {
        (Some(code), _) => format!("{who} refuses with {}", visible(code)),
        (None, Some(status)) => format!("{who} refuses with status {status}"),
        (None, None) => format!("{who} gives no keys"),
    };
    let cause = match (said, meaning) {
        ("", Some(meaning)) => meaning.cause.to_owned(),
        ("", None) => "No reason came with it.".to_owned(),
        (said, _) => format!("Its words: “{}”.", visible(said)),
    };
    let next = match (meaning, status) {
        (Some(meaning), _) => meaning.next,
        (None, Some(429)) => "Wait a minute, then run again.",
        (None, _) => "Put right what it names; where it names nothing, ask whoever runs it.",
    };
    say(title, cause, next)
}

fn sign_in(session: &str, flaw: &CacheFlaw, when: &When<'_>) -> Told {
    let session = named(session);
    match flaw {
        CacheFlaw::Missing => say(
            format!("Nobody is signed in to {session}"),
            "The cache of the AWS tools holds no sign-in to it.",
            "Sign in here, or in a terminal with `cooperage login`.",
        ),
        CacheFlaw::Unreadable => say(
            format!("The sign-in to {session} cannot be read"),
            "The system refuses to read the cached sign-in.",
            "Give your account the right to read the cache, or sign in again.",
        ),
        CacheFlaw::CutOff => say(
            format!("The cached sign-in to {session} is cut off"),
            "The file ends in the middle: whoever wrote it was interrupted.",
            "Sign in again; that writes the file anew.",
        ),
        CacheFlaw::Unfit { member } => say(
            format!("The cached sign-in to {session} has no {member}"),
            format!(
                "The file is whole, but {} is missing or no text.",
                code(member)
            ),
            "Sign in again with a current tool.",
        ),
        CacheFlaw::NoTime { member } => say(
            format!("The cached sign-in to {session} has no readable end"),
            format!(
                "What stands for {} in its file is not a time.",
                code(member)
            ),
            "Sign in again; that writes the file as it should be.",
        ),
        CacheFlaw::Expired(at) => say(
            format!("The sign-in to {session} has ended"),
            format!("The cached sign-in ended {}.", when.said(*at)),
            "Sign in again, which takes a browser and half a minute.",
        ),
    }
}

/// The keys that `aws login` keeps, which the AWS tools write anew. Without `when` it is not said since when they are over.
pub(super) fn login(profile: &str, flaw: &CacheFlaw, when: Option<&When<'_>>) -> Told {
    let profile = in_shell(profile);
    let sign_in = code(&format!("aws login --profile {profile}"));
    let (title, cause) = match flaw {
        CacheFlaw::Missing => (
            "Nobody has signed in with aws login".to_owned(),
            "The profile names a `login_session`, and no keys are kept for it.".to_owned(),
        ),
        CacheFlaw::Unreadable => (
            "The keys of aws login cannot be read".to_owned(),
            "The system refuses to read the file in which `aws login` keeps them.".to_owned(),
        ),
        CacheFlaw::CutOff => (
            "The keys of aws login are cut off".to_owned(),
            "The file in which `aws login` keeps them ends in the middle.".to_owned(),
        ),
        CacheFlaw::Unfit { member } => (
            format!("The keys of aws login have no {member}"),
            format!(
                "The file of `aws login` is whole, but {} is missing or no text.",
                code(member)
            ),
        ),
        CacheFlaw::NoTime { member } => (
            "The keys of aws login have no readable end".to_owned(),
            format!(
                "What stands for {} in the file of `aws login` is not a time.",
                code(member)
            ),
        ),
        CacheFlaw::Expired(at) => {
            let ended = when.map_or_else(String::new, |when| {
                format!("They ended {}. ", when.said(*at))
            });
            return say(
                "The keys of aws login have ended",
                format!(
                    "{ended}They hold for a quarter of an hour at a time, and only the AWS tools and boto3 renew them, \
                     whenever they use them."
                ),
                format!(
                    "Run {}, which renews them while the sign-in holds, else {sign_in}; then run again.",
                    code(&format!("aws sts get-caller-identity --profile {profile}"))
                ),
            );
        }
    };
    say(
        title,
        cause,
        format!("Run {sign_in} in a terminal, then run again."),
    )
}

/// A name as a word of a command.
fn in_shell(name: &str) -> String {
    let plain = |each: char| each.is_alphanumeric() || "-_.@+/:=".contains(each);
    if !name.is_empty() && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}
