//! Signing in to Identity Center, looking what it offers, renewing keys, and adding to the user's AWS config file.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::hub::{Cancellable, Hub};
use super::messages::Event;
use crate::domain::{SignInFailure, SignInMethod, SignInSession, SignInStep, Ticket};
use crate::settings::ConnectionId;
use crate::settings::new_profile::Addition;
use crate::storage::IdentityCenter;

const DIED: &str = "the work stopped unexpectedly";

pub(super) async fn sign_in(
    hub: &Arc<Hub>,
    ticket: Ticket,
    session: &SignInSession,
    method: SignInMethod,
    cancel: &Cancellable,
) {
    // Not bounded: a sign-in has one step.
    let (say, mut heard) = mpsc::unbounded_channel::<SignInStep>();
    let work = async move {
        let center = IdentityCenter::in_world(hub.world("Identity Center")).await?;
        let tell = move |step| {
            // The listener below lives as long as this sender.
            let _heard = say.send(step);
        };
        center.sign_in(session, method, &tell, &cancel.token).await
    };
    let told = async {
        while let Some(step) = heard.recv().await {
            hub.tell(Event::SignInStepped { ticket, step }).await;
        }
    };
    let (result, ()) = tokio::join!(work, told);
    hub.tell(Event::SignedIn { ticket, result }).await;
}

pub(super) async fn accounts(hub: &Arc<Hub>, ticket: Ticket, session: &SignInSession) {
    let work = async {
        let center = IdentityCenter::in_world(hub.world("Identity Center")).await?;
        center.accounts(session).await
    };
    let result: Result<_, SignInFailure> = work.await;
    hub.tell(Event::AccountsListed { ticket, result }).await;
}

pub(super) async fn roles(hub: &Arc<Hub>, ticket: Ticket, session: &SignInSession, account: &str) {
    let work = async {
        let center = IdentityCenter::in_world(hub.world("Identity Center")).await?;
        center.roles(session, account).await
    };
    let result: Result<_, SignInFailure> = work.await;
    hub.tell(Event::RolesListed { ticket, result }).await;
}

pub(super) async fn renew(hub: &Arc<Hub>, ticket: Ticket, id: &ConnectionId, force: bool) {
    let work = async {
        let storage = hub.storage(id, "")?;
        if force {
            storage.renew().await
        } else {
            storage.identity().await
        }
    };
    let result = work.await;
    hub.tell(Event::Renewed { ticket, result }).await;
}

/// Appends exactly what was shown. Nothing that stands in the file is changed.
pub(super) async fn add_to_aws_config(hub: &Arc<Hub>, ticket: Ticket, addition: Addition) {
    let written = hub.blocking(move || append(&addition)).await;
    let result = written.unwrap_or_else(|| Err(DIED.to_owned()));
    hub.tell(Event::AwsConfigWritten { ticket, result }).await;
}

fn append(addition: &Addition) -> Result<PathBuf, String> {
    let path = addition.path.clone();
    let failed =
        |error: std::io::Error| format!("{} could not be written: {error}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).map_err(failed)?;
    // One write, so that no other program sees a part of it.
    file.write_all(addition.text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("config");
        let addition = |text: &str| Addition {
            path: path.clone(),
            text: text.to_owned(),
            profile: "x".to_owned(),
        };
        append(&addition("[profile a]\n")).unwrap();
        append(&addition("\n[profile b]\n")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "[profile a]\n\n[profile b]\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
