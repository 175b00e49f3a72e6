//! The rungs of key pairs: S3-specific and general, in the settings and in the environment.
//!
//! The two halves are searched one by one and may come from different places; a rung shows what stands at its own
//! place, and the winning rung also where the other half was taken from.

use super::draft::Draft;
use crate::doctor::Patient;
use crate::domain::diagnosis::{
    Break, ChainWord, KeyFacts, KeyFlaw, KeyHalf, Origin, Remedy, Rung, RungNote, RungPlace,
};
use crate::domain::{Secret, Timestamp, masked_key_id};
use crate::settings::credentials::{Found, FoundKeys};
use crate::settings::effective::Layers;
use crate::settings::{CredentialMode, OptionId, Problem, Reason, Source, Value};

pub(super) const TOKENS: [&str; 2] = ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"];

/// One of the four places of a pair.
#[derive(Clone, Copy)]
struct Place {
    key: OptionId,
    secret: OptionId,
    in_settings: bool,
}

const PLACES: [Place; 4] = [
    Place {
        key: OptionId::S3AccessKey,
        secret: OptionId::S3SecretKey,
        in_settings: true,
    },
    Place {
        key: OptionId::AccessKey,
        secret: OptionId::SecretKey,
        in_settings: true,
    },
    Place {
        key: OptionId::S3AccessKey,
        secret: OptionId::S3SecretKey,
        in_settings: false,
    },
    Place {
        key: OptionId::AccessKey,
        secret: OptionId::SecretKey,
        in_settings: false,
    },
];

/// The four rungs, and which of them the search chose.
pub(super) fn drafts(patient: &Patient) -> (Vec<Draft>, Option<usize>) {
    let keys = &patient.inspected.resolved.keys;
    let chosen = chosen(keys);
    let drafts = PLACES
        .iter()
        .enumerate()
        .map(|(at, place)| place.draft(patient, chosen == Some(at)))
        .collect();
    (drafts, chosen)
}

/// The place of the key id that signs; of what there is where the key id is missing.
fn chosen(keys: &FoundKeys) -> Option<usize> {
    keys.access_key
        .as_ref()
        .map(place_of)
        .or_else(|| keys.secret_key.as_ref().map(place_of))
        .or_else(|| {
            // A token alone hides all that comes after, too.
            let token = keys.token.as_ref()?;
            Some(if matches!(token.source, Source::Environment(_)) {
                3
            } else {
                1
            })
        })
}

fn place_of<T>(found: &Found<T>) -> usize {
    match (found.option, &found.source) {
        (Some(OptionId::S3AccessKey | OptionId::S3SecretKey), _) => 0,
        (Some(_), _) => 1,
        (None, Source::Environment(name)) if name.starts_with("AWS_S3_") => 2,
        (None, _) => 3,
    }
}

impl Place {
    fn rung_place(self) -> RungPlace {
        match (self.in_settings, self.key) {
            (true, OptionId::S3AccessKey) => RungPlace::S3Pair,
            (true, _) => RungPlace::GeneralPair,
            (false, OptionId::S3AccessKey) => RungPlace::S3Variables,
            (false, _) => RungPlace::GeneralVariables,
        }
    }

    fn is_searched(self, mode: CredentialMode) -> bool {
        if self.in_settings {
            matches!(
                mode,
                CredentialMode::Auto | CredentialMode::Keys | CredentialMode::Profile
            )
        } else {
            let general = self.key == OptionId::AccessKey;
            // The default session reads the general pair by itself.
            matches!(mode, CredentialMode::Auto | CredentialMode::Environment)
                || mode == CredentialMode::Chain && general
        }
    }

    /// The default session reads this pair, with botocore's own rules about what stands beside it.
    fn is_of_session(self, patient: &Patient) -> bool {
        let general = !self.in_settings && self.key == OptionId::AccessKey;
        general && patient.connection.credentials == CredentialMode::Chain
    }

    fn draft(self, patient: &Patient, chosen: bool) -> Draft {
        let searched = self.is_searched(patient.connection.credentials);
        let mut rung = Rung::empty(self.rung_place());
        let key = self.read(patient, self.key);
        let secret = self.read(patient, self.secret);
        if let (Some((text, _)), false) = (&key, chosen) {
            rung.key = Some(facts(text.reveal(), false));
        }
        for (word, (side, half, option)) in [
            (ChainWord::KeyId, (KeyHalf::Id, &key, self.key)),
            (ChainWord::Secret, (KeyHalf::Secret, &secret, self.secret)),
        ] {
            match half {
                Some((text, origin)) if !text.is_empty() => {
                    // Of the pair that signs it is told below.
                    let odd = odd(side, text.reveal(), origin).filter(|_| !chosen);
                    rung.notes.extend(odd);
                    rung.origins.push((word, origin.clone()))
                }
                Some(_) if self.in_settings => {
                    rung.notes.push(RungNote::EmptyOption(option.name()))
                }
                Some(_) => (rung.notes).push(RungNote::EmptyVariable(option.name().to_owned())),
                None => {}
            }
        }
        let present = chosen || !rung.origins.is_empty();
        if !present {
            let mut draft = Draft::empty(self.rung_place(), searched);
            draft.rung = rung;
            return draft;
        }
        if chosen {
            let cause = self.complete(patient, &mut rung);
            let token = patient.inspected.resolved.keys.token.as_ref();
            let token = token.map(origin_of);
            return Draft {
                token,
                ..Draft::found(rung, searched, cause)
            };
        }
        if let (Some((id, at)), Some((other, _))) = (&key, &secret)
            && self.is_of_session(patient)
            && !id.is_empty()
            && !other.is_empty()
        {
            let cause = Break::of_pair(id.reveal(), other.reveal(), Some(at.clone()));
            return of_session(patient, rung, cause);
        }
        let (has_key, has_secret) = (holds(&key), holds(&secret));
        let lent_to = self.lent_to(patient);
        if let Some(winner) = lent_to {
            rung.notes.push(RungNote::LendsHalf { to: winner + 2 });
        }
        let cause = (has_key != has_secret && lent_to.is_none()).then(|| Break::HalfPair {
            missing: if has_key { self.secret } else { self.key }.name(),
        });
        Draft::found(rung, searched, cause)
    }

