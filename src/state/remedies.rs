//! What one click can do about a problem of an option; hints bring their remedies along.

use crate::settings::problem::EndpointFault;
use crate::settings::{OptionId, Problem, Reason, Remedy, RemedyAction, Value};

use super::settings::SettingsDraft;

impl SettingsDraft {
    /// What helps against a problem, best first.
    #[must_use]
    pub fn remedies(&self, problem: &Problem) -> Vec<Remedy> {
        let option = problem.option;
        let remedy = |label: &str, action| Remedy {
            label: label.to_owned(),
            action,
        };
        let use_text = |text: &str| {
            remedy(
                &format!("Use “{text}”"),
                RemedyAction::Set(option, Value::text(text)),
            )
        };
        // What a parent sets is hidden here; what is set here is taken out.
        let away = || {
            if self.is_set(option) {
                RemedyAction::Reset(option)
            } else {
                RemedyAction::Set(option, Value::Nothing)
            }
        };
        match &problem.reason {
            Reason::LeadingSlash { remedy: better }
            | Reason::LocationRefusesAll { remedy: better }
                if better.is_empty() =>
            {
                vec![remedy("Use the whole bucket", RemedyAction::Reset(option))]
            }
            Reason::LeadingSlash { remedy } | Reason::LocationRefusesAll { remedy } => {
                vec![use_text(remedy)]
            }
            Reason::ProfileWithKeys => vec![remedy("Clear this key", away())],
            Reason::HalfCloudFrontPair { missing } => {
                let label = format!("Add the {}", missing.spec().label.to_lowercase());
                vec![remedy(&label, RemedyAction::Show(*missing))]
            }
            Reason::BlanksAround => self.without_blanks(option).into_iter().collect(),
            Reason::BadEndpoint(EndpointFault::NoScheme) => self
                .text_of(option)
                .map(|text| use_text(&format!("https://{text}")))
                .into_iter()
                .collect(),
            Reason::MetadataNotAscii { name } => self.without_metadata(name).into_iter().collect(),
            Reason::UnknownParameter { name } => self.without_parameter(name).into_iter().collect(),
            Reason::BadContentType { value } => self.without_type(value).into_iter().collect(),
            Reason::NotAChoice { .. }
            | Reason::EmptyPath
            | Reason::BadEndpoint(EndpointFault::Empty)
                if self.is_set(option) =>
            {
                vec![remedy("Use the default", RemedyAction::Reset(option))]
            }
            _ => Vec::new(),
        }
    }

    fn value(&self, option: OptionId) -> &Value {
        self.inspected.resolved.options.value(option)
    }

    fn text_of(&self, option: OptionId) -> Option<&str> {
        self.value(option).as_text()
    }

    fn without_blanks(&self, option: OptionId) -> Option<Remedy> {
        let value = match self.value(option) {
            Value::Text(text) => Value::text(text.trim()),
            Value::Secret(secret) => Value::secret(secret.reveal().trim()),
            _ => return None,
        };
        Some(Remedy {
            label: "Remove the blank".to_owned(),
            action: RemedyAction::Set(option, value),
        })
    }

    fn without_parameter(&self, name: &str) -> Option<Remedy> {
        let Value::Map(map) = self.value(OptionId::ObjectParameters) else {
            return None;
        };
        let mut map = map.clone();
        map.shift_remove(name);
        Some(Remedy {
            label: "Remove it".to_owned(),
            action: RemedyAction::Set(OptionId::ObjectParameters, Value::Map(map)),
        })
    }

    fn without_metadata(&self, name: &str) -> Option<Remedy> {
        let Value::Map(map) = self.value(OptionId::ObjectParameters) else {
            return None;
        };
        let mut map = map.clone();
        map.get_mut("Metadata")?.as_object_mut()?.shift_remove(name);
        Some(Remedy {
            label: format!("Remove “{name}”"),
            action: RemedyAction::Set(OptionId::ObjectParameters, Value::Map(map)),
        })
    }

    fn without_type(&self, wrong: &str) -> Option<Remedy> {
        let Value::List(list) = self.value(OptionId::GzipTypes) else {
            return None;
        };
        let kept = list.iter().filter(|one| *one != wrong).cloned().collect();
        Some(Remedy {
            label: "Remove it".to_owned(),
            action: RemedyAction::Set(OptionId::GzipTypes, Value::List(kept)),
        })
    }
}
