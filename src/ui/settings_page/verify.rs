//! How certificates are checked: one of four, the last with the path of a file.

use std::path::PathBuf;

use egui::{Response, Role, Ui, WidgetInfo};

use crate::domain::Verify;
use crate::settings::{OptionSpec, Value};
use crate::state::SettingsAction;
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, Choice, TextField};

use super::{Page, edit};

pub(super) fn verify_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) -> Response {
    let now = match page.draft.connection.values.get(spec.id) {
        Some(Value::Verify(verify)) => verify.clone(),
        _ => Verify::Default,
    };
    let mut chosen = match &now {
        Verify::Default => 0,
        Verify::On => 1,
        Verify::Off => 2,
        Verify::CaFile(_) => 3,
    };
    let choices = [
        Choice::from("Default").detail("AWS_CA_BUNDLE, then the bundled certificates"),
        Choice::from("On").detail("Against the bundled certificates"),
        Choice::from("Off").detail("Not at all"),
        Choice::from("CA file").detail("Against a file of certificates"),
    ];
    let response = kit::segments(ui, spec.label, &mut chosen, &choices);
    response.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, true, spec.label));
    let set = |verify| DraftEdit::Set {
        option: spec.id,
        value: Value::Verify(verify),
    };
    if response.changed() {
        match chosen {
            0 => actions.push(SettingsAction::Reset(spec.id)),
            1 => edit(actions, set(Verify::On)),
            2 => edit(actions, set(Verify::Off)),
            _ => edit(actions, set(Verify::CaFile(PathBuf::new()))),
        }
    }
    let Verify::CaFile(path) = now else {
        return response;
    };
    ui.horizontal(|ui| {
        let mut text = path.to_string_lossy().into_owned();
        let field = TextField::new(&mut text, "Certificate file")
            .hint("/etc/ssl/company.pem")
            .mono()
            .problem(!page.draft.problems_of(spec.id).is_empty())
            .width(ui.available_width() - 36.0);
        let field = ui.add(field);
        if field.changed() {
            edit(actions, set(Verify::CaFile(text.into())));
        }
        let pick = Button::icon_only(icons::FOLDER_OPEN, "Choose a certificate file").framed();
        if ui.add(pick).clicked() {
            actions.push(SettingsAction::PickFile(spec.id));
        }
    });
    response
}
