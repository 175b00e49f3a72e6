//! The rungs of the default session: the profile of the environment in every form it may have, web identity, container,
//! instance.
//!
//! A profile can say several things at once; the first in the order of the search counts, the others are shown as what
//! they are: hidden.

use std::path::PathBuf;

use super::Asking;
use super::chain::{Ask, End, Followed, Machine, Way, follow, role_name, token_flaw};
use super::draft::Draft;
use super::redact;
use crate::domain::diagnosis::{
    Break, ChainWord, Light, Origin, Remedy, Rung, RungNote, RungPlace, Step, StepKind,
};
use crate::settings::CredentialMode;
use crate::settings::profiles::{active_profile, named_profile};

/// The rungs of the default session.
pub(super) struct SessionRungs {
    /// In their order.
    pub(super) drafts: Vec<Draft>,
    /// The one that the default session would use, by its position here, and whom to ask for its keys.
    pub(super) chosen: Option<(usize, Option<Asking>)>,
    /// Where the instance is, which is asked when nothing else is there.
    pub(super) instance: usize,
}

/// The form in which a profile gives keys; also the position of its rung.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Role = 0,
    WebIdentity = 1,
    IdentityCenter = 2,
    CredentialsFile = 3,
    Process = 4,
    ConfigFile = 5,
}

const CONTAINER: usize = 6;
const INSTANCE: usize = 7;

pub(super) fn rungs(way: Way<'_>, mode: CredentialMode) -> SessionRungs {
    let name = active_profile(way.environment).to_owned();
    let searched = matches!(mode, CredentialMode::Auto | CredentialMode::Chain);
    let rows = Rows {
        way,
        name,
        searched,
    };
    let mut drafts = rows.empty();
    let forms = rows.forms();
    for form in &forms {
        drafts[*form as usize] = rows.hidden(*form);
    }
    let of_profile = rows.of_profile(&mut drafts, &forms);
    let web = rows.web_identity(&mut drafts);
    let container = rows.container(&mut drafts);
    rows.instance(&mut drafts[INSTANCE]);
    // A role of the profile comes before a web identity of the variables, everything else of it after.
    let role_first = forms.first() == Some(&Form::Role);
    let chosen = if role_first {
        of_profile.or(web)
    } else {
        web.or(of_profile)
    };
    SessionRungs {
        drafts,
        chosen: chosen.or(container),
        instance: INSTANCE,
    }
}

type Chosen = Option<(usize, Option<Asking>)>;

struct Rows<'a> {
    way: Way<'a>,
    name: String,
    searched: bool,
}

