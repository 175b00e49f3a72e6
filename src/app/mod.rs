//! eframe's App: `logic` drains events, `ui` collects actions, effects are carried out. Decides nothing itself.

mod drag_pointer;
mod picker;
mod surroundings;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui;
use winit::raw_window_handle::{HasDisplayHandle as _, RawDisplayHandle};

use crate::domain::Timestamp;
use crate::settings::folders::Folders;
use crate::settings::memory::{Density, Theme, WindowMemory};
use crate::state::{Effect, PanelEdit, Start, State, Tick};
use crate::ui::{self, Actions};
use crate::worker::messages::Command;
use crate::worker::{Waker, Worker};

pub use surroundings::{DragPosition, Picker, Picking, Surroundings};

/// Most events taken in one frame; more wait for the next.
const EVENTS_A_FRAME: usize = 64;

/// The program's window.
pub struct App {
    state: State,
    worker: Worker,
    actions: Actions,
    /// Commands that did not fit into the worker's queue, oldest first.
    waiting: VecDeque<Command>,
    picker: Picker,
    drag: DragPosition,
    title: String,
    shown: Option<Look>,
}

/// What of the window's memory is set on egui.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    theme: Theme,
    density: Density,
}

/// Opens the window and stays until it is closed.
///
/// # Errors
/// When the system gives no window or no threads; the text says why.
pub fn run(folders: Folders, start: Start) -> Result<(), String> {
    let memory = crate::settings::file::load_window(&folders);
    let options = eframe::NativeOptions {
        viewport: viewport(&memory),
        renderer: eframe::Renderer::Glow,
        ..eframe::NativeOptions::default()
    };
    let created = eframe::run_native(
        "Cooperage",
        options,
        Box::new(move |context| match App::new(context, folders, start) {
            Ok(app) => Ok(Box::new(app)),
            Err(error) => Err(error.into()),
        }),
    );
    created.map_err(|error| error.to_string())
}

fn viewport(memory: &WindowMemory) -> egui::ViewportBuilder {
    let size = memory.window_size.unwrap_or([1440.0, 900.0]);
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("Cooperage")
        .with_app_id("cooperage")
        .with_inner_size(size)
        .with_min_inner_size([640.0, 420.0])
        .with_maximized(memory.maximized);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png")) {
        viewport = viewport.with_icon(icon);
    }
    viewport
}

