//! `doctor` while it runs: what is found is written at once, in its order, and Ctrl-C takes nothing of it away.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::doctor::{doctor, typed};
use crate::program::Setup;
use crate::support::memory_s3::Fault;

/// A run against a server that does not list for long; what is read of it comes line by line.
struct Running {
    /// The server was asked for a listing.
    listing: Arc<AtomicBool>,
    child: Child,
    lines: mpsc::Receiver<String>,
}

fn begun(setup: &Setup, more: &[&str]) -> Running {
    let listing = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&listing);
    setup.server.fault(move |request| {
        let lists = request.parameter("list-type").is_some();
        asked.fetch_or(lists, Ordering::SeqCst);
        lists.then(|| Fault::Delay(Duration::from_secs(5)))
    });
    let [key, secret] = typed();
    let signed = "AWS_S3_SIGNATURE_VERSION=s3v4";
    let mut command = doctor(setup, &["--set", &key, "--set", &secret, "--set", signed]);
    command
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (tell, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            let _sent = tell.send(line);
        }
    });
    Running {
        listing,
        child,
        lines,
    }
}

impl Running {
    /// Reads up to a line that holds this; all lines so far.
    fn until(&self, wanted: &str) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            let next = self.lines.recv_timeout(Duration::from_secs(30));
            let line = next.unwrap_or_else(|_| panic!("no {wanted} after {seen:#?}"));
            let found = line.contains(wanted);
            seen.push(line);
            if found {
                return seen;
            }
        }
    }

    /// The rest of what it writes, and how it ended.
    fn rest(mut self) -> (Vec<String>, i32, String) {
        let rest = self.lines.iter().collect();
        let mut err = String::new();
        let mut told = self.child.stderr.take().unwrap();
        told.read_to_string(&mut err).unwrap();
        (rest, self.child.wait().unwrap().code().unwrap_or(-1), err)
    }
}

#[test]
fn what_is_found_is_written_while_the_rest_is_waited_for() {
    let setup = Setup::new();
    let running = begun(&setup, &[]);
    let seen = running.until("Clock");
    let at = |wanted: &str| seen.iter().position(|line| line.contains(wanted)).unwrap();
    assert!(at("connection") < at("Connection, S3 key pair: used"));
    assert!(at("Instance metadata") < at("Live checks"));
    assert!(at("Settings are valid") < at("TCP, port") && at("TCP, port") < at("Proxy"));
    let (rest, code, err) = running.rest();
    assert_eq!(code, 0, "{err}");
    // The verdict is the last that is said, for it is what a terminal shows.
    let end = rest.iter().rposition(|line| !line.is_empty()).unwrap();
    assert!(rest[end].contains(" UTC, took "), "{rest:#?}");
    assert!(
        rest[..end]
            .iter()
            .any(|line| line.starts_with("Slow: the answer came after"))
    );
    // Nobody watches standard error here.
    assert!(!err.contains("Waiting"), "{err}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_what_was_found_and_says_that_it_was_stopped() {
    let setup = Setup::new();
    for json in [false, true] {
        let running = begun(&setup, if json { &["--json"] } else { &[] });
        // The listing hangs; what was found before it came at once.
        let mut seen = running.until(if json { "\"clock\"" } else { "Clock" });
        assert!(!json || seen.iter().any(|line| line.contains("\"rung\"")));
        let begun = Instant::now();
        while !running.listing.load(Ordering::SeqCst) {
            assert!(begun.elapsed() < Duration::from_secs(30), "no listing");
            std::thread::sleep(Duration::from_millis(5));
        }
        crate::connections::interrupt(&running.child);
        let (rest, code, err) = running.rest();
        assert_eq!(code, 130, "{err}");
        seen.extend(rest);
        if !json {
            let text = seen.join("\n");
            let last = seen.last().unwrap();
            assert!(last.starts_with("Stopped after ") && last.ends_with("live checks were done."));
            assert!(
                !text.contains("in order") && !text.contains("List one key:"),
                "{text}"
            );
            continue;
        }
        let read = |line: &String| serde_json::from_str::<Value>(line).unwrap();
        let objects: Vec<Value> = seen.iter().map(read).collect();
        let of = |kind: &str| objects.iter().filter(|one| one["type"] == kind).count();
        assert_eq!(objects[0]["type"], "examination");
        assert!(of("rung") > 10 && (1..11).contains(&of("check")));
        let end = objects.last().unwrap();
        assert_eq!(
            (&end["type"], &end["stopped"]),
            (&"diagnosis".into(), &true.into())
        );
        assert_eq!((&end["ok"], &end["broken"]), (&Value::Null, &0.into()));
    }
}
