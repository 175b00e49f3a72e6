//! Texts on their way into files: what was asked to be saved waits here for a place, and what became of it is told.
//!
//! The text is kept as it was when somebody asked for it, so that what the window learns meanwhile does not change it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::domain::Secret;
use crate::worker::messages::{Command, PickPurpose, SavedText};

use super::dialogs::{Dialog, NameDialog};
use super::{Effect, Pick, PickWhat, State, ToastKind};

/// Texts that wait for a place; one of each kind at most.
pub(super) type Saving = BTreeMap<SavedText, Waiting>;

/// A text that waits.
#[derive(Debug)]
pub(super) struct Waiting {
    text: Secret,
    /// The name that was proposed, or the path that was typed.
    place: String,
    /// It goes where somebody typed, and may come back from there.
    is_typed: bool,
}

impl State {
    /// Opens the file dialog for a new file of this name.
    pub(super) fn ask_where_to_save(
        &mut self,
        what: SavedText,
        text: Secret,
        title: String,
        name: String,
    ) -> Vec<Effect> {
        let waiting = Waiting {
            text,
            place: name.clone(),
            is_typed: false,
        };
        self.saving.insert(what, waiting);
        vec![Effect::Pick(Pick {
            title,
            purpose: PickPurpose::Text(what),
            what: PickWhat::NewFile(name),
        })]
    }

    /// What is typed where the desktop has no file dialog: the name that was proposed in the home folder, or what was typed
    /// before and was refused.
    pub(super) fn form_for_place(&self, what: SavedText, problem: Option<String>) -> NameDialog {
        let place = self.saving.get(&what).map(|waiting| &waiting.place);
        let place = Path::new(place.map_or("", String::as_str));
        let home = Path::new(self.when().home.unwrap_or_default());
        NameDialog {
            text: home.join(place).display().to_string(),
            problem,
            ..NameDialog::default()
        }
    }

    /// A place was chosen in a dialog, which asks about what is there.
    pub(super) fn save_text(&mut self, what: SavedText, path: PathBuf) -> Vec<Effect> {
        let waiting = self.saving.remove(&what);
        let save = waiting.map(|waiting| {
            Effect::Run(Command::SaveText {
                what,
                path,
                text: waiting.text,
                replace: true,
            })
        });
        save.into_iter().collect()
    }

    /// A place was typed. Nobody was asked about what is there, so that stays; the text waits until it is written.
    pub(super) fn save_text_as_typed(&mut self, what: SavedText, path: PathBuf) -> Vec<Effect> {
        let Some(waiting) = self.saving.get_mut(&what) else {
            return Vec::new();
        };
        waiting.is_typed = true;
        waiting.place = path.display().to_string();
        vec![Effect::Run(Command::SaveText {
            what,
            path,
            text: waiting.text.clone(),
            replace: false,
        })]
    }

    /// No place was chosen.
    pub(super) fn forget_text(&mut self, what: SavedText) {
        self.saving.remove(&what);
    }

    pub(super) fn take_saved_text(
        &mut self,
        what: SavedText,
        path: &Path,
        result: Result<(), String>,
    ) -> Vec<Effect> {
        match result {
            Ok(()) => {
                self.saving.remove(&what);
                if what == SavedText::Export && matches!(self.dialog, Some(Dialog::Export(_))) {
                    self.dialog = None;
                }
                let name = match what {
                    SavedText::Export => "Settings",
                    SavedText::Policy => "Policy",
                    SavedText::Report => "Report",
                };
                let path = self.when().short(path);
                self.toasts
                    .show(ToastKind::Good, format!("{name} saved as {path}"));
            }
            Err(reason) => match &mut self.dialog {
                Some(Dialog::Export(dialog)) if what == SavedText::Export => {
                    dialog.problem = Some(reason);
                }
                None if self.saving.get(&what).is_some_and(|one| one.is_typed) => {
                    let form = self.form_for_place(what, Some(reason));
                    let purpose = PickPurpose::Text(what);
                    return self.show(Dialog::Path { purpose, form });
                }
                _ => self.toasts.show(ToastKind::Bad, reason),
            },
        }
        Vec::new()
    }
}

/// A word that every file system takes as part of a name.
pub(super) fn in_file_name(text: &str) -> String {
    const LONGEST: usize = 64;
    let fits = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    let words = text.split(|letter| !fits(letter));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::DialogEdit;
    use crate::worker::messages::Event;

    #[test]
    fn a_typed_place_replaces_nothing_and_a_closed_dialog_keeps_no_text() {
        let mut state = State::default();
        let ask = |state: &mut State| {
            let text = Secret::new("text".to_owned());
            state.ask_where_to_save(
                SavedText::Report,
                text,
                String::new(),
                "report.txt".to_owned(),
            )
        };
        let what = SavedText::Report;
        let purpose = PickPurpose::Text(what);
        let picked = |path: &str| Event::FilesPicked {
            purpose: purpose.clone(),
            paths: (!path.is_empty())
                .then(|| path.into())
                .into_iter()
                .collect(),
        };
        let replaces = |effects: Vec<Effect>| match effects.as_slice() {
            [Effect::Run(Command::SaveText { replace, .. })] => Some(*replace),
            _ => None,
        };
        let typed = |state: &State| match &state.dialog {
            Some(Dialog::Path { form, .. }) => (form.text.clone(), form.problem.clone()),
            other => panic!("{other:?}"),
        };
        drop(ask(&mut state));
        assert_eq!(replaces(state.on_event(picked("/a/b.txt"))), Some(true));
        drop(ask(&mut state));
        assert_eq!(replaces(state.on_event(picked(""))), None);
        assert_eq!(replaces(state.on_event(picked("/a/b.txt"))), None);

        drop(ask(&mut state));
        drop(state.on_event(Event::PickerMissing {
            purpose: purpose.clone(),
        }));
        assert_eq!(typed(&state), ("report.txt".to_owned(), None));
        for ends in [Err("taken".to_owned()), Ok(())] {
            state.on_action(DialogEdit::Text("/a/b.txt".to_owned()).into());
            let effects = state.on_action(DialogEdit::Confirm.into());
            assert_eq!(replaces(effects), Some(false));
            let refused = ends.is_err();
            drop(state.on_event(Event::TextSaved {
                what,
                path: "/a/b.txt".into(),
                result: ends,
            }));
            if refused {
                let again = ("/a/b.txt".to_owned(), Some("taken".to_owned()));
                assert_eq!(typed(&state), again);
            }
        }
        assert!(state.dialog.is_none() && state.saving.is_empty());
    }

    #[test]
    fn names_hold_only_what_file_systems_take() {
        assert_eq!(in_file_name("media/live: *EU*"), "media-live-EU");
        assert_eq!(in_file_name("Büro_2.x"), "Büro_2.x");
        assert_eq!(in_file_name("../.."), "..-..");
        assert_eq!(in_file_name(&"x".repeat(300)).len(), 64);
    }
}
