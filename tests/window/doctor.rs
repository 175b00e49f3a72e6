//! The Doctor's page: the banner names the first thing that is broken, the ladder shows which place signs, one click puts
//! right what it can, and both copies are without secrets.

use cooperage::domain::diagnosis::{
    Break, ChainWord, Check, CheckKind, DoctorNews, Examination, Finding, KeyFacts, Origin,
    PermissionMatrix, Remedy, Rung, RungPlace, RungState, Setup, Untested,
};
use cooperage::domain::{Ticket, Timestamp};
use cooperage::settings::memory::WindowMemory;
use cooperage::settings::{Connection, OptionId, Value};
use cooperage::state::messages::{Command, Event, LoadedSettings};
use cooperage::state::{Action, Dialog, DoctorAction, Effect, Screen, Start, State};
use cooperage::ui::{self, Actions, fonts, theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const NOW: Timestamp = Timestamp(1_780_315_200);

struct World {
    state: State,
    actions: Actions,
    effects: Vec<Effect>,
}

impl World {
    fn act(&mut self, action: impl Into<Action>) {
        let effects = self.state.on_action(action.into());
        self.effects.extend(effects);
    }

    fn hear(&mut self, news: DoctorNews) {
        let ticket = self.ticket();
        let news = Box::new(news);
        self.state.on_event(Event::Examined { ticket, news });
    }

    fn end(&mut self) {
        let ticket = self.ticket();
        let (at, took_ms) = (NOW, 912);
        let finished = Some(Examination { at, took_ms });
        self.state
            .on_event(Event::ExaminationEnded { ticket, finished });
    }

    fn ticket(&self) -> Ticket {
        self.state.doctor.running.expect("an examination runs")
    }
}

/// The page of a connection, its examination begun.
fn page(size: egui::Vec2) -> Harness<'static, World> {
    let connection = Connection::new("media-live");
    let id = connection.id.clone();
    let (state, effects) = State::new(Start::Remembered, NOW, jiff::tz::TimeZone::UTC);
    let mut world = World {
        state,
        actions: Actions::default(),
        effects,
    };
    let loaded = LoadedSettings {
        connections: vec![connection],
        memory: WindowMemory::default(),
        ..LoadedSettings::default()
    };
    world
        .state
        .on_event(Event::SettingsLoaded(Box::new(loaded)));
    world.act(DoctorAction::Examine(Some(id)));
    let draw = |ui: &mut egui::Ui, world: &mut World| {
        ui::root_ui(ui, &world.state, None, &mut world.actions);
        for action in world.actions.take() {
            world.act(action);
        }
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_context_setup(|ctx| {
            fonts::install(ctx);
            theme::install(ctx, theme::Density::Normal);
        })
        .build_ui_state(draw, world);
    settle(&mut harness);
    harness
}

fn settle(harness: &mut Harness<'_, World>) {
    for _ in 0..6 {
        harness.step();
    }
}

fn click(harness: &mut Harness<'_, World>, label: &str) {
    let found = harness.query_all_by_label(label).next();
    found.unwrap_or_else(|| panic!("no {label}")).click();
    settle(harness);
}

fn copied<'a>(harness: &'a Harness<'static, World>) -> &'a str {
    let effects = harness.state().effects.iter().rev();
    let mut texts = effects.filter_map(|effect| match effect {
        Effect::CopyText(text) => Some(text.as_str()),
        _ => None,
    });
    texts.next().expect("something was copied")
}

fn broken_ladder() -> DoctorNews {
    let mut profile = Rung::empty(RungPlace::SessionProfile(Some("gone".to_owned())));
    profile.state = RungState::Failed {
        cause: Box::new(Break::ProfileMissing {
            name: "gone".to_owned(),
            seen: None,
        }),
        matters: true,
    };
    profile.remedy = Some(Remedy::OpenOption("AWS_S3_SESSION_PROFILE"));
    let mut variables = Rung::empty(RungPlace::GeneralVariables);
    variables.state = RungState::Shadowed { by: 1 };
    variables.key = Some(KeyFacts {
        masked_id: "AKIA…MPLE".to_owned(),
        ..KeyFacts::default()
    });
    let variable = Origin::Variable("AWS_ACCESS_KEY_ID".to_owned());
    variables.origins.push((ChainWord::KeyId, variable));
    DoctorNews::Ladder(vec![profile, Rung::empty(RungPlace::S3Pair), variables])
}

#[test]
fn the_first_break_is_the_headline_and_its_remedy_opens_the_option() {
    let mut page = page(egui::vec2(1440.0, 900.0));
    assert!(page.query_by_label("Examining…").is_some());
    page.state_mut().hear(broken_ladder());
    settle(&mut page);
    for seen in [
        "There is no profile “gone”",
        "Session profile “gone”",
        "failed",
        "shadowed by 1",
        "not set",
    ] {
        assert!(page.query_all_by_label(seen).next().is_some(), "{seen}");
    }
    click(&mut page, "Open AWS_S3_SESSION_PROFILE");
    let state = &page.state().state;
    assert_eq!(state.screen, Screen::Settings);
    let stopped = |effect: &Effect| matches!(effect, Effect::Run(Command::Cancel(_)));
    assert!(page.state().effects.iter().any(stopped));
}

/// A page with this one broken thing, whose remedy is clicked in the rung.
fn treated(remedy: &Remedy, label: &str) -> Harness<'static, World> {
    let mut page = page(egui::vec2(1440.0, 900.0));
    let mut rung = Rung::empty(RungPlace::SessionProfile(Some("work".to_owned())));
    let name = "work".to_owned();
    rung.state = RungState::Failed {
        cause: Box::new(Break::ProfileWithoutKeys { name }),
        matters: true,
    };
    rung.remedy = Some(remedy.clone());
    page.state_mut().hear(DoctorNews::Ladder(vec![rung]));
    page.state_mut().effects.clear();
    settle(&mut page);
    click(&mut page, label);
    page
}

