//! The command palette: everything that can be done or gone to, found by typing.
//!
//! `entries` lists what there is, `doctor` what of it belongs to the Doctor. Arrow keys choose a line, Enter does it, Esc closes; a line that cannot be done now stays, with its reason.

mod doctor;
mod entries;

use egui::text::LayoutJob;
use egui::{Key, Modifiers, Ui};

use crate::state::{DialogEdit, State};

use super::super::actions::Actions;
use super::super::kit::{self, PaletteLine, Prose};
use super::super::words;
use entries::{Entry, Remark, found, needles};

/// Most lines shown.
const MOST: usize = 60;

pub(super) fn palette_ui(
    ui: &mut Ui,
    state: &State,
    text: &str,
    line: usize,
    actions: &mut Actions,
) {
    let words = needles(text);
    let entries = found(state, &words);
    let shown = entries.len().min(MOST);
    let line = line.min(shown.saturating_sub(1));
    // Arrow keys and Enter belong to the list, not to the field.
    let (down, up, enter) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::ArrowDown),
            input.consume_key(Modifiers::NONE, Key::ArrowUp),
            input.consume_key(Modifiers::NONE, Key::Enter),
        )
    });
    let moved = match (down, up) {
        (true, _) => (line + 1).min(shown.saturating_sub(1)),
        (_, true) => line.saturating_sub(1),
        _ => line,
    };
    if moved != line {
        actions.push(DialogEdit::Line(moved));
    }
    let mut chosen = enter.then_some(line);
    let count = format!("{shown} of {}", entries.len());
    let mut typed = text.to_owned();
    let palette = kit::Palette {
        name: "Command, place or setting",
        hint: "Type a command, a place, a setting",
        count: if shown < entries.len() { &count } else { "" },
    };
    let answer = palette.show(
        ui.ctx(),
        &mut typed,
        |ui, field| {
            super::focus_first(ui, "palette", field);
        },
        |ui| {
            for (index, entry) in entries.iter().take(MOST).enumerate() {
                let before = index.checked_sub(1).and_then(|before| entries.get(before));
                if before.is_none_or(|before| before.section != entry.section) {
                    kit::palette_caption(ui, entry.section);
                }
                let response = ui.push_id(index, |ui| line_ui(ui, entry, &words, index == line));
                if response.inner.clicked() {
                    chosen = Some(index);
                }
                if (down || up) && index == moved {
                    response.inner.scroll_to_me(None);
                }
            }
            if entries.is_empty() {
                kit::palette_nothing(ui, "Nothing of that name. Esc closes.");
            }
        },
    );
    if answer.changed {
        actions.push(DialogEdit::Text(typed));
    }
    if answer.closed {
        actions.push(DialogEdit::Cancel);
    }
    if let Some(entry) = chosen
        .and_then(|index| entries.into_iter().nth(index))
        .filter(|entry| entry.refused.is_none())
    {
        actions.push(DialogEdit::Cancel);
        actions.push(entry.action);
    }
}

fn line_ui(ui: &mut Ui, entry: &Entry, needles: &[String], chosen: bool) -> egui::Response {
    let text = words::visible(&entry.text);
    let line = PaletteLine::new(&text, marked(ui, &text, needles, entry.refused.is_some()))
        .icon(entry.icon)
        .chosen(chosen)
        .refused(entry.refused);
    let line = match &entry.remark {
        Remark::None => line,
        Remark::Keys(keys) => line.keys(keys),
        Remark::Mono(name) => line.mono(name),
        Remark::Words(words) => line.words(words),
    };
    ui.add(line)
}

/// The text with the typed words in the accent.
fn marked(ui: &Ui, text: &str, needles: &[String], refused: bool) -> LayoutJob {
    let lower = text.to_lowercase();
    let plain = |prose: Prose<'static>, part: &str| {
        if refused {
            prose.coloured(part.to_owned(), kit::disabled_ink(ui))
        } else {
            prose.text(part.to_owned())
        }
    };
    // Where small letters take other bytes than capitals, places in one text mean nothing in the other.
    if lower.len() != text.len() {
        return plain(Prose::new(), text).job(ui);
    }
    let (mut prose, mut at) = (Prose::new(), 0);
    while at < text.len() {
        let next = needles
            .iter()
            .filter_map(|needle| {
                let found = lower.get(at..)?.find(needle.as_str())?;
                Some((at + found, at + found + needle.len()))
            })
            .min();
        let Some((from, to)) = next.filter(|(from, to)| {
            from < to && text.is_char_boundary(*from) && text.is_char_boundary(*to)
        }) else {
            break;
        };
        prose = plain(prose, &text[at..from]).accent(text[from..to].to_owned());
        at = to;
    }
    plain(prose, text.get(at..).unwrap_or_default()).job(ui)
}
