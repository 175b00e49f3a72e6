//! What the window knows, and what every gesture and every piece of news means.
//!
//! [`State::on_action`] and [`State::on_event`] are the only writers. Both are synchronous and total: no file, no network, no
//! clock, no lock. The time comes in with [`State::tick`]. What must be done outside is returned as [`Effect`]s.
//!
//! `browser`, `listing`, `inspector`, `transfers`, `deletions`, `connections`, `settings`, `welcome`, `dialogs`, `panels`, `toasts` hold the
//! parts; `navigate`, `table`, `objects`, `plans`, `configure`, `confirm` say what actions do to them, `news` what events do.

pub mod action;
pub mod browser;
mod configure;
mod confirm;
pub mod connections;
mod contact;
pub mod credentials;
mod credentials_news;
pub mod deletions;
pub mod dialogs;
pub mod doctor;
mod draft_edit;
mod editing;
pub mod exchange;
pub mod hover;
pub mod inspector;
mod leaving;
pub mod listing;
mod memory;
mod navigate;
mod news;
mod objects;
pub mod panels;
pub mod plans;
pub mod policy;
pub mod probe;
mod remedies;
pub mod requests;
pub mod role;
pub mod rules;
mod saving;
pub mod settings;
mod sign_in;
mod table;
#[cfg(test)]
mod tests;
pub mod toasts;
pub mod transfers;
mod treatment;
pub mod visitor;
pub mod waiting;
pub mod welcome;

use std::collections::VecDeque;
use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::domain::{ByteSize, Prefix, Tickets, Timestamp};
use crate::settings::memory::WindowMemory;
use crate::settings::secrets::VaultStatus;
use crate::settings::{Environment, Profiles};
use crate::worker::messages::{Command, PickPurpose};

pub use crate::worker::messages;

pub use action::{
    Action, CopyWhat, DoctorAction, Go, ObjectAction, SettingsAction, TableAction, Tick,
    TransferAction,
};
pub use browser::Browser;
pub use connections::{Connections, Origin};
use contact::Contact;
pub use credentials::CredentialsAction;
pub use deletions::Deletions;
pub use dialogs::{Dialog, DialogEdit};
pub use doctor::{Consultation, DoctorTab};
pub use exchange::{ExportEdit, ImportEdit};
pub use hover::Hover;
pub use inspector::{Answer, Inspector};
pub use objects::sentence;
pub use panels::PanelEdit;
pub use policy::PolicyEdit;
pub use probe::{Probe, ProbeAction};
pub use requests::{Requests, RequestsAction};
pub use settings::SettingsDraft;
pub use toasts::{ToastKind, Toasts};
pub use transfers::TransferList;
pub use welcome::Welcome;

/// What must be done outside the state.
#[derive(Debug)]
pub enum Effect {
    /// Hand a command to the worker.
    Run(Command),
    /// Put a text on the clipboard.
    CopyText(String),
    /// Show a file dialog.
    Pick(Pick),
    /// Open an address in the browser.
    OpenUrl(String),
    /// Show a file or folder of this computer in its program.
    Reveal(PathBuf),
}

/// A file dialog.
#[derive(Clone, Debug)]
pub struct Pick {
    /// Its title.
    pub title: String,
    /// What the choice is for.
    pub purpose: PickPurpose,
    /// What can be chosen.
    pub what: PickWhat,
}

/// What can be chosen in a file dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PickWhat {
    /// Files that are there.
    Files,
    /// A folder.
    Folder,
    /// A place for a new file, with a name to begin with.
    NewFile(String),
}

/// The page that fills the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The first page with its doors.
    #[default]
    Welcome,
    /// A bucket.
    Browser,
    /// The settings of one connection.
    Settings,
    /// What the Doctor found about one connection.
    Doctor,
}

