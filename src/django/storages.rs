//! From what the statements assign to the list of connections: the storages of `STORAGES` or of the two older settings,
//! storage classes of the text, and the flat settings that all of them are based on.

use super::classes::{Class, Statements};
use super::import::is_token;
use super::value::Py;
use crate::settings::{Imported, ImportedConnection, OptionId, RemarkReason, StorageKind, Value};

impl Imported {
    /// The storages that the text names, then its classes that no storage uses.
    pub(super) fn storages(&mut self, statements: &Statements) -> Vec<ImportedConnection> {
        let mut found = Vec::new();
        let mut used = Vec::new();
        match statements.names.get("STORAGES") {
            Some((line, Ok(Py::Dict(aliases)))) => {
                for (alias, storage) in aliases {
                    found.extend(self.storage(alias, storage, *line, statements, &mut used));
                }
            }
            Some((line, Ok(_))) => self.remark(*line, "STORAGES", RemarkReason::NeedsPython),
            Some((_, Err(stop))) => self.stopped("STORAGES", stop),
            None => {
                for (setting, alias) in [
                    ("DEFAULT_FILE_STORAGE", "default"),
                    ("STATICFILES_STORAGE", "staticfiles"),
                ] {
                    if let Some((line, Ok(storage @ Py::Text(_)))) = statements.names.get(setting) {
                        found.extend(self.storage(alias, storage, *line, statements, &mut used));
                    }
                }
            }
        }
        for class in &statements.classes {
            if !used.contains(&class.name) && kind_of(&class.base, &statements.classes).is_some() {
                let mut connection = ImportedConnection::new(&class.name, StorageKind::Default);
                self.fill_from_class(&mut connection, &class.name, &statements.classes);
                found.push(connection);
            }
        }
        found
    }

    /// One storage of `STORAGES`: a class, or a dictionary with `BACKEND` and `OPTIONS`.
    fn storage(
        &mut self,
        alias: &str,
        storage: &Py,
        line: usize,
        statements: &Statements,
        used: &mut Vec<String>,
    ) -> Option<ImportedConnection> {
        let (class, options) = match storage {
            Py::Text(class) => (class.clone(), Vec::new()),
            Py::Dict(pairs) => {
                let of = |name: &str| {
                    pairs
                        .iter()
                        .find(|(key, _)| key == name)
                        .map(|(_, value)| value)
                };
                let Some(Py::Text(class)) = of("BACKEND") else {
                    self.remark(
                        line,
                        &format!("STORAGES[{alias:?}]"),
                        RemarkReason::NeedsPython,
                    );
                    return None;
                };
                let options = match of("OPTIONS") {
                    Some(Py::Dict(options)) => options.clone(),
                    Some(Py::Stopped(stop)) => {
                        self.stopped(&format!("STORAGES[{alias:?}][\"OPTIONS\"]"), stop);
                        Vec::new()
                    }
                    _ => Vec::new(),
                };
                (class.clone(), options)
            }
            Py::Stopped(stop) => {
                self.stopped(&format!("STORAGES[{alias:?}]"), stop);
                return None;
            }
            _ => {
                self.remark(line, alias, RemarkReason::NeedsPython);
                return None;
            }
        };
        let last = class.rsplit('.').next().unwrap_or_default().to_owned();
        let known = kind_of(&last, &statements.classes);
        let is_s3 = known.is_some() || may_be_s3(&class, &options);
        if !is_s3 {
            self.remark(line, alias, RemarkReason::OtherBackend(class));
            return None;
        }
        let mut connection = ImportedConnection::new(alias, known.unwrap_or_default());
        self.fill_from_class(&mut connection, &last, &statements.classes);
        if StorageKind::of_class(&class).is_none() {
            let option = if alias == "staticfiles" {
                OptionId::StaticStorage
            } else {
                OptionId::DefaultStorage
            };
            connection.values.set(option, Value::Text(class));
        }
        for (name, value) in options {
            let option = OptionId::from_attribute(&name);
            if option.is_none() && !is_token(&name) {
                self.remark(line, &name, RemarkReason::NotAnOption);
            }
            self.set(&mut connection, &name, option, line, &Ok(value));
        }
        used.push(last);
        Some(connection)
    }

    /// Sets what a class of the text and those it is made from set, the nearest last.
    fn fill_from_class(
        &mut self,
        connection: &mut ImportedConnection,
        name: &str,
        classes: &[Class],
    ) {
        let mut chain: Vec<&Class> = Vec::new();
        let mut next = name;
        while let Some(class) = classes.iter().find(|class| class.name == next) {
            if chain.iter().any(|seen| seen.name == class.name) {
                break;
            }
            chain.push(class);
            next = &class.base;
        }
        if let Some(kind) = kind_of(name, classes) {
            connection.kind = kind;
        }
        for class in chain.into_iter().rev() {
            for (attribute, (line, value)) in &class.attributes {
                self.set(
                    connection,
                    attribute,
                    OptionId::from_attribute(attribute),
                    *line,
                    value,
                );
            }
        }
    }

    /// Makes the list: the flat settings first, what is based on them behind.
    pub(super) fn put_together(
        &mut self,
        mut flat: ImportedConnection,
        mut storages: Vec<ImportedConnection>,
        signing_line: usize,
    ) {
        if storages.is_empty() {
            if !flat.is_empty() {
                self.connections.push(flat);
            }
            return;
        }
        // The only storage, or the default one, that sets nothing itself is the flat settings under its name.
        let plain = |one: &ImportedConnection| one.is_empty() && one.kind == StorageKind::Default;
        let at = storages
            .iter()
            .position(|one| plain(one) || (storages.len() == 1 && one.is_empty()));
        if let Some(only) = at.map(|at| storages.remove(at)) {
            flat.name = only.name;
            flat.kind = only.kind;
            self.hide_signing(&mut flat, signing_line);
        }
        let has_parent =
            at.is_some() || flat.values.iter().any(|(option, _)| !names_a_class(option));
        if has_parent {
            self.connections.push(flat);
        }
        for mut storage in storages {
            storage.based_on = has_parent.then_some(0);
            self.connections.push(storage);
        }
    }

    /// In a connection of its own a static storage would take the setting for a wish.
    pub(super) fn hide_signing(&mut self, flat: &mut ImportedConnection, line: usize) {
        let signs = flat.values.get(OptionId::SignLinks) == Some(&Value::Bool(true));
        if flat.kind != StorageKind::Default && signs {
            flat.values.reset(OptionId::SignLinks);
            self.remark(
                line,
                OptionId::SignLinks.name(),
                RemarkReason::HiddenByClass,
            );
        }
    }
}

/// A class that is not in the text is taken for one made from the S3 storage when its options say so.
fn may_be_s3(class: &str, options: &[(String, Py)]) -> bool {
    let of_another_package = ["django.", "storages.backends.", "whitenoise."]
        .iter()
        .any(|package| class.starts_with(package));
    let says_so =
        |(name, _): &(String, Py)| name != "location" && OptionId::from_attribute(name).is_some();
    !of_another_package && options.iter().any(says_so)
}

const fn names_a_class(option: OptionId) -> bool {
    matches!(option, OptionId::DefaultStorage | OptionId::StaticStorage)
}

/// The storage kind of a class of django-storages, or of a class in the text that is made from one.
fn kind_of(name: &str, classes: &[Class]) -> Option<StorageKind> {
    let mut name = name;
    for _ in 0..=classes.len() {
        if let Some(kind) = StorageKind::of_class(name) {
            return Some(kind);
        }
        name = &classes.iter().find(|class| class.name == name)?.base;
    }
    None
}
