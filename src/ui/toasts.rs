//! Toasts, in the middle above the lower bars, newest below.

use egui::{Align2, Area, Id, Order, Ui};

use crate::state::{Action, State, ToastKind};

use super::actions::Actions;
use super::icons;
use super::kit::{self, Button, Light};
use super::theme::{self, tokens};

pub(super) fn toasts_ui(ui: &Ui, state: &State, above: f32, actions: &mut Actions) {
    if state.toasts.list().is_empty() {
        return;
    }
    let area = Area::new(Id::unique("toasts")).order(Order::Foreground);
    area.anchor(Align2::CENTER_BOTTOM, egui::vec2(0.0, -above))
        .show(ui.ctx(), |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            for toast in state.toasts.list() {
                let tokens = tokens(ui);
                egui::Frame::NONE
                    .fill(tokens.raised)
                    .stroke(egui::Stroke::new(1.0, tokens.edge))
                    .corner_radius(theme::corner())
                    .shadow(ui.visuals().popup_shadow)
                    .inner_margin(egui::Margin::symmetric(12, 8))
                    .show(ui, |ui| {
                        ui.set_max_width(520.0);
                        ui.horizontal(|ui| {
                            let light = match toast.kind {
                                ToastKind::Good => Light::Good,
                                ToastKind::Warn => Light::Warn,
                                ToastKind::Bad => Light::Bad,
                            };
                            kit::light_icon(ui, light, "");
                            let width = 440.0;
                            ui.allocate_ui_with_layout(
                                egui::vec2(width, 20.0),
                                egui::Layout::left_to_right(egui::Align::Center)
                                    .with_main_wrap(true),
                                |ui| {
                                    ui.set_max_width(width);
                                    kit::Prose::new().text(toast.text.as_str()).ui(ui);
                                },
                            );
                            if ui
                                .add(Button::icon_only(icons::X, "Dismiss").small())
                                .clicked()
                            {
                                actions.push(Action::DismissToast(toast.id));
                            }
                        });
                    });
            }
        });
}
