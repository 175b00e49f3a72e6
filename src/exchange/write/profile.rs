//! An AWS profile: a section for the credentials file and one for the config file, in one text.

use crate::domain::Verify;
use crate::settings::{OptionId, Value};

use super::Form;
use super::cell::Cell;
use super::merged::Merged;
use super::omission::OmissionReason;
use super::pen::Pen;

/// Writes the profile.
pub(super) fn write(merged: &Merged<'_>, pen: &mut Pen) {
    let name = profile_name(&merged.connection.name);
    for option in OptionId::all() {
        let is_set = merged.is_set(option) && !is_held(option, merged.value(option));
        // What says nothing is not missed.
        let says = merged.value(option) != Some(&Value::Nothing);
        if is_set && says {
            pen.omit(option.name(), OmissionReason::NotIn(Form::Profile));
        }
    }
    pen.plain(&format!("# for ~/.aws/credentials\n[{name}]\n"));
    entry(
        "aws_access_key_id",
        half(merged, [OptionId::S3AccessKey, OptionId::AccessKey]),
        merged,
        pen,
    );
    entry(
        "aws_secret_access_key",
        half(merged, [OptionId::S3SecretKey, OptionId::SecretKey]),
        merged,
        pen,
    );
    if let Some(token) = merged.token() {
        secret_entry("aws_session_token", &Cell::token(token, pen), pen);
    }
    let section = if name == "default" {
        name
    } else {
        format!("profile {name}")
    };
    pen.plain(&format!("\n# for ~/.aws/config\n[{section}]\n"));
    entry("region", held(merged, OptionId::Region), merged, pen);
    entry(
        "endpoint_url",
        held(merged, OptionId::Endpoint),
        merged,
        pen,
    );
    if let Some(Value::Verify(Verify::CaFile(path))) = merged.value(OptionId::Verify) {
        text_entry("ca_bundle", OptionId::Verify, &path.to_string_lossy(), pen);
    }
    let nested = [
        ("    addressing_style", OptionId::AddressingStyle),
        ("    signature_version", OptionId::SignatureVersion),
    ];
    if nested
        .iter()
        .any(|(_, option)| merged.value(*option).is_some_and(Value::is_truthy))
    {
        pen.plain("s3 =\n");
    }
    for (key, option) in nested {
        entry(key, held(merged, option), merged, pen);
    }
}

/// True for options, and their values, that a profile has a place for.
fn is_held(option: OptionId, value: Option<&Value>) -> bool {
    match option {
        OptionId::S3AccessKey
        | OptionId::AccessKey
        | OptionId::S3SecretKey
        | OptionId::SecretKey
        | OptionId::Region
        | OptionId::Endpoint
        | OptionId::AddressingStyle
        | OptionId::SignatureVersion => true,
        OptionId::Verify => matches!(
            value,
            Some(Value::Verify(Verify::CaFile(_) | Verify::Default))
        ),
        _ => false,
    }
}

fn held(merged: &Merged<'_>, option: OptionId) -> Option<OptionId> {
    merged.is_set(option).then_some(option)
}

/// The option of a half that counts: the S3-specific one where it is said, even when it says nothing.
fn half(merged: &Merged<'_>, options: [OptionId; 2]) -> Option<OptionId> {
    options.into_iter().find(|option| merged.is_set(*option))
}

fn entry(key: &str, option: Option<OptionId>, merged: &Merged<'_>, pen: &mut Pen) {
    let Some(option) = option else {
        return;
    };
    match merged.cell(option, pen) {
        Some(Cell::Plain(json)) => {
            if let Some(text) = json.as_str().filter(|text| !text.is_empty()) {
                text_entry(key, option, text, pen);
            }
        }
        Some(cell) => secret_entry(key, &cell, pen),
        None => {}
    }
}

fn text_entry(key: &str, option: OptionId, text: &str, pen: &mut Pen) {
    if stands(text) {
        pen.plain(&format!("{key} = {text}\n"));
    } else {
        pen.omit(option.name(), OmissionReason::CannotStandIn(Form::Profile));
    }
}

fn secret_entry(key: &str, cell: &Cell, pen: &mut Pen) {
    match cell {
        Cell::Secret(json) => match json.as_str() {
            Some(text) if stands(text) => {
                pen.plain(&format!("{key} = "));
                pen.secret(text.to_owned());
                pen.plain("\n");
            }
            Some("") | None => {}
            Some(_) => pen.omit(key, OmissionReason::CannotStandIn(Form::Profile)),
        },
        _ => {
            pen.plain(&format!("# {key} =\n"));
            pen.omit(key, OmissionReason::SecretLeftOut);
        }
    }
}

/// True for a text that is read back to the letter from one line.
fn stands(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && !text.contains(|letter: char| {
            letter.is_control() || "\u{85}\u{2028}\u{2029}".contains(letter)
        })
}

/// The name with letters that a heading takes.
fn profile_name(name: &str) -> String {
    let fits = |letter: char| letter.is_alphanumeric() || "-_.@+".contains(letter);
    let name: String = name
        .chars()
        .map(|letter| if fits(letter) { letter } else { '-' })
        .collect();
    if name.is_empty() {
        "cooperage".to_owned()
    } else {
        name
    }
}
