//! A vector's settings, class, keywords and environment as connections of the core.

use std::sync::Arc;

use cooperage::django::{DjangoStorage, Project};
use cooperage::domain::Timestamp;
use cooperage::settings::attributes::set_attribute;
use cooperage::settings::{
    Connection, Environment, OptionId, Resolved, StorageKind, Value as Setting, Values, resolve,
};
use cooperage::storage::World;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::failures::{self, Refusal};
use crate::server::Server;
use crate::values::Keys;

/// 2023-03-15T12:34:56Z, when everything was recorded.
pub const NOW: Timestamp = Timestamp(1_678_883_696);

/// What a vector says about its storage.
pub struct Surroundings {
    pub resolved: Resolved,
    pub environment: Environment,
    /// What stands for class and keywords.
    pub own: Connection,
    /// What stands for the settings file.
    pub settings: Connection,
    project: Project,
}

impl Surroundings {
    pub fn of(vector: &Value, keys: &Keys<'_>) -> Result<Self, Refusal> {
        let environment = environment(vector);
        let mut settings = Connection::new("settings");
        let mut own = Connection::new("storage");
        own.kind = match vector["storage"].as_str() {
            Some("S3StaticStorage") => StorageKind::Static,
            Some("S3ManifestStaticStorage") => StorageKind::ManifestStatic,
            _ => StorageKind::Default,
        };
        // Of several values that cannot be held, the first names its option.
        let mut refused = None;
        for (name, value) in entries(vector, "settings") {
            let Some(option) = OptionId::from_name(name) else {
                continue;
            };
            match Setting::from_json(option, &keys.setting(value)) {
                Ok(value) => settings.values.set(option, value),
                Err(problem) => {
                    assert!(problem.to_string().starts_with(option.name()), "{problem}");
                    refused = Some(Refusal::on_the_way_in());
                }
            }
        }
        if let Some(refused) = refused {
            return Err(refused);
        }
        for part in ["class_attrs", "kwargs"] {
            for (name, value) in entries(vector, part) {
                set_attribute(&mut own, name, &keys.setting(value))
                    .map_err(|error| failures::of_attribute(&error))?;
            }
        }
        let resolved = resolve(&own, &[&settings], &Values::default(), &environment)
            .map_err(|problems| failures::of_problem(&problems[0]))?;
        Ok(Self {
            resolved,
            environment,
            own,
            settings,
            project: project(vector),
        })
    }

    /// A storage whose every way leads to the server.
    pub async fn storage(&self, server: &Server) -> Result<DjangoStorage, Refusal> {
        let world = World::of(
            self.environment.variables(),
            self.environment.config.text(),
            self.environment.credentials.text(),
        )
        .at(NOW)
        .through(Arc::new(server.ways()));
        let storage = DjangoStorage::connect(
            &self.resolved,
            &self.environment,
            self.project.clone(),
            world,
        )
        .await
        .map_err(|error| failures::of_django(&error))?;
        let mut number = 0;
        Ok(storage.drawing(Box::new(move || {
            number += 1;
            format!("Rnd{number:04}")
        })))
    }
}

fn entries<'a>(vector: &'a Value, part: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    vector
        .get(part)
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

fn environment(vector: &Value) -> Environment {
    let variables: Vec<(String, String)> = entries(vector, "env")
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    Environment::of(variables).with_files(
        vector["aws_config"].as_str(),
        vector["aws_credentials"].as_str(),
    )
}

fn project(vector: &Value) -> Project {
    let setting = |name: &str| &vector["settings"][name];
    let mut project = Project::default();
    if let Some(use_tz) = setting("USE_TZ").as_bool() {
        project.use_tz = use_tz;
    }
    if let Some(name) = setting("TIME_ZONE").as_str() {
        project.time_zone = TimeZone::get(name).unwrap();
    }
    if let Some(debug) = setting("DEBUG").as_bool() {
        project.debug = debug;
    }
    if let Some(url) = setting("STATIC_URL").as_str() {
        project.static_url = url.to_owned();
    }
    if let Some(bytes) = setting("AWS_S3_FILE_BUFFER_SIZE").as_u64() {
        project.file_buffer_bytes = usize::try_from(bytes).unwrap();
    }
    project
}
