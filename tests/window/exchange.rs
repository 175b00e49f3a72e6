//! Import and export of connections: what was found is told and can be chosen, what goes out is seen without its secrets.

use cooperage::domain::Secret;
use cooperage::exchange;
use cooperage::settings::{Connection, Environment, OptionId, Value};
use cooperage::state::messages::{
    Command, Event, Form, ImportSource, PickPurpose, SavedText, TextKind,
};
use cooperage::state::{DialogEdit, Effect, ExportEdit, PickWhat, SettingsAction};
use egui::accesskit::Role;
use egui::vec2;

use crate::settings_driver::{Page, TALL};

/// What the worker does, with nothing around it: answers the questions asked since the last call.
fn answer(page: &mut Page) {
    let environment = Environment::default().with_files(
        None,
        Some("[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"),
    );
    for command in page.commands() {
        match command {
            Command::Import {
                ticket,
                source,
                kind,
            } => {
                let found = match source {
                    ImportSource::Text(text) => exchange::read(&text, kind, &environment),
                    ImportSource::Profile(name) => exchange::read_profile(&name, &environment),
                    ImportSource::File(path) => {
                        let text = std::fs::read_to_string(path).unwrap();
                        exchange::read(&text, kind, &environment)
                    }
                };
                let result = Ok(Box::new(found));
                page.event(Event::TextImported { ticket, result });
            }
            Command::Export {
                ticket,
                connection,
                others,
                form,
                with_secrets,
            } => {
                let parents = connection.parents(&others).unwrap();
                let written = exchange::export(&connection, &parents, form, with_secrets);
                let result = Ok(Box::new(written));
                page.event(Event::Exported { ticket, result });
            }
            _ => {}
        }
    }
}

fn paste(page: &mut Page, text: &str) {
    page.act(DialogEdit::Text(text.to_owned()));
    answer(page);
}

fn saved(page: &mut Page) -> Vec<Connection> {
    page.commands()
        .into_iter()
        .filter_map(|command| match command {
            Command::SaveConnection { connection, .. } => Some(*connection),
            _ => None,
        })
        .collect()
}

#[test]
fn an_import_says_what_it_found_and_keeps_who_is_based_on_whom() {
    let mut page = Page::empty();
    page.click(Role::Button, "Import");
    paste(
        &mut page,
        "AWS_STORAGE_BUCKET_NAME = 'media'\nAWS_S3_SECRET_ACCESS_KEY = os.environ['MEDIA_SECRET']\n\
         AWS_S3_WRONG_NAME = 1\nclass Media(S3Boto3Storage):\n    location = 'files'\n",
    );
    assert!(page.sees("based on") && page.sees("MEDIA_SECRET") && page.sees("line 2"));
    page.click(Role::Button, "Add 2 connections");
    let saved = saved(&mut page);
    assert_eq!(saved[1].based_on.as_ref(), Some(&saved[0].id));
}

#[test]
fn every_kind_is_recognised_or_said_and_what_is_not_wanted_is_left_out() {
    let mut page = Page::empty();
    page.click(Role::Button, "Import");
    paste(
        &mut page,
        "[media]\ntype = s3\nprovider = AWS\nenv_auth = true\nuse_dual_stack = true\nchunk_size = 5M\n\
         [photos]\ntype = alias\nremote = media:bucket/photos\n[drive]\ntype = drive\n",
    );
    assert!(page.sees("rclone remotes") && page.sees("has no counterpart"));
    assert!(page.sees("steers only rclone") && page.sees("not s3"));
    page.click(Role::CheckBox, "media");
    // What is based on it goes with it.
    assert!(page.find(Role::Button, "Add connections").is_some());
    page.click(Role::CheckBox, "media");
    page.click(Role::CheckBox, "photos");
    page.click(Role::Button, "Add 1 connection");
    let names: Vec<_> = saved(&mut page).into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["media 2"]);

    page.act(SettingsAction::ImportDjango);
    // The same text is something else when it is said to be.
    paste(&mut page, "AWS_LOCATION = 'x'\n");
    page.click(Role::ComboBox, "Read as");
    page.click(Role::MenuItemRadio, TextKind::S3cmd.label());
    answer(&mut page);
    assert!(page.sees("is not known here among s3cmd config"));
}

#[test]
fn bad_input_names_its_line() {
    let mut page = Page::empty();
    page.click(Role::Button, "Import");
    paste(&mut page, "[media]\naws_access_key_id = A\nnonsense here\n");
    assert!(page.sees("line 3") && page.sees("neither a [section]"));
    paste(
        &mut page,
        "# Encrypted rclone configuration File\nRCLONE_ENCRYPT_V0:\nx\n",
    );
    assert!(page.sees("line 2") && page.sees("the file is encrypted"));
}

