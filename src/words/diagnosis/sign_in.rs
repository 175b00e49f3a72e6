//! Sentences about signing in, codes of MFA devices and pasted keys.

use super::Told;
use crate::domain::{CodeRefusal, ErrorKind, SessionProblem, SignInFailure};
use crate::settings::new_profile::NoAddition;
use crate::settings::pasted::{PastedFlaw, PastedForm};
use crate::words::explain;

/// Why a sign-in came to nothing.
#[must_use]
pub fn failure(failure: &SignInFailure) -> Told {
    let told = |title: &str, cause: &str, next: &str| Told {
        title: title.to_owned(),
        cause: cause.to_owned(),
        next: next.to_owned(),
    };
    match failure {
        SignInFailure::Denied => told(
            "The sign-in was denied",
            "In the browser somebody chose not to let this program in.",
            "Sign in again and allow it.",
        ),
        SignInFailure::TooLate => told(
            "The sign-in took too long",
            "Nobody confirmed it in the browser while it was valid.",
            "Start again and confirm it in time.",
        ),
        SignInFailure::WrongState => told(
            "The browser's answer belongs to another sign-in",
            "A page came back that this program did not open: an old tab, or a page that tries to sign in as somebody else.",
            "Close old tabs and start again.",
        ),
        SignInFailure::Refused { error, said } => told(
            "Identity Center refused the sign-in",
            &match said.as_str() {
                "" => format!("It says {error}."),
                said => format!("It says {error}: {said}."),
            },
            "Try again, or ask whoever looks after Identity Center.",
        ),
        SignInFailure::Cancelled => told("The sign-in was cancelled", "", ""),
        SignInFailure::NoHome => told(
            "The sign-in cannot be kept",
            "This account has no home folder, and the AWS tools keep sign-ins below it.",
            "Set HOME to a folder that can be written to.",
        ),
        SignInFailure::NotKept { path, reason } => told(
            "The sign-in could not be written",
            &format!("{} cannot be written: {reason}.", path.display()),
            "Give yourself the right to write there, and sign in again.",
        ),
        SignInFailure::SignedOut => told(
            "Nobody is signed in",
            "The sign-in has ended, or there was none.",
            "Sign in.",
        ),
        SignInFailure::Storage(error)
            if error.kind == ErrorKind::Unsupported && error.status.is_none() =>
        {
            told(
                "What answered is not Identity Center",
                "A page or another service came instead: the sign-in page of this network, a proxy, or a wrong region.",
                "Open any page in a browser to get through the network's own sign-in, or check the region; then try again.",
            )
        }
        SignInFailure::Storage(error) => {
            let words = explain(error);
            let said = error.message.as_deref().unwrap_or_default();
            let code = error.code.as_deref().unwrap_or_default();
            let cause = match (error.status.is_some(), said, code) {
                // What Identity Center says is nearer to the cause than the status.
                (true, "", "") => words.cause,
                (true, said, code) => format!(
                    "Identity Center says {}.",
                    [code, said].join(" ").trim().trim_end_matches('.')
                ),
                (false, ..) => words.cause,
            };
            Told {
                title: words.title,
                cause,
                next: match error.status {
                    Some(_) => "Check the start URL and the region of Identity Center.".to_owned(),
                    None => words.next_step,
                },
            }
        }
    }
}

/// The same as one text.
#[must_use]
pub fn sentence(of: &SignInFailure) -> String {
    let Told { title, cause, next } = failure(of);
    format!("{title}. {cause} {next}").trim().to_owned()
}

/// Said when a code was typed in the instant in which it was not needed any more.
pub const UNUSED_CODE: &str = "The code was not used: what asked for it had stopped. Another one is asked for when it is needed.";

/// Why a code was not taken.
#[must_use]
pub const fn refusal(refusal: CodeRefusal) -> &'static str {
    match refusal {
        CodeRefusal::Wrong => {
            "AWS did not take this code: it is mistyped, too old, or was used elsewhere. Wait for the next one."
        }
        CodeRefusal::Used => "This code was used already; each works once. Wait for the next one.",
        CodeRefusal::NotSixDigits => "A code has six digits.",
    }
}

