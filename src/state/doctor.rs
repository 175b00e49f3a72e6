//! What the window knows of the Doctor: whom it examines, what was found so far, whether it is still at it.

use jiff::tz::TimeZone;

use crate::domain::diagnosis::{
    Diagnosis, DoctorNews, Examination, Exchange, Remedy, ServerTraits,
};
use crate::domain::{Secret, Ticket};
use crate::settings::{Connection, OptionId, Value, Values};
use crate::words::diagnosis::{self as words, When};
use crate::worker::messages::{Command, SavedText};

use super::connections::Origin;
use super::saving::in_file_name;
use super::{CredentialsAction, DoctorAction, Effect, Screen, SettingsAction, State, ToastKind};

/// The Doctor's page.
#[derive(Debug, Default)]
pub struct Consultation {
    /// The connection that is examined, as it was when the examination began.
    pub patient: Option<Box<Connection>>,
    /// What was found so far.
    pub diagnosis: Diagnosis,
    /// The newest examination, while it runs.
    pub running: Option<Ticket>,
    /// When the newest examination that came to its end did so.
    pub finished: Option<Examination>,
    /// The column that a narrow window shows.
    pub tab: DoctorTab,
    /// Where the page was opened from.
    pub(super) back: Screen,
    /// A remedy changed the connection that the browser shows.
    pub(super) changed: bool,
}

/// A column of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DoctorTab {
    /// Where credentials come from.
    #[default]
    Credentials,
    /// What was tried.
    Checks,
    /// What they may do.
    Permissions,
}

impl Consultation {
    /// A new examination begins; what was found before is forgotten.
    pub fn begin(&mut self, patient: Connection, ticket: Ticket) {
        *self = Self {
            patient: Some(Box::new(patient)),
            running: Some(ticket),
            tab: self.tab,
            back: self.back,
            changed: self.changed,
            ..Self::default()
        };
    }

    /// True when the patient is what is being edited in the settings.
    #[must_use]
    pub fn is_of_draft(&self) -> bool {
        self.back == Screen::Settings
    }

    /// The connection that the browser shows has to be opened again.
    pub(super) const fn was_changed(&mut self) {
        self.changed = true;
    }

    /// Takes a piece of the running examination in.
    pub fn take(&mut self, ticket: Ticket, news: DoctorNews) {
        if self.running == Some(ticket) {
            self.diagnosis.take(news);
        }
    }

    /// The examination ended.
    pub fn end(&mut self, ticket: Ticket, finished: Option<Examination>) {
        if self.running == Some(ticket) {
            self.running = None;
            self.finished = finished;
        }
    }
}

