//! What the worker's events mean. Answers to older questions are dropped by their tickets.

use crate::domain::{Prefix, StorageError, Ticket};
use crate::settings::{ConnectionId, SecretSlot};
use crate::worker::messages::{Command, Event, LoadedSettings, OpenError, Opened, PickPurpose};

use super::connections::Origin;
use super::dialogs::{Dialog, NameDialog};
use super::inspector::Answer;
use super::listing::Progress;
use super::settings::TestRun;
use super::{Effect, ObjectAction, Screen, SettingsAction, State, ToastKind};

impl State {
    /// Takes one piece of news in.
    pub fn on_event(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.take(event);
        self.next_question();
        effects
    }

    #[allow(clippy::too_many_lines, reason = "one arm an event")]
    fn take(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::SettingsLoaded(loaded) => self.take_settings(*loaded),
            Event::VaultChanged(status) => {
                self.vault = status;
                Vec::new()
            }
            Event::SecretsKept(kept) => {
                self.take_kept_secrets(&kept);
                Vec::new()
            }
            Event::ConnectionSaved { ticket, result, .. } => self.take_saved(ticket, result),
            Event::ConnectionRemoved { id, result, .. } => self.take_removed(&id, result),
            Event::BuiltinStarted { ticket, result } => self.take_builtin(ticket, result),
            Event::ConnectionOpened { ticket, result, .. } => self.take_opened(ticket, result),
            Event::ConnectionTested { ticket, result } => self.take_tested(ticket, result),
            Event::Examined { ticket, news } => self.take_news(ticket, *news),
            Event::ServerMet { ticket, id, report } => self.take_met_server(ticket, &id, report),
            Event::ServerSeen { id, report } => self.take_seen_server(&id, &report),
            Event::WritingTested { ticket } => {
                self.probe.testing.take_if(|own| *own == ticket);
                // For the report.
                self.glance_at_requests()
            }
            Event::ExaminationEnded { ticket, finished } => {
                self.doctor.end(ticket, finished);
                // For the report.
                self.glance_at_requests()
            }
            Event::RequestsRead { ticket, news } => self.take_requests(ticket, news),
            Event::SettingsPreviewed {
                ticket,
                preview,
                secrets,
            } => self.take_settings_preview(ticket, preview, secrets),
            Event::SecretFileRead {
                ticket,
                option,
                result,
            } => self.take_secret_file(ticket, option, result),
            Event::PageListed { ticket, page } => {
                if ticket == self.browser.incoming().ticket {
                    self.wait_anew();
                    self.browser.incoming_mut().take_page(&page);
                    return self.arrange();
                }
                Vec::new()
            }
            Event::ListingTried { ticket, trying } => {
                self.take_try(ticket, trying);
                Vec::new()
            }
            Event::ListingEnded { ticket, result } => self.take_listing_end(ticket, result),
            Event::Arranged { ticket, order } => self.take_order(ticket, order),
            Event::BucketsListed { ticket, result } => {
                if ticket == self.browser.buckets_ticket {
                    self.browser.buckets.take(result);
                }
                Vec::new()
            }
            Event::Inspected { ticket, result } => self.take_details(ticket, result),
            Event::PreviewLoaded { ticket, result } => {
                self.inspector.take_preview(ticket, result);
                Vec::new()
            }
            Event::LinksSigned { ticket, result } => self.take_links(ticket, result),
            Event::PathsSeen { ticket, seen } => {
                self.take_seen(ticket, seen);
                Vec::new()
            }
            Event::UploadPlanned { ticket, result } => self.take_upload_plan(ticket, result),
            Event::DownloadPlanned { ticket, result } => self.take_download_plan(ticket, result),
            Event::TransfersMoved(update) => self.take_transfers(*update),
            Event::DeletePlanGrew { ticket, objects } => {
                self.grow_delete_plan(ticket, objects);
                Vec::new()
            }
            Event::DeletePlanned { ticket, result } => {
                self.end_delete_plan(ticket, result);
                Vec::new()
            }
            Event::DeletionMoved { ticket, through } => {
                self.move_deletion(ticket, through);
                Vec::new()
            }
            Event::ObjectsDeleted {
                ticket,
                failures,
                left,
            } => self.take_deleted(ticket, &failures, left),
            Event::FolderCreated {
                ticket,
                prefix,
                result,
            } => self.take_folder(ticket, &prefix, result),
            Event::Renamed { ticket, to, result } => self.take_renamed(ticket, &to, result),
            Event::TextImported { ticket, result } => self.take_import(ticket, result),
            Event::Exported { ticket, result } => self.take_export(ticket, result),
            Event::TextSaved { what, path, result } => self.take_saved_text(what, &path, result),
            Event::SignInStepped { .. }
            | Event::SignedIn { .. }
            | Event::AccountsListed { .. }
            | Event::RolesListed { .. }
            | Event::CodeWanted { .. }
            | Event::CodeNotWanted { .. }
            | Event::CodeUnused { .. }
            | Event::RoleTried { .. }
            | Event::Renewed { .. }
            | Event::AwsConfigWritten { .. } => self.take_credentials_news(event),
            Event::FilesPicked { purpose, paths } => self.take_picked(purpose, paths),
            Event::PickerMissing { purpose } => {
                let form = match purpose {
                    PickPurpose::Text(what) => self.form_for_place(what, None),
                    _ => NameDialog::default(),
                };
                self.show(Dialog::Path { purpose, form })
            }
        }
    }

    fn take_settings(&mut self, loaded: LoadedSettings) -> Vec<Effect> {
        self.environment = loaded.environment;
        self.profiles = loaded.profiles;
        self.welcome.profile = self
            .profiles
            .list
            .first()
            .map(|profile| profile.name.clone());
        self.vault = loaded.vault;
        self.settings_path = loaded.path;
        let told = loaded
            .notices
            .iter()
            .map(|notice| crate::words::notice(notice, &loaded.connections));
        let told: Vec<String> = told.chain(loaded.failure).collect();
        for connection in loaded.connections {
            self.connections.put(connection, Origin::Saved);
        }
        for notice in told {
            self.toasts.show(ToastKind::Bad, notice);
        }
        let first = !std::mem::replace(&mut self.loaded, true);
        self.recall(loaded.memory);
        if first { self.begin() } else { Vec::new() }
    }

    /// A keyring has taken secrets that lived in memory.
    fn take_kept_secrets(&mut self, kept: &[(ConnectionId, SecretSlot)]) {
        for (id, slot) in kept {
            self.connections.secret_kept(id, slot);
            if let Some(draft) = &mut self.draft
                && draft.connection.id == *id
            {
                draft.secret_kept(slot);
            }
        }
        let text = match kept.len() {
            1 => "The system keyring keeps the secret now".to_owned(),
            count => format!("The system keyring keeps {count} secrets now"),
        };
        self.toasts.show(ToastKind::Good, text);
    }

    fn take_removed(&mut self, id: &ConnectionId, result: Result<(), String>) -> Vec<Effect> {
        match result {
            Ok(()) => {
                self.draft = self.draft.take_if(|draft| draft.connection.id != *id);
                if self.connections.remove(id)
                    || self.draft.is_none() && self.screen == Screen::Settings
                {
                    self.screen = if self.connections.current.is_some() {
                        Screen::Browser
                    } else {
                        Screen::Welcome
                    };
                }
                self.toasts.show(
                    ToastKind::Good,
                    "Connection removed; its objects are where they were",
                );
            }
            Err(reason) => self.toasts.show(ToastKind::Bad, reason),
        }
        Vec::new()
    }

    fn take_opened(&mut self, ticket: Ticket, result: Result<Opened, OpenError>) -> Vec<Effect> {
        if self.connections.opening != Some(ticket) {
            return Vec::new();
        }
        self.connections.opening = None;
        match result {
            Ok(opened) => {
                if self.connections.sets_link_lifetime() {
                    self.link_secs = opened.link_secs;
                }
                self.connections.opened = Some(opened);
                let place = self
                    .connections
                    .then
                    .take()
                    .or_else(|| self.connections.home());
                self.browser.start(place.unwrap_or_default());
                let mut effects = self.list(false);
                effects.extend(self.list_buckets());
                effects
            }
            Err(error) => {
                self.connections.failure = Some(error);
                Vec::new()
            }
        }
    }

    fn take_tested(&mut self, ticket: Ticket, result: Result<Opened, OpenError>) -> Vec<Effect> {
        let now = self.now;
        if let Some(draft) = &mut self.draft
            && matches!(draft.test, TestRun::Running(own) if own == ticket)
        {
            draft.test = match result {
                Ok(opened) => TestRun::Passed(Box::new(opened), now),
                Err(error) => TestRun::Failed(error),
            };
        }
        Vec::new()
    }

    fn take_listing_end(
        &mut self,
        ticket: Ticket,
        result: Result<bool, StorageError>,
    ) -> Vec<Effect> {
        if ticket != self.browser.incoming().ticket {
            return Vec::new();
        }
        let progress = match result {
            Ok(true) => Progress::Complete,
            Ok(false) => Progress::Stopped,
            Err(error) => Progress::Failed(error),
        };
        let came = matches!(progress, Progress::Complete | Progress::Stopped);
        let refreshing = self.browser.is_refreshing();
        let height = self.window.density.row_points();
        self.browser.end(progress, height);
        let mut effects = self.arrange();
        if !refreshing || !self.browser.is_refreshing() {
            effects.extend(self.inspect_focused());
            effects.extend(self.inspect_anew());
        }
        if came {
            effects.extend(self.meet_server());
        }
        effects
    }

    fn take_details(
        &mut self,
        ticket: Ticket,
        result: Result<Box<crate::domain::ObjectDetails>, StorageError>,
    ) -> Vec<Effect> {
        let wanted = self.inspector.take_details(ticket, result);
        let (Some(id), Some((bucket, _)), Answer::Here(details), true) = (
            self.connections.current.clone(),
            &self.inspector.object,
            &self.inspector.details,
            wanted,
        ) else {
            return Vec::new();
        };
        vec![Effect::Run(Command::LoadPreview {
            ticket,
            id,
            bucket: bucket.clone(),
            details: details.clone(),
        })]
    }

    fn take_folder(
        &mut self,
        ticket: Ticket,
        prefix: &Prefix,
        result: Result<(), StorageError>,
    ) -> Vec<Effect> {
        let own =
            matches!(&self.dialog, Some(Dialog::NewFolder(form)) if form.ticket == Some(ticket));
        match result {
            Ok(()) => {
                if own {
                    self.dialog = None;
                }
                self.toasts
                    .show(ToastKind::Good, format!("Folder “{}” made", prefix.name()));
                let name = prefix
                    .as_str()
                    .strip_prefix(self.browser.location.prefix.as_str());
                let first = name
                    .and_then(|name| name.split_inclusive('/').next())
                    .map(str::to_owned);
                self.relist_at(first)
            }
            Err(error) => {
                self.fail_form(own, &error);
                Vec::new()
            }
        }
    }

    fn take_renamed(
        &mut self,
        ticket: Ticket,
        to: &crate::domain::Key,
        result: Result<(), StorageError>,
    ) -> Vec<Effect> {
        let own = matches!(&self.dialog, Some(Dialog::Rename { form, .. }) if form.ticket == Some(ticket));
        match result {
            Ok(()) => {
                if own {
                    self.dialog = None;
                }
                self.toasts
                    .show(ToastKind::Good, format!("Renamed to “{}”", to.name()));
                self.relist_at(Some(to.name().to_owned()))
            }
            Err(error) => {
                self.fail_form(own, &error);
                Vec::new()
            }
        }
    }

    /// Lists again with the cursor on a name.
    fn relist_at(&mut self, name: Option<String>) -> Vec<Effect> {
        let effects = self.list(true);
        if name.is_some() {
            self.browser.look_for(name);
        }
        effects
    }

    /// A failure stands beside the field it belongs to while that is open.
    fn fail_form(&mut self, own: bool, error: &StorageError) {
        let words = crate::words::explain_plainly(error);
        match &mut self.dialog {
            Some(Dialog::NewFolder(form) | Dialog::Rename { form, .. }) if own => {
                form.ticket = None;
                form.problem = Some(format!(
                    "{}. {} {}",
                    words.title, words.cause, words.next_step
                ));
            }
            _ => self.report(error),
        }
    }

    pub(super) fn take_picked(
        &mut self,
        purpose: PickPurpose,
        mut paths: Vec<std::path::PathBuf>,
    ) -> Vec<Effect> {
        if paths.is_empty() {
            if let PickPurpose::Text(what) = purpose {
                self.forget_text(what);
            }
            return Vec::new();
        }
        match purpose {
            PickPurpose::Upload { id, target } => self.plan_picked_upload(paths, id, target),
            PickPurpose::Download => {
                self.work_on_objects(ObjectAction::DownloadTo(paths.swap_remove(0)))
            }
            PickPurpose::Text(what) => self.save_text(what, paths.swap_remove(0)),
            PickPurpose::Import => self.configure(SettingsAction::ImportFile(paths.swap_remove(0))),
            PickPurpose::Option(option) => self.take_option_file(option, paths.swap_remove(0)),
        }
    }
}
