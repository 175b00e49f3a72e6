//! The rungs of the default session: the profile of the environment in every form it may have, web identity, container,
//! instance.
//!
//! A profile can say several things at once; the first in the order of the search counts, the others are shown as what
//! they are: hidden.

use std::path::PathBuf;

use super::Asking;
use super::chain::{Ask, CONTAINER, End, Followed, OFF, Way, follow, role_name, token_flaw};
use super::draft::Draft;
use super::older;
use super::roles::unfit_arn;
use crate::domain::diagnosis::{
    Break, ChainWord, Light, Machine, Origin, Remedy, Rung, RungNote, RungPlace, Step, StepKind,
};
use crate::domain::redact;
use crate::settings::CredentialMode;
use crate::settings::profiles::{active_profile, named_profile};

/// The rungs of the default session.
pub(super) struct SessionRungs {
    /// In their order.
    pub(super) drafts: Vec<Draft>,
    /// The one that the default session would use, by its position here, and whom to ask for its keys.
    pub(super) chosen: Option<(usize, Option<Asking>)>,
    /// The one that is used by a profile that was asked for and says nothing of keys.
    pub(super) fallback: Option<(usize, Option<Asking>)>,
    /// Where the instance is, which is asked when nothing else is there.
    pub(super) instance: usize,
    /// The one that is to blame when nobody else has keys, by its position here.
    pub(super) last: Option<usize>,
}

/// What the profile of the default session leads to.
enum OfProfile {
    /// The search stops here, whatever else there is.
    Stops(usize),
    /// It gives keys, or should.
    Gives(usize, Option<Asking>),
    /// It gives none, which is to blame once nobody else has any.
    Lacks(usize),
    /// It is not there, and nobody asks for it.
    Nothing,
}

/// The form in which a profile gives keys; also the position of its rung.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Role = 0,
    WebIdentity = 1,
    IdentityCenter = 2,
    CredentialsFile = 3,
    Login = 4,
    Process = 5,
    ConfigFile = 6,
}

