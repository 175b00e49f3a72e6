//! What can be seen to be wrong with a key pair before anybody is asked, and what a refusal makes of what was odd about it.
//!
//! A server tells that it does not know a key, never why. Where the ladder found something odd about the pair that signs,
//! that is why: [`blame`] makes the note a cause then, so that one place tells it with its remedy.

use super::{Break, Finding, Machine, Origin, Remedy, Rung, RungNote, RungState};
use crate::domain::are_swapped;

/// A half of a key pair, or what belongs to both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHalf {
    /// The access key id, which every request carries.
    Id,
    /// The secret access key, which is only signed with.
    Secret,
    /// The session token, which every request carries too.
    Token,
}

/// What is wrong with how a key is written. boto3 takes all of it for a part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFlaw {
    /// A line end at its end or within.
    LineEnd,
    /// A letter that is none of ASCII, or a control character.
    Letter,
    /// Quotation marks around it.
    Quoted,
    /// A comment behind it.
    Comment,
    /// A blank.
    Blank,
}

impl KeyFlaw {
    /// The first flaw of a key.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        let is_foreign = |each: char| !each.is_ascii() || (each.is_control() && each != '\t');
        let after_blank = key.split_whitespace().skip(1);
        if key.contains(['\r', '\n']) {
            Some(Self::LineEnd)
        } else if key.contains(is_foreign) {
            Some(Self::Letter)
        } else if key.trim().starts_with(['"', '\'']) {
            Some(Self::Quoted)
        } else if after_blank
            .into_iter()
            .any(|word| word.starts_with(['#', ';']))
        {
            Some(Self::Comment)
        } else {
            key.contains(char::is_whitespace).then_some(Self::Blank)
        }
    }
}

impl Break {
    /// Why a pair must not even be sent: no request can carry its id, or it is the secret that stands there.
    #[must_use]
    pub fn of_pair(id: &str, secret: &str, at: Option<Origin>) -> Option<Self> {
        if are_swapped(id, secret) {
            return Some(Self::KeysSwapped { at });
        }
        Self::uncarried(KeyHalf::Id, id, at)
    }

    /// Why no request can carry a session token.
    #[must_use]
    pub fn of_token(token: &str, at: Option<Origin>) -> Option<Self> {
        Self::uncarried(KeyHalf::Token, token, at)
    }

    fn uncarried(half: KeyHalf, key: &str, at: Option<Origin>) -> Option<Self> {
        let flaw = KeyFlaw::of(key)?;
        let is_it = matches!(flaw, KeyFlaw::LineEnd | KeyFlaw::Letter);
        is_it.then_some(Self::KeyUnfit { half, at, flaw })
    }
}

/// Makes what was odd about the rung that signs the cause of a refusal, where it explains that; true when it does.
pub(super) fn blame(rung: &mut Rung, refusal: &Finding) -> bool {
    if let Some(cause) = rung.cause() {
        return cause.is_of_keys() && refusal.refuses_keys();
    }
    if rung.state != RungState::Used {
        return false;
    }
    let explained =
        (rung.notes.iter().enumerate()).find_map(|(at, note)| Some((at, note.explains(refusal)?)));
    let Some((at, cause)) = explained else {
        return false;
    };
    rung.notes.remove(at);
    rung.remedy = Some(cause.at_key());
    rung.state = RungState::Failed {
        cause: Box::new(cause),
        matters: true,
    };
    true
}

impl Break {
    /// True for what a refusal of the keys is explained by.
    const fn is_of_keys(&self) -> bool {
        matches!(
            self,
            Self::KeyUnfit { .. }
                | Self::PairMixed { .. }
                | Self::TokenMissing
                | Self::ForeignToken { .. }
                | Self::KeysEnded { .. }
                | Self::MachineKeysEnded { .. }
        )
    }

    /// Where a key is put right.
    #[must_use]
    pub fn at_key(&self) -> Remedy {
        let at = match self {
            Self::KeyUnfit { at, .. } | Self::KeysSwapped { at } => at.as_ref(),
            Self::ForeignToken { .. } | Self::MachineKeysEnded { .. } => return Remedy::RunAgain,
            _ => None,
        };
        match at {
            Some(Origin::Option { name, .. }) => Remedy::OpenOption(name),
            Some(Origin::File { path, .. } | Origin::Path(path)) => Remedy::ShowFile(path.clone()),
            _ => Remedy::PasteKeys,
        }
    }
}

impl Finding {
    /// True when the server was asked and did not take the keys.
    const fn refuses_keys(&self) -> bool {
        matches!(
            self,
            Self::KeyUnknown
                | Self::SecretWrong
                | Self::SessionEnded
                | Self::TokenWrong { .. }
                | Self::KeysRefused(_)
        )
    }
}

impl RungNote {
    /// The cause that this is of a refusal of the keys.
    #[must_use]
    pub fn explains(&self, refusal: &Finding) -> Option<Break> {
        use Finding as F;
        let (id, secret, token, ended) = match refusal {
            F::KeyUnknown => (true, false, false, false),
            F::SecretWrong => (false, true, false, false),
            F::TokenWrong { .. } => (false, false, true, true),
            F::SessionEnded => (false, false, false, true),
            F::KeysRefused(_) => (true, true, false, false),
            _ => return None,
        };
        match self {
            Self::OddKey { half, at, flaw } => {
                let is_it = match half {
                    KeyHalf::Id => id,
                    KeyHalf::Secret => secret,
                    KeyHalf::Token => token || ended || id,
                };
                let (half, at, flaw) = (*half, Some(at.clone()), *flaw);
                is_it.then_some(Break::KeyUnfit { half, at, flaw })
            }
            Self::MixedPair { id, secret: other } => secret.then(|| Break::PairMixed {
                id: id.clone(),
                secret: other.clone(),
            }),
            Self::TokenMissing => id.then_some(Break::TokenMissing),
            Self::TokenSticks { variable } => token.then(|| Break::ForeignToken {
                variable: variable.clone(),
            }),
            Self::EndPassed { at } => (ended || id).then_some(Break::MachineKeysEnded {
                machine: Machine::Instance,
                at: *at,
            }),
            Self::EndWritten { at } => (ended || id).then_some(Break::KeysEnded { at: *at }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaws_are_told_apart() {
        for (key, flaw) in [
            ("AKIAIOSFODNN7EXAMPLE", None),
            ("minio;admin#1", None),
            ("testkey\r", Some(KeyFlaw::LineEnd)),
            ("\"testkey\"\r", Some(KeyFlaw::LineEnd)),
            ("testkey\u{200b}", Some(KeyFlaw::Letter)),
            ("testkey\u{7}", Some(KeyFlaw::Letter)),
            ("'testkey'", Some(KeyFlaw::Quoted)),
            ("testkey  # mine", Some(KeyFlaw::Comment)),
            ("test key", Some(KeyFlaw::Blank)),
            ("testkey\t", Some(KeyFlaw::Blank)),
        ] {
            assert_eq!(KeyFlaw::of(key), flaw, "{key:?}");
        }
    }

    #[test]
    fn only_what_no_request_can_carry_is_not_sent() {
        let of = |id, secret| Break::of_pair(id, secret, None);
        assert_eq!(of("\"testkey\"", "s"), None);
        assert_eq!(of("testkey", "s\r"), None);
        assert!(matches!(of("testkey\r", "s"), Some(Break::KeyUnfit { .. })));
        let swapped = Some(Break::KeysSwapped { at: None });
        assert_eq!(of("plain lower", "AKIAIOSFODNN7EXAMPLE"), swapped);
        assert_eq!(of("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"), None);
    }
}