impl App {
    /// Starts the worker and asks for the settings. Nothing else is read before the first frame.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new(
        context: &eframe::CreationContext<'_>,
        folders: Folders,
        start: Start,
    ) -> std::io::Result<Self> {
        Self::within(context, Surroundings::of_desktop(folders), start)
    }

    /// The same with other surroundings than those of the desktop.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn within(
        context: &eframe::CreationContext<'_>,
        around: Surroundings,
        start: Start,
    ) -> std::io::Result<Self> {
        let ctx = context.egui_ctx.clone();
        ui::fonts::install(&ctx);
        ui::theme::install(&ctx, Density::default());
        let wake: Waker = Arc::new(move |now| {
            if now {
                ctx.request_repaint();
            } else {
                ctx.request_repaint_after(Duration::from_millis(50));
            }
        });
        let zone = jiff::tz::TimeZone::system();
        let (mut state, effects) = State::new(start, Timestamp::now(), zone);
        state.drops_missing = context
            .display_handle()
            .is_ok_and(|handle| matches!(handle.as_raw(), RawDisplayHandle::Wayland(_)));
        let mut app = Self {
            state,
            worker: Worker::start_in(around.folders, around.secrets, wake, around.world)?,
            actions: Actions::default(),
            waiting: VecDeque::new(),
            picker: around.picker,
            drag: around.drag,
            title: String::new(),
            shown: None,
        };
        app.perform(&context.egui_ctx, effects);
        Ok(app)
    }

    /// What the window knows, for tests.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    fn perform(&mut self, ctx: &egui::Context, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Run(command) => self.waiting.push_back(command),
                Effect::CopyText(text) => ctx.copy_text(text),
                Effect::OpenUrl(url) => ctx.open_url(egui::OpenUrl::new_tab(url)),
                Effect::Pick(pick) => {
                    let dialog = (self.picker)(&pick);
                    self.worker.await_pick(pick.purpose, dialog);
                }
                Effect::Reveal(folder) => {
                    ctx.open_url(egui::OpenUrl::new_tab(picker::file_url(&folder)));
                }
            }
        }
        while let Some(command) = self.waiting.pop_front() {
            if let Err(busy) = self.worker.send(command) {
                self.waiting.push_front(busy.0);
                ctx.request_repaint_after(Duration::from_millis(50));
                break;
            }
        }
    }

    fn apply_look(&mut self, ctx: &egui::Context) {
        let look = Look {
            theme: self.state.window.theme,
            density: self.state.window.density,
        };
        if self.shown == Some(look) {
            return;
        }
        if self.shown.is_none() {
            ctx.set_zoom_factor(self.state.window.zoom);
        }
        self.shown = Some(look);
        ui::theme::install(ctx, look.density);
        ui::theme::choose(
            ctx,
            match look.theme {
                Theme::System => egui::ThemePreference::System,
                Theme::Dark => egui::ThemePreference::Dark,
                Theme::Light => egui::ThemePreference::Light,
            },
        );
    }

    /// Size and zoom come back on the next start.
    fn watch_window(&mut self, ctx: &egui::Context) {
        let zoom = ctx.zoom_factor();
        let (size, maximized) = ctx.input(|input| {
            let viewport = input.viewport();
            (
                viewport.inner_rect.map(|rect| rect.size() * zoom),
                viewport.maximized.unwrap_or(false),
            )
        });
        if maximized != self.state.window.maximized {
            self.actions.push(PanelEdit::Maximized(maximized));
        }
        if let Some(size) = size.filter(|_| !maximized) {
            let size = [size.x.round(), size.y.round()];
            if self.state.window.window_size != Some(size) {
                self.actions.push(PanelEdit::WindowSize(size));
            }
        }
        if self.shown.is_some() && (zoom - self.state.window.zoom).abs() > 0.001 {
            self.actions.push(PanelEdit::Zoom(zoom));
        }
        let title = ui::window_title(&self.state);
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// The next frame that time alone asks for.
    fn schedule(&self, ctx: &egui::Context) {
        let state = &self.state;
        let countdown = state
            .connections
            .opened
            .as_ref()
            .and_then(|opened| opened.identity.expires)
            .map(|_| 20.0);
        let plot = state.transfers.totals.is_active().then_some(1.0);
        let next = [
            state.toasts.next_end_secs(),
            state.memory_due_secs(),
            state.deletions.next_shown_secs(),
            countdown,
            plot,
            state.is_waiting().then_some(1.0),
        ];
        if let Some(secs) = next.into_iter().flatten().reduce(f64::min) {
            ctx.request_repaint_after(Duration::from_secs_f64(secs.max(0.02)));
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        let tick = Tick {
            now: Timestamp::now(),
            uptime_secs: ctx.input(|input| input.time),
        };
        self.state.in_front = ctx.input(|input| input.focused);
        let mut effects = self.state.tick(tick);
        let mut taken = 0;
        while taken < EVENTS_A_FRAME {
            let Some(event) = self.worker.poll() else {
                break;
            };
            effects.extend(self.state.on_event(event));
            taken += 1;
        }
        if taken == EVENTS_A_FRAME {
            ctx.request_repaint();
        }
        self.perform(ctx, effects);
        if self.state.loaded {
            self.apply_look(ctx);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let hovering = ctx.input(|input| !input.raw.hovered_files.is_empty());
        let drag = if hovering { (self.drag)(&ctx) } else { None };
        ui::root_ui(ui, &self.state, drag, &mut self.actions);
        self.watch_window(&ctx);
        let actions = self.actions.take();
        if !actions.is_empty() {
            ctx.request_repaint();
        }
        for action in actions {
            let effects = self.state.on_action(action);
            self.perform(&ctx, effects);
        }
        self.schedule(&ctx);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if let Some(Effect::Run(command)) = self.state.memory_now() {
            // A full queue at the very end only costs where the window stood.
            let _kept = self.worker.send(command);
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        ui::theme::tokens_of(visuals)
            .ground
            .to_normalized_gamma_f32()
    }
}
