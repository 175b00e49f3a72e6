//! Secrets: one masked line; a private key, which is long, can also be read from a file.
//!
//! The clear text is copied from the draft into a string that is wiped after the frame. What the keyring keeps and has not
//! handed over is said, not shown.

use egui::{Response, Ui};
use zeroize::Zeroizing;

use crate::settings::{OptionSpec, Value};
use crate::state::SettingsAction;
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, SecretField};

use super::{Page, edit};

pub(super) fn secret_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) -> Response {
    let mut clear = match page.draft.connection.values.get(spec.id) {
        Some(Value::Secret(secret)) => Zeroizing::new(secret.reveal().to_owned()),
        _ => Zeroizing::default(),
    };
    let hint = if page.draft.is_kept(spec.id) {
        "kept in the keyring"
    } else {
        "not set"
    };
    let field = SecretField::new(&mut clear, spec.label)
        .hint(hint)
        .problem(!page.draft.problems_of(spec.id).is_empty());
    let response = ui.add(field);
    if response.changed() {
        if clear.is_empty() {
            actions.push(SettingsAction::Reset(spec.id));
        } else {
            // Not as a text to be read: quotation marks belong to a secret.
            let (option, value) = (spec.id, Value::secret(clear.as_str()));
            edit(actions, DraftEdit::Set { option, value });
        }
    }
    response
}

/// A pasted key loses its line ends to blanks, which readers of PEM take as well.
pub(super) fn pem_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) -> Response {
    let response = secret_ui(ui, page, spec, actions);
    let load = kit::small_button(ui, icons::FOLDER_OPEN, "Load from a file");
    if load.clicked() {
        actions.push(SettingsAction::PickFile(spec.id));
    }
    response
}
