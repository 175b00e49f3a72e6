//! What editing does to a draft.

use super::*;

fn draft_of(connection: &Connection) -> SettingsDraft {
    SettingsDraft::new(
        connection.clone(),
        Some(connection.clone()),
        &[],
        &Environment::default(),
    )
}

fn type_in(draft: &mut SettingsDraft, option: OptionId, text: &str) {
    draft.edit(DraftEdit::Text {
        option,
        text: text.to_owned(),
    });
    draft.refresh(&[], &Environment::default());
}

#[test]
fn a_text_that_is_no_value_stays_as_typed_and_is_not_set() {
    let mut draft = draft_of(&Connection::new("media"));
    let option = OptionId::LinkExpiry;
    type_in(&mut draft, option, "12x");
    assert_eq!(draft.texts[&option].0, "12x");
    assert_eq!(draft.connection.values.get(option), None);
    assert_eq!(draft.problems_of(option).len(), 1);
    assert_eq!(draft.troubled(Some(Section::Links)).0, 1);
    type_in(&mut draft, option, "120");
    assert_eq!(
        draft.connection.values.get(option),
        Some(&Value::Integer(120))
    );
    assert!(draft.problems_of(option).is_empty());
    type_in(&mut draft, option, "");
    assert!(!draft.is_set(option));
}

#[test]
fn changes_are_counted_against_what_was_saved() {
    let mut draft = draft_of(&Connection::new("media"));
    assert_eq!((draft.unsaved(), draft.is_touched()), (0, false));
    draft.edit(DraftEdit::Name("photos".into()));
    draft.edit(DraftEdit::Set {
        option: OptionId::UseSsl,
        value: Value::Bool(false),
    });
    assert_eq!(draft.unsaved(), 2);
    draft.reset(OptionId::UseSsl);
    assert_eq!(draft.unsaved(), 1);
    draft.revert();
    assert_eq!((draft.unsaved(), draft.is_touched()), (0, false));
}

#[test]
fn secrets_of_the_keyring_are_no_change_and_do_not_come_back_after_a_reset() {
    let mut media = Connection::new("media");
    let slot = SecretSlot::Option(OptionId::SecretKey);
    media.kept_secrets.insert(slot.clone());
    let mut draft = draft_of(&media);
    assert!(draft.is_kept(OptionId::SecretKey));
    assert!(
        draft.problems_of(OptionId::SecretKey).is_empty(),
        "not asked yet"
    );
    let secret = (media.id.clone(), slot, Secret::new("CANARY"));
    draft.take_secrets(vec![secret.clone()]);
    assert!(!draft.is_touched() && draft.unsaved() == 0);
    assert!(draft.connection.values.get(OptionId::SecretKey).is_some());
    draft.reset(OptionId::SecretKey);
    draft.take_secrets(vec![secret]);
    assert!(!draft.is_set(OptionId::SecretKey) && draft.unsaved() == 1);
}

#[test]
fn secrets_are_asked_for_once_each_parent_included() {
    let mut parent = Connection::new("defaults");
    let slot = SecretSlot::Option(OptionId::SecretKey);
    parent.kept_secrets.insert(slot.clone());
    let media = Connection::new("media");
    let mut draft = draft_of(&media);
    let others = [parent.clone()];
    assert!(!draft.must_fetch(&others));
    draft.edit(DraftEdit::BasedOn(Some(parent.id.clone())));
    assert!(draft.must_fetch(&others) && !draft.must_fetch(&others));
    draft.take_secrets(vec![(parent.id, slot, Secret::new("CANARY"))]);
    draft.refresh(&others, &Environment::default());
    let options = &draft.inspected.resolved.options;
    assert_eq!(options.value(OptionId::SecretKey), &Value::secret("CANARY"));
}

#[test]
fn the_search_looks_at_names_labels_and_help() {
    let mut draft = draft_of(&Connection::new("media"));
    for (text, found) in [("querystring", 2), ("GZIP types", 2), ("", 28), ("zzz", 0)] {
        draft.edit(DraftEdit::Search(text.into()));
        let shown = OptionId::all().filter(|option| draft.shows(*option));
        assert_eq!(shown.count(), found, "{text}");
    }
    draft.edit(DraftEdit::Jump(Spot::Option(OptionId::Region)));
    assert!(draft.search.is_empty(), "what is gone to must be shown");
}
