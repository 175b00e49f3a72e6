//! The real window of the real binary, on a screen in memory: it reaches its first frame, understands the keys of a
//! real keyboard, and closes when asked.

use crate::program::bare;
use crate::screen::{CONTROL, DOWN, OnScreen, SHIFT};
use crate::support::{fetch, fixtures};

#[test]
fn the_window_reaches_its_first_frame_and_closes() {
    let home = fixtures::folder();
    let status = OnScreen::start(home.path(), &[]).close();
    assert!(status.success(), "{status}");
}

#[test]
fn the_keys_for_a_signed_link_leave_a_working_one_on_the_clipboard() {
    let home = fixtures::folder();
    let screen = OnScreen::start(home.path(), &["--builtin"]);
    screen.until("the bucket", || screen.titled("s3://built-in/"));
    // The first row is a folder. Rows may not be here yet, so both are pressed until there is a link.
    let link = screen.until("a link", || {
        screen.press(&[DOWN]);
        screen.press(&[CONTROL, SHIFT, u32::from('c')]);
        screen.clipboard().filter(|text| text.contains("://"))
    });
    assert_eq!(fetch::get(&link).status, 200);
    assert!(screen.close().success());
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
