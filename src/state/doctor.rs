//! What the window knows of the Doctor: whom it examines, what was found so far, whether it is still at it.

use jiff::tz::TimeZone;

use crate::domain::diagnosis::{Diagnosis, DoctorNews, Examination, Exchange, ServerTraits};
use crate::domain::{Secret, Ticket};
use crate::settings::{Connection, ConnectionId};
use crate::words::diagnosis::{self as words, When};
use crate::worker::messages::{Command, SavedText};

use super::saving::in_file_name;
use super::visitor::Visitor;
use super::{DoctorAction, Effect, Screen, State, ToastKind};

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
    /// A person chose that column since the examination began.
    tab_chosen: bool,
    /// Who is a connection for this examination only.
    pub(super) visitor: Option<Box<Visitor>>,
    /// Where the page was opened from.
    pub(super) back: Screen,
    /// A remedy changed the connection that the browser shows.
    pub(super) changed: bool,
}

/// How the Doctor's page stood when the settings of whom it examines were opened from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct WayBack {
    /// Where the page itself leads back to.
    back: Screen,
    /// A remedy had changed the connection that the browser shows.
    changed: bool,
}

/// A column of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DoctorTab {
    /// Where credentials come from.
    #[default]
    Credentials,
    /// What was tried.
    Checks,
    /// What they may do.
    Permissions,
}

impl DoctorTab {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Credentials, Self::Checks, Self::Permissions];

    /// How many things in the column are red.
    #[must_use]
    pub fn failed(self, diagnosis: &Diagnosis) -> usize {
        match self {
            Self::Credentials => diagnosis.failed_places(),
            Self::Checks => diagnosis.failed_checks(),
            Self::Permissions => diagnosis.failed_writes(),
        }
    }
}

impl Consultation {
    /// A new examination begins; what was found before is forgotten.
    pub fn begin(&mut self, patient: Connection, ticket: Ticket) {
        *self = Self {
            patient: Some(Box::new(patient)),
            running: Some(ticket),
            tab: self.tab,
            visitor: self.visitor.take(),
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
            self.show_failure();
        }
    }

    /// Shows the first column with something red where nothing is red in the one that is shown, unless a person chose it.
    fn show_failure(&mut self) {
        let red = |tab: &DoctorTab| tab.failed(&self.diagnosis) > 0;
        if self.tab_chosen || red(&self.tab) {
            return;
        }
        if let Some(first) = DoctorTab::ALL.into_iter().find(red) {
            self.tab = first;
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
            DoctorAction::Examine(None) if self.screen == Screen::Doctor => {
                self.consult(DoctorAction::RunAgain)
            }
            DoctorAction::Examine(None) if self.screen == Screen::Settings => {
                self.consult(DoctorAction::ExamineDraft)
            }
            DoctorAction::Examine(id) => {
                let id = id.or_else(|| self.connections.current.clone());
                let entry = id.and_then(|id| self.connections.find(&id));
                match entry.map(|entry| self.connections.for_this_run(entry)) {
                    Some(patient) => self.examine(patient),
                    None => self.examine_found(None),
                }
            }
            DoctorAction::ExamineFound(profile) => self.examine_found(profile.as_deref()),
            DoctorAction::KeepVisitor => self.keep_visitor(),
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
                self.doctor.tab_chosen = true;
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

    /// The connection that keys and commands mean: the one that the Doctor examines on its page, the one that is edited on
    /// the settings page, else the open one.
    #[must_use]
    pub fn shown_connection(&self) -> Option<&ConnectionId> {
        let shown = match self.screen {
            Screen::Doctor => self.doctor.patient.as_ref().map(|patient| &patient.id),
            Screen::Settings => self.draft.as_ref().map(|draft| &draft.connection.id),
            Screen::Welcome | Screen::Browser => None,
        };
        shown.or(self.connections.current.as_ref())
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

    /// Why there is nothing of the Doctor to copy or to save, if so.
    #[must_use]
    pub fn nothing_to_report(&self) -> Option<&'static str> {
        let nothing = self.doctor.diagnosis.setup.is_none();
        nothing.then_some("nothing was found yet")
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
        let name = self.patient_name().unwrap_or_default();
        let connection = in_file_name(&name);
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

    pub(super) fn examine(&mut self, patient: Connection) -> Vec<Effect> {
        let mut effects = self.stop_examining();
        effects.extend(self.forget_denials(&patient.id));
        self.part_with_visitor(Some(&patient.id));
        if self.screen != Screen::Doctor {
            self.doctor = Consultation {
                back: self.screen,
                visitor: self.doctor.visitor.take(),
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
            keys_only: self.doctor.visitor.is_some(),
        }));
        effects
    }

    pub(super) fn stop_examining(&mut self) -> Vec<Effect> {
        let running = self.doctor.running.take();
        running
            .map(|ticket| Effect::Run(Command::Cancel(ticket)))
            .into_iter()
            .collect()
    }

    /// What leads back to this page from the settings of this connection, when they are opened from here.
    pub(super) fn way_back_to_doctor(&self, id: &ConnectionId) -> Option<WayBack> {
        let examined = self.doctor.patient.as_ref().map(|patient| &patient.id);
        let here = self.screen == Screen::Doctor && examined == Some(id);
        here.then_some(WayBack {
            back: self.doctor.back,
            changed: self.doctor.changed,
        })
    }

    /// Shows the page again after the settings that were opened from it, and examines again unless what was found still
    /// holds. `is_open` says that what was saved is what the browser shows.
    pub(super) fn return_to_doctor(
        &mut self,
        way_back: WayBack,
        saved: bool,
        is_open: bool,
    ) -> Vec<Effect> {
        // Meanwhile the Doctor may have looked at what was being edited.
        let holds = !saved && self.doctor.finished.is_some() && !self.doctor.is_of_draft();
        self.screen = Screen::Doctor;
        self.doctor.back = way_back.back;
        self.doctor.changed |= way_back.changed || is_open;
        if holds {
            Vec::new()
        } else {
            self.consult(DoctorAction::RunAgain)
        }
    }

    fn leave_doctor(&mut self) -> Vec<Effect> {
        let mut effects = self.stop_examining();
        self.part_with_visitor(None);
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
}

#[cfg(test)]
#[path = "doctor_tests.rs"]
mod tests;