    /// What stands here for an option, also when it is empty.
    fn read(self, patient: &Patient, option: OptionId) -> Option<(Secret, Origin)> {
        if !self.in_settings {
            let text = patient.environment.get(option.name())?;
            return Some((
                Secret::new(text),
                Origin::Variable(option.name().to_owned()),
            ));
        }
        let parents: Vec<_> = patient.parents.iter().collect();
        let layers = Layers {
            connection: &patient.connection,
            above: &patient.above,
            parents: &parents,
        };
        let (value, source) = layers.find(option)?;
        let secret = match value {
            Value::Text(text) => Secret::new(text.as_str()),
            Value::Secret(secret) => secret.clone(),
            _ => Secret::new(""),
        };
        Some((secret, option_origin(option, &source)))
    }

    /// The place that signs, when the search took a half from here for it.
    fn lent_to(self, patient: &Patient) -> Option<usize> {
        let keys = &patient.inspected.resolved.keys;
        let own = PLACES
            .iter()
            .position(|one| one.key == self.key && one.in_settings == self.in_settings);
        let winner = chosen(keys);
        let takes_secret = keys.secret_key.as_ref().map(place_of) == own;
        winner.filter(|_| takes_secret && winner != own)
    }

    /// Fills the winning rung in from the search: where all three parts came from, and what is odd about them.
    fn complete(self, patient: &Patient, rung: &mut Rung) -> Option<Break> {
        let keys = &patient.inspected.resolved.keys;
        let token = keys.token.is_some();
        rung.key = (keys.access_key.as_ref()).map(|found| KeyFacts {
            expires: keys.end,
            ..facts(&found.value, token)
        });
        rung.origins = origins(keys);
        let token_variable = (keys.token.as_ref()).and_then(|found| match found.source {
            Source::Environment(name) => Some(name.to_owned()),
            _ => None,
        });
        let key_is_typed = (keys.access_key.as_ref()).is_some_and(|found| found.option.is_some());
        if let (true, Some(variable)) = (key_is_typed, token_variable) {
            rung.notes.push(RungNote::TokenSticks { variable });
        }
        let places = (
            keys.access_key.as_ref().map(place_of),
            keys.secret_key.as_ref().map(place_of),
        );
        let halves = (keys.access_key.as_ref(), keys.secret_key.as_ref());
        if let (Some(id), Some(secret)) = halves
            && places.0 != places.1
        {
            let (id, secret) = (origin_of(id), origin_of(secret));
            rung.notes.push(RungNote::MixedPair { id, secret });
        }
        if rung
            .key
            .as_ref()
            .is_some_and(|key| key.temporary && !key.has_token)
        {
            rung.notes.push(RungNote::TokenMissing);
        }
        if let (Some(id), Some(secret)) = halves {
            let at = origin_of(id);
            let token = keys.token.as_ref();
            let token = token.map(|found| (found.value.reveal(), origin_of(found)));
            let of_token = || {
                let (text, at) = token.clone()?;
                Break::of_token(text, Some(at))
            };
            let of_pair = Break::of_pair(&id.value, secret.value.reveal(), Some(at));
            if let Some(cause) = of_pair.or_else(of_token) {
                unfit(rung, &cause);
                return Some(cause);
            }
            let id = odd(KeyHalf::Id, &id.value, &origin_of(id));
            let secret = odd(KeyHalf::Secret, secret.value.reveal(), &origin_of(secret));
            let token = token.and_then(|(text, at)| odd(KeyHalf::Token, text, &at));
            rung.notes.extend(id.into_iter().chain(secret).chain(token));
        }
        let ended = || keys.end.filter(|at| *at <= patient.now);
        let cause = self
            .missing_half(patient, keys)
            .or_else(|| ended().map(|at| Break::KeysEnded { at }))?;
        rung.remedy = Some(match &cause {
            Break::TokenAlone { .. } => Remedy::RunAgain,
            _ if !self.in_settings => Remedy::PasteKeys,
            Break::HalfPair { missing: name } | Break::SecretNotAtHand { option: name } => {
                Remedy::OpenOption(name)
            }
            _ => Remedy::PasteKeys,
        });
        Some(cause)
    }

