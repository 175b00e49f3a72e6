//! What would come of the settings, for one sample name: key, host, link, headers of an upload. Nothing is sent.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Label, Margin, ScrollArea, TextStyle, Ui};

use crate::domain::LinkEnd;
use crate::settings::HintKind;
use crate::state::messages::{LinkSigning, PreviewLink, SettingsPreview};
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::kit::{self, Light, Prose};
use crate::ui::theme::tokens;
use crate::ui::words;

use super::combo::Combo;
use super::{Page, edit};

/// Names to try.
const SAMPLES: [&str; 4] = [
    "reports/été 2026.pdf",
    "css/theme.css",
    "photos/2026/harbour.jpg",
    "data/export.csv.gz",
];

pub(super) fn preview_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    let area = ScrollArea::vertical().id_salt("preview").auto_shrink(false);
    area.show(ui, |ui| {
        let frame = egui::Frame::NONE.inner_margin(Margin::symmetric(16, 8));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 4.0;
            head_ui(ui);
            sample_ui(ui, page, actions);
            if let Some(preview) = &page.draft.preview.shown {
                found_ui(ui, page, preview);
            }
        });
    });
}

fn head_ui(ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.set_min_height(24.0);
        kit::strong(ui, "Preview");
        kit::at_right(ui, |ui| {
            kit::quiet_small(ui, "as you type, nothing is sent")
        });
    });
    ui.add_space(4.0);
}

fn caption_ui(ui: &mut Ui, text: &str) {
    ui.add_space(4.0);
    kit::quiet_small(ui, text);
}

fn line_ui(ui: &mut Ui) {
    ui.add_space(8.0);
    kit::separator(ui);
    ui.add_space(4.0);
}

fn sample_ui(ui: &mut Ui, page: Page<'_>, actions: &mut Actions) {
    caption_ui(ui, "Sample name");
    let choices: Vec<kit::Choice> = SAMPLES.iter().map(|name| (*name).into()).collect();
    let combo = Combo::new("Sample name", &page.draft.sample).hint("folder/name.ext");
    if let (_, Some(name)) = combo.show(ui, &choices) {
        edit(actions, DraftEdit::Sample(name));
    }
}

fn found_ui(ui: &mut Ui, page: Page<'_>, preview: &SettingsPreview) {
    caption_ui(ui, "Final key");
    match &preview.key {
        Ok((front, name)) => {
            let key = Prose::new().mono_quiet(words::visible(front));
            key.mono(words::visible(name)).ui(ui);
        }
        Err(reason) => missing_ui(ui, reason),
    }
    caption_ui(ui, "Request host");
    match &preview.host {
        Ok(host) => drop(kit::mono(ui, host.as_str())),
        Err(reason) => missing_ui(ui, reason),
    }
    line_ui(ui);
    caption_ui(ui, "Link that Django would print");
    match &preview.link {
        Ok(link) => {
            link_ui(ui, link);
            ui.add_space(4.0);
            remarks_ui(ui, page, link);
        }
        Err(reason) => missing_ui(ui, reason),
    }
    line_ui(ui);
    caption_ui(ui, "Upload headers");
    match &preview.headers {
        Ok(headers) => headers_ui(ui, headers),
        Err(reason) => missing_ui(ui, reason),
    }
}

fn missing_ui(ui: &mut Ui, reason: &str) {
    ui.horizontal_top(|ui| {
        kit::light_icon(ui, Light::NotSet, "Unknown");
        Prose::new().small().text(reason).ui(ui);
    });
}

