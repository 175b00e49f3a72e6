//! The reference of all settings for the README, rendered from the table: a heading for each section, a row for each
//! option. A test keeps the README as it is rendered here.

use super::option::{Kind, OptionSpec, Section};
use super::value::Value;

/// The reference as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut text = String::new();
    for section in Section::ALL {
        text.push_str(&format!(
            "\n### {}\n\n| Setting | Holds | Default | What it does |\n|---|---|---|---|\n",
            section.title()
        ));
        for spec in section.options() {
            text.push_str(&format!(
                "| `{}` | {} | {} | {} |\n",
                spec.name,
                holds(spec),
                default(spec),
                spec.help
            ));
        }
    }
    text
}

fn holds(spec: &OptionSpec) -> String {
    match spec.kind {
        Kind::Text { .. } | Kind::Choice { open: true, .. } => "text".to_owned(),
        Kind::Choice { values, .. } => {
            let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            values.join(" or ")
        }
        Kind::Secret => "secret text".to_owned(),
        Kind::Pem => "PEM text, secret".to_owned(),
        Kind::Bool { .. } => "true or false".to_owned(),
        Kind::Integer { unit, .. } => format!("whole number of {unit}"),
        Kind::Map => "upload parameters by name".to_owned(),
        Kind::List => "list of texts".to_owned(),
        Kind::Verify => "true, false or a file of certificates".to_owned(),
        Kind::Proxies => "proxies by scheme".to_owned(),
    }
}

fn default(spec: &OptionSpec) -> String {
    match (spec.default)() {
        Value::Nothing => "none".to_owned(),
        Value::Text(text) if text.is_empty() => "empty".to_owned(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
            items.join(", ")
        }
        value => format!("`{}`", value.to_text().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_holds_the_reference() {
        let readme = include_str!("../../README.md");
        let (_, rest) = readme
            .split_once("<!-- settings: rendered from src/settings/table.rs -->\n")
            .expect("the mark where the reference begins");
        let (held, _) = rest
            .split_once("<!-- end of settings -->")
            .expect("its end");
        assert_eq!(
            held,
            reference(),
            "put this into README.md:\n{}",
            reference()
        );
    }
}
