//! The clocks of this computer and of the server in words: which of them is wrong, by how much, and what that does.

use super::{Told, plain, told};
use crate::domain::diagnosis::Finding;

fn amount(secs: u64) -> String {
    match secs {
        0..120 => format!("{secs} s"),
        120..7200 => format!("{} min", secs / 60),
        7200..172_800 => format!("{} h", secs / 3600),
        _ => format!("{} days", secs / 86_400),
    }
}

/// `4 s ahead of the server`, as seen from this computer.
fn difference(server_ahead_secs: i64) -> String {
    let amount = amount(server_ahead_secs.unsigned_abs());
    let side = if server_ahead_secs > 0 {
        "behind"
    } else {
        "ahead of"
    };
    format!("{amount} {side} the server")
}

pub(super) fn told_of(finding: &Finding) -> Told {
    match finding {
        Finding::ClockFits { ahead_secs: 0 } => {
            plain("Agrees with the server's; 15 min are allowed")
        }
        Finding::ClockFits { ahead_secs } => {
            plain(format!("{}; 15 min are allowed", difference(*ahead_secs)))
        }
        Finding::ClockDrifts { ahead_secs } => told(
            format!("This computer's clock is {}", difference(*ahead_secs)),
            "That is within the 15 min that S3 allows, but it should not be more than a few seconds.",
            "Let the clock be set by network time.",
        ),
        Finding::ClockWrong { ahead_secs } => told(
            format!(
                "This computer's clock is {}, more than S3 allows",
                difference(*ahead_secs)
            ),
            "S3 refuses what is signed more than 15 min off. This program signs with the server's time instead; \
             other programs on this computer fail.",
            "Set the clock, best by network time.",
        ),
        Finding::DateHeaderWrong { ahead_secs } => told(
            format!(
                "The server's Date header is {} {}, and it accepts this computer's time",
                amount(ahead_secs.unsigned_abs()),
                if *ahead_secs > 0 { "ahead" } else { "behind" }
            ),
            "What is signed with this computer's clock works, so that one is right. A proxy in front of the server most \
             likely puts its own time into the answers.",
            "Have the clock of the server, and of the proxy in front of it, set by network time. Nothing has to change here.",
        ),
        _ => plain(""),
    }
}
