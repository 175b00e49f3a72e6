//! Settings, name, port and proxy in words.

use super::{Told, capital, plain, told, words_of};
use crate::domain::diagnosis::{Finding, Hindered};
use crate::words::diagnosis::code;
use crate::words::{quoted, visible};

/// What is said of options, one after the other.
fn listed(options: &[(&'static str, String)]) -> String {
    let said = |(option, says): &(&'static str, String)| {
        let end = if says.ends_with('.') { "" } else { "." };
        format!("{}: {says}{end}", code(option))
    };
    options.iter().map(said).collect::<Vec<_>>().join(" ")
}

pub(super) fn settings(finding: &Finding) -> Told {
    match finding {
        Finding::SettingsFit { options, hints } => told(
            format!("{options} options, none in conflict"),
            listed(hints),
            "",
        ),
        Finding::SettingsHinder {
            what,
            faults,
            hints,
            ..
        } => {
            let (title, next) = match what {
                Hindered::Names => (
                    "Nothing can be named with these settings",
                    "Correct it: requests go, but no name below the location can be used.",
                ),
                Hindered::Uploads => (
                    "Uploads cannot work with these settings",
                    "Correct it; listing and reading go on as they are.",
                ),
                Hindered::Links => (
                    "Links will not work as they are set",
                    "Correct it; everything but links goes on as it is.",
                ),
                Hindered::OldLinks => (
                    "Links are signed with version 2, which this server may refuse",
                    "Set the signature version to s3v4, unless this server knows version 2 alone.",
                ),
                Hindered::Meaning => (
                    "Something is set that does not do what it says",
                    "Correct it, or take it out: requests go on without it.",
                ),
            };
            let said = [listed(faults), listed(hints)].join(" ");
            told(title, said.trim_end(), next)
        }
        Finding::SettingsProblem {
            option,
            reason,
            others,
        } => {
            let said = [capital(reason), listed(others)].join(" ");
            let next = match others.len() {
                0 => "Correct it; nothing is sent before.",
                _ => "Correct them; nothing is sent before.",
            };
            told(
                format!("{option} cannot be used as it is"),
                said.trim_end(),
                next,
            )
        }
        Finding::CannotStart(refusal) => told(
            "Nothing can be sent with these settings",
            words_of(
                refusal,
                "Bucket, region, endpoint and certificate file have to fit a request.",
            ),
            "Look at endpoint, region, bucket and certificate file in the settings.",
        ),
        _ => plain(""),
    }
}

/// `127.0.0.1:22`, `[::1]:22`
pub(super) fn address(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

pub(super) fn way(finding: &Finding) -> Told {
    match finding {
        Finding::NameKnown { host, addresses } => plain(match addresses.len() {
            1 => visible(host),
            count => format!("{}, {count} addresses", visible(host)),
        }),
        Finding::NumericHost { host } => plain(format!("{host} is an address already")),
        Finding::NameUnknown { host } => told(
            format!("Nobody knows the host {}", quoted(host)),
            "The name is misspelt, or only the name server of another network knows it.",
            "Check the endpoint; inside a company's network, check VPN and name server.",
        ),
        Finding::NameUnknownWithBucket { host, bare } => told(
            "The bucket cannot stand in the host name here",
            format!(
                "{} is known to no name server, but {} is.",
                quoted(host),
                quoted(bare)
            ),
            "Put the bucket in the path.",
        ),
        Finding::RegionUnknown { host, region } => told(
            format!("Amazon has no region {}", quoted(region)),
            format!(
                "Its other hosts are known to the name server, {} is not.",
                quoted(host)
            ),
            "Correct the region.",
        ),
        Finding::AmazonUnknown { host } => told(
            "Amazon cannot be found from here",
            format!(
                "The name server knows neither {} nor Amazon's other hosts: this computer is offline, or its name server \
                 knows only the names of its own network.",
                quoted(host)
            ),
            "Check the network and VPN; where a proxy leads out, set it; where another server is meant, set its endpoint.",
        ),
        Finding::LookupSilent { host } => told(
            format!("The name server does not answer for {}", quoted(host)),
            "This computer is offline, or its name server cannot be reached.",
            "Check the network, then run again.",
        ),
        Finding::NameLeftToProxy { host } => plain(format!("The proxy looks up {}", quoted(host))),
        Finding::PortOpen {
            answering,
            addresses,
            ..
        } => plain(match addresses {
            1 => "The address answers".to_owned(),
            addresses => format!("{answering} of {addresses} addresses answer"),
        }),
        Finding::PortRefused { host, port } => told(
            format!("Nobody listens on port {port} of {}", quoted(host)),
            "The computer is there and refuses: the server is not running, or it listens on another port.",
            "Check the port in the endpoint, and whether the server runs.",
        ),
        Finding::PortSilent { host, port } => told(
            format!("Port {port} of {} does not answer", quoted(host)),
            "Packets vanish on the way: a firewall drops them, the server is off, or a VPN is missing.",
            "Check VPN and firewall, or the address in the endpoint.",
        ),
        Finding::NoRoute { host, reason } => told(
            format!("There is no way to {}", quoted(host)),
            format!("The system says: {}.", visible(reason)),
            "Check the network of this computer.",
        ),
        Finding::PortLeftToProxy { .. } => plain("The proxy makes the connections"),
        _ => plain(""),
    }
}

fn owner(from_environment: bool) -> &'static str {
    if from_environment {
        "It comes from the environment (http_proxy, https_proxy)"
    } else {
        "It is the one in the settings"
    }
}

pub(super) fn proxy(finding: &Finding) -> Told {
    match finding {
        Finding::NoProxy => plain("None configured, none in the environment"),
        Finding::ProxyPasses {
            proxy,
            from_environment,
        } => plain(format!(
            "{proxy} lets through, from the {}",
            if *from_environment {
                "environment"
            } else {
                "settings"
            }
        )),
        // `socks5://host` is read as a host called `socks5`, by botocore too.
        Finding::ProxyUnknown {
            proxy,
            from_environment,
        } if proxy.starts_with("socks") => told(
            "The proxy is of a kind that cannot be used".to_owned(),
            format!(
                "{}, and it is a SOCKS proxy. Neither Cooperage nor Django speaks SOCKS.",
                owner(*from_environment)
            ),
            "Write the address of an HTTP proxy, or take the proxy out.",
        ),
        Finding::ProxyUnknown {
            proxy,
            from_environment,
        } => told(
            format!("Nobody knows the proxy {}", quoted(proxy)),
            format!("{}, and its name has no address.", owner(*from_environment)),
            "Correct the proxy's name, or take the proxy out.",
        ),
        Finding::ProxyDead {
            proxy,
            from_environment,
        } => told(
            format!("The proxy {} refuses connections", quoted(proxy)),
            format!("{}, and nobody listens there.", owner(*from_environment)),
            "Start the proxy, correct its port, or take it out.",
        ),
        Finding::ProxySilent {
            proxy,
            from_environment,
        } => told(
            format!("The proxy {} does not answer", quoted(proxy)),
            format!(
                "{}. It cannot be reached, or it waits for the server itself.",
                owner(*from_environment)
            ),
            "Check whether the proxy runs and can reach the server.",
        ),
        Finding::ProxyWantsLogin {
            proxy,
            has_login: false,
        } => told(
            format!("The proxy {} wants a name and a password", quoted(proxy)),
            "It answers 407, and the settings hold no login for it.",
            "Write them into the proxy's URL: http://name:password@host:port.",
        ),
        Finding::ProxyWantsLogin { proxy, .. } => told(
            format!("The proxy {} does not accept its login", quoted(proxy)),
            "It answers 407 although a name and a password are sent.",
            "Correct name and password in the proxy's URL; marks such as @ and : are written %40 and %3A there.",
        ),
        Finding::ProxyForbids { proxy, status } => told(
            format!(
                "The proxy {} does not let through to this server",
                quoted(proxy)
            ),
            match status {
                Some(status) => format!("It answers {status} to the wish for a tunnel."),
                None => "It ends the connection instead of opening a tunnel.".to_owned(),
            },
            "Ask whoever runs the proxy to allow this host and port, or exempt the host with no_proxy.",
        ),
        _ => plain(""),
    }
}