impl Rows<'_> {
    fn empty(&self) -> Vec<Draft> {
        let session = self.way.shared.get(&self.name, "sso_session");
        let session = session.map(|entry| entry.value.to_owned());
        [
            RungPlace::Role(self.name.clone()),
            RungPlace::WebIdentity,
            RungPlace::IdentityCenter(session),
            RungPlace::CredentialsFile(self.name.clone()),
            RungPlace::Process(self.name.clone()),
            RungPlace::ConfigFile(self.name.clone()),
            RungPlace::Container,
            RungPlace::Instance,
        ]
        .map(|place| Draft::empty(place, self.searched))
        .into()
    }

    /// All forms that the profile has, the one that counts first.
    fn forms(&self) -> Vec<Form> {
        let has = |key: &str| self.way.shared.get(&self.name, key).is_some();
        let token = has("web_identity_token_file");
        let keys_in = self.way.shared.keys(&self.name).map(|(.., place)| place);
        let center = [
            "sso_session",
            "sso_start_url",
            "sso_account_id",
            "sso_role_name",
        ];
        [
            (Form::Role, has("role_arn") && !token),
            (Form::WebIdentity, token),
            (Form::IdentityCenter, center.into_iter().any(has)),
            (Form::Process, has("credential_process")),
            (Form::CredentialsFile, keys_in == Some(true)),
            (Form::ConfigFile, keys_in == Some(false)),
        ]
        .into_iter()
        .filter_map(|(form, there)| there.then_some(form))
        .collect()
    }

    /// What a form says, without following it.
    fn hidden(&self, form: Form) -> Draft {
        let mut rung = self.empty()[form as usize].rung.clone();
        let entry = |key: &str| self.way.shared.get(&self.name, key);
        match form {
            Form::CredentialsFile | Form::ConfigFile => {
                if let Some((key, origin, _)) = self.way.shared.keys(&self.name) {
                    rung.key = Some(key);
                    rung.origins.push((ChainWord::KeyId, origin));
                }
            }
            Form::Process => {
                if let Some(command) = entry("credential_process") {
                    let kind = StepKind::Process {
                        command: redact::command(command.value),
                    };
                    rung.steps.push(good(command.origin(), kind));
                }
            }
            Form::Role => {
                if let Some(arn) = entry("role_arn") {
                    let kind = StepKind::Role {
                        role: role_name(arn.value),
                        mfa_serial: entry("mfa_serial").map(|one| one.value.to_owned()),
                        external_id: entry("external_id").is_some(),
                    };
                    rung.steps.push(good(arn.origin(), kind));
                }
            }
            Form::WebIdentity | Form::IdentityCenter => {}
        }
        Draft::found(rung, self.searched, None)
    }

    /// Follows the profile in the form that counts.
    fn of_profile(&self, drafts: &mut [Draft], forms: &[Form]) -> Chosen {
        let shared = self.way.shared;
        let variable = named_profile(self.way.environment)
            .and_then(|_| {
                self.way
                    .environment
                    .first_found(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
            })
            .map(|(name, _)| name.to_owned());
        let failed = |drafts: &mut [Draft], cause: Break, remedy| {
            let at = Form::CredentialsFile as usize;
            let mut draft = Draft::found(drafts[at].rung.clone(), self.searched, Some(cause));
            draft.rung.remedy = remedy;
            let named = variable.clone().map(RungNote::ProfileOf);
            draft.rung.notes.extend(named);
            drafts[at] = draft;
            Some((at, None))
        };
        if let Some(cause) = shared.malformed() {
            let remedy = super::file_of(&cause);
            return failed(drafts, cause, remedy);
        }
        let Some(form) = forms.first() else {
            if let Some(cause) = shared.unreadable() {
                let remedy = super::file_of(&cause);
                return failed(drafts, cause, remedy);
            }
            if variable.is_some() && !shared.has(&self.name) {
                let name = self.name.clone();
                let cause = Break::ProfileMissing { name };
                return failed(drafts, cause, Some(Remedy::RunAgain));
            }
            return None;
        };
        let followed = follow(&self.name, self.way);
        let asking = place(&mut drafts[*form as usize], followed, shared.notes());
        let named = variable.map(RungNote::ProfileOf);
        drafts[*form as usize].rung.notes.extend(named);
        Some((*form as usize, asking))
    }

    /// The token file that the variables name.
    fn web_identity(&self, drafts: &mut [Draft]) -> Chosen {
        const FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
        let environment = self.way.environment;
        let file = PathBuf::from(environment.found(FILE)?);
        let role = environment.found("AWS_ROLE_ARN").map(role_name);
        let at = Form::WebIdentity as usize;
        let mut rung = drafts[at].rung.clone();
        rung.steps.push(good(
            Origin::Variable(FILE.to_owned()),
            StepKind::TokenFile(file.clone()),
        ));
        if let Some(role) = &role {
            let kind = StepKind::Role {
                role: role.clone(),
                mfa_serial: None,
                external_id: false,
            };
            rung.steps
                .push(good(Origin::Variable("AWS_ROLE_ARN".to_owned()), kind));
        }
        let cause = match &role {
            None => Some(Break::RoleArnMissing),
            Some(_) => token_flaw(&file),
        };
        rung.remedy = match &cause {
            Some(Break::RoleArnMissing) => Some(Remedy::RunAgain),
            Some(_) => Some(Remedy::ShowFile(file)),
            None => None,
        };
        let broken = cause.is_some();
        if let (true, Some(first)) = (broken, rung.steps.first_mut()) {
            first.light = Light::Bad;
        }
        let nameless = matches!(cause, Some(Break::RoleArnMissing));
        drafts[at] = Draft::found(rung, self.searched, cause);
        // Without a role the file is passed over.
        if nameless {
            return None;
        }
        let ask = role
            .filter(|_| !broken)
            .map(|role| Asking::Storage(Ask::WebIdentity { role }));
        Some((at, ask))
    }

    fn container(&self, drafts: &mut [Draft]) -> Chosen {
        const NAMES: [&str; 2] = [
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ];
        let (name, _) = self.way.environment.first_found(&NAMES)?;
        let mut rung = drafts[CONTAINER].rung.clone();
        rung.origins
            .push((ChainWord::KeyId, Origin::Variable(name.to_owned())));
        drafts[CONTAINER] = Draft::found(rung, self.searched, None);
        Some((CONTAINER, Some(Asking::Machine(Machine::Container))))
    }

    fn instance(&self, draft: &mut Draft) {
        const OFF: &str = "AWS_EC2_METADATA_DISABLED";
        let off = self.way.environment.found(OFF);
        if off.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
            draft.rung.notes.push(RungNote::SwitchedOff(OFF.to_owned()));
        } else {
            draft.asks_network = true;
        }
    }
}

fn good(origin: Origin, kind: StepKind) -> Step {
    Step {
        origin,
        kind,
        light: Light::Good,
    }
}

/// Puts a followed chain on its rung; the answer is whom to ask for the keys.
pub(super) fn place(draft: &mut Draft, followed: Followed, notes: Vec<RungNote>) -> Option<Asking> {
    let Followed { steps, end } = followed;
    let rung: &mut Rung = &mut draft.rung;
    draft.present = true;
    rung.notes.extend(notes);
    // A pair in a file needs no chain.
    match steps.as_slice() {
        [
            Step {
                kind: StepKind::Keys(_),
                origin,
                ..
            },
        ] => rung.origins.push((ChainWord::KeyId, origin.clone())),
        _ => rung.steps = steps,
    }
    match end {
        End::Keys(key) => {
            if key.temporary && !key.has_token {
                rung.notes.push(RungNote::TokenMissing);
            }
            rung.key = Some(key);
            None
        }
        End::Broken(cause, remedy) => {
            draft.cause = Some(cause);
            rung.remedy = remedy;
            None
        }
        End::Ask(Ask::Process { command }) => Some(Asking::Process { command }),
        End::Ask(ask) => Some(Asking::Storage(ask)),
    }
}
