//! Files dragged over the window from other programs: the overlay that names the target, and the drop.

use std::path::PathBuf;

use egui::{Align2, Area, Id, Order, Rect, Ui};

use crate::domain::{ByteSize, Prefix, grouped};
use crate::state::messages::SeenPath;
use crate::state::{ObjectAction, Screen, SettingsAction, State};

use super::actions::Actions;
use super::kit::{self, Prose};
use super::table::TableResponse;
use super::theme::{self, tokens};
use super::{icons, words};

/// Where dragged files would go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DropTarget {
    /// The row of a folder under the pointer.
    pub(super) row: Option<u64>,
    /// The folder.
    pub(super) prefix: Prefix,
}

/// The folder that files over the table would go to: the folder row under the pointer, else the folder shown.
pub(super) fn target(ui: &Ui, state: &State, pointer: Option<egui::Pos2>) -> Option<DropTarget> {
    let hovering = ui.input(|input| !input.raw.hovered_files.is_empty());
    if !hovering || state.screen != Screen::Browser {
        return None;
    }
    let rows = ui.data(|data| data.get_temp::<Rows>(Id::unique("rows for drops")));
    let over = pointer
        .zip(rows)
        .and_then(|(pointer, rows)| rows.at(pointer));
    let folder = over.and_then(|position| {
        let listing = &state.browser.listing;
        let row = listing.catalog.row(listing.row_at(position)?)?;
        Some((position, row.folder()?))
    });
    Some(match folder {
        Some((position, prefix)) => DropTarget {
            row: Some(position),
            prefix,
        },
        None => DropTarget {
            row: None,
            prefix: state.browser.location.prefix.clone(),
        },
    })
}

/// Where the rows of the last frame were, for the next frame's target.
#[derive(Clone, Debug, Default)]
struct Rows(Vec<(u64, Rect)>);

impl Rows {
    fn at(&self, pointer: egui::Pos2) -> Option<u64> {
        self.0
            .iter()
            .find(|(_, rect)| rect.contains(pointer))
            .map(|(row, _)| *row)
    }
}

/// Keeps where the rows are.
pub(super) fn remember_rows(ui: &Ui, response: Option<&TableResponse>) {
    let rows = response.map(|table| {
        let body = table.body;
        Rows(
            table
                .row_rects()
                .map(|(row, rect)| (row, rect.intersect(body)))
                .collect(),
        )
    });
    ui.data_mut(|data| data.insert_temp(Id::unique("rows for drops"), rows.unwrap_or_default()));
}

/// Draws the overlay while files hover, and turns a drop into an action.
pub(super) fn drop_zone_ui(
    ui: &Ui,
    state: &State,
    table: Rect,
    target: Option<&DropTarget>,
    actions: &mut Actions,
) {
    let dropped: Vec<PathBuf> = ui.input(|input| {
        input
            .raw
            .dropped_files
            .iter()
            .map(|file| file.path().to_path_buf())
            .collect()
    });
    if !dropped.is_empty() {
        if state.screen == Screen::Browser {
            if state.dialog.is_some() {
                // A question is answered before anything else is taken in.
                return;
            }
            let last =
                ui.data_mut(|data| data.remove_temp::<DropTarget>(Id::unique("drop target")));
            actions.push(ObjectAction::Upload {
                paths: dropped,
                target: last.map(|target| target.prefix),
            });
        } else if let Some(path) = dropped.into_iter().next() {
            actions.push(SettingsAction::ImportFile(path));
        }
        return;
    }
    let Some(target) = target else {
        let hovering = ui.input(|input| !input.raw.hovered_files.is_empty());
        if !hovering {
            ui.data_mut(|data| data.remove_temp::<DropTarget>(Id::unique("drop target")));
        } else if state.screen == Screen::Welcome {
            overlay_ui(
                ui,
                state,
                ui.ctx().content_rect(),
                "Import connections",
                None,
            );
        }
        return;
    };
    ui.data_mut(|data| data.insert_temp(Id::unique("drop target"), target.clone()));
    tell_hover(ui, state, actions);
    // The pointer's moves are not delivered during such a drag: look again soon.
    ui.ctx()
        .request_repaint_after(std::time::Duration::from_millis(50));
    if let Some(reason) = state.write_refusal() {
        let reason = crate::state::sentence(reason);
        overlay_ui(ui, state, table, reason.trim_end_matches('.'), None);
        return;
    }
    let count = ui.input(|input| input.raw.hovered_files.len());
    let title = if count == 1 {
        "Upload 1 item to".to_owned()
    } else {
        format!("Upload {count} items to")
    };
    let place = format!("s3://{}/{}", state.browser.location.bucket, target.prefix);
    overlay_ui(ui, state, table, &title, Some(&place));
}

