//! The list in the middle: every section with its head and every option of the table, in order.

use egui::scroll_area::ScrollAreaOutput;
use egui::style::ScrollAnimation;
use egui::{Align, Layout, Margin, Rect, ScrollArea, Ui};

use crate::settings::Section;
use crate::state::settings::{DraftEdit, Shown, Spot, TestRun};
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Note, Prose};
use crate::ui::words;

use super::{Page, edit, identity, row, status};

const LEFT: i8 = 32;
const RIGHT: i8 = 24;

/// Where each section begins and ends, in points from the top of the window.
type Places = Vec<(Section, f32, f32)>;

pub(super) fn list_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let frame = egui::Frame::NONE.inner_margin(Margin {
        left: LEFT,
        right: RIGHT,
        top: 0,
        bottom: 24,
    });
    let area = ScrollArea::vertical().id_salt("options").auto_shrink(false);
    let output = area.show(ui, |ui| {
        frame
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 0.0;
                notes_ui(ui, page);
                if page.narrow && page.draft.shown == Shown::All && page.draft.search.is_empty() {
                    ui.add_space(12.0);
                    identity::identity_ui(ui, page, actions);
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.add_space(8.0);
                }
                options_ui(ui, page, actions)
            })
            .inner
    });
    let now = ui.ctx().cumulative_pass_nr();
    let id = ui.scope_id().with("sent at");
    if page.draft.jump.is_some() {
        edit(actions, DraftEdit::Arrived);
        ui.data_mut(|data| data.insert_temp(id, now));
    }
    // What it is sent to stands there a frame later.
    let sent: u64 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    if now > sent + 2 {
        follow(page, &output, actions);
    } else if sent > 0 {
        ui.ctx().request_repaint();
    }
}

/// Why the last save or test failed.
fn notes_ui(ui: &mut Ui, page: Page<'_>) {
    let mut note = |title: String, text: String| {
        ui.add_space(12.0);
        let note = Note::bad(Prose::new().strong(title));
        note.below(Prose::new().text(text)).show(ui);
    };
    if let Some(problem) = &page.draft.problem {
        note("Not saved".to_owned(), problem.clone());
    }
    if let TestRun::Failed(error) = &page.draft.test {
        let (title, text) = status::failure(error);
        note(title, text);
    }
}

fn options_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) -> Places {
    let draft = page.draft;
    let mut places = Places::new();
    for section in Section::ALL {
        let options: Vec<_> = section
            .options()
            .filter(|spec| draft.shows(spec.id))
            .collect();
        if options.is_empty() {
            continue;
        }
        let head = head_ui(ui, section, options.len());
        if draft.jump == Some(Spot::Section(section)) {
            ui.scroll_to_rect_animation(head, Some(Align::TOP), ScrollAnimation::none());
        }
        for spec in options {
            ui.push_id(spec.name, |ui| row::row_ui(ui, page, spec, actions));
        }
        places.push((section, head.top(), ui.cursor().top()));
    }
    if places.is_empty() {
        nothing_ui(ui, page, actions);
    }
    places
}

fn head_ui(ui: &mut Ui, section: Section, count: usize) -> Rect {
    let size = egui::vec2(ui.available_width(), 44.0);
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect).layout(layout), |ui| {
        kit::heading(ui, section.title());
        kit::quiet_small(ui, count.to_string());
        kit::at_right(ui, |ui| kit::quiet_small(ui, section.note()));
    });
    kit::separator(ui);
    rect
}

/// Nothing fits the search or the filter.
fn nothing_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let (icon, title) = match page.draft.shown {
        _ if !page.draft.search.is_empty() => (
            icons::BINOCULARS,
            format!("No option matches {}", words::quoted(&page.draft.search)),
        ),
        Shown::Problems => (icons::CHECK_CIRCLE, "No problems".to_owned()),
        _ => (icons::SLIDERS, "Nothing is set here yet".to_owned()),
    };
    ui.add_space(80.0);
    let empty = kit::EmptyState::new(icon, &title);
    let shown = empty
        .action(icons::LIST_BULLETS, "Show all options")
        .show(ui);
    if shown.action {
        edit(actions, DraftEdit::Search(String::new()));
        edit(actions, DraftEdit::Show(Shown::All));
    }
}

/// Tells which section is at the top, once the list stands where it was sent.
fn follow(page: Page<'_>, output: &ScrollAreaOutput<Places>, actions: &mut Actions) {
    if page.draft.shown != Shown::All {
        return;
    }
    let view = output.inner_rect;
    let at_end = output.state.clamped_offset().y + view.height() >= output.content_size.y - 1.0;
    let visible = |section: Section| {
        let place = output.inner.iter().find(|(own, ..)| *own == section);
        place.is_some_and(|(_, top, _)| *top < view.bottom() && *top >= view.top() - 1.0)
    };
    // The last sections never reach the top; one that was gone to stays chosen.
    if at_end && page.draft.section.is_some_and(visible) {
        return;
    }
    let top = output
        .inner
        .iter()
        .rfind(|(_, top, _)| *top <= view.top() + 48.0)
        .or(output.inner.first());
    if let Some((section, ..)) = top
        && page.draft.section != Some(*section)
    {
        edit(actions, DraftEdit::Seen(*section));
    }
}