#[test]
fn a_profile_of_the_shared_files_is_taken_by_its_name() {
    let mut page = Page::empty();
    page.click(Role::Button, "Import");
    page.click(Role::ComboBox, "AWS profile");
    page.click(Role::MenuItemRadio, "work");
    answer(&mut page);
    page.click(Role::Button, "Add 1 connection");
    let saved = saved(&mut page);
    assert_eq!(
        saved[0].values.get(OptionId::SessionProfile),
        Some(&Value::text("work"))
    );
    assert_eq!(saved[0].values.get(OptionId::SecretKey), None);
}

fn with_secrets() -> Page {
    let mut media = Connection::new("media");
    media
        .values
        .set(OptionId::Bucket, Value::text("media-live"));
    media.values.set(OptionId::AccessKey, Value::text("AKIA"));
    media
        .values
        .set(OptionId::SecretKey, Value::secret("CANARY"));
    media.session_token = Some(Secret::new("CANARY token"));
    let mut page = Page::open(vec![media], TALL);
    page.click(Role::Button, "Export");
    answer(&mut page);
    page
}

/// What only a text of this form says.
fn start_of(form: Form) -> &'static str {
    match form {
        Form::Storages => "STORAGES = {",
        Form::Flat => "AWS_ACCESS_KEY_ID = \"AKIA\"",
        Form::Env => "AWS_ACCESS_KEY_ID=AKIA",
        Form::Profile => "[profile media]",
        Form::Json => "\"cooperage\": 1",
    }
}

/// The text that goes to the clipboard.
fn copied(page: &mut Page) -> String {
    page.world().effects.clear();
    page.click(Role::Button, "Copy");
    let effects = std::mem::take(&mut page.world().effects);
    effects
        .into_iter()
        .find_map(|effect| match effect {
            Effect::CopyText(text) => Some(text),
            _ => None,
        })
        .expect("a text")
}

#[test]
fn an_export_shows_no_secret_and_copies_them_only_when_asked() {
    let mut page = with_secrets();
    for form in Form::ALL {
        page.click(Role::RadioButton, form.label());
        answer(&mut page);
        assert!(page.sees(start_of(form)), "{form:?}: {:?}", page.texts());
        assert!(!copied(&mut page).contains("CANARY"), "{form:?}");
    }
    page.click(Role::CheckBox, "With secrets");
    answer(&mut page);
    assert!(page.sees("stand in clear"));
    for form in Form::ALL {
        page.click(Role::RadioButton, form.label());
        answer(&mut page);
        assert!(page.sees("••••••••"), "{form:?}");
        assert!(!page.sees("CANARY"), "{form:?}");
        assert!(copied(&mut page).contains("CANARY"), "{form:?}");
    }
}

#[test]
fn an_export_is_saved_where_the_file_dialog_says() {
    let mut page = with_secrets();
    page.act(DialogEdit::Export(ExportEdit::Form(Form::Env)));
    answer(&mut page);
    assert!(
        page.sees("AWS_STORAGE_BUCKET_NAME=media-live"),
        "{:?}",
        page.texts()
    );
    page.world().effects.clear();
    page.click(Role::Button, "Save to file");
    let picked = std::mem::take(&mut page.world().effects)
        .into_iter()
        .find_map(|effect| match effect {
            Effect::Pick(pick) => Some(pick),
            _ => None,
        })
        .expect("a file dialog");
    assert_eq!(picked.what, PickWhat::NewFile(".env".to_owned()));
    page.event(Event::FilesPicked {
        purpose: PickPurpose::Text(SavedText::Export),
        paths: vec!["/somewhere/.env".into()],
    });
    let commands = page.commands();
    let [
        Command::SaveText {
            path,
            text,
            replace: true,
            ..
        },
    ] = &commands[..]
    else {
        panic!("{commands:?}");
    };
    assert_eq!(path, std::path::Path::new("/somewhere/.env"));
    assert!(
        text.reveal()
            .contains("AWS_STORAGE_BUCKET_NAME=media-live\n")
    );
    page.event(Event::TextSaved {
        what: SavedText::Export,
        path: path.clone(),
        result: Err("no room on the disk".to_owned()),
    });
    assert!(page.sees("no room on the disk"));
    page.event(Event::TextSaved {
        what: SavedText::Export,
        path: path.clone(),
        result: Ok(()),
    });
    assert!(page.world().state.dialog.is_none());
}

#[test]
fn both_dialogs_fit_a_small_window() {
    let mut page = Page::open(vec![Connection::new("media")], vec2(900.0, 600.0));
    for (button, foot) in [("Import", "Cancel"), ("Export", "Close")] {
        page.click(Role::Button, button);
        answer(&mut page);
        let rect = page.find(Role::Button, foot).expect(foot).rect();
        assert!(rect.bottom() <= 600.0 && rect.right() <= 900.0, "{rect:?}");
        page.click(Role::Button, foot);
    }
}
