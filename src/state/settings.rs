//! The settings of one connection while they are edited.
//!
//! Texts that do not read as a value stay as they were typed, with the reason beside them, and are not part of the edited
//! connection; so a half-typed number is never lost and never saved. [`SettingsDraft::inspected`] says what holds for every
//! option; it is worked out anew with every change (`editing`), never while drawing.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Secret, Ticket};
use crate::settings::{
    Connection, ConnectionId, Environment, Hint, Inspected, OptionId, Problem, Reason, SecretSlot,
    Section, Value, Values, inspect,
};
use crate::worker::messages::{OpenError, Opened, SettingsPreview};

use super::doctor::WayBack;
pub use super::draft_edit::DraftEdit;
use super::rules::RuleMatches;

/// How the last test of the edited settings went.
#[derive(Debug, Default)]
pub enum TestRun {
    /// Not tested since the last change.
    #[default]
    None,
    /// Under way.
    Running(Ticket),
    /// It works.
    Passed(Box<Opened>, crate::domain::Timestamp),
    /// It does not.
    Failed(OpenError),
}

/// Which options the list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// All of them.
    #[default]
    All,
    /// Those that this connection sets.
    Changed,
    /// Those with a problem or a warning.
    Problems,
}

/// Where the list scrolls to next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The head of a section.
    Section(Section),
    /// An option, whose editor takes the keyboard.
    Option(OptionId),
}

/// The preview at the side.
#[derive(Debug, Default)]
pub struct DraftPreview {
    /// What is known; of the settings before the last change while a question is under way.
    pub shown: Option<Box<SettingsPreview>>,
    /// The question under way.
    pub ticket: Option<Ticket>,
    /// Something changed since that question.
    pub is_stale: bool,
}

/// Settings being edited.
#[derive(Debug)]
pub struct SettingsDraft {
    /// The edited connection.
    pub connection: Connection,
    /// As it lies in the file; `None` for a new one.
    pub original: Option<Connection>,
    /// As it was when editing began or it was last saved.
    begun: Connection,
    /// Texts that are no values yet.
    pub texts: BTreeMap<OptionId, (String, Problem)>,
    /// What holds for every option.
    pub inspected: Inspected,
    /// What is wrong with the connection this one is based on.
    pub parent_problem: Option<Reason>,
    /// What the upload rules fit among the listed objects.
    pub rule_matches: RuleMatches,
    /// What is searched for among the options.
    pub search: String,
    /// Which options the list shows.
    pub shown: Shown,
    /// Where the list scrolls to next.
    pub jump: Option<Spot>,
    /// The section at the top of the list.
    pub section: Option<Section>,
    /// The last test.
    pub test: TestRun,
    /// A save is under way; leave the page after it when true.
    pub saving: Option<(Ticket, bool)>,
    /// It was saved since the page was opened, so what is open must be opened anew.
    pub was_saved: bool,
    /// A sample name for the preview.
    pub sample: String,
    /// The preview at the side.
    pub preview: DraftPreview,
    /// Why the last save failed, or a file could not be read.
    pub problem: Option<String>,
    /// The Doctor sent here and is returned to.
    pub(super) way_back: Option<WayBack>,
    /// What was handed over to be saved.
    sent: Option<Connection>,
    /// A file being read as the value of an option.
    pub(super) reading: Option<Ticket>,
    /// Secrets that came from the keyring, also those of the connections this one is based on.
    fetched: Vec<(ConnectionId, SecretSlot, Secret)>,
    /// Connections whose secrets were asked for.
    asked: BTreeSet<ConnectionId>,
    /// The keyring answered; what is still missing it does not give.
    keyring_answered: bool,
}

impl SettingsDraft {
    /// Begins to edit. `others` are the connections it may be based on.
    #[must_use]
    pub fn new(
        connection: Connection,
        original: Option<Connection>,
        others: &[Connection],
        environment: &Environment,
    ) -> Self {
        let inspected = inspect(&connection, &[], &Values::default(), environment);
        let mut draft = Self {
            begun: connection.clone(),
            connection,
            original,
            texts: BTreeMap::new(),
            inspected,
            parent_problem: None,
            rule_matches: RuleMatches::default(),
            search: String::new(),
            shown: Shown::All,
            jump: None,
            section: None,
            test: TestRun::None,
            saving: None,
            was_saved: false,
            sample: "reports/été 2026.pdf".to_owned(),
            preview: DraftPreview::default(),
            problem: None,
            way_back: None,
            sent: None,
            reading: None,
            fetched: Vec::new(),
            asked: BTreeSet::new(),
            keyring_answered: false,
        };
        draft.refresh(others, environment);
        draft
    }

