//! The Doctor's ladder agrees with what really signs: in every recorded case of credentials, the rung it marks used is
//! the one whose key the storage core signs with.

use std::sync::Arc;

use cooperage::doctor::Patient;
use cooperage::doctor::ladder::rungs;
use cooperage::domain::diagnosis::RungState;
use cooperage::settings::Values;
use cooperage::storage::{Storage, World};
use serde_json::Value;

use crate::server::Server;
use crate::surroundings::{NOW, Surroundings};
use crate::values::Keys;

/// Categories in which credentials are searched.
const SEARCHES: &[&str] = &["credentials", "credentials_missing", "presign_token"];

/// How many cases there have to be at least, so that a renamed category does not pass unseen.
const AT_LEAST: usize = 40;

#[test]
fn the_used_rung_is_the_one_whose_key_signs() {
    let recording = crate::recording();
    let keys = Keys(&recording["keys"]);
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut compared = 0;
    let mut wrong = Vec::new();
    for vector in recording["vectors"].as_array().unwrap() {
        let category = vector["category"].as_str().unwrap();
        if !SEARCHES.contains(&category) {
            continue;
        }
        let Ok(surroundings) = Surroundings::of(vector, &keys) else {
            // The settings themselves are refused; nothing signs.
            continue;
        };
        compared += 1;
        if let Err(difference) = runtime.block_on(compare(&surroundings, &server)) {
            wrong.push(format!("{}: {difference}", id(vector)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= AT_LEAST, "only {compared} cases");
}

fn id(vector: &Value) -> &str {
    vector["id"].as_str().unwrap_or_default()
}

async fn compare(surroundings: &Surroundings, server: &Server) -> Result<(), String> {
    let environment = &surroundings.environment;
    let world = World::of(
        environment.variables(),
        environment.config.text(),
        environment.credentials.text(),
    )
    .at(NOW)
    .through(Arc::new(server.ways()));
    let storage = Storage::connect_in(surroundings.resolved.config.clone(), world.clone()).await;
    let signs = match storage {
        Ok(storage) => storage.identity().await.ok(),
        Err(_) => None,
    };
    let parents = Ok(vec![surroundings.settings.clone()]);
    let own = surroundings.own.clone();
    let (above, environment) = (Values::default(), environment.clone());
    let patient = Patient::new(own, parents, above, environment, world, NOW).await;
    let ladder = rungs(&patient);
    let used = ladder.iter().find(|rung| rung.decides());
    let whole = used.is_some_and(|rung| rung.state == RungState::Used);
    let shown = used
        .and_then(|rung| rung.key.as_ref())
        .map(|key| key.masked_id.as_str());
    match (&signs, used) {
        (Some(identity), Some(_)) if shown == Some(identity.access_key_masked.as_str()) => Ok(()),
        // A key without an id has none to show.
        (Some(identity), Some(rung))
            if identity.access_key_masked == "…" && !rung.origins.is_empty() =>
        {
            Ok(())
        }
        (None, _) if !whole => Ok(()),
        _ => Err(format!(
            "signs: {:?}, the ladder says {used:#?}",
            signs.map(|identity| (identity.access_key_masked, identity.source))
        )),
    }
}
