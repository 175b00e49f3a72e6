//! Drives the settings page on a state of its own, without worker and without a file: what the state asks for is kept.

use cooperage::domain::{Ticket, Timestamp};
use cooperage::settings::memory::WindowMemory;
use cooperage::settings::secrets::VaultStatus;
use cooperage::settings::{Connection, Environment, OptionId, Profiles};
use cooperage::state::messages::{Command, Event, LoadedSettings};
use cooperage::state::{Action, Effect, SettingsAction, SettingsDraft, Start, State};
use cooperage::ui::{self, Actions, fonts, theme};
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};

/// High enough to show every option at once.
pub(crate) const TALL: egui::Vec2 = egui::vec2(1440.0, 4400.0);

/// What the window is drawn from.
pub(crate) struct World {
    pub(crate) state: State,
    actions: Actions,
    pub(crate) effects: Vec<Effect>,
}

impl World {
    fn act(&mut self, action: impl Into<Action>) {
        let effects = self.state.on_action(action.into());
        self.effects.extend(effects);
    }
}

/// The settings page of one connection.
pub(crate) struct Page {
    harness: Harness<'static, World>,
}

impl Page {
    /// Opens the settings of the first connection; the others are those it may be based on.
    pub(crate) fn open(connections: Vec<Connection>, size: egui::Vec2) -> Self {
        let environment = Environment::default().with_files(
            None,
            Some("[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"),
        );
        let id = connections[0].id.clone();
        let now = Timestamp(1_775_052_120);
        let (state, effects) = State::new(Start::Remembered, now, jiff::tz::TimeZone::UTC);
        let mut world = World {
            state,
            actions: Actions::default(),
            effects,
        };
        let loaded = LoadedSettings {
            connections,
            memory: WindowMemory::default(),
            profiles: Profiles::read(&environment),
            environment,
            vault: VaultStatus::Unlocked,
            notices: Vec::new(),
            failure: None,
            path: "connections.toml".into(),
        };
        world
            .state
            .on_event(Event::SettingsLoaded(Box::new(loaded)));
        world.act(SettingsAction::Edit(id));
        let draw = |ui: &mut egui::Ui, world: &mut World| {
            ui::root_ui(ui, &world.state, None, &mut world.actions);
            for action in world.actions.take() {
                world.act(action);
            }
        };
        let harness = Harness::builder()
            .with_size(size)
            .with_context_setup(|ctx| {
                fonts::install(ctx);
                theme::install(ctx, theme::Density::Normal);
            })
            .build_ui_state(draw, world);
        let mut page = Self { harness };
        page.settle();
        page
    }

    /// A page of a connection that sets nothing.
    pub(crate) fn empty() -> Self {
        Self::open(vec![Connection::new("media")], TALL)
    }

    pub(crate) fn settle(&mut self) {
        for _ in 0..6 {
            self.harness.step();
        }
    }

    pub(crate) fn world(&mut self) -> &mut World {
        self.harness.state_mut()
    }

    pub(crate) fn draft(&self) -> &SettingsDraft {
        self.harness.state().state.draft.as_ref().unwrap()
    }

    pub(crate) fn act(&mut self, action: impl Into<Action>) {
        self.world().act(action);
        self.settle();
    }

    pub(crate) fn event(&mut self, event: Event) {
        let world = self.world();
        let effects = world.state.on_event(event);
        world.effects.extend(effects);
        self.settle();
    }

    /// What was asked of the worker since the last call.
    pub(crate) fn commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.world().effects)
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Run(command) => Some(command),
                _ => None,
            })
            .collect()
    }

    /// What is on screen, by role and name.
    pub(crate) fn find<'a>(&'a self, role: Role, label: &'a str) -> Option<Node<'a>> {
        let mut found = self.harness.query_all_by_label(label);
        found.find(|node| node.accesskit_node().role() == role)
    }

    pub(crate) fn click(&mut self, role: Role, label: &str) {
        match self.find(role, label) {
            Some(node) => node.click(),
            None => panic!("no {role:?} is called {label:?}: {:?}", self.texts()),
        }
        self.settle();
    }

    /// Types at the end of a field.
    pub(crate) fn type_into(&mut self, role: Role, label: &str, text: &str) {
        let Some(field) = self.find(role, label) else {
            panic!("no {role:?} is called {label:?}: {:?}", self.texts());
        };
        field.focus();
        self.harness.step();
        if let Some(field) = self.find(role, label) {
            field.type_text(text);
        }
        self.settle();
    }

    pub(crate) fn key(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Every name, value and description on screen.
    pub(crate) fn texts(&self) -> Vec<String> {
        let nodes = self.harness.query_all(egui_kittest::kittest::by());
        nodes
            .flat_map(|node| {
                let node = node.accesskit_node();
                let description = node.data().description().map(str::to_owned);
                [node.label(), node.value(), description]
            })
            .flatten()
            .collect()
    }

    pub(crate) fn sees(&self, part: &str) -> bool {
        self.texts().iter().any(|text| text.contains(part))
    }

    /// The edges of everything that has a name, with the name.
    pub(crate) fn places(&self) -> Vec<(String, egui::Rect)> {
        let nodes = self.harness.query_all(egui_kittest::kittest::by());
        nodes
            .filter_map(|node| {
                let name = node.accesskit_node().label()?;
                Some((name, node.rect()))
            })
            .collect()
    }

    /// The number of the preview question under way.
    pub(crate) fn preview_ticket(&self) -> Ticket {
        self.draft().preview.ticket.unwrap()
    }

    pub(crate) fn is_set(&self, option: OptionId) -> bool {
        self.draft().is_set(option)
    }
}