/// The value of an option that is kept now.
fn kept(page: &Harness<'static, World>, option: OptionId) -> Option<Value> {
    let effects = page.state().effects.iter();
    let mut saved = effects.filter_map(|effect| match effect {
        Effect::Run(Command::SaveConnection { connection, .. }) => Some(connection),
        _ => None,
    });
    saved.next()?.values.get(option).cloned()
}

#[test]
fn what_can_be_set_is_set_kept_and_examined_again() {
    for (remedy, label, option, value) in [
        (
            Remedy::UseRegion("eu-central-1".to_owned()),
            "Use eu-central-1",
            OptionId::Region,
            "eu-central-1",
        ),
        (
            Remedy::SetOption {
                name: "AWS_S3_SIGNATURE_VERSION",
                value: "s3v4".to_owned(),
            },
            "Use s3v4",
            OptionId::SignatureVersion,
            "s3v4",
        ),
        (
            Remedy::UsePathStyle,
            "Put the bucket in the path",
            OptionId::AddressingStyle,
            "path",
        ),
        (
            Remedy::UseVirtualHost,
            "Put the bucket in the host name",
            OptionId::AddressingStyle,
            "virtual",
        ),
    ] {
        let page = treated(&remedy, label);
        assert_eq!(kept(&page, option), Some(Value::text(value)), "{remedy:?}");
        let examines = |effect: &Effect| matches!(effect, Effect::Run(Command::Examine { .. }));
        assert!(page.state().effects.iter().any(examines), "{remedy:?}");
    }
}

#[test]
fn every_other_remedy_opens_what_it_says() {
    fn shown<'a>(page: &'a Harness<'static, World>) -> Option<&'a Dialog> {
        page.state().state.dialog.as_ref()
    }
    let page = treated(&Remedy::PasteKeys, "Paste key, secret and token");
    assert!(matches!(shown(&page), Some(Dialog::PasteKeys(_))));
    let page = treated(&Remedy::AssumeRole, "Assume a role");
    assert!(matches!(shown(&page), Some(Dialog::AssumeRole(_))));
    let page = treated(&Remedy::ChangeRole, "Change the role");
    assert!(matches!(shown(&page), Some(Dialog::AssumeRole(_))));
    let page = treated(&Remedy::ChangeRole, "Take no role");
    let saves = |effect: &Effect| matches!(effect, Effect::Run(Command::SaveConnection { .. }));
    assert!(page.state().effects.iter().any(saves), "without a role");
    let sign_in = Remedy::SignIn {
        profile: Some("work".to_owned()),
        session: None,
    };
    let page = treated(&sign_in, "Sign in");
    assert!(matches!(shown(&page), Some(Dialog::SignIn(_))));
    let page = treated(
        &Remedy::OpenOption("AWS_S3_ENDPOINT_URL"),
        "Open AWS_S3_ENDPOINT_URL",
    );
    assert_eq!(page.state().state.screen, Screen::Settings);
    let file = std::path::PathBuf::from("/home/a/.aws/config");
    let page = treated(&Remedy::ShowFile(file.clone()), "Show .aws/config");
    assert!(
        page.state()
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Reveal(shown) if *shown == file))
    );
    let page = treated(&Remedy::RunAgain, "Run again");
    let examines = |effect: &Effect| matches!(effect, Effect::Run(Command::Examine { .. }));
    assert!(page.state().effects.iter().any(examines));
    let page = treated(&Remedy::EnterCode, "Enter the code");
    assert!(page.state().effects.iter().any(examines), "which asks");
}