    /// Works out anew what holds for every option.
    pub fn refresh(&mut self, others: &[Connection], environment: &Environment) {
        let others = self.with_secrets(others);
        let (parents, problem) = match self.connection.parents(&others) {
            Ok(parents) => (parents, None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        let values = Values::default();
        let mut inspected = inspect(&self.connection, &parents, &values, environment);
        if !self.keyring_answered {
            // Not asked yet is no problem.
            (inspected.resolved.problems)
                .retain(|(_, problem)| problem.reason != Reason::SecretNotAtHand);
        }
        self.inspected = inspected;
        self.parent_problem = problem;
    }

    /// Takes a change in.
    pub fn edit(&mut self, edit: DraftEdit) {
        let had = self.kept_at_hand();
        self.take_edit(edit);
        self.forget_gone(&had);
    }

    fn take_edit(&mut self, edit: DraftEdit) {
        let connection = &mut self.connection;
        match edit {
            DraftEdit::Search(text) => return self.search = text,
            DraftEdit::Show(shown) => return self.shown = shown,
            DraftEdit::Jump(spot) => return self.jump_to(spot),
            DraftEdit::Seen(section) => return self.section = Some(section),
            DraftEdit::Arrived => return self.jump = None,
            DraftEdit::Sample(text) => return self.sample = text,
            DraftEdit::Name(name) => connection.name = name,
            DraftEdit::Colour(colour) => connection.colour = colour,
            DraftEdit::Access(access) => connection.access = access,
            DraftEdit::Production(on) => connection.production = on,
            DraftEdit::Credentials(mode) => connection.credentials = mode,
            DraftEdit::Kind(kind) => connection.kind = kind,
            DraftEdit::BasedOn(parent) => connection.based_on = parent,
            DraftEdit::Whole(whole) => {
                for option in [OptionId::S3AccessKey, OptionId::S3SecretKey] {
                    self.texts.remove(&option);
                }
                *connection = *whole;
            }
            DraftEdit::Rules(rules) => connection.rules = rules,
            DraftEdit::Text { option, text } => self.type_text(option, text),
            DraftEdit::Set { option, value } => {
                self.texts.remove(&option);
                connection.values.set(option, value);
            }
        }
        self.test = TestRun::None;
        self.problem = None;
    }

    fn jump_to(&mut self, spot: Spot) {
        self.shown = Shown::All;
        self.search.clear();
        self.jump = Some(spot);
        if let Spot::Section(section) = spot {
            self.section = Some(section);
        }
    }

    fn type_text(&mut self, option: OptionId, text: String) {
        self.texts.remove(&option);
        if text.is_empty() {
            // An empty field says nothing; that Django tells nothing from an empty text is the reset's business.
            self.forget(option);
            return;
        }
        match Value::from_text(option, &text) {
            Ok(value) => self.connection.values.set(option, value),
            Err(problem) => {
                self.texts.insert(option, (text, problem));
            }
        }
    }

    fn forget(&mut self, option: OptionId) {
        self.connection.values.reset(option);
        self.connection
            .kept_secrets
            .remove(&SecretSlot::Option(option));
    }

    /// Puts one option back to what it is without this connection.
    pub fn reset(&mut self, option: OptionId) {
        self.texts.remove(&option);
        let had = self.kept_at_hand();
        self.forget(option);
        self.forget_gone(&had);
        self.test = TestRun::None;
        self.problem = None;
    }

    /// Forgets all changes since editing began or the last save.
    pub fn revert(&mut self) {
        self.connection = self.begun.clone();
        self.texts.clear();
        self.test = TestRun::None;
        self.problem = None;
    }

    /// Hands the connection over to be saved.
    pub(super) fn send(&mut self, ticket: Ticket, then_leave: bool) -> Box<Connection> {
        self.saving = Some((ticket, then_leave));
        self.sent = Some(self.connection.clone());
        Box::new(self.connection.clone())
    }

    /// What was saved is now what editing begins from. What was typed meanwhile stays.
    pub(super) fn saved(&mut self, connection: Connection) {
        self.saving = None;
        self.was_saved = true;
        if self.sent.take().as_ref() == Some(&self.connection) {
            self.connection = connection.clone();
        } else {
            (self.connection.kept_secrets).extend(connection.kept_secrets.iter().cloned());
        }
        self.begun = connection.clone();
        self.original = Some(connection);
    }

    /// True when this connection sets the option.
    #[must_use]
    pub fn is_set(&self, option: OptionId) -> bool {
        self.texts.contains_key(&option)
            || self.connection.values.get(option).is_some()
            || self.is_kept(option)
    }

    /// True when the keyring keeps the option's secret and has not handed it over.
    #[must_use]
    pub fn is_kept(&self, option: OptionId) -> bool {
        self.connection.values.get(option).is_none() && is_kept(&self.connection, option)
    }

    /// True when anything differs from what editing began with.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        !self.texts.is_empty() || self.connection != self.begun
    }

    /// Number of options and fields that differ from what lies in the file.
    #[must_use]
    pub fn unsaved(&self) -> usize {
        let Some(original) = &self.original else {
            return 1 + self.texts.len() + self.connection.values.len();
        };
        let now = &self.connection;
        let fields = [
            now.name != original.name,
            now.colour != original.colour,
            now.access != original.access,
            now.production != original.production,
            now.credentials != original.credentials,
            now.kind != original.kind,
            now.based_on != original.based_on,
            now.identity_center != original.identity_center,
            now.role != original.role,
            now.session_token != original.session_token,
            now.rules != original.rules,
        ];
        let options = OptionId::all().filter(|option| {
            self.texts.contains_key(option)
                || now.values.get(*option) != original.values.get(*option)
                || is_kept(now, *option) != is_kept(original, *option)
        });
        fields.into_iter().filter(|changed| *changed).count() + options.count()
    }

    /// What is wrong with one option.
    #[must_use]
    pub fn problems_of(&self, option: OptionId) -> Vec<&Problem> {
        if let Some((_, problem)) = self.texts.get(&option) {
            return vec![problem];
        }
        let later = &self.inspected.resolved.problems;
        let all = (self.inspected.stops.iter()).chain(later.iter().map(|(_, problem)| problem));
        all.filter(|problem| problem.option == option).collect()
    }

    /// What may surprise about one option.
    pub fn hints_of(&self, option: OptionId) -> impl Iterator<Item = &Hint> {
        let hints = self.inspected.resolved.hints.iter();
        hints.filter(move |hint| hint.option == option)
    }

    /// Options of a section, or of all, with a problem (first) and with only a warning (second).
    #[must_use]
    pub fn troubled(&self, section: Option<Section>) -> (usize, usize) {
        let of_section =
            |option: &OptionId| section.is_none_or(|section| option.spec().section == section);
        let mut counts = (0, 0);
        for option in OptionId::all().filter(of_section) {
            if !self.problems_of(option).is_empty() {
                counts.0 += 1;
            } else if self.hints_of(option).next().is_some() {
                counts.1 += 1;
            }
        }
        counts
    }

    /// Options that this connection sets, of a section or of all.
    #[must_use]
    pub fn changed(&self, section: Option<Section>) -> usize {
        OptionId::all()
            .filter(|option| section.is_none_or(|section| option.spec().section == section))
            .filter(|option| self.is_set(*option))
            .count()
    }

    /// True when the list shows the option.
    #[must_use]
    pub fn shows(&self, option: OptionId) -> bool {
        let spec = option.spec();
        let chosen = match self.shown {
            Shown::All => true,
            Shown::Changed => self.is_set(option),
            Shown::Problems => {
                !self.problems_of(option).is_empty() || self.hints_of(option).next().is_some()
            }
        };
        let place = [
            spec.name,
            spec.attribute,
            spec.label,
            spec.help,
            spec.section.title(),
        ];
        let place = place.join(" ").to_lowercase();
        let mut words = self.search.split_whitespace();
        chosen && words.all(|word| place.contains(&word.to_lowercase()))
    }
}

fn is_kept(connection: &Connection, option: OptionId) -> bool {
    connection
        .kept_secrets
        .contains(&SecretSlot::Option(option))
}

#[path = "settings_secrets.rs"]
mod secrets;

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
