//! Follows a role of a profile: what it says of itself, and whose keys take it.

use super::chain::{Ask, CONTAINER, End, OFF, Walk, role_name};
use super::pairs::odd;
use super::shared::Entry;
use crate::domain::RoleSpec;
use crate::domain::diagnosis::{
    Break, CodeEnd, KeyFacts, KeyHalf, Light, Origin, Remedy, RungNote, Step, StepKind,
};

impl<'a> Walk<'a> {
    pub(super) fn role(&mut self, name: &str, arn: Entry<'a>) -> End {
        let role = role_name(arn.value);
        let mfa_serial = self.get(name, "mfa_serial").map(|one| one.value.to_owned());
        let external_id = self.get(name, "external_id").is_some();
        self.step(
            arn.origin(),
            StepKind::Role {
                role: role.clone(),
                mfa_serial: mfa_serial.clone(),
                external_id,
            },
        );
        let source = self.get(name, "source_profile");
        let place = self.get(name, "credential_source");
        let below = match (source, place) {
            (Some(_), Some(_)) => {
                return self.broken_here(Break::TwoSources {
                    name: name.to_owned(),
                });
            }
            (None, None) => {
                return self.broken_here(Break::RoleWithoutSource {
                    name: name.to_owned(),
                });
            }
            (Some(source), None) => self.source(name, source),
            (None, Some(place)) => self.place(place),
        };
        if let End::Broken(..) = below {
            return below;
        }
        let text = |key: &str| self.get(name, key).map(|one| one.value.to_owned());
        let duration = text("duration_seconds");
        let spec = RoleSpec {
            arn: arn.value.to_owned(),
            external_id: text("external_id"),
            session_name: text("role_session_name"),
            duration_secs: duration.as_deref().and_then(RoleSpec::duration_of),
            mfa_serial: mfa_serial.clone(),
        };
        if Break::of_role(&spec).is_some() {
            return self.role_word(name, &spec);
        }
        if let (Some(_), None, Some(at)) = (
            duration,
            spec.duration_secs,
            self.way.shared.at(name, "duration_seconds"),
        ) {
            self.odd.push(RungNote::DurationIgnored { at });
        }
        if let Some(serial) = mfa_serial.filter(|_| !self.way.has_person) {
            // The role's own step is where it stops.
            if let Some(step) = self
                .steps
                .iter_mut()
                .find(|step| matches!(&step.kind, StepKind::Role { role: own, .. } if *own == role))
            {
                step.light = Light::Bad;
            }
            let (remedy, end) = (Some(Remedy::EnterCode), CodeEnd::NobodyThere);
            return End::Broken(Break::CodeNeeded { serial, role, end }, remedy);
        }
        End::Ask(Ask::Role { role, external_id })
    }

    /// A line of a role that not even botocore sends.
    pub(super) fn role_word(&mut self, name: &str, spec: &RoleSpec) -> End {
        let mut cause = Break::of_role(spec).unwrap_or(Break::RoleArnMissing);
        let mut file = self.file();
        if let Break::RoleWordUnfit { word, at, .. } = &mut cause {
            *at = self.way.shared.at(name, word.key());
            if let Some(Origin::File { path, .. }) = at {
                file = Some(Remedy::ShowFile(path.clone()));
            }
        }
        let is_it = |step: &&mut Step| matches!(&step.kind, StepKind::Role { role, .. } if role == spec.name());
        if let Some(step) = self.steps.iter_mut().find(is_it) {
            step.light = Light::Bad;
        }
        End::Broken(cause, file)
    }

    /// The profile whose keys take a role; the same one means its own keys.
    fn source(&mut self, name: &str, source: Entry<'a>) -> End {
        if source.value == name && self.way.shared.has_keys(name) {
            return self.base(name);
        }
        self.step(
            source.origin(),
            StepKind::SourceProfile(source.value.to_owned()),
        );
        if !self.way.shared.has(source.value) {
            let unreadable = self.way.shared.unreadable();
            return match unreadable {
                Some(cause) => self.broken_file(cause),
                None => self.broken_here(Break::SourceMissing {
                    name: source.value.to_owned(),
                    from: name.to_owned(),
                }),
            };
        }
        self.visit(source.value)
    }

    /// The place whose keys take a role.
    fn place(&mut self, place: Entry<'a>) -> End {
        self.step(
            place.origin(),
            StepKind::CredentialSource(place.value.to_owned()),
        );
        let environment = self.way.environment;
        let needed: &[&'static str] = match place.value {
            "Environment" => &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
            "Ec2InstanceMetadata" => {
                let off = environment.found(OFF);
                if off.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
                    let again = Some(Remedy::RunAgain);
                    return self.broken(Break::InstanceSwitchedOff { variable: OFF }, again);
                }
                &[]
            }
            "EcsContainer" if environment.first_found(&CONTAINER).is_none() => &CONTAINER[1..],
            "EcsContainer" => &[],
            _ => {
                let value = place.value.to_owned();
                return self.broken_here(Break::UnknownSource { value });
            }
        };
        let missing = needed.iter().find(|name| environment.found(name).is_none());
        let found = |name: &str| {
            let at = Origin::Variable(name.to_owned());
            environment.found(name).map(|text| (text, at))
        };
        if let [id, secret] = needed
            && let (Some((id, at)), Some((secret, secret_at))) = (found(id), found(secret))
        {
            if let Some(cause) = Break::of_pair(id, secret, Some(at.clone())) {
                let remedy = cause.at_key();
                return self.broken(cause, Some(remedy));
            }
            self.odd.extend(odd(KeyHalf::Id, id, &at));
            self.odd.extend(odd(KeyHalf::Secret, secret, &secret_at));
        }
        match missing {
            Some(missing) => self.broken(
                Break::SourceVariablesMissing { missing },
                Some(Remedy::RunAgain),
            ),
            None => End::Keys(KeyFacts::default()),
        }
    }
}

/// Why the role of a web identity is not even asked for.
pub(super) fn unfit_arn(arn: &str, origin: &Origin) -> Option<Break> {
    let mut cause = Break::of_role(&RoleSpec {
        arn: arn.to_owned(),
        ..RoleSpec::default()
    })?;
    if let Break::RoleWordUnfit { at, .. } = &mut cause {
        *at = Some(origin.clone());
    }
    Some(cause)
}