impl State {
    /// The surroundings of the Doctor's sentences.
    #[must_use]
    pub fn when(&self) -> When<'_> {
        let zone: &TimeZone = &self.zone;
        let home = ["HOME", "USERPROFILE"];
        When {
            now: self.now,
            zone,
            home: home.iter().find_map(|name| self.environment.found(name)),
        }
    }

    pub(super) fn consult(&mut self, action: DoctorAction) -> Vec<Effect> {
        match action {
            DoctorAction::Examine(id) => {
                let id = id.or_else(|| self.connections.current.clone());
                let entry = id.and_then(|id| self.connections.find(&id));
                let patient = entry.map(|entry| self.connections.for_this_run(entry));
                patient.map_or_else(Vec::new, |patient| self.examine(patient))
            }
            DoctorAction::ExamineDraft => {
                let patient = self.draft.as_ref().map(|draft| draft.connection.clone());
                patient.map_or_else(Vec::new, |patient| self.examine(patient))
            }
            DoctorAction::RunAgain => {
                let patient = self.patient_as_it_is();
                patient.map_or_else(Vec::new, |patient| self.examine(patient))
            }
            DoctorAction::Stop => self.stop_examining(),
            DoctorAction::Leave => self.leave_doctor(),
            DoctorAction::Show(tab) => {
                self.doctor.tab = tab;
                Vec::new()
            }
            DoctorAction::Remedy(remedy) => self.help(remedy),
            DoctorAction::CopyReport => {
                let text = self.report_of_doctor();
                self.copy_doctors(text, "Report copied, secrets removed")
            }
            DoctorAction::SaveReport => {
                let text = Secret::new(self.report_of_doctor());
                let title = "Save the report".to_owned();
                let name = self.name_of_report();
                self.ask_where_to_save(SavedText::Report, text, title, name)
            }
            DoctorAction::CopyCommands => match &self.doctor.diagnosis.setup {
                Some(setup) => {
                    let text = words::commands(setup);
                    self.copy_doctors(text, "Commands copied, without keys")
                }
                None => Vec::new(),
            },
        }
    }

    /// The patient with what was changed since: in the settings it came from, or in the list.
    fn patient_as_it_is(&self) -> Option<Connection> {
        let known = self.doctor.patient.as_ref()?;
        let draft = self
            .draft
            .as_ref()
            .map(|draft| &draft.connection)
            .filter(|own| self.doctor.back == Screen::Settings && own.id == known.id);
        let listed = || {
            let entry = self.connections.find(&known.id)?;
            Some(self.connections.for_this_run(entry))
        };
        draft
            .cloned()
            .or_else(listed)
            .or_else(|| Some((**known).clone()))
    }

    /// All that was found, as text without secrets.
    fn report_of_doctor(&self) -> String {
        let doctor = &self.doctor;
        let no_traits = ServerTraits::default();
        let traits = (doctor.patient.as_ref()).map_or(&no_traits, |patient| &patient.server);
        // What other connections asked for is nothing for whoever reads this.
        let own = doctor.diagnosis.setup.as_ref();
        let own = own.map_or("", |setup| setup.connection.as_str());
        let failed = self.requests.failures();
        let failed: Vec<&Exchange> = failed.filter(|one| &*one.connection == own).collect();
        words::report(&words::Case {
            diagnosis: &doctor.diagnosis,
            finished: doctor.finished,
            traits,
            failed: &failed,
            when: self.when(),
        })
    }

    /// A name of a file for the report: `cooperage-doctor-media-2026-03-14.txt`.
    fn name_of_report(&self) -> String {
        let doctor = &self.doctor;
        let patient = doctor.patient.as_ref();
        let connection = patient.map_or_else(String::new, |one| in_file_name(&one.name));
        let at = doctor.finished.map_or(self.now, |finished| finished.at);
        let day = at.strftime("%Y-%m-%d", &self.zone);
        let words = ["cooperage-doctor", &connection, &day];
        let words = words.into_iter().filter(|word| !word.is_empty());
        format!("{}.txt", words.collect::<Vec<_>>().join("-"))
    }

    fn copy_doctors(&mut self, text: String, said: &str) -> Vec<Effect> {
        self.toasts.show(ToastKind::Good, said);
        vec![Effect::CopyText(text)]
    }

    fn examine(&mut self, patient: Connection) -> Vec<Effect> {
        let mut effects = self.stop_examining();
        effects.extend(self.forget_denials(&patient.id));
        if self.screen != Screen::Doctor {
            self.doctor = Consultation {
                back: self.screen,
                ..Consultation::default()
            };
            self.screen = Screen::Doctor;
        }
        let ticket = self.tickets.draw();
        self.doctor.begin(patient.clone(), ticket);
        effects.push(Effect::Run(Command::Examine {
            ticket,
            connection: Box::new(patient),
            others: self.connections.all(),
        }));
        effects
    }

    fn stop_examining(&mut self) -> Vec<Effect> {
        let running = self.doctor.running.take();
        running
            .map(|ticket| Effect::Run(Command::StopExamining(ticket)))
            .into_iter()
            .collect()
    }

    fn leave_doctor(&mut self) -> Vec<Effect> {
        let mut effects = self.stop_examining();
        let changed = std::mem::take(&mut self.doctor.changed) || self.is_cured();
        self.screen = match self.doctor.back {
            Screen::Settings if self.draft.is_some() => Screen::Settings,
            Screen::Welcome => Screen::Welcome,
            _ if self.connections.current.is_some() => Screen::Browser,
            _ => Screen::Welcome,
        };
        if changed
            && self.screen == Screen::Browser
            && let Some(id) = self.connections.current.clone()
        {
            // What was open was opened with the old settings.
            let place = self.browser.location.clone();
            let then = (!place.bucket.is_empty()).then_some(place);
            effects.extend(self.open_connection(&id, then));
        }
        effects
    }

    /// The connection that the browser could not open turned out to work.
    fn is_cured(&self) -> bool {
        let patient = self.doctor.patient.as_ref().map(|patient| &patient.id);
        let failed =
            self.connections.opened.is_none() && patient == self.connections.current.as_ref();
        let found = &self.doctor.diagnosis;
        let works = found.failed_places() == 0 && found.failed_checks() == 0;
        failed && works && self.doctor.finished.is_some()
    }

    fn help(&mut self, remedy: Remedy) -> Vec<Effect> {
        const STYLE: OptionId = OptionId::AddressingStyle;
        match remedy {
            Remedy::UseRegion(region) => self.treat(OptionId::Region, Some(&Value::text(region))),
            Remedy::UseBucket(bucket) => self.treat(OptionId::Bucket, Some(&Value::text(bucket))),
            Remedy::UsePathStyle => self.treat(STYLE, Some(&Value::text("path"))),
            Remedy::UseVirtualHost => self.treat(STYLE, Some(&Value::text("virtual"))),
            Remedy::OpenOption(name) => match OptionId::from_name(name) {
                Some(option) => self.open_patients_option(option),
                None => Vec::new(),
            },
            Remedy::ShowFile(path) => vec![Effect::Reveal(path)],
            Remedy::SignIn { profile, .. } => {
                self.work_on_credentials(CredentialsAction::SignIn { profile })
            }
            Remedy::PasteKeys => self.work_on_credentials(CredentialsAction::PasteKeys),
            Remedy::AssumeRole => self.work_on_credentials(CredentialsAction::AssumeRole),
            Remedy::EnterCode | Remedy::RunAgain => self.consult(DoctorAction::RunAgain),
        }
    }

    /// Sets an option of the patient, or leaves it to its default, keeps that where the connection is kept, and examines
    /// again.
    pub(super) fn treat(&mut self, option: OptionId, value: Option<&Value>) -> Vec<Effect> {
        let assign = |values: &mut Values| {
            match value {
                Some(value) => values.set(option, value.clone()),
                None => drop(values.reset(option)),
            };
        };
        let Some(mut patient) = self.doctor.patient.clone() else {
            return Vec::new();
        };
        assign(&mut patient.values);
        let mut effects = Vec::new();
        let in_draft = self.doctor.back == Screen::Settings;
        match &mut self.draft {
            Some(draft) if in_draft && draft.connection.id == patient.id => {
                assign(&mut draft.connection.values);
                effects.extend(self.draft_changed());
            }
            _ => {
                let Some(entry) = self
                    .connections
                    .list
                    .iter_mut()
                    .find(|one| *one.id() == patient.id)
                else {
                    return Vec::new();
                };
                assign(&mut entry.connection.values);
                let (origin, connection) = (entry.origin, entry.connection.clone());
                if origin == Origin::Saved {
                    let ticket = self.tickets.draw();
                    effects.push(Effect::Run(Command::SaveConnection {
                        ticket,
                        connection: Box::new(connection),
                    }));
                }
                self.doctor.changed |= self.connections.current.as_ref() == Some(&patient.id);
            }
        }
        effects.extend(self.examine(*patient));
        effects
    }

    fn open_patients_option(&mut self, option: OptionId) -> Vec<Effect> {
        let Some(id) = self
            .doctor
            .patient
            .as_ref()
            .map(|patient| patient.id.clone())
        else {
            return Vec::new();
        };
        let mut effects = self.stop_examining();
        let in_draft = self.doctor.back == Screen::Settings
            && self
                .draft
                .as_ref()
                .is_some_and(|draft| draft.connection.id == id);
        if in_draft {
            self.screen = Screen::Settings;
            if let Some(draft) = &mut self.draft {
                draft.jump = Some(super::settings::Spot::Option(option));
            }
        } else {
            effects.extend(self.configure(SettingsAction::EditOption { id, option }));
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diagnosis::{Rung, RungPlace};

    fn opened() -> (State, Connection) {
        let mut state = State::default();
        let connection = Connection::new("media");
        state.connections.put(connection.clone(), Origin::Saved);
        state.connections.current = Some(connection.id.clone());
        state.screen = Screen::Browser;
        (state, connection)
    }

    #[test]
    fn an_older_examination_is_not_heard() {
        let (mut state, _) = opened();
        state.consult(DoctorAction::Examine(None));
        let first = state.doctor.running.unwrap();
        state.consult(DoctorAction::RunAgain);
        let second = state.doctor.running.unwrap();
        let rungs = || DoctorNews::Ladder(vec![Rung::empty(RungPlace::S3Pair)]);
        state.doctor.take(first, rungs());
        state.doctor.end(first, None);
        assert!(state.doctor.diagnosis.ladder.is_empty());
        assert_eq!(state.doctor.running, Some(second));
        state.doctor.take(second, rungs());
        state.doctor.end(second, None);
        assert_eq!(state.doctor.diagnosis.ladder.len(), 1);
        assert_eq!(state.doctor.running, None);
    }

    #[test]
    fn a_remedy_is_saved_examined_and_the_browser_opened_anew() {
        let (mut state, connection) = opened();
        state.consult(DoctorAction::Examine(None));
        let region = Remedy::UseRegion("eu-central-1".to_owned());
        let effects = state.consult(DoctorAction::Remedy(region));
        let saved = effects.iter().find_map(|effect| match effect {
            Effect::Run(Command::SaveConnection { connection, .. }) => Some(connection),
            _ => None,
        });
        let wanted = Value::text("eu-central-1");
        assert_eq!(saved.unwrap().values.get(OptionId::Region), Some(&wanted));
        let examined = effects.iter().any(|effect| {
            matches!(effect, Effect::Run(Command::Examine { connection, .. })
                if connection.values.get(OptionId::Region) == Some(&wanted))
        });
        assert!(examined);
        let effects = state.consult(DoctorAction::Leave);
        assert_eq!(state.screen, Screen::Browser);
        let reopened = effects.iter().any(|effect| {
            matches!(effect, Effect::Run(Command::OpenConnection { connection: own, .. })
                if own.id == connection.id)
        });
        assert!(reopened);
    }

    #[test]
    fn leaving_without_a_remedy_opens_nothing_anew() {
        let (mut state, _) = opened();
        state.consult(DoctorAction::Examine(None));
        let effects = state.consult(DoctorAction::Leave);
        assert!(
            effects
                .iter()
                .all(|effect| !matches!(effect, Effect::Run(Command::OpenConnection { .. })))
        );
        assert_eq!(state.screen, Screen::Browser);
    }
}
