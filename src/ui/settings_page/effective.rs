//! The line below an editor: what holds in the end, where it comes from, and why it has no effect.

use egui::Ui;

use crate::settings::effective::Source;
use crate::settings::regions::links_default_to_v2;
use crate::settings::summary::summary;
use crate::settings::{OptionId, OptionSpec, SecretSlot, Value};
use crate::state::SettingsDraft;
use crate::state::settings::DraftEdit;
use crate::ui::actions::Actions;
use crate::ui::icons;
use crate::ui::kit::{self, Button, Chip, Prose};
use crate::ui::theme::tokens;
use crate::ui::words;

use super::{Page, edit};

/// Where the words begin, after the icon.
const INDENT: f32 = 24.0;
const HIDE: &str = "Set to nothing";

pub(super) fn effective_ui(
    ui: &mut Ui,
    page: Page<'_>,
    spec: &'static OptionSpec,
    actions: &mut Actions,
) {
    let draft = page.draft;
    let effective = draft.inspected.resolved.options.get(spec.id);
    let kept = draft.is_kept(spec.id);
    let (words, source) = if kept {
        ("set, hidden".to_owned(), Source::Connection)
    } else {
        (value_words(draft, spec.id), effective.source.clone())
    };
    let words = words::visible(&words);
    ui.spacing_mut().interact_size.y = 20.0;
    let chip = source_words(ui, draft, spec, &source);
    let small = egui::TextStyle::Small.resolve(ui.style());
    let width_of = |ui: &Ui, text: &str| {
        let galley = ui
            .painter()
            .layout_no_wrap(text.to_owned(), small.clone(), tokens(ui).text);
        galley.size().x
    };
    let whole = ui.available_width();
    let chip_width = width_of(ui, &chip) + 24.0;
    let chip_below = chip_width + INDENT + 96.0 > whole;
    let from_parent = matches!(source, Source::Parent(_)) && effective.unused.is_none();
    let hides = from_parent && spec.may_be_nothing() && effective.value != Value::Nothing;
    let mut unused = effective.unused.map(|unused| unused.to_string());
    ui.horizontal(|ui| {
        kit::icon_ui(ui, icons::RESULT, tokens(ui).quiet);
        let room = ui.available_width() - if chip_below { 0.0 } else { chip_width };
        value_ui(ui, &words, room);
        if !chip_below {
            chip_ui(ui, &source, &chip);
            let left = ui.available_width();
            if let Some(text) = unused.take_if(|text| width_of(ui, text) <= left) {
                kit::quiet_small(ui, text);
            }
            if hides && width_of(ui, HIDE) <= left {
                hide_ui(ui, spec, actions);
            }
        }
    });
    if chip_below {
        indented(ui, |ui| chip_ui(ui, &source, &chip));
    }
    if let Some(unused) = unused {
        indented(ui, |ui| drop(Prose::new().small().quiet(unused).ui(ui)));
    }
}

fn indented(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(INDENT);
        content(ui);
    });
}

fn value_ui(ui: &mut Ui, words: &str, room: f32) {
    let font = egui::TextStyle::Monospace.resolve(ui.style());
    let shown = kit::cut_middle(ui, words, &font, room).into_owned();
    let cut = shown != words;
    let value = kit::mono(ui, shown);
    if cut {
        value.on_hover_text(words);
    }
}

/// Hides what a parent sets.
fn hide_ui(ui: &mut Ui, spec: &OptionSpec, actions: &mut Actions) {
    let quiet = tokens(ui).quiet;
    let hide = Button::link(HIDE).small().ink(quiet);
    if ui.add(hide.tooltip("As None does in Django")).clicked() {
        let (option, value) = (spec.id, Value::Nothing);
        edit(actions, DraftEdit::Set { option, value });
    }
}

/// Where the value comes from, in the words of the chip.
fn source_words(ui: &Ui, draft: &SettingsDraft, spec: &OptionSpec, source: &Source) -> String {
    let in_keyring = (draft.connection.kept_secrets).contains(&SecretSlot::Option(spec.id));
    match source {
        Source::Connection if in_keyring => "connection, keyring".to_owned(),
        Source::Parent(name) => {
            let font = egui::TextStyle::Small.resolve(ui.style());
            let name = kit::cut_middle(ui, name, &font, 144.0).into_owned();
            Source::Parent(name).to_string()
        }
        other => other.to_string(),
    }
}

fn chip_ui(ui: &mut Ui, source: &Source, words: &str) {
    let chip = if *source == Source::Connection {
        Chip::accent(words)
    } else {
        Chip::quiet(words)
    };
    ui.add(chip);
}

/// What holds for an option, in a few words.
fn value_words(draft: &SettingsDraft, option: OptionId) -> String {
    let resolved = &draft.inspected.resolved;
    let config = &resolved.config;
    let nothing = *resolved.options.value(option) == Value::Nothing;
    match option {
        OptionId::SignatureVersion if nothing => {
            if links_default_to_v2(config.region.as_deref()) {
                "requests s3v4, links s3 (v2)".to_owned()
            } else {
                "s3v4".to_owned()
            }
        }
        OptionId::AddressingStyle if nothing => "auto".to_owned(),
        OptionId::Endpoint if nothing => "Amazon S3".to_owned(),
        OptionId::Region if nothing => "us-east-1".to_owned(),
        OptionId::Location if config.location.is_empty() => "the whole bucket".to_owned(),
        OptionId::Proxies if nothing => match config.proxies.as_deref() {
            None | Some([]) => "none in the environment".to_owned(),
            Some(found) => {
                let schemes: Vec<&str> = found.iter().map(|(scheme, _)| scheme.as_str()).collect();
                format!("of the environment for {}", schemes.join(", "))
            }
        },
        OptionId::ObjectParameters if !draft.connection.rules.is_empty() => {
            let words = summary(option, resolved.options.value(option));
            match draft.connection.rules.len() {
                1 => format!("{words}, 1 rule"),
                count => format!("{words}, {count} rules"),
            }
        }
        OptionId::LinkExpiry => match resolved.options.value(option) {
            Value::Integer(secs) if *secs > 0 => format!("{secs} s"),
            value => summary(option, value),
        },
        _ => summary(option, resolved.options.value(option)),
    }
}

/// What holds for an option that is not set here, when somebody else sets it.
pub(super) fn inherited(draft: &SettingsDraft, option: OptionId) -> Option<String> {
    let effective = draft.inspected.resolved.options.get(option);
    let elsewhere = !matches!(effective.source, Source::Default | Source::Connection);
    (elsewhere && effective.value.is_truthy()).then(|| summary(option, &effective.value))
}
