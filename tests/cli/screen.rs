//! A screen in memory with the real window on it, and what a person does there: look, press keys, paste, close.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, ImageFormat,
    InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, Window, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::program::bare;

/// More than this many colours are no empty window: text and icons are drawn with soft edges.
const COLOURS: usize = 24;
const PATIENCE: Duration = Duration::from_secs(60);
/// How long is waited before something is looked at again.
const PAUSE: Duration = Duration::from_millis(50);

/// X's numbers for keys that have no letter.
pub(crate) const CONTROL: u32 = 0xffe3;
pub(crate) const SHIFT: u32 = 0xffe1;
pub(crate) const DOWN: u32 = 0xff54;

/// An X server without a monitor.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
            .args(["-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb, which tests/run installs");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut number)
            .unwrap();
        let display = format!(":{}", number.trim());
        Self { server, display }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

/// Kills the program when the test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.try_wait().unwrap().is_none() {
            self.0.kill().unwrap();
            self.0.wait().unwrap();
        }
    }
}

/// The program on a screen of its own, its first frame drawn.
pub(crate) struct OnScreen {
    x: RustConnection,
    root: Window,
    window: Window,
    program: RefCell<Running>,
    _screen: Screen,
}

impl OnScreen {
    /// Starts the program with an empty home and waits for its first frame.
    pub(crate) fn start(home: &Path, arguments: &[&str]) -> Self {
        let screen = Screen::start();
        let child = bare(home)
            .env("DISPLAY", &screen.display)
            .env("XDG_RUNTIME_DIR", home)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .args(["--config-dir", "config"])
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (x, number) = x11rb::connect(Some(&screen.display)).unwrap();
        let root = x.setup().roots[number].root;
        let mut own = Self {
            x,
            root,
            window: root,
            program: RefCell::new(Running(child)),
            _screen: screen,
        };
        own.window = own.until("a window", || own.titled("Cooperage"));
        own.until("a first frame", || {
            own.colours().filter(|count| *count > COLOURS)
        });
        own
    }

    /// Asks again and again until there is an answer.
    pub(crate) fn until<T>(&self, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            let child = &mut self.program.borrow_mut().0;
            if let Some(status) = child.try_wait().unwrap() {
                let mut err = String::new();
                child
                    .stderr
                    .take()
                    .unwrap()
                    .read_to_string(&mut err)
                    .unwrap();
                panic!("{what}: the program ended with {status}: {err}");
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{what}: not within {PATIENCE:?}"
            );
            std::thread::sleep(PAUSE);
        }
    }

    /// The window whose title holds this.
    pub(crate) fn titled(&self, part: &str) -> Option<Window> {
        let children = self.x.query_tree(self.root).ok()?.reply().ok()?.children;
        children.into_iter().find(|window| {
            let asked =
                self.x
                    .get_property(false, *window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64);
            let name = asked.ok().and_then(|asked| asked.reply().ok());
            name.is_some_and(|name| String::from_utf8_lossy(&name.value).contains(part))
        })
    }

    /// How many colours the window shows; `None` while it shows nothing at all.
    fn colours(&self) -> Option<usize> {
        let size = self.x.get_geometry(self.window).ok()?.reply().ok()?;
        let (format, all) = (ImageFormat::Z_PIXMAP, !0);
        let asked = self
            .x
            .get_image(format, self.window, 0, 0, size.width, size.height, all);
        let image = asked.ok()?.reply().ok()?;
        let pixels = image.data.chunks_exact(4);
        let colours = pixels.map(|pixel| [pixel[0], pixel[1], pixel[2]]);
        Some(colours.collect::<HashSet<_>>().len())
    }

    /// Presses keys together, by X's numbers, and lets them go.
    pub(crate) fn press(&self, keys: &[u32]) {
        let focus = InputFocus::PARENT;
        self.x.set_input_focus(focus, self.window, 0u32).unwrap();
        let codes: Vec<u8> = keys.iter().map(|key| self.code(*key)).collect();
        let send = |kind, code| {
            let sent = self.x.xtest_fake_input(kind, code, 0, self.root, 0, 0, 0);
            sent.unwrap().check().unwrap();
        };
        for code in &codes {
            send(KEY_PRESS_EVENT, *code);
        }
        for code in codes.iter().rev() {
            send(KEY_RELEASE_EVENT, *code);
        }
    }

    /// The key of the keyboard that gives a symbol.
    fn code(&self, symbol: u32) -> u8 {
        let (least, most) = (self.x.setup().min_keycode, self.x.setup().max_keycode);
        let asked = self.x.get_keyboard_mapping(least, most - least + 1);
        let keyboard = asked.unwrap().reply().unwrap();
        let keys = keyboard
            .keysyms
            .chunks(usize::from(keyboard.keysyms_per_keycode));
        let mut numbered = (least..=most).zip(keys);
        let found = numbered.find(|(_, symbols)| symbols.contains(&symbol));
        found.expect("a key with this symbol").0
    }

    /// What the clipboard holds as a text; `None` while nobody offers one.
    pub(crate) fn clipboard(&self) -> Option<String> {
        let atom = |name: &str| {
            let asked = self.x.intern_atom(false, name.as_bytes()).unwrap();
            asked.reply().unwrap().atom
        };
        let (clipboard, text, into) = (atom("CLIPBOARD"), atom("UTF8_STRING"), atom("PASTED"));
        let own = self.x.generate_id().unwrap();
        let (class, aux) = (WindowClass::INPUT_ONLY, CreateWindowAux::new());
        self.x
            .create_window(0, own, self.root, 0, 0, 1, 1, 0, class, 0, &aux)
            .unwrap();
        self.x
            .convert_selection(own, clipboard, text, into, 0u32)
            .unwrap();
        self.x.flush().unwrap();
        // The owner answers by the property; an empty clipboard never does.
        let begun = Instant::now();
        let mut pasted = None;
        while pasted.is_none() && begun.elapsed() < Duration::from_millis(500) {
            std::thread::sleep(PAUSE);
            let asked = self
                .x
                .get_property(false, own, into, AtomEnum::ANY, 0, 1 << 16);
            let property = asked.ok()?.reply().ok()?;
            pasted = Some(property.value).filter(|value| !value.is_empty());
        }
        self.x.destroy_window(own).unwrap();
        String::from_utf8(pasted?).ok()
    }

    /// Asks the window to close, as the button of its frame does, and waits for the end of the program.
    pub(crate) fn close(self) -> ExitStatus {
        let atom = |name: &[u8]| {
            let asked = self.x.intern_atom(false, name).unwrap();
            asked.reply().unwrap().atom
        };
        let (protocols, delete) = (atom(b"WM_PROTOCOLS"), atom(b"WM_DELETE_WINDOW"));
        let event = ClientMessageEvent::new(32, self.window, protocols, [delete, 0, 0, 0, 0]);
        self.x
            .send_event(false, self.window, EventMask::NO_EVENT, event)
            .unwrap();
        self.x.flush().unwrap();
        let begun = Instant::now();
        loop {
            if let Some(status) = self.program.borrow_mut().0.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not close");
            std::thread::sleep(PAUSE);
        }
    }
}