    fn missing_half(self, patient: &Patient, keys: &FoundKeys) -> Option<Break> {
        let locked = (patient.inspected.resolved.problems.iter())
            .map(|(_, problem)| problem)
            .find_map(|Problem { option, reason }| {
                (*reason == Reason::SecretNotAtHand).then_some(*option)
            });
        match (&keys.access_key, &keys.secret_key) {
            (Some(_), Some(_)) => None,
            (Some(_), None) => Some(match locked {
                Some(option) => Break::SecretNotAtHand {
                    option: option.name(),
                },
                None => Break::HalfPair {
                    missing: self.secret.name(),
                },
            }),
            (None, Some(_)) => Some(Break::HalfPair {
                missing: self.key.name(),
            }),
            (None, None) => {
                let variable = patient.environment.first_found(&TOKENS);
                Some(Break::TokenAlone {
                    variable: variable.map(|(name, _)| name.to_owned()),
                })
            }
        }
    }
}

/// The general pair of the environment as the default session takes it: with its token and its end.
fn of_session(patient: &Patient, mut rung: Rung, unsent: Option<Break>) -> Draft {
    let environment = &patient.environment;
    let token = environment.first_found(&["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"]);
    let text = token.map(|(_, text)| text).unwrap_or_default();
    let token = token.map(|(name, _)| Origin::Variable(name.to_owned()));
    let unsent = unsent.or_else(|| Break::of_token(text, token.clone()));
    let odd_token = token.as_ref().and_then(|at| odd(KeyHalf::Token, text, at));
    rung.notes.extend(odd_token);
    let end = environment.found("AWS_CREDENTIAL_EXPIRATION");
    let end = end.and_then(Timestamp::from_tools);
    if let Some(key) = &mut rung.key {
        key.has_token = token.is_some();
        key.temporary |= key.has_token;
        key.expires = end;
        if key.temporary && !key.has_token {
            rung.notes.push(RungNote::TokenMissing);
        }
    }
    let at = token.clone().map(|origin| (ChainWord::Token, origin));
    rung.origins.extend(at);
    let ended = end.filter(|at| *at <= patient.now);
    let cause = unsent.or_else(|| ended.map(|at| Break::KeysEnded { at }));
    if let Some(cause) = &cause {
        unfit(&mut rung, cause);
    }
    Draft {
        token,
        ..Draft::found(rung, true, cause)
    }
}

/// Puts in order what a rung shows of a pair that is not sent: a secret is not shown in part either, and what is odd about
/// the id is told as the cause.
pub(super) fn unfit(rung: &mut Rung, cause: &Break) {
    rung.remedy = Some(cause.at_key());
    if let (Break::KeysSwapped { .. }, Some(key)) = (cause, &mut rung.key) {
        key.masked_id = masked_key_id("");
    }
    if matches!(cause, Break::KeysSwapped { .. } | Break::KeyUnfit { .. }) {
        let is_odd = |note: &RungNote| matches!(note, RungNote::OddKey { .. });
        rung.notes.retain(|note| !is_odd(note));
    }
}

/// What is odd about how a key is written.
pub(super) fn odd(half: KeyHalf, key: &str, at: &Origin) -> Option<RungNote> {
    let (flaw, at) = (KeyFlaw::of(key)?, at.clone());
    Some(RungNote::OddKey { half, at, flaw })
}

fn holds(half: &Option<(Secret, Origin)>) -> bool {
    half.as_ref().is_some_and(|(text, _)| !text.is_empty())
}

/// A key id as it may be shown. Amazon's temporary ids begin with `ASIA`.
pub(super) fn facts(id: &str, has_token: bool) -> KeyFacts {
    KeyFacts {
        masked_id: masked_key_id(id),
        temporary: has_token || id.starts_with("ASIA"),
        has_token,
        expires: None,
    }
}

fn option_origin(option: OptionId, source: &Source) -> Origin {
    Origin::Option {
        name: option.name(),
        parent: match source {
            Source::Parent(name) => Some(name.clone()),
            _ => None,
        },
    }
}

fn origin_of<T>(found: &Found<T>) -> Origin {
    match (found.option, &found.source) {
        (Some(option), source) => option_origin(option, source),
        (None, Source::Environment(name)) => Origin::Variable((*name).to_owned()),
        (None, Source::Parent(name)) => Origin::ConnectionToken {
            parent: Some(name.clone()),
        },
        (None, _) => Origin::ConnectionToken { parent: None },
    }
}

fn origins(keys: &FoundKeys) -> Vec<(ChainWord, Origin)> {
    let key = keys.access_key.as_ref().map(origin_of);
    let secret = keys.secret_key.as_ref().map(origin_of);
    let token = keys.token.as_ref().map(origin_of);
    [
        (ChainWord::KeyId, key),
        (ChainWord::Secret, secret),
        (ChainWord::Token, token),
    ]
    .into_iter()
    .filter_map(|(word, origin)| Some((word, origin?)))
    .collect()
}
