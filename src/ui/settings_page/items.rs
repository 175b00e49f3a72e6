//! Texts in order: chips that can be taken out, and a field that adds one.

use egui::{Response, Role, Ui, WidgetInfo};

use crate::settings::{OptionSpec, Value};
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{Button, Chip, TextField};

use super::{Page, edit};

pub(super) fn items_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) -> Response {
    let items = match page.draft.inspected.resolved.options.value(spec.id) {
        Value::List(items) => items.as_slice(),
        _ => &[],
    };
    let set = |items: Vec<String>| DraftEdit::Set {
        option: spec.id,
        value: Value::List(items),
    };
    // Rows of chips are as high as chips.
    let control = std::mem::replace(&mut ui.spacing_mut().interact_size.y, 20.0);
    let shown = ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        let mut removed = None;
        for (at, item) in items.iter().enumerate() {
            // Not in a scope of its own, which would keep the chips from wrapping.
            if ui.add(Chip::removable(item.as_str())).clicked() {
                removed = Some(at);
            }
        }
        removed
    });
    ui.spacing_mut().interact_size.y = control;
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Group, true, spec.label));
    if let Some(at) = shown.inner {
        let mut items = items.to_vec();
        items.remove(at);
        edit(actions, set(items));
    }
    let (field, added) = add_ui(ui, spec);
    if let Some(item) = added
        && !items.contains(&item)
    {
        let mut items = items.to_vec();
        items.push(item);
        edit(actions, set(items));
    }
    field
}

/// The field for one more; what was added.
fn add_ui(ui: &mut Ui, spec: &OptionSpec) -> (Response, Option<String>) {
    // Until it is added, the text belongs to nobody but this field.
    let id = ui.scope_id().with("one more");
    let mut text: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let (field, wanted) = ui
        .horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let name = format!("Add to {}", spec.label);
            let field = TextField::new(&mut text, name)
                .hint("text/html")
                .width(180.0);
            let field = ui.add(field);
            let entered =
                field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let empty = text.trim().is_empty().then_some("type one first");
            let add = Button::secondary("Add").icon(icons::PLUS);
            let clicked = ui.add(add.refused(empty)).clicked();
            (field, entered || clicked)
        })
        .inner;
    let added = (wanted && !text.trim().is_empty()).then(|| text.trim().to_owned());
    if added.is_some() {
        text.clear();
    }
    ui.data_mut(|data| data.insert_temp(id, text));
    (field, added)
}
