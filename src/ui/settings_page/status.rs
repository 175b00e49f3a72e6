//! The line along the bottom: how many options are set and wrong, how the last test went, where everything is kept.

use egui::{Align, Layout, Ui};

use crate::settings::OPTIONS;
use crate::state::messages::OpenError;
use crate::state::settings::TestRun;
use crate::ui::kit::{self, Light};
use crate::ui::words;

use super::Page;

/// Below this width some words become icons.
const WIDE: f32 = 1200.0;

pub(super) fn status_ui(ui: &mut Ui, page: Page<'_>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let path = words::home_short(&page.state.settings_path, page.state);
            kit::mono_quiet(ui, path);
            kit::divider(ui, 12.0);
            let secrets = format!("Secrets: {}", lower(&page.state.vault.to_string()));
            if is_wide(ui) {
                kit::quiet_small(ui, secrets);
            } else {
                kit::light_icon(ui, words::vault(page.state.vault).0, &secrets);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                counts_ui(ui, page);
                kit::divider(ui, 12.0);
                test_ui(ui, page);
            });
        });
    });
}

fn is_wide(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() >= WIDE
}

/// The words within a sentence.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}

fn counts_ui(ui: &mut Ui, page: Page<'_>) {
    let draft = page.draft;
    let (bad, warned) = draft.troubled(None);
    let counted = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    };
    let mut words = format!("{} changed", draft.changed(None));
    if is_wide(ui) {
        words = format!("{} options, {words}", OPTIONS.len());
    }
    if bad > 0 {
        words += &format!(", {}", counted(bad, "problem"));
    }
    if warned > 0 {
        words += &format!(", {}", counted(warned, "warning"));
    }
    kit::quiet_small(ui, words);
}

fn test_ui(ui: &mut Ui, page: Page<'_>) {
    ui.spacing_mut().item_spacing.x = 6.0;
    match &page.draft.test {
        TestRun::None => {
            kit::quiet_small(ui, "Not tested");
        }
        TestRun::Running(_) => {
            kit::busy(ui, "Testing");
            kit::quiet_small(ui, "Testing…");
        }
        TestRun::Passed(opened, at) => {
            let at = at.strftime("%H:%M", &page.state.zone);
            let who = &opened.identity;
            let by = match who.access_key_masked.as_str() {
                "" => who.source.clone(),
                key => format!("{key} from {}", who.source),
            };
            kit::light_icon(ui, Light::Good, "Passed");
            one_line(ui, &format!("Last test passed at {at} as {by}"));
        }
        TestRun::Failed(error) => {
            kit::light_icon(ui, Light::Bad, "Failed");
            one_line(ui, &failure(error).0);
        }
    }
}

fn one_line(ui: &mut Ui, text: &str) {
    kit::Prose::new().small().quiet(text).line_ui(ui);
}

/// What a test failed with: in one sentence, and why and what to do.
pub(in crate::ui) fn failure(error: &OpenError) -> (String, String) {
    match error {
        OpenError::Settings(problems) => {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}: {}", problem.option.spec().label, problem.reason))
                .collect();
            ("These settings cannot be used".to_owned(), lines.join("\n"))
        }
        OpenError::Storage(error) => {
            let words = crate::words::explain_plainly(error);
            (words.title, format!("{} {}", words.cause, words.next_step))
        }
        OpenError::Secrets(reason) => ("A secret is missing".to_owned(), reason.clone()),
    }
}