fn overlay_ui(ui: &Ui, state: &State, area: Rect, title: &str, place: Option<&str>) {
    let tokens = tokens(ui);
    let painter = ui
        .ctx()
        .layer_painter(egui::LayerId::new(Order::Middle, Id::unique("drop frame")));
    painter.rect(
        area.shrink(1.0),
        0.0,
        tokens.ground.gamma_multiply(0.66),
        egui::Stroke::new(2.0, tokens.copper),
        egui::StrokeKind::Inside,
    );
    Area::new(Id::unique("drop card")).order(Order::Foreground).interactable(false).pivot(Align2::CENTER_CENTER).fixed_pos(area.center()).show(
        ui.ctx(),
        |ui| {
            egui::Frame::NONE
                .fill(tokens.raised)
                .stroke(egui::Stroke::new(1.0, tokens.edge))
                .corner_radius(theme::corner())
                .inner_margin(24)
                .show(ui, |ui| {
                    ui.set_width(392.0_f32.min(area.width() - 112.0));
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.vertical_centered(|ui| {
                        kit::icon_sized_ui(ui, icons::TRAY, 24.0, tokens.copper);
                        ui.add_space(12.0);
                        kit::heading(ui, title);
                        if let Some(place) = place {
                            ui.add_space(4.0);
                            kit::mono(ui, words::visible(place));
                        }
                    });
                    if place.is_some() {
                        ui.add_space(16.0);
                        items_ui(ui, state);
                        ui.add_space(12.0);
                        kit::separator(ui);
                        ui.add_space(12.0);
                        ui.vertical_centered(|ui| {
                            Prose::new()
                                .small()
                                .centred()
                                .quiet("Point at a folder to upload into it. Same names are asked about before anything is written.")
                                .ui(ui);
                        });
                    }
                });
        },
    );
}

/// How many of the files are named.
const SHOWN: usize = 4;

/// Tells the state which files hover, so that it finds out what they are.
fn tell_hover(ui: &Ui, state: &State, actions: &mut Actions) {
    let paths: Vec<PathBuf> = ui.input(|input| {
        let hovering = input.raw.hovered_files.iter();
        let paths = hovering.filter_map(|file| file.path.clone());
        paths.take(SHOWN).collect()
    });
    if state.hover.paths != paths {
        actions.push(ObjectAction::Hover(paths));
    }
}

/// The first few files that hover: names, and sizes as far as they are known.
fn items_ui(ui: &mut Ui, state: &State) {
    let (names, more): (Vec<String>, usize) = ui.input(|input| {
        let hovering = &input.raw.hovered_files;
        let paths = hovering.iter().filter_map(|file| file.path.as_ref());
        let names = paths.filter_map(|path| path.file_name());
        let names: Vec<String> = names
            .take(SHOWN)
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        let more = hovering.len().saturating_sub(names.len());
        (names, more)
    });
    for (at, name) in names.iter().enumerate() {
        let seen = state.hover.seen.get(at).copied();
        let (icon, mark) = match seen {
            Some(SeenPath::Folder { .. }) => (icons::FOLDER_FILL, "/"),
            _ => (icons::file_icon(name), ""),
        };
        ui.horizontal(|ui| {
            ui.set_height(theme::ITEM);
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.add_space(8.0);
            kit::icon_ui(ui, icon, tokens(ui).quiet);
            let text = format!("{}{mark}", words::visible(name));
            let font = egui::TextStyle::Body.resolve(ui.style());
            let room = ui.available_width() - 8.0 - if seen.is_some() { 120.0 } else { 0.0 };
            let shown = kit::cut_middle(ui, &text, &font, room);
            kit::label(ui, shown);
            kit::at_right(ui, |ui| {
                ui.add_space(8.0);
                kit::quiet(ui, seen_words(seen));
            });
        });
    }
    if more > 0 {
        ui.horizontal(|ui| {
            ui.set_height(theme::ITEM);
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.add_space(theme::ICON + 16.0);
            kit::quiet(ui, format!("and {} more", grouped(more as u64)));
        });
    }
}

fn seen_words(seen: Option<SeenPath>) -> String {
    match seen {
        Some(SeenPath::File(bytes)) => ByteSize(bytes).to_string(),
        Some(SeenPath::Folder { files, more: true }) => format!("over {} files", grouped(files)),
        Some(SeenPath::Folder { files: 1, .. }) => "1 file".to_owned(),
        Some(SeenPath::Folder { files, .. }) => format!("{} files", grouped(files)),
        Some(SeenPath::Unknown) => "cannot be read".to_owned(),
        None => String::new(),
    }
}