/// The file of older tools has a rung only where it is there, so what comes after stands there or one further.
const AFTER_PROFILE: usize = 7;

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
    rows.show_unread(&mut drafts);
    let web = rows.web_identity(&mut drafts);
    let old = older::draft(way.environment, searched).map(|draft| {
        drafts.insert(AFTER_PROFILE, draft);
        (AFTER_PROFILE, None)
    });
    let instance = drafts.len() - 1;
    let container = rows.container(&mut drafts, instance - 1);
    rows.instance(&mut drafts[instance]);
    // A role of the profile comes before a web identity of the variables, everything else of it after.
    let role_first = forms.first() == Some(&Form::Role);
    let (chosen, last) = match of_profile {
        OfProfile::Stops(at) => (Some((at, None)), None),
        OfProfile::Gives(at, asking) if role_first => (Some((at, asking)), None),
        OfProfile::Gives(at, asking) => (web.or(Some((at, asking))), None),
        OfProfile::Lacks(at) => (web, Some(at)),
        OfProfile::Nothing => (web, None),
    };
    let fallback = old.or(container);
    SessionRungs {
        drafts,
        chosen: chosen.or_else(|| fallback.clone()),
        fallback,
        instance,
        last,
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
            RungPlace::Login(self.name.clone()),
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
        let shared = self.way.shared;
        let says = |key: &str| shared.says(&self.name, key);
        let has = |key: &str| shared.get(&self.name, key).is_some();
        let pair = |in_credentials| shared.pair(&self.name, in_credentials).is_some();
        let center = says("sso_account_id") || says("sso_role_name");
        [
            (Form::Role, shared.takes_role(&self.name)),
            (Form::WebIdentity, has("web_identity_token_file")),
            (Form::IdentityCenter, center),
            (Form::CredentialsFile, pair(true)),
            (Form::Login, has("login_session")),
            (Form::Process, has("credential_process")),
            (Form::ConfigFile, pair(false)),
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
                let pair = self
                    .way
                    .shared
                    .pair(&self.name, form == Form::CredentialsFile);
                if let Some(pair) = pair {
                    rung.key = Some(pair.key);
                    rung.origins.push((ChainWord::KeyId, pair.origin));
                }
            }
            Form::Login => {
                if let Some(session) = entry("login_session") {
                    let kind = StepKind::LoginSession(session.value.to_owned());
                    rung.steps.push(good(session.origin(), kind));
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
    fn of_profile(&self, drafts: &mut [Draft], forms: &[Form]) -> OfProfile {
        let shared = self.way.shared;
        let variable = named_profile(self.way.environment)
            .and_then(|_| {
                self.way
                    .environment
                    .first_found(&super::stops::PROFILE_VARIABLES)
            })
            .map(|(name, _)| name.to_owned());
        let failed = |drafts: &mut [Draft], cause: Break, remedy| {
            let of_config = match &cause {
                Break::FileMalformed { path, .. }
                | Break::FileUnreadable { path, .. }
                | Break::SectionReplaced { path, .. } => !shared.is_credentials(path),
                _ => false,
            };
            let at = if of_config {
                Form::ConfigFile as usize
            } else {
                Form::CredentialsFile as usize
            };
            let mut draft = Draft::found(drafts[at].rung.clone(), self.searched, Some(cause));
            draft.rung.remedy = remedy;
            let named = variable.clone().map(RungNote::ProfileOf);
            draft.rung.notes.extend(named);
            drafts[at] = draft;
            at
        };
        if let Some(cause) = shared.malformed() {
            let remedy = super::file_of(&cause);
            return OfProfile::Stops(failed(drafts, cause, remedy));
        }
        let unreadable = shared.unreadable();
        if variable.is_some() && !shared.has(&self.name) {
            let cause = unreadable.unwrap_or_else(|| shared.missing(&self.name));
            let remedy = super::file_of(&cause).or(Some(Remedy::RunAgain));
            return OfProfile::Stops(failed(drafts, cause, remedy));
        }
        let Some(form) = forms.first() else {
            let without = variable.as_ref().map(|_| Break::ProfileWithoutKeys {
                name: self.name.clone(),
            });
            let replaced = shared.replaced(&self.name);
            let misnamed = || shared.misnamed(&self.name);
            let found = unreadable.or(replaced).or_else(misnamed);
            let Some(cause) = found.or(without) else {
                return OfProfile::Nothing;
            };
            let place = shared.place(&self.name).and_then(|origin| match origin {
                Origin::File { path, .. } => Some(Remedy::ShowFile(path)),
                _ => None,
            });
            let remedy = super::file_of(&cause).or(place);
            return OfProfile::Lacks(failed(drafts, cause, remedy));
        };
        let followed = follow(&self.name, self.way);
        let asking = place(&mut drafts[*form as usize], followed, shared.notes());
        let named = variable.map(RungNote::ProfileOf);
        drafts[*form as usize].rung.notes.extend(named);
        OfProfile::Gives(*form as usize, asking)
    }

    /// A file that cannot be read is not one with nothing in it.
    fn show_unread(&self, drafts: &mut [Draft]) {
        for (form, in_credentials) in [(Form::CredentialsFile, true), (Form::ConfigFile, false)] {
            let draft = &mut drafts[form as usize];
            let unread = self.way.shared.unread_in(in_credentials);
            if let Some(cause) = unread.filter(|_| !draft.present) {
                *draft = Draft::found(draft.rung.clone(), self.searched, Some(cause));
            }
        }
    }

    /// The token file that the variables name.
    fn web_identity(&self, drafts: &mut [Draft]) -> Chosen {
        const FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
        let environment = self.way.environment;
        let file = PathBuf::from(environment.found(FILE)?);
        let of_profile = self.way.shared.get(&self.name, "role_arn");
        let (arn, role_at) = match (environment.found("AWS_ROLE_ARN"), of_profile) {
            (Some(arn), _) => (Some(arn), Origin::Variable("AWS_ROLE_ARN".to_owned())),
            (None, Some(arn)) => (Some(arn.value), arn.origin()),
            (None, None) => (None, Origin::Variable("AWS_ROLE_ARN".to_owned())),
        };
        let unfit = arn.and_then(|arn| unfit_arn(arn, &role_at));
        let role = arn.map(role_name);
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
            rung.steps.push(good(role_at, kind));
        }
        let cause = match &role {
            None => Some(Break::RoleArnMissing),
            Some(_) => unfit.or_else(|| token_flaw(&file)),
        };
        rung.remedy = match &cause {
            Some(Break::RoleArnMissing | Break::RoleWordUnfit { .. }) => Some(Remedy::RunAgain),
            Some(_) => Some(Remedy::ShowFile(file)),
            None => None,
        };
        let broken = cause.is_some();
        if let (true, Some(first)) = (broken, rung.steps.first_mut()) {
            first.light = Light::Bad;
        }
        drafts[at] = Draft::found(rung, self.searched, cause);
        let ask = role
            .filter(|_| !broken)
            .map(|role| Asking::Storage(Ask::WebIdentity { role }));
        Some((at, ask))
    }

    fn container(&self, drafts: &mut [Draft], at: usize) -> Chosen {
        let (name, _) = self.way.environment.first_found(&CONTAINER)?;
        let mut rung = drafts[at].rung.clone();
        rung.origins
            .push((ChainWord::KeyId, Origin::Variable(name.to_owned())));
        drafts[at] = Draft::found(rung, self.searched, None);
        Some((at, Some(Asking::Machine(Machine::Container))))
    }

    fn instance(&self, draft: &mut Draft) {
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
    let Followed {
        steps,
        end,
        token,
        odd,
    } = followed;
    draft.present = true;
    draft.token = token;
    let rung: &mut Rung = &mut draft.rung;
    let is_told = |note: &RungNote| matches!(&end, End::Broken(cause, _) if note.is_told_by(cause));
    rung.notes
        .extend(notes.into_iter().filter(|note| !is_told(note)));
    rung.notes.extend(odd);
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
        End::Ask(ask) => {
            let is_login = |step: &Step| matches!(step.kind, StepKind::LoginSession(_));
            let login = rung.steps.iter().any(is_login);
            rung.notes.extend(login.then_some(RungNote::NeedsCrt));
            Some(Asking::Storage(ask))
        }
    }
}
