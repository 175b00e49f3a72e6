//! Django settings in both forms: flat, and `STORAGES` with `OPTIONS`.

use crate::settings::{OptionId, StorageKind, Value};

use super::cell::Cell;
use super::merged::{Merged, class_option};
use super::omission::OmissionReason;
use super::pen::Pen;
use super::python::{text_literal, write_cell};

/// Writes `AWS_… = …`, one setting a line.
pub(super) fn write_flat(merged: &Merged<'_>, pen: &mut Pen) {
    let (class, _) = merged.class();
    for option in OptionId::all() {
        if option == class {
            write_class(merged, pen);
        } else if hides_signing(merged, option) {
            pen.omit(option.name(), OmissionReason::HiddenByClass);
        } else if let Some(cell) = merged.cell(option, pen) {
            assign(option.name(), &cell, pen);
        }
    }
    if let Some(token) = merged.token() {
        let cell = Cell::token(token, pen);
        assign("AWS_SESSION_TOKEN", &cell, pen);
        pen.omit("AWS_SESSION_TOKEN", OmissionReason::Since("1.14.4"));
    }
    head(merged, "", pen);
}

fn write_class(merged: &Merged<'_>, pen: &mut Pen) {
    let (option, path) = merged.class();
    assign(option.name(), &Cell::Plain(path.into()), pen);
}

fn assign(name: &str, cell: &Cell, pen: &mut Pen) {
    pen.plain(&format!("{name} = "));
    write_cell(cell, 0, pen);
    pen.plain("\n");
}

/// As a setting it would be read and not heeded; set to what the class does anyway it does no harm.
pub(super) fn hides_signing(merged: &Merged<'_>, option: OptionId) -> bool {
    option == OptionId::SignLinks
        && merged.kind != StorageKind::Default
        && merged.value(option).is_some_and(Value::is_truthy)
}

/// Writes one alias of `STORAGES`. What `OPTIONS` cannot say stands flat above it.
pub(super) fn write_storages(merged: &Merged<'_>, pen: &mut Pen) {
    let (_, class) = merged.class();
    let mut options = Vec::new();
    for option in OptionId::all() {
        let attribute = option.spec().attribute;
        if attribute.is_empty() {
            if option != class_option(merged.kind) && merged.is_set(option) {
                pen.omit(option.name(), OmissionReason::OtherStorage);
            }
            continue;
        }
        let Some(cell) = merged.cell(option, pen) else {
            continue;
        };
        if merged.is_s3_specific(option) {
            assign(option.name(), &cell, pen);
        } else {
            options.push((attribute.to_owned(), cell));
        }
    }
    if let Some(token) = merged.token() {
        options.push(("security_token".to_owned(), Cell::token(token, pen)));
    }
    let alias = match merged.kind {
        StorageKind::Default => "default",
        StorageKind::Static | StorageKind::ManifestStatic => "staticfiles",
    };
    let mut storage = vec![("BACKEND".to_owned(), Cell::Plain(class.into()))];
    if !options.is_empty() {
        storage.push(("OPTIONS".to_owned(), Cell::Table(options)));
    }
    let storages = vec![(alias.to_owned(), Cell::Table(storage))];
    assign("STORAGES", &Cell::Table(storages), pen);
    let note = "# Django 4.2 and django-storages 1.14 or later. This replaces Django's own STORAGES: keep your other aliases \
                in it.\n";
    head(merged, note, pen);
}

fn head(merged: &Merged<'_>, note: &str, pen: &mut Pen) {
    let name = text_literal(&merged.connection.name);
    let mut text = format!("# Connection {name}\n{note}");
    for need in &pen.needs {
        text.push_str(&format!("{need}\n"));
    }
    text.push('\n');
    pen.head(&text);
}