/// What is wrong with the address of a sign-in.
#[must_use]
pub const fn session_problem(problem: SessionProblem) -> &'static str {
    match problem {
        SessionProblem::StartUrl => "type the start URL, as in https://corp.awsapps.com/start",
        SessionProblem::Region => "type the region of Identity Center, as in eu-central-1",
    }
}

/// What is missing or odd in pasted keys.
#[must_use]
pub const fn pasted_flaw(flaw: PastedFlaw) -> &'static str {
    match flaw {
        PastedFlaw::NoAccessKey => "No access key id was found.",
        PastedFlaw::NoSecret => "No secret access key was found.",
        PastedFlaw::NoToken => {
            "The key is a temporary one (ASIA…) and needs a session token, which was not found."
        }
        PastedFlaw::Several => "There is more than one key; the first is taken.",
        PastedFlaw::Ended => "These keys have ended already.",
        PastedFlaw::NotKeys => {
            "These words do not look like keys. Paste them with their names (AWS_ACCESS_KEY_ID=…), or type them in the \
             settings."
        }
        PastedFlaw::ByOrder => {
            "Nothing names these values: the first is read as the key id, the second as the secret, a third as the token."
        }
        PastedFlaw::SecretLength => {
            "Amazon's secrets have 40 characters, this one has not: it may be cut off."
        }
    }
}

/// The form of pasted keys.
#[must_use]
pub const fn pasted_form(form: PastedForm) -> &'static str {
    match form {
        PastedForm::Bash => "variables for bash or zsh",
        PastedForm::Cmd => "variables for the Windows command prompt",
        PastedForm::PowerShell => "variables for PowerShell",
        PastedForm::CredentialsFile => "a section of the credentials file",
        PastedForm::Assignments => "names with values",
        PastedForm::Json => "JSON of the AWS CLI or a credential_process",
        PastedForm::Csv => "a CSV file of the console",
        PastedForm::Bare => "bare values",
    }
}

/// Why no profile can be added to the AWS config file.
#[must_use]
pub const fn no_addition(reason: &NoAddition) -> &'static str {
    match reason {
        NoAddition::BadName => {
            "A profile's name has letters, digits and -_.@+ only, and is not “default”."
        }
        NoAddition::Taken => "There is a profile of this name already; choose another.",
        NoAddition::NoFile => {
            "The AWS config file cannot be read, or there is no home folder for it."
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{ErrorKind, Operation, StorageError};

    fn storage(kind: ErrorKind, code: Option<&str>) -> SignInFailure {
        let mut error = StorageError::new(Operation::SignIn, kind, "corp");
        error.code = code.map(str::to_owned);
        error.status = code.map(|_| 400);
        SignInFailure::Storage(error)
    }

    #[test]
    fn no_two_failures_sound_the_same() {
        let all = [
            SignInFailure::Denied,
            SignInFailure::TooLate,
            SignInFailure::WrongState,
            SignInFailure::Refused {
                error: "server_error".to_owned(),
                said: String::new(),
            },
            SignInFailure::Cancelled,
            SignInFailure::NoHome,
            SignInFailure::NotKept {
                path: "/home/a/.aws/sso/cache/x.json".into(),
                reason: std::io::ErrorKind::PermissionDenied,
            },
            SignInFailure::SignedOut,
            storage(ErrorKind::Unreachable, None),
            storage(ErrorKind::TimedOut, None),
            storage(ErrorKind::Invalid, Some("invalid_request")),
        ];
        let said: BTreeSet<String> = all.iter().map(sentence).collect();
        assert_eq!(said.len(), all.len(), "{said:#?}");
        assert!(said.iter().all(|text| text.ends_with('.')), "{said:#?}");
        let refusals = [
            CodeRefusal::Wrong,
            CodeRefusal::Used,
            CodeRefusal::NotSixDigits,
        ];
        let said: BTreeSet<&str> = refusals.into_iter().map(refusal).collect();
        assert_eq!(said.len(), refusals.len());
    }
}
