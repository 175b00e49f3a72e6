//! What the connection is called and what may be done with it.

use egui::Ui;

use crate::settings::{Access, CredentialMode, StorageKind};
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::kit::{self, Choice, DropDown, Note, Prose, TextField};
use crate::ui::theme::{self, CONNECTION_COLOURS};

use super::{Page, edit};

/// Width of the labels before the drop-downs.
const LABEL: f32 = 64.0;

pub(super) fn identity_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let connection = &page.draft.connection;
    ui.spacing_mut().item_spacing.y = 8.0;
    let mut name = connection.name.clone();
    let field = TextField::new(&mut name, "Name of the connection")
        .hint("name")
        .problem(connection.name.trim().is_empty());
    if ui.add(field).changed() {
        edit(actions, DraftEdit::Name(name));
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for (at, (word, colour)) in CONNECTION_COLOURS.iter().enumerate() {
            let on = usize::from(connection.colour) == at;
            let name = format!("Colour {word}");
            if kit::dot_button(ui, *colour, &name, on).clicked() {
                edit(actions, DraftEdit::Colour(at as u8));
            }
        }
    });
    ui.spacing_mut().item_spacing.y = 4.0;
    words_ui(
        ui,
        "Keys from",
        CredentialMode::ALL,
        connection.credentials,
        CredentialMode::label,
    )
    .map(DraftEdit::Credentials)
    .into_iter()
    .chain(
        words_ui(ui, "Access", Access::ALL, connection.access, Access::label)
            .map(DraftEdit::Access),
    )
    .chain(
        words_ui(
            ui,
            "Kind",
            StorageKind::ALL,
            connection.kind,
            StorageKind::label,
        )
        .map(DraftEdit::Kind),
    )
    .for_each(|change| edit(actions, change));
    based_on_ui(ui, page, actions);
    ui.add_space(4.0);
    super::session::session_ui(ui, page, actions);
    ui.add_space(4.0);
    let mut production = connection.production;
    let production_box = kit::check_box(ui, &mut production, "Production");
    if production_box
        .on_hover_text("A red band along the top of the window warns that it matters")
        .changed()
    {
        edit(actions, DraftEdit::Production(production));
    }
}

/// A quiet label and a small drop-down over a few words; what was chosen.
fn words_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    all: &[T],
    now: T,
    label: fn(T) -> &'static str,
) -> Option<T> {
    let choices: Vec<Choice> = all.iter().map(|one| Choice::from(label(*one))).collect();
    let mut chosen = all.iter().position(|one| *one == now).unwrap_or_default();
    let shown = label(now);
    labelled_ui(ui, name, |ui| {
        kit::drop_down(
            ui,
            DropDown::new(name, shown).small(),
            &mut chosen,
            &choices,
        )
        .changed()
    })
    .then(|| all[chosen])
}

fn labelled_ui<R>(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let before = ui.cursor().left();
        ui.set_min_height(theme::SMALL_CONTROL);
        kit::quiet_small(ui, name);
        ui.add_space((before + LABEL - ui.cursor().left()).max(4.0));
        content(ui)
    })
    .inner
}

fn based_on_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let own = &page.draft.connection;
    let list = &page.state.connections.list;
    let others: Vec<_> = list
        .iter()
        .filter(|entry| *entry.id() != own.id)
        .filter(|entry| entry.origin == crate::state::Origin::Saved)
        .collect();
    let name_of = |id| {
        let parent = others.iter().find(|entry| entry.id() == id);
        parent.map_or("one that is gone", |entry| entry.connection.name.as_str())
    };
    let shown = own.based_on.as_ref().map_or("nothing", name_of);
    let mut choices = vec![Choice::from("nothing")];
    choices.extend(
        others
            .iter()
            .map(|entry| Choice::from(entry.connection.name.as_str())),
    );
    let mut chosen = match &own.based_on {
        None => 0,
        Some(id) => others
            .iter()
            .position(|entry| entry.id() == id)
            .map_or(usize::MAX, |at| at + 1),
    };
    let drop_down = DropDown::new("Based on", shown)
        .small()
        .placeholder(own.based_on.is_none())
        .problem(page.draft.parent_problem.is_some());
    let changed = labelled_ui(ui, "Based on", |ui| {
        kit::drop_down(ui, drop_down, &mut chosen, &choices).changed()
    });
    if changed {
        let parent = chosen.checked_sub(1).and_then(|at| others.get(at));
        edit(
            actions,
            DraftEdit::BasedOn(parent.map(|entry| entry.id().clone())),
        );
    }
    if let Some(problem) = &page.draft.parent_problem {
        Note::bad(Prose::new().text(problem.to_string())).show(ui);
    }
}
