//! What the Doctor's remedies do: each is one click that puts something right, or opens the place where a person can.

use crate::domain::diagnosis::Remedy;
use crate::settings::{OptionId, Value, Values};
use crate::worker::messages::Command;

use super::connections::Origin;
use super::{CredentialsAction, DoctorAction, Effect, Screen, SettingsAction, State};

impl State {
    pub(super) fn help(&mut self, remedy: Remedy) -> Vec<Effect> {
        const STYLE: OptionId = OptionId::AddressingStyle;
        match remedy {
            Remedy::UseRegion(region) => self.treat(OptionId::Region, Some(&Value::text(region))),
            Remedy::UseBucket(bucket) => self.treat(OptionId::Bucket, Some(&Value::text(bucket))),
            Remedy::UsePathStyle => self.treat(STYLE, Some(&Value::text("path"))),
            Remedy::UseVirtualHost => self.treat(STYLE, Some(&Value::text("virtual"))),
            Remedy::SetOption { name, value } => {
                let mut better = Values::default();
                match better.assign(&format!("{name}={value}")) {
                    Ok(option) => self.treat(option, better.get(option)),
                    Err(_) => Vec::new(),
                }
            }
            Remedy::OpenOption(name) => match OptionId::from_name(name) {
                Some(option) => self.open_patients_option(option),
                None => Vec::new(),
            },
            Remedy::ShowFile(path) => vec![Effect::Reveal(path)],
            Remedy::SignIn { profile, .. } => {
                self.work_on_credentials(CredentialsAction::SignIn { profile })
            }
            Remedy::PasteKeys => self.work_on_credentials(CredentialsAction::PasteKeys),
            Remedy::AssumeRole | Remedy::ChangeRole => {
                self.work_on_credentials(CredentialsAction::AssumeRole)
            }
            Remedy::DropRole => self.work_on_credentials(CredentialsAction::DropRole),
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
        let patient = self.doctor.patient.as_ref();
        let Some(id) = patient.map(|patient| patient.id.clone()) else {
            return Vec::new();
        };
        self.configure(SettingsAction::EditOption { id, option })
    }
}
