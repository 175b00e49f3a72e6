//! The settings of one connection.

use egui::Ui;

use crate::state::State;

use super::actions::Actions;

pub(super) fn settings_page_ui(_ui: &mut Ui, _state: &State, _actions: &mut Actions) {}