#[test]
fn behind_each_tab_it_says_what_is_broken() {
    let mut page = page(egui::vec2(900.0, 600.0));
    page.state_mut().hear(broken_ladder());
    settle(&mut page);
    for seen in ["Credentials, 1 failed", "Live checks", "3 places, 1 failed"] {
        assert!(page.query_by_label(seen).is_some(), "{seen}");
    }
}

#[test]
fn a_healthy_ladder_is_said_to_be_so_and_copied_in_two_ways() {
    let mut page = page(egui::vec2(900.0, 600.0));
    let mut rung = Rung::empty(RungPlace::S3Pair);
    rung.state = RungState::Used;
    page.state_mut().hear(DoctorNews::Setup(Box::new(Setup {
        connection: "media-live".to_owned(),
        bucket: Some("media".to_owned()),
        region: "eu-west-1".to_owned(),
        ..Setup::default()
    })));
    page.state_mut().hear(DoctorNews::Ladder(vec![rung]));
    let prefix = String::new();
    page.state_mut().hear(DoctorNews::Check(Check {
        kind: CheckKind::Listing,
        finding: Finding::KeyCame { prefix },
        took_ms: Some(48),
    }));
    page.state_mut().end();
    settle(&mut page);
    assert!(page.query_by_label("Everything is in order").is_some());
    assert!(page.query_by_label("checked 12:00, took 0.9 s").is_some());
    click(&mut page, "Copy report, secrets removed");
    assert!(copied(&page).contains("1. Connection, S3 key pair: used"));
    click(&mut page, "Copy as commands");
    assert!(copied(&page).contains("aws sts get-caller-identity"));
    click(&mut page, "Run again");
    let examines = |effect: &&Effect| matches!(effect, Effect::Run(Command::Examine { .. }));
    assert_eq!(page.state().effects.iter().filter(examines).count(), 2);
}

#[test]
fn stopping_keeps_what_was_found() {
    let mut page = page(egui::vec2(1440.0, 900.0));
    page.state_mut().hear(broken_ladder());
    settle(&mut page);
    click(&mut page, "Stop");
    assert!(page.state().state.doctor.running.is_none());
    let kept = page.query_all_by_label("Session profile “gone”").next();
    assert!(kept.is_some());
    click(&mut page, "Back");
    assert_eq!(page.state().state.screen, Screen::Welcome);
}

/// The page once an examination ended in which the last live check failed, whatever that check is about.
fn failed_at_the_foot(size: egui::Vec2) -> Harness<'static, World> {
    let mut page = page(size);
    let mut used = Rung::empty(RungPlace::S3Pair);
    used.state = RungState::Used;
    page.state_mut().hear(DoctorNews::Ladder(vec![used]));
    for kind in CheckKind::ALL {
        let finding = match kind {
            CheckKind::Buckets => Finding::RegionDiffers {
                found: "eu-central-1".to_owned(),
                configured: "eu-west-1".to_owned(),
            },
            _ => Finding::NumericHost {
                host: "a very long name ".repeat(12),
            },
        };
        page.state_mut().hear(DoctorNews::Check(Check {
            kind,
            finding,
            took_ms: Some(1),
        }));
    }
    settle(&mut page);
    page.state_mut().end();
    // The way there is seen as a movement.
    for _ in 0..60 {
        page.step();
    }
    page
}

#[test]
fn at_the_end_the_first_failure_is_in_view_with_its_remedy() {
    for size in [egui::vec2(1440.0, 900.0), egui::vec2(900.0, 600.0)] {
        let page = failed_at_the_foot(size);
        let buttons = page.query_all_by_label("Use eu-central-1");
        let lowest = buttons.map(|node| node.rect()).max_by(|one, other| {
            let (one, other) = (one.bottom(), other.bottom());
            one.total_cmp(&other)
        });
        let lowest = lowest.expect("the remedy stands in the row, too");
        assert!(lowest.top() > 200.0, "below the banner: {lowest}");
        let status_bar = 32.0;
        assert!(lowest.bottom() < size.y - status_bar, "{size}: {lowest}");
    }
}

#[test]
fn in_a_window_that_became_narrow_the_failure_is_in_view_too() {
    let mut page = failed_at_the_foot(egui::vec2(1440.0, 900.0));
    page.set_size(egui::vec2(900.0, 600.0));
    for _ in 0..60 {
        page.step();
    }
    let buttons = page.query_all_by_label("Use eu-central-1");
    let seen = buttons.filter(|node| node.rect().bottom() < 568.0);
    assert_eq!(seen.count(), 2, "in the banner and in the row");
}

