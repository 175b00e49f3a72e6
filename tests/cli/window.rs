//! The real window of the real binary, on a screen in memory: it reaches its first frame and closes when asked.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, ImageFormat, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::program::bare;
use crate::support::fixtures;

/// More than this many colours are no empty window: text and icons are drawn with soft edges.
const COLOURS: usize = 24;
const PATIENCE: Duration = Duration::from_secs(60);

/// An X server without a monitor.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1280x800x24",
                "-nolisten",
                "tcp",
            ])
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

/// Asks again and again until there is an answer.
fn until<T>(what: &str, program: &mut Running, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        if let Some(status) = program.0.try_wait().unwrap() {
            let mut err = String::new();
            let stderr = program.0.stderr.take().unwrap();
            std::io::Read::read_to_string(&mut BufReader::new(stderr), &mut err).unwrap();
            panic!("{what}: the program ended with {status}: {err}");
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "{what}: not within {PATIENCE:?}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn window_of_program(x: &RustConnection, root: Window) -> Option<Window> {
    let children = x.query_tree(root).ok()?.reply().ok()?.children;
    children.into_iter().find(|window| {
        let name = x.get_property(false, *window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64);
        let name = name.ok().and_then(|asked| asked.reply().ok());
        name.is_some_and(|name| String::from_utf8_lossy(&name.value).contains("Cooperage"))
    })
}

/// How many colours the window shows; `None` while it shows nothing at all.
fn colours(x: &RustConnection, window: Window) -> Option<usize> {
    let size = x.get_geometry(window).ok()?.reply().ok()?;
    let image = x
        .get_image(
            ImageFormat::Z_PIXMAP,
            window,
            0,
            0,
            size.width,
            size.height,
            !0,
        )
        .ok()?
        .reply()
        .ok()?;
    Some(
        image
            .data
            .chunks_exact(4)
            .map(|pixel| [pixel[0], pixel[1], pixel[2]])
            .collect::<HashSet<_>>()
            .len(),
    )
}

/// Asks a window to close as the button of its frame does.
fn close(x: &RustConnection, window: Window) {
    let atom = |name: &[u8]| x.intern_atom(false, name).unwrap().reply().unwrap().atom;
    let (protocols, delete) = (atom(b"WM_PROTOCOLS"), atom(b"WM_DELETE_WINDOW"));
    let event = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
    x.send_event(false, window, EventMask::NO_EVENT, event)
        .unwrap();
    x.flush().unwrap();
}

#[test]
fn the_window_reaches_its_first_frame_and_closes() {
    let screen = Screen::start();
    let home = fixtures::folder();
    let child = bare(home.path())
        .env("DISPLAY", &screen.display)
        .env("XDG_RUNTIME_DIR", home.path())
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .args(["--config-dir", "config"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut program = Running(child);
    let (x, number) = x11rb::connect(Some(&screen.display)).unwrap();
    let root = x.setup().roots[number].root;
    let window = until("a window", &mut program, || window_of_program(&x, root));
    until("a first frame", &mut program, || {
        colours(&x, window).filter(|count| *count > COLOURS)
    });
    close(&x, window);
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = program.0.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < PATIENCE, "it does not close");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success(), "{status}");
}

#[test]
fn a_display_that_does_not_answer_is_said() {
    let home = fixtures::folder();
    let mut command = bare(home.path());
    command
        .env("DISPLAY", ":9876")
        .args(["--config-dir", "config"]);
    let ran = crate::program::run(&mut command).ended(3);
    assert!(
        !ran.err.contains("panicked") && ran.err.starts_with("cooperage: "),
        "{}",
        ran.err
    );
}
