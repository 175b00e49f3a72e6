//! Every control is found by its name, does what it says, and does nothing when it is disabled.

use eframe::egui;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};

use crate::ui::{fonts, theme};

mod dialogs;
mod fields;
mod pressed;

/// A window of 900 x 700 in the dark theme that draws `draw` over `state`.
fn window<'a, S>(state: S, draw: impl FnMut(&mut egui::Ui, &mut S) + 'a) -> Harness<'a, S> {
    let mut harness = Harness::builder()
        .with_size(egui::vec2(900.0, 700.0))
        .with_context_setup(|ctx| {
            fonts::install(ctx);
            theme::install(ctx, theme::Density::Normal);
            theme::choose(ctx, egui::ThemePreference::Dark);
        })
        .build_ui_state(draw, state);
    harness.run();
    harness
}

/// The reason or state that assistive technology reads after the name.
fn description(node: &Node<'_>) -> String {
    node.accesskit_node()
        .data()
        .description()
        .unwrap_or_default()
        .to_owned()
}

fn disabled(node: &Node<'_>) -> bool {
    node.accesskit_node().is_disabled()
}