/// One parameter a line, the host in copper.
fn link_ui(ui: &mut Ui, link: &PreviewLink) {
    let tokens = tokens(ui);
    let font = TextStyle::Monospace.resolve(ui.style());
    let mut job = LayoutJob::default();
    let mut put = |text: &str, color: Color32| {
        let format = TextFormat {
            font_id: font.clone(),
            color,
            line_height: Some(16.0),
            ..TextFormat::default()
        };
        job.append(text, 0.0, format);
    };
    put(&link.scheme, tokens.text);
    put(&link.host, tokens.copper);
    put(&format!("\n{}", link.path), tokens.text);
    for (at, (name, value)) in link.parameters.iter().enumerate() {
        let sign = if at == 0 { '?' } else { '&' };
        put(&format!("\n{sign}{name}="), tokens.quiet);
        put(value, tokens.text);
    }
    kit::text_box(ui).inner_margin(8).show(ui, |ui| {
        ui.set_width(ui.available_width());
        job.wrap.max_width = ui.available_width();
        job.wrap.break_anywhere = true;
        ui.add(Label::new(job));
    });
}

fn remark_ui(ui: &mut Ui, light: Light, words: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        kit::light_icon(ui, light, words);
        let prose = Prose::new().small();
        match light {
            Light::Bad | Light::Warn => prose.text(words).ui(ui),
            _ => prose.quiet(words).ui(ui),
        };
    });
    ui.add_space(4.0);
}

fn remarks_ui(ui: &mut Ui, page: Page<'_>, link: &PreviewLink) {
    let inspected = &page.draft.inspected;
    if let Some(stop) = inspected.stops.first() {
        let label = stop.option.spec().label;
        let words =
            format!("Django prints nothing until “{label}” is put right. Shown as if it were.");
        remark_ui(ui, Light::Bad, &words);
    }
    let hints = &inspected.resolved.hints;
    let says = |wanted: fn(&HintKind) -> bool| hints.iter().any(|hint| wanted(&hint.kind));
    match link.signing {
        LinkSigning::Version2
            if says(|kind| matches!(kind, HintKind::LinksSignedWithV2 { .. })) =>
        {
            let words = "Signed with v2. With s3v4 the link begins with X-Amz-Algorithm and new buckets accept it.";
            remark_ui(ui, Light::Warn, words);
        }
        LinkSigning::Plain if says(|kind| *kind == HintKind::DomainLeavesLinksUnsigned) => {
            remark_ui(
                ui,
                Light::Warn,
                "A custom domain without a CloudFront key leaves links unsigned.",
            );
        }
        _ => {}
    }
    if link.keys_unknown {
        let words = "The key is found when the connection is opened; the link has this form whichever it is.";
        remark_ui(ui, Light::Info, words);
    }
    let end = match (link.works_until, link.end) {
        (None, _) => "Works while the object is public.".to_owned(),
        (Some(until), end) => {
            let secs = inspected.resolved.config.links.expires_secs;
            let until = until.short_text(page.state.now, &page.state.zone);
            let until = until.strip_prefix("today ").unwrap_or(&until);
            match end {
                LinkEnd::Session => format!("Works until {until}, when the session ends."),
                _ if secs > 0 => format!("Works {}, until {until}.", words::lifetime(secs)),
                _ => "Ends at once.".to_owned(),
            }
        }
    };
    remark_ui(ui, Light::Clock, &end);
}

/// Names in a column as wide as the longest, at most half.
fn headers_ui(ui: &mut Ui, headers: &[(String, String)]) {
    let font = TextStyle::Monospace.resolve(ui.style());
    let width = ui.available_width();
    let widest = headers
        .iter()
        .map(|(name, _)| {
            let galley = ui
                .painter()
                .layout_no_wrap(name.clone(), font.clone(), Color32::WHITE);
            galley.size().x
        })
        .fold(0.0, f32::max);
    let names = (widest + 16.0).min(width * 0.55).floor();
    for (name, value) in headers {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.set_min_height(18.0);
            let left = ui.cursor().left();
            let shown = kit::cut_middle(ui, name, &font, names - 8.0).into_owned();
            kit::mono_quiet(ui, shown).on_hover_text(name);
            ui.add_space((left + names - ui.cursor().left()).max(0.0));
            Prose::new().small().mono(words::visible(value)).ui(ui);
        });
    }
}
