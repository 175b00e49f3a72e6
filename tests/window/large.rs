//! Files above 16 MiB: parts, progress, pause, cancel, and that nothing half stays on the server.

use std::time::Duration;

use cooperage::state::TransferList;
use cooperage::state::messages::JobState;

use super::driver::Driver;
use super::support::fixtures::{pattern, pattern_file};
use super::support::memory_s3::{Fault, Latch, MemoryS3, Recorded};

const BYTES: usize = 40 << 20;

/// So long the end of the program waits for work that does not end.
const GIVES_UP: Duration = Duration::from_secs(5);

fn is_part(asked: &Recorded) -> bool {
    asked.method == "PUT" && asked.parameter("partNumber").is_some()
}

fn state(transfers: &TransferList) -> Option<JobState> {
    transfers.jobs.values().next().map(|row| row.job.state)
}

/// Parts that arrived and are not answered, or are.
fn parts(server: &MemoryS3) -> usize {
    let requests = server.requests();
    requests.iter().filter(|asked| is_part(asked)).count()
}

/// Drops a large file; the answers to its parts behind these many first ones wait.
fn dropped(server: &MemoryS3, answered: usize, later: &Latch) -> Driver {
    let (mut seen, later) = (0, later.clone());
    server.fault(move |asked| {
        seen += usize::from(is_part(asked));
        (is_part(asked) && seen > answered).then(|| Fault::Held(later.clone()))
    });
    let mut driver = Driver::on(server);
    let path = pattern_file(driver.home.folder.path(), "large.bin", BYTES, 7);
    driver.drop_files(&[path]);
    driver.click("Show");
    driver
}

#[test]
fn a_large_file_goes_in_parts_with_progress() {
    let server = MemoryS3::start();
    let later = Latch::default();
    let mut driver = dropped(&server, 2, &later);
    driver.until("progress between start and end", |driver| {
        let fraction = driver.state().transfers.fraction();
        fraction > 0.0 && fraction < 1.0
    });
    later.open();
    driver.toast("1 transfer done");
    let object = server.object("large.bin").unwrap();
    assert!(object.bytes == pattern(BYTES, 7));
    assert!(parts(&server) >= 3);
    assert!(server.uploads().is_empty());
    driver.until("how it was checked", |driver| driver.sees_part("verified"));
}

#[test]
fn a_pause_holds_and_going_on_finishes() {
    let server = MemoryS3::start();
    let later = Latch::default();
    let mut driver = dropped(&server, 0, &later);
    driver.until("as many parts on their way as go at once", |_| {
        parts(&server) == 4
    });
    driver.click("Pause large.bin");
    driver.until("paused", |driver| {
        state(&driver.state().transfers) == Some(JobState::Paused)
    });
    driver.wait("paused");
    // Parts on their way go to their end.
    later.open();
    driver.until("those parts on the server", |_| {
        let uploads = server.uploads();
        uploads.len() == 1 && uploads[0].1.parts.len() == 4
    });
    driver.idle();
    assert_eq!(parts(&server), 4, "nothing moves while it is held");
    assert!(server.keys().is_empty());
    driver.click("Go on with large.bin");
    driver.toast("1 transfer done");
    assert!(server.object("large.bin").unwrap().bytes == pattern(BYTES, 7));
}

#[test]
fn cancelling_leaves_no_unfinished_upload() {
    let server = MemoryS3::start();
    let mut driver = dropped(&server, 0, &Latch::default());
    driver.until("an unfinished upload", |_| !server.uploads().is_empty());
    driver.click("Cancel large.bin");
    driver.until("cancelled", |driver| {
        state(&driver.state().transfers) == Some(JobState::Cancelled)
    });
    driver.until("nothing is left", |_| server.uploads().is_empty());
    assert!(server.keys().is_empty());
    server.heal();
    driver.click("Try again large.bin");
    driver.until("the object", |_| server.keys() == ["large.bin"]);
}

#[test]
fn quitting_takes_back_the_unfinished_upload_and_writes_the_memory() {
    let server = MemoryS3::start();
    let mut driver = dropped(&server, 0, &Latch::default());
    driver.until("an unfinished upload", |_| !server.uploads().is_empty());
    driver.key(egui::Modifiers::ALT, egui::Key::Enter);
    // The parts would never end: it cannot have waited for them.
    let home = driver.end();
    assert!(server.uploads().is_empty(), "it is taken back");
    assert!(server.keys().is_empty());
    let memory = home.text("window.toml");
    assert!(memory.contains("[right]"), "{memory}");
}

#[test]
fn quitting_after_an_upload_does_not_wait() {
    let server = MemoryS3::start();
    let mut driver = Driver::on(&server);
    let path = driver.file("a.txt", b"a");
    driver.drop_files(&[path]);
    driver.toast("1 transfer done");
    let begun = std::time::Instant::now();
    drop(driver.end());
    assert!(begun.elapsed() < GIVES_UP, "{:?}", begun.elapsed());
}
