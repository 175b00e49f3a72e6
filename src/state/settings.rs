//! The settings of one connection while they are edited.
//!
//! Texts that do not read as a value stay as they were typed, with the reason beside them, and are not part of the edited
//! connection; so a half-typed number is never lost and never saved.

use std::collections::BTreeMap;

use crate::domain::Ticket;
use crate::settings::{
    Access, Connection, ConnectionId, CredentialMode, OptionId, Problem, SecretSlot, Section,
    StorageKind, Value,
};
use crate::worker::messages::{OpenError, Opened};

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

/// Settings being edited.
#[derive(Debug)]
pub struct SettingsDraft {
    /// The edited connection.
    pub connection: Connection,
    /// As it was when editing began; `None` for a new one.
    pub original: Option<Connection>,
    /// Texts that are no values yet.
    pub texts: BTreeMap<OptionId, (String, Problem)>,
    /// What is searched for among the options.
    pub search: String,
    /// The section that the list scrolls to next.
    pub jump: Option<Section>,
    /// The section at the top of the list.
    pub section: Option<Section>,
    /// The last test.
    pub test: TestRun,
    /// A save is under way; leave the page after it when true.
    pub saving: Option<(Ticket, bool)>,
    /// A sample name for the preview.
    pub sample: String,
    /// Why the last save failed.
    pub problem: Option<String>,
}

/// One change of the edited settings.
#[derive(Clone, Debug)]
pub enum DraftEdit {
    /// The connection's name.
    Name(String),
    /// Its colour.
    Colour(u8),
    /// What may be done with it.
    Access(Access),
    /// The band along the top.
    Production(bool),
    /// Where credentials are looked for.
    Credentials(CredentialMode),
    /// Which storage class it stands for.
    Kind(StorageKind),
    /// The connection it is based on.
    BasedOn(Option<ConnectionId>),
    /// A text field of an option.
    Text {
        /// Which.
        option: OptionId,
        /// What is typed.
        text: String,
    },
    /// Another editor of an option.
    Set {
        /// Which.
        option: OptionId,
        /// Its value.
        value: Value,
    },
    /// What is searched for.
    Search(String),
    /// Go to a section.
    Jump(Section),
    /// The list shows this section.
    Seen(Section),
    /// The sample name of the preview.
    Sample(String),
}

impl SettingsDraft {
    /// Begins to edit.
    #[must_use]
    pub fn new(connection: Connection, original: Option<Connection>) -> Self {
        Self {
            connection,
            original,
            texts: BTreeMap::new(),
            search: String::new(),
            jump: None,
            section: None,
            test: TestRun::None,
            saving: None,
            sample: "reports/été 2026.pdf".to_owned(),
            problem: None,
        }
    }

    /// Takes a change in.
    pub fn edit(&mut self, edit: DraftEdit) {
        let connection = &mut self.connection;
        match edit {
            DraftEdit::Search(text) => return self.search = text,
            DraftEdit::Jump(section) => return self.jump = Some(section),
            DraftEdit::Seen(section) => {
                self.section = Some(section);
                return self.jump = None;
            }
            DraftEdit::Sample(text) => return self.sample = text,
            DraftEdit::Name(name) => connection.name = name,
            DraftEdit::Colour(colour) => connection.colour = colour,
            DraftEdit::Access(access) => connection.access = access,
            DraftEdit::Production(on) => connection.production = on,
            DraftEdit::Credentials(mode) => connection.credentials = mode,
            DraftEdit::Kind(kind) => connection.kind = kind,
            DraftEdit::BasedOn(parent) => connection.based_on = parent,
            DraftEdit::Text { option, text } => self.type_text(option, text),
            DraftEdit::Set { option, value } => {
                self.texts.remove(&option);
                connection.values.set(option, value);
            }
        }
        self.test = TestRun::None;
        self.problem = None;
    }

    fn type_text(&mut self, option: OptionId, text: String) {
        self.texts.remove(&option);
        if text.is_empty() {
            // An empty field says nothing; that Django tells nothing from an empty text is the reset's business.
            self.connection.values.reset(option);
            self.connection
                .kept_secrets
                .remove(&SecretSlot::Option(option));
            return;
        }
        match Value::from_text(option, &text) {
            Ok(value) => self.connection.values.set(option, value),
            Err(problem) => {
                self.texts.insert(option, (text, problem));
            }
        }
    }

    /// Puts one option back to what it is without this connection.
    pub fn reset(&mut self, option: OptionId) {
        self.texts.remove(&option);
        self.connection.values.reset(option);
        self.connection
            .kept_secrets
            .remove(&SecretSlot::Option(option));
        self.test = TestRun::None;
    }

    /// True when this connection sets the option.
    #[must_use]
    pub fn is_set(&self, option: OptionId) -> bool {
        self.texts.contains_key(&option)
            || self.connection.values.get(option).is_some()
            || self
                .connection
                .kept_secrets
                .contains(&SecretSlot::Option(option))
    }

    /// Number of options and fields that differ from what was saved.
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
            now.rules != original.rules,
        ];
        let options = OptionId::all().filter(|option| {
            self.texts.contains_key(option)
                || now.values.get(*option) != original.values.get(*option)
                || is_kept(now, *option) != is_kept(original, *option)
        });
        fields.into_iter().filter(|changed| *changed).count() + options.count()
    }

    /// What is wrong with single values, those that are still texts included.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let texts = self.texts.values().map(|(_, problem)| problem.clone());
        texts.chain(self.connection.values.problems()).collect()
    }
}

fn is_kept(connection: &Connection, option: OptionId) -> bool {
    connection
        .kept_secrets
        .contains(&SecretSlot::Option(option))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_value_stays_as_typed_and_is_not_set() {
        let mut draft =
            SettingsDraft::new(Connection::new("media"), Some(Connection::new("media")));
        let option = OptionId::LinkExpiry;
        draft.edit(DraftEdit::Text {
            option,
            text: "12x".into(),
        });
        assert_eq!(draft.texts[&option].0, "12x");
        assert_eq!(draft.connection.values.get(option), None);
        assert_eq!(draft.problems().len(), 1);
        draft.edit(DraftEdit::Text {
            option,
            text: "120".into(),
        });
        assert_eq!(
            draft.connection.values.get(option),
            Some(&Value::Integer(120))
        );
        assert!(draft.problems().is_empty());
        draft.edit(DraftEdit::Text {
            option,
            text: String::new(),
        });
        assert!(!draft.is_set(option));
    }

    #[test]
    fn changes_are_counted_against_what_was_saved() {
        let original = Connection::new("media");
        let mut draft = SettingsDraft::new(original.clone(), Some(original));
        assert_eq!(draft.unsaved(), 0);
        draft.edit(DraftEdit::Name("photos".into()));
        draft.edit(DraftEdit::Set {
            option: OptionId::UseSsl,
            value: Value::Bool(false),
        });
        assert_eq!(draft.unsaved(), 2);
        draft.reset(OptionId::UseSsl);
        assert_eq!(draft.unsaved(), 1);
    }
}
