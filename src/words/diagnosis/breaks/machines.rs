//! Why the endpoint of a container or the metadata service of a machine gives no keys, in words.

use super::super::rungs::file;
use super::super::{Told, When, code};
use super::say;
use crate::domain::diagnosis::{Break, Machine, OutputFlaw};
use crate::words::visible;

pub(super) fn of_machines(cause: &Break, when: &When<'_>) -> Option<Told> {
    Some(match cause {
        Break::MachineRefused { machine, status } => refused(*machine, *status),
        Break::MachineSilent {
            machine: Machine::Container,
        } => say(
            "The container's endpoint does not answer",
            "The environment names an endpoint for credentials, and nobody answers there.",
            "Outside the container unset the variable; inside, check that the agent runs.",
        ),
        Break::MachineSilent {
            machine: Machine::Instance,
        } => say(
            "The metadata service does not answer",
            "`credential_source` asks for the keys of an EC2 machine, and nobody answered within 1 s.",
            "Name another source outside EC2; in a container, raise the hop limit of the metadata service to 2.",
        ),
        Break::MachineAnswer { machine, flaw } => answered(*machine, flaw),
        Break::MachineKeysEnded {
            machine: Machine::Instance,
            at,
        } => say(
            "The metadata service gave keys that have ended",
            format!(
                "They ended {}; boto3 uses them on for some minutes, as this program does, and the server refuses them.",
                when.said(*at)
            ),
            "Run again in some minutes; if it stays so, look at the machine's role and clock.",
        ),
        Break::MachineKeysEnded {
            machine: Machine::Container,
            at,
        } => say(
            "The container's endpoint gave keys that have ended",
            format!("The keys in its answer ended {}.", when.said(*at)),
            "The agent did not renew them: restart the task, and check its role.",
        ),
        Break::ContainerAddress { place } => say(
            "The container's endpoint is at no allowed place",
            format!(
                "`AWS_CONTAINER_CREDENTIALS_FULL_URI` leads to {}. Without TLS only this machine and the addresses of ECS \
                 and EKS are asked.",
                code(&visible(place))
            ),
            "Correct the address, or use https.",
        ),
        Break::ContainerTokenUnreadable { path } => say(
            "The token for the container's endpoint cannot be read",
            format!(
                "`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` names {}, which is not there or not readable.",
                file(path, when)
            ),
            "Mount the token, or correct the variable.",
        ),
        Break::ContainerTokenUnfit => say(
            "The token for the container's endpoint has more than one line",
            "A header cannot hold a line end, so boto3 and this program do not send it.",
            "Write the token without a line end; `echo -n` does.",
        ),
        Break::InstanceWithoutRole => say(
            "This machine has no role",
            "The metadata service answers, and no instance profile is attached.",
            "Attach an instance profile to the machine.",
        ),
        Break::InstanceWithoutToken => say(
            "The metadata service gives no session token",
            "It wants the second version of its protocol, whose token did not come back: in a container it takes one hop \
             too many.",
            "Raise the hop limit of the machine's metadata service to 2, or give the container a role of its own.",
        ),
        Break::InstanceRoleUnusable { role, code: said } => say(
            format!("The machine cannot take its role {}", visible(role)),
            format!("The metadata service says {}.", code(&visible(said))),
            "Let the role trust `ec2.amazonaws.com`, and check that it still exists.",
        ),
        Break::InstanceSwitchedOff { variable } => say(
            "The metadata service must not be asked",
            format!(
                "`credential_source` asks for the keys of an EC2 machine, and {} forbids it.",
                code(variable)
            ),
            format!("Unset {}, or name another source.", code(variable)),
        ),
        _ => return None,
    })
}

/// Who answers.
const fn who(machine: Machine) -> &'static str {
    match machine {
        Machine::Container => "container's endpoint",
        Machine::Instance => "metadata service",
    }
}

fn refused(machine: Machine, status: u16) -> Told {
    let next = match (machine, status) {
        (Machine::Container, 401 | 403) => {
            "Check the token of the endpoint, and that the task or the pod has a role."
        }
        (Machine::Container, 404) => "Check the path in the variable: it belongs to another task.",
        (Machine::Instance, 403) => {
            "It is switched off for this machine: switch it on, or use other keys."
        }
        _ => "Try again in a minute; if it stays so, look at its log.",
    };
    say(
        format!("The {} refuses ({status})", who(machine)),
        format!(
            "HTTP status {status} came back from the {} instead of keys.",
            who(machine)
        ),
        next,
    )
}

fn answered(machine: Machine, flaw: &OutputFlaw) -> Told {
    let who = who(machine);
    let (what, cause) = match flaw {
        OutputFlaw::Nothing => (
            "sent an empty answer".to_owned(),
            format!("Where JSON with keys belongs, nothing came from the {who}."),
        ),
        OutputFlaw::NotJson => (
            "sent no JSON".to_owned(),
            format!("What came back from the {who} is no object of JSON, or was cut off."),
        ),
        OutputFlaw::WebPage => (
            "sent a web page".to_owned(),
            format!("A page for a browser came in place of keys from the {who}."),
        ),
        OutputFlaw::Version => (
            "speaks another version".to_owned(),
            format!("Keys from the {who} have a form that is not known here."),
        ),
        OutputFlaw::NoTime(name) => (
            format!("sent an {name} that is not a time"),
            format!(
                "What the {who} wrote for {} cannot be read; it should be like 2030-01-31T12:00:00Z.",
                code(name)
            ),
        ),
        OutputFlaw::Member(name) => (
            format!("sent no {name}"),
            format!(
                "JSON came from the {who}, but {} is missing in it, or no text.",
                code(name)
            ),
        ),
    };
    say(
        format!("The {who} {what}"),
        cause,
        "Something else may listen at that address; a proxy in between answers so, too.",
    )
}
