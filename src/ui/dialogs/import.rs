//! The Django import: paste or open, see what was found, take it over.

use egui::Ui;

use crate::state::dialogs::ImportDialog;

use super::super::actions::Actions;

pub(super) fn import_ui(_ui: &mut Ui, _dialog: &ImportDialog, _actions: &mut Actions) {}
