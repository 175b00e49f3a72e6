//! What a person sees of the window: texts, names, rows, toasts.

use std::time::Duration;

use cooperage::state::Screen;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::Driver;

/// What can be acted on by itself.
const CONTROLS: [Role; 10] = [
    Role::Button,
    Role::Link,
    Role::Row,
    Role::TextInput,
    Role::MenuItem,
    Role::ComboBox,
    Role::RadioButton,
    Role::Tab,
    Role::PasswordInput,
    Role::ListItem,
];

impl Driver {
    /// Waits until the listing is here and in order.
    pub(crate) fn settled(&mut self) {
        self.until("a settled listing", |driver| {
            let state = driver.state();
            state.screen == Screen::Browser
                && state.connections.opened.is_some()
                && state.browser.is_settled()
        });
    }

    /// The names shown, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let listing = &self.state().browser.listing;
        (0..listing.shown())
            .filter_map(|place| listing.catalog.row(listing.row_at(place)?))
            .map(|row| row.name().to_owned())
            .collect()
    }

    /// Names of the selected rows, in the order shown.
    pub(crate) fn selected(&self) -> Vec<String> {
        let browser = &self.state().browser;
        let folders = browser.selected_folders();
        let keys = browser.selected_keys();
        folders
            .iter()
            .map(ToString::to_string)
            .chain(keys.iter().map(ToString::to_string))
            .collect()
    }

    /// The texts of the toasts.
    pub(crate) fn toasts(&self) -> Vec<String> {
        let toasts = self.state().toasts.list();
        toasts.iter().map(|toast| toast.text.clone()).collect()
    }

    /// Waits for a toast that holds this, and gives its text. One that was waited for before does not count.
    pub(crate) fn toast(&mut self, part: &str) -> String {
        let holds = |text: &String| text.contains(part);
        self.until(part, |driver| driver.heard.iter().any(holds));
        let at = self.heard.iter().position(holds).unwrap();
        self.heard.remove(at)
    }

    /// Every name and text on screen.
    pub(super) fn texts(&self) -> Vec<String> {
        let nodes = self.harness.query_all(egui_kittest::kittest::by());
        nodes
            .flat_map(|node| {
                let node = node.accesskit_node();
                [node.label(), node.value()]
            })
            .flatten()
            .collect()
    }

    pub(super) fn seen(&self) -> String {
        self.texts().join(" | ")
    }

    /// True when a name or text is on screen, exactly.
    pub(crate) fn sees(&self, text: &str) -> bool {
        self.texts().iter().any(|seen| seen == text)
    }

    /// True when a name or text on screen holds this.
    pub(crate) fn sees_part(&self, part: &str) -> bool {
        self.texts().iter().any(|seen| seen.contains(part))
    }

    /// Waits for a label.
    pub(crate) fn wait(&mut self, label: &str) {
        self.until(label, |driver| driver.sees(label));
    }

    /// What is called so: a control before a heading or a dialog of the same name.
    pub(super) fn control<'a>(&'a self, label: &'a str) -> egui_kittest::Node<'a> {
        let mut found: Vec<_> = self
            .harness
            .query_all_by_label(label)
            .filter(|node| node.accesskit_node().bounding_box().is_some())
            .collect();
        let control = found
            .iter()
            .position(|node| CONTROLS.contains(&node.accesskit_node().role()));
        assert!(
            !found.is_empty(),
            "nothing on screen is called {label:?}\n{}",
            self.seen()
        );
        found.swap_remove(control.unwrap_or(0))
    }

    /// Why what is called so is grey; `None` where it can be used.
    pub(crate) fn why_grey(&self, label: &str) -> Option<String> {
        let control = self.control(label);
        let node = control.accesskit_node();
        let told = || node.data().description().unwrap_or_default().to_owned();
        node.is_disabled().then(told)
    }

    /// Role and name of all that can be acted on.
    pub(crate) fn actionable(&self) -> Vec<(Role, String)> {
        const ROLES: [Role; 13] = [
            Role::Button,
            Role::CheckBox,
            Role::ComboBox,
            Role::Link,
            Role::ListItem,
            Role::MenuItem,
            Role::PasswordInput,
            Role::RadioButton,
            Role::Row,
            Role::SearchInput,
            Role::Switch,
            Role::Tab,
            Role::TextInput,
        ];
        let nodes = self.harness.query_all(egui_kittest::kittest::by());
        nodes
            .map(|node| node.accesskit_node())
            .filter(|node| ROLES.contains(&node.role()))
            .map(|node| (node.role(), node.label().unwrap_or_default()))
            .collect()
    }

    /// Where the control of a name stands, if it is there.
    pub(crate) fn bounds_of(&self, name: &str) -> Option<egui::Rect> {
        let nodes = self.harness.query_all_by_label(name);
        let mut controls = nodes.filter(|node| CONTROLS.contains(&node.accesskit_node().role()));
        controls.next().map(|node| node.rect())
    }

    /// How many rows a table says it has.
    pub(crate) fn row_count(&self, table: &str) -> Option<usize> {
        let node = self.harness.query_all_by_label(table).find_map(|node| {
            let node = node.accesskit_node();
            (node.role() == Role::Grid).then(|| node.data().row_count())
        });
        node.flatten()
    }

    /// The middle of something.
    pub(crate) fn place_of(&self, label: &str) -> egui::Pos2 {
        self.control(label).rect().center()
    }

    /// Waits until nothing is on its way.
    pub(crate) fn idle(&mut self) {
        for _ in 0..40 {
            self.step();
            std::thread::sleep(Duration::from_millis(10));
        }
        self.until("quiet", |driver| {
            let state = driver.state();
            state.planning.is_empty() && !state.transfers.totals.is_active()
        });
    }

    /// The text that was copied last.
    pub(crate) fn copied(&mut self) -> String {
        self.until("a copied text", |driver| driver.copied.is_some());
        self.copied.take().unwrap()
    }
}
