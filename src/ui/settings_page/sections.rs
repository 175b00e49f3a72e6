//! The column at the left: the connection, the search, and the sections with their counts. A bar of drop-downs in a narrow
//! window.

use egui::{Margin, ScrollArea, Ui};

use crate::settings::{OPTIONS, Section};
use crate::state::settings::{DraftEdit, Shown, Spot};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Choice, DropDown, Light, NavItem, TextField};
use crate::ui::theme::tokens;

use super::{Page, edit, identity, search_id};

pub(super) fn sections_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    ScrollArea::vertical()
        .id_salt("sections")
        .auto_shrink(false)
        .show(ui, |ui| {
            let inset = egui::Frame::NONE.inner_margin(Margin {
                left: 16,
                right: 16,
                top: 12,
                bottom: 12,
            });
            inset.show(ui, |ui| {
                identity::identity_ui(ui, page, actions);
                ui.add_space(8.0);
                search_ui(ui, page, actions);
            });
            ui.spacing_mut().item_spacing.y = 0.0;
            filters_ui(ui, page, actions);
            ui.add_space(8.0);
            line_ui(ui);
            ui.add_space(8.0);
            for section in Section::ALL {
                section_ui(ui, page, section, actions);
            }
            ui.add_space(12.0);
        });
}

/// A line inset as the text is.
fn line_ui(ui: &mut Ui) {
    let (rect, _) =
        ui.allocate_exact_size(egui::vec2(ui.available_width(), 1.0), egui::Sense::hover());
    let stroke = egui::Stroke::new(1.0, tokens(ui).line);
    let inset = rect.shrink2(egui::vec2(16.0, 0.0));
    ui.painter().hline(inset.x_range(), rect.center().y, stroke);
}

fn search_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let mut search = page.draft.search.clone();
    let hint = format!("Search {} options", OPTIONS.len());
    let field = TextField::new(&mut search, "Search the options")
        .hint(hint)
        .icon(icons::SEARCH)
        .key("/")
        .clears()
        .id(search_id());
    if ui.add(field).changed() {
        edit(actions, DraftEdit::Search(search));
    }
}

const FILTERS: [(Shown, &str); 3] = [
    (Shown::All, "All options"),
    (Shown::Changed, "Changed"),
    (Shown::Problems, "Problems"),
];

fn filters_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let draft = page.draft;
    let (bad, warned) = draft.troubled(None);
    for (shown, words) in FILTERS {
        let count = match shown {
            Shown::All => OPTIONS.len(),
            Shown::Changed => draft.changed(None),
            Shown::Problems => bad + warned,
        };
        // "All" is the normal state; only a choice of fewer is a place of its own.
        let chosen = shown == draft.shown && shown != Shown::All;
        let mut item = NavItem::new(words).count(count).selected(chosen);
        if shown == Shown::Problems {
            item = lit(ui, item, bad, warned);
        }
        if ui.add(item).clicked() {
            edit(actions, DraftEdit::Show(shown));
        }
    }
}

fn section_ui(ui: &mut Ui, page: Page<'_>, section: Section, actions: &mut Actions) {
    let draft = page.draft;
    let (bad, warned) = draft.troubled(Some(section));
    let here = draft.section.unwrap_or(Section::Credentials);
    let item = NavItem::new(section.title())
        .icon(icon(section))
        .part(draft.changed(Some(section)), section.options().count())
        .selected(section == here && draft.shown == Shown::All);
    if ui.add(lit(ui, item, bad, warned)).clicked() {
        edit(actions, DraftEdit::Jump(Spot::Section(section)));
    }
}

/// Puts the light of the worst thing on an item.
fn lit<'a>(ui: &Ui, item: NavItem<'a>, bad: usize, warned: usize) -> NavItem<'a> {
    let light = match (bad, warned) {
        (0, 0) => return item,
        (0, _) => Light::Warn,
        _ => Light::Bad,
    };
    item.mark(light.icon(), light.colour(tokens(ui)))
}

const fn icon(section: Section) -> char {
    match section {
        Section::Credentials => icons::KEY,
        Section::RegionAndSigning => icons::REGION,
        Section::NetworkAndTls => icons::SHIELD_CHECK,
        Section::BucketAndNames => icons::DATABASE,
        Section::Uploads => icons::UPLOAD,
        Section::Links => icons::LINK,
        Section::CloudFront => icons::CLOUD,
    }
}

/// What the column is in a narrow window: a drop-down of the sections and the search.
pub(super) fn sections_bar_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let margin = Margin::symmetric(16, 8);
    egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.horizontal(|ui| {
            let here = page.draft.section.unwrap_or(Section::Credentials);
            let shown = match page.draft.shown {
                Shown::All => here.title(),
                Shown::Changed => "Changed",
                Shown::Problems => "Problems",
            };
            let mut choices: Vec<Choice> = FILTERS[1..]
                .iter()
                .map(|(_, words)| Choice::from(*words))
                .collect();
            choices.extend(Section::ALL.map(|section| Choice::from(section.title())));
            let mut chosen = choices
                .iter()
                .position(|choice| choice.text == shown)
                .unwrap_or(usize::MAX);
            let drop_down = DropDown::new("Section", shown).width(200.0);
            if kit::drop_down(ui, drop_down, &mut chosen, &choices).changed() {
                let change = match chosen.checked_sub(2) {
                    Some(at) => DraftEdit::Jump(Spot::Section(Section::ALL[at])),
                    None => DraftEdit::Show(FILTERS[chosen + 1].0),
                };
                edit(actions, change);
            }
            search_ui(ui, page, actions);
        });
    });
    kit::separator(ui);
}