/// A time zone; UTC until told otherwise.
#[derive(Clone, Debug)]
pub struct Zone(pub TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl std::ops::Deref for Zone {
    type Target = TimeZone;

    fn deref(&self) -> &TimeZone {
        &self.0
    }
}

/// Everything the window knows.
#[derive(Debug, Default)]
pub struct State {
    /// The page shown.
    pub screen: Screen,
    /// False until the settings were read.
    pub loaded: bool,
    /// The time of this frame.
    pub now: Timestamp,
    /// The time zone in which times are shown.
    pub zone: Zone,
    /// Connections.
    pub connections: Connections,
    /// The bucket shown.
    pub browser: Browser,
    /// The object shown at the right.
    pub inspector: Inspector,
    /// Transfers.
    pub transfers: TransferList,
    /// Deletions that are being done.
    pub deletions: Deletions,
    /// Files of another program over the window.
    pub hover: Hover,
    /// The first page.
    pub welcome: Welcome,
    /// Settings being edited.
    pub draft: Option<SettingsDraft>,
    /// The Doctor's findings.
    pub doctor: Consultation,
    /// The write test, what was denied where, policies.
    pub probe: Probe,
    contact: Contact,
    waiting: waiting::Waiting,
    /// The log of requests.
    pub requests: Requests,
    /// The open dialog.
    pub dialog: Option<Dialog>,
    /// Confirmations.
    pub toasts: Toasts,
    /// Sizes, visibility, theme.
    pub window: WindowMemory,
    /// Lifetime of the next link in seconds.
    pub link_secs: i64,
    /// Variables and shared files.
    pub environment: Environment,
    /// Profiles of the shared files.
    pub profiles: Profiles,
    /// Whether secrets can be kept.
    pub vault: VaultStatus,
    /// The settings file.
    pub settings_path: PathBuf,
    /// The window has the keyboard; what ends while it has not is told by a notification.
    pub in_front: bool,
    /// This desktop delivers no drops.
    pub drops_missing: bool,
    /// Transfers that were asked for but whose plan is still being made.
    pub planning: Vec<plans::Planning>,
    start: Start,
    /// Questions that came up while another dialog was open.
    questions: VecDeque<Dialog>,
    /// What is downloaded once the folder is chosen.
    wanted: Option<plans::Wanted>,
    /// Uploads landed in the folder shown; it is listed again when the batch ends.
    stale_listing: bool,
    /// Where to go once the built-in bucket runs.
    resume_place: Option<crate::domain::Location>,
    /// What is done once the settings are left.
    leaving: Option<Box<Action>>,
    saving: saving::Saving,
    tickets: Tickets,
    signing: Option<objects::Signing>,
    renewing: credentials::Renewing,
    memory: memory::Kept,
}

/// What to show first.
#[derive(Clone, Debug, Default)]
pub enum Start {
    /// The place of last time, or the first page.
    #[default]
    Remembered,
    /// The built-in bucket.
    Builtin,
    /// The saved connection of that name, with changes for this run.
    Named {
        /// Its name.
        name: String,
        /// Options that hold for this run only.
        overrides: crate::settings::Values,
    },
    /// A connection from the command line that is not saved.
    Unsaved(crate::settings::Values),
}

impl State {
    /// The state before anything was read, and the first command.
    #[must_use]
    pub fn new(start: Start, now: Timestamp, zone: TimeZone) -> (Self, Vec<Effect>) {
        let state = Self {
            start,
            now,
            zone: Zone(zone),
            link_secs: 3600,
            ..Self::default()
        };
        (state, vec![Effect::Run(Command::LoadSettings)])
    }

    /// Time goes on. Returns the window's memory to write when it changed a while ago.
    pub fn tick(&mut self, tick: Tick) -> Vec<Effect> {
        self.now = tick.now;
        self.toasts.tick(tick.uptime_secs);
        self.transfers.tick(tick.uptime_secs);
        self.deletions.tick(tick.uptime_secs);
        self.wait_on();
        let mut effects = self.renew_when_due();
        effects.extend(self.memory_effect(tick.uptime_secs));
        effects
    }

    /// Carries a gesture out.
    pub fn on_action(&mut self, action: Action) -> Vec<Effect> {
        let effects = self.act_or_ask(action);
        self.next_question();
        effects
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Go(go) => self.navigate(go),
            Action::Table(action) => self.change_table(action),
            Action::Objects(action) => self.work_on_objects(action),
            Action::Transfers(action) => self.steer_transfers(&action),
            Action::Settings(action) => self.configure(action),
            Action::Doctor(action) => self.consult(action),
            Action::Probe(action) => self.work_on_probe(action),
            Action::Requests(action) => self.work_on_requests(action),
            Action::Credentials(action) => self.work_on_credentials(action),
            Action::Dialog(edit) => self.edit_dialog(edit),
            Action::Panel(edit) => self.change_panel(edit),
            Action::ShowKeys => self.show(Dialog::Keys),
            Action::ShowAbout => self.show(Dialog::About),
            Action::ShowPalette => self.show(Dialog::Palette {
                text: String::new(),
                line: 0,
            }),
            Action::Escape => self.escape(),
            Action::DismissToast(id) => {
                self.toasts.dismiss(id);
                Vec::new()
            }
            Action::CopyText { text, said } => {
                self.toasts.show(ToastKind::Good, said);
                vec![Effect::CopyText(text)]
            }
        }
    }

    fn change_panel(&mut self, edit: PanelEdit) -> Vec<Effect> {
        panels::edit(&mut self.window, edit);
        // One of the two at the foot is unfolded.
        if edit == PanelEdit::ToggleTransfers && self.window.bottom.open && self.requests.open {
            return self.work_on_requests(RequestsAction::Toggle);
        }
        Vec::new()
    }

    fn show(&mut self, dialog: Dialog) -> Vec<Effect> {
        self.dialog = Some(dialog);
        Vec::new()
    }

    /// Asks once no other dialog is open.
    fn ask(&mut self, dialog: Dialog) {
        self.questions.push_back(dialog);
        self.next_question();
    }

    fn next_question(&mut self) {
        if self.dialog.is_none() {
            self.dialog = self.questions.pop_front();
        }
    }

    fn escape(&mut self) -> Vec<Effect> {
        if self.dialog.is_some() {
            return self.edit_dialog(DialogEdit::Cancel);
        }
        if self.screen == Screen::Settings {
            return self.configure(SettingsAction::Close);
        }
        if self.screen == Screen::Doctor {
            return self.consult(DoctorAction::Leave);
        }
        if !self.browser.filter.is_empty() {
            return self.change_table(TableAction::Filter(String::new()));
        }
        self.change_table(TableAction::SelectNone)
    }

    /// The folder that an action without a place of its own means.
    fn folder(&self, prefix: Option<Prefix>) -> crate::domain::Location {
        crate::domain::Location {
            bucket: self.browser.location.bucket.clone(),
            prefix: prefix.unwrap_or_else(|| self.browser.location.prefix.clone()),
        }
    }

    /// Count and bytes of the selection: `3 selected, 12.3 MB`.
    #[must_use]
    pub fn selection_words(&self) -> Option<String> {
        let totals = self.browser.selection.rows.totals();
        let count = crate::domain::grouped(totals.rows());
        match (totals.rows(), totals.objects) {
            (0, _) => None,
            (_, 0) => Some(format!("{count} selected")),
            _ => Some(format!("{count} selected, {}", ByteSize(totals.bytes))),
        }
    }
}
