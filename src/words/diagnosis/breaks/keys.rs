//! Key pairs: what is wrong with how they are written, where their halves come from, and what they lack.

use super::super::rungs::{file, origin};
use super::super::{Told, When, code};
use super::say;
use crate::domain::diagnosis::{Break, KeyFlaw, KeyHalf, Origin};
use crate::words::visible;

pub(super) fn told(cause: &Break, when: &When<'_>) -> Option<Told> {
    Some(match cause {
        Break::KeyUnfit { half, at, flaw } => unfit(*half, at.as_ref(), *flaw, when),
        Break::KeysSwapped { at } => say(
            "A secret key stands where the key id belongs",
            format!(
                "A request shows its key id to everybody on the way, so none was sent; {} is not shown here either.",
                at.as_ref().map_or_else(
                    || "the key".to_owned(),
                    |at| format!("what stands in {}", place(at, when))
                )
            ),
            "Put key id and secret each in its own place.",
        ),
        Break::PairMixed { id, secret } => say(
            "The secret is of another key than the access key id",
            from(id, secret, when),
            "Set both in one place, and take the other half away.",
        ),
        Break::PairTorn { id, secret } => say(
            "The two keys stand in different files",
            format!(
                "boto3 takes both from one file, and the id is in {}, the secret in {}.",
                place(id, when),
                place(secret, when)
            ),
            "Move one of the lines to the other.",
        ),
        Break::KeyMisnamed { written, meant, at } => say(
            "A line for a key is not called as boto3 wants it",
            format!(
                "The name in {} is {}.",
                place(at, when),
                code(&visible(written))
            ),
            format!("Call it {}.", code(meant)),
        ),
        Break::PairEmpty => say(
            "The key pair is there, but empty",
            "Both lines have nothing behind the sign of equality; boto3 signs with nothing then, and looks no further.",
            "Write the two keys, or take both lines away.",
        ),
        Break::TokenMissing => say(
            "The session token of these temporary keys is missing",
            "The id is one that a sign-in makes anew each time (ASIA); servers know it only together with its token.",
            "Enter all three of one sign-in again.",
        ),
        Break::ForeignToken { variable } => say(
            format!("The token in {variable} is of other keys"),
            "The environment gives it, it goes along with the typed keys, and the server refuses all three for it.",
            format!("Unset {} where this program is started.", code(variable)),
        ),
        Break::KeysEnded { at } => say(
            "These temporary keys have ended",
            format!(
                "What stands beside them says that they ended {}.",
                when.said(*at)
            ),
            "Fetch new ones with the tool that wrote them, or paste new ones.",
        ),
        _ => return None,
    })
}

pub(super) fn profile_with_keys(options: &[&str]) -> Told {
    let all: Vec<String> = options.iter().map(|option| code(option)).collect();
    let all = all.join(" and ");
    say(
        "A session profile is set together with keys",
        format!("Django refuses to start with `AWS_S3_SESSION_PROFILE` beside {all}."),
        format!("Keep the profile and clear {all}, or clear the profile."),
    )
}

/// Where a key or a line stands, within a sentence.
pub(super) fn place(at: &Origin, when: &When<'_>) -> String {
    match at {
        Origin::File { path, line, .. } => format!("line {line} of {}", file(path, when)),
        Origin::Variable(name) => format!("the variable {}", code(name)),
        Origin::Option { name, parent: None } => format!("{} of this connection", code(name)),
        other => origin(other, when),
    }
}

/// Where the halves of a pair come from.
pub(in crate::words::diagnosis) fn from(id: &Origin, secret: &Origin, when: &When<'_>) -> String {
    format!(
        "The key id is from {}, the secret from {}.",
        place(id, when),
        place(secret, when)
    )
}

const fn name(half: KeyHalf) -> &'static str {
    match half {
        KeyHalf::Id => "access key id",
        KeyHalf::Secret => "secret key",
        KeyHalf::Token => "session token",
    }
}

/// What is odd about a key that is used all the same.
pub(in crate::words::diagnosis) fn odd(
    half: KeyHalf,
    at: &Origin,
    flaw: KeyFlaw,
    when: &When<'_>,
) -> String {
    let told = unfit(half, Some(at), flaw, when);
    format!("{}. {}", told.title, told.next)
}

fn unfit(half: KeyHalf, at: Option<&Origin>, flaw: KeyFlaw, when: &When<'_>) -> Told {
    let key = name(half);
    let at_place = at.map_or_else(
        || "the place where it is set".to_owned(),
        |at| place(at, when),
    );
    let follows = match half {
        KeyHalf::Id => "no server knows the key so",
        KeyHalf::Secret => "every signature is wrong for it",
        KeyHalf::Token => "servers refuse the keys for it",
    };
    match flaw {
        KeyFlaw::LineEnd => line_end(half, at, &at_place),
        KeyFlaw::Letter => say(
            format!("The {key} has a letter in it that no key has"),
            match half {
                KeyHalf::Id => {
                    "It is no plain letter, digit or sign, perhaps one that cannot be seen, and was not sent for that."
                }
                KeyHalf::Token => {
                    "It is no plain letter, digit or sign, perhaps one that cannot be seen; none of the three was sent."
                }
                KeyHalf::Secret => {
                    "It is no plain letter, digit or sign, perhaps one that cannot be seen; it makes every signature wrong."
                }
            },
            format!("Copy the {key} anew into {at_place}."),
        ),
        KeyFlaw::Quoted => say(
            format!("The {key} stands in quotation marks"),
            format!("boto3 takes them for a part of it, and {follows}."),
            format!("Remove them in {at_place}."),
        ),
        KeyFlaw::Comment => say(
            format!("A comment stands behind the {key}"),
            format!("boto3 takes it for a part of the key, and {follows}."),
            format!("Take it out of {at_place}; in a file it may stand on a line of its own."),
        ),
        KeyFlaw::Blank => say(
            format!("The {key} has a blank in it"),
            format!("boto3 does not cut it off, and {follows}."),
            format!("Remove it in {at_place}."),
        ),
    }
}

fn line_end(half: KeyHalf, at: Option<&Origin>, place: &str) -> Told {
    let key = name(half);
    let follows = match half {
        KeyHalf::Id => "no request can carry that",
        KeyHalf::Token => "a request's headers cannot hold that, so nothing was sent",
        KeyHalf::Secret => "every signature is wrong for it",
    };
    if let Some(Origin::File { .. }) = at {
        return say(
            format!("The line below the {key} is joined to it"),
            format!(
                "It begins further in, which makes it a part of the key for boto3, and {follows}."
            ),
            format!("Begin it where {place} begins, or take it out."),
        );
    }
    say(
        format!("The {key} has a line end in it"),
        format!(
            "It cannot be seen, and {follows}. Most often a file with Windows line ends was read by a shell."
        ),
        format!(
            "Set it anew in {place}, and save a file that is read for it with the line ends of Unix (LF)."
        ),
    )
}