#[test]
fn its_keys_mean_whom_it_examines_and_the_settings_lead_back() {
    let mut page = page(egui::vec2(1440.0, 900.0));
    page.state_mut().hear(broken_ladder());
    page.state_mut().end();
    let examinations = |page: &Harness<'static, World>| {
        let effects = page.state().effects.iter();
        let examines = |effect: &&Effect| matches!(effect, Effect::Run(Command::Examine { .. }));
        effects.filter(examines).count()
    };
    page.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Comma);
    settle(&mut page);
    assert_eq!(page.state().state.screen, Screen::Settings);
    page.key_press(egui::Key::Escape);
    settle(&mut page);
    assert_eq!(page.state().state.screen, Screen::Doctor);
    assert_eq!(examinations(&page), 1, "nothing was changed");
    let with_shift = egui::Modifiers::COMMAND | egui::Modifiers::SHIFT;
    page.key_press_modifiers(with_shift, egui::Key::D);
    settle(&mut page);
    assert_eq!(examinations(&page), 2);
}

#[test]
fn what_stands_in_the_bar_or_below_stands_in_no_row() {
    // Of a headline there is a button, too.
    for (remedy, label, buttons) in [
        (Remedy::RunAgain, "Run again", 2),
        (Remedy::PasteKeys, "Paste key, secret and token", 2),
        (Remedy::AssumeRole, "Assume a role", 2),
        (Remedy::UsePathStyle, "Put the bucket in the path", 2),
    ] {
        let mut page = page(egui::vec2(1440.0, 900.0));
        let mut rung = Rung::empty(RungPlace::SessionProfile(Some("work".to_owned())));
        let name = "work".to_owned();
        rung.state = RungState::Failed {
            cause: Box::new(Break::ProfileWithoutKeys { name }),
            matters: true,
        };
        rung.remedy = Some(remedy);
        page.state_mut().hear(DoctorNews::Ladder(vec![rung]));
        page.state_mut().end();
        settle(&mut page);
        assert_eq!(page.query_all_by_label(label).count(), buttons, "{label}");
    }
}

/// What has the keyboard.
fn focused(page: &Harness<'static, World>) -> String {
    let all = page.query_all(egui_kittest::kittest::by());
    let mut focused = all.filter(|node| node.accesskit_node().is_focused());
    let node = focused.next().map(|node| node.accesskit_node());
    node.and_then(|node| node.label().or_else(|| node.value()))
        .unwrap_or_default()
}

#[test]
fn tab_goes_through_the_bar_as_it_is_read_and_on_to_the_rows_of_the_matrix() {
    let mut page = page(egui::vec2(1440.0, 900.0));
    page.state_mut().hear(DoctorNews::Setup(Box::default()));
    let matrix = PermissionMatrix::new("media", "", Untested::NotAsked);
    page.state_mut().hear(DoctorNews::Permissions(matrix));
    page.state_mut().end();
    settle(&mut page);
    let tab = |page: &mut Harness<'static, World>| {
        page.key_press(egui::Key::Tab);
        settle(page);
        focused(page)
    };
    for name in [
        "Back",
        "Connection",
        "Copy report, secrets removed",
        "Save report",
        "Copy as commands",
        "Run again",
    ] {
        assert_eq!(tab(&mut page), name);
    }
    let why = "Nobody asked for it yet.";
    assert!(page.query_by_label(why).is_none());
    for _ in 0..9 {
        if tab(&mut page) == "List the prefix: not tested" {
            break;
        }
    }
    assert_eq!(focused(&page), "List the prefix: not tested");
    assert!(page.query_by_label(why).is_some(), "what the tooltip tells");
}

#[test]
fn the_palette_knows_what_can_be_done_on_the_page() {
    let mut page = page(egui::vec2(1440.0, 900.0));
    page.state_mut().hear(DoctorNews::Setup(Box::default()));
    page.state_mut().end();
    for (typed, name) in [
        ("report", "Copy report, secrets removed"),
        ("save rep", "Save report"),
        ("commands", "Copy as commands"),
        ("test writ", "Test writing"),
        ("what it can", "What it can do"),
    ] {
        page.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
        settle(&mut page);
        page.event(egui::Event::Text(typed.to_owned()));
        settle(&mut page);
        let lines = page.query_all_by_label(name);
        let found = lines.filter(|node| node.accesskit_node().role() == egui::Role::MenuItem);
        assert!(found.count() > 0, "{typed}");
        page.key_press(egui::Key::Escape);
        settle(&mut page);
    }
    page.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    settle(&mut page);
    page.event(egui::Event::Text("copy report".to_owned()));
    settle(&mut page);
    page.key_press(egui::Key::Enter);
    settle(&mut page);
    assert!(!copied(&page).is_empty());
}
