//! Proxies of the environment, as Python finds them, decided once for the host that the client talks to.
//!
//! Variables are `http_proxy`, `https_proxy` and so on in any letter case, lower case first. `no_proxy` lists hosts
//! and domains; a star stands for all.

use std::collections::BTreeMap;

use super::environment::Environment;

/// The proxies for a client whose endpoint has this host, with its port if it has one; empty when `no_proxy` names
/// it.
#[must_use]
pub fn of_environment(environment: &Environment, host_and_port: &str) -> Vec<(String, String)> {
    let mut proxies: BTreeMap<String, &str> = BTreeMap::new();
    // Upper case first, so that lower case replaces it, and an empty lower-case variable takes it away.
    for is_lower_turn in [false, true] {
        for (name, value) in environment.variables() {
            let lower = name.to_ascii_lowercase();
            let Some(scheme) = lower
                .strip_suffix("_proxy")
                .filter(|scheme| !scheme.is_empty())
            else {
                continue;
            };
            let is_lower = name.ends_with("_proxy");
            if is_lower != is_lower_turn {
                continue;
            }
            if !value.is_empty() {
                proxies.insert(scheme.to_owned(), value);
            } else if is_lower {
                proxies.remove(scheme);
            }
        }
    }
    // A program started by a web server must not take the visitor's header for a setting.
    if environment.get("REQUEST_METHOD").is_some() {
        proxies.remove("http");
        if let Some(value) = environment.found("http_proxy") {
            proxies.insert("http".to_owned(), value);
        }
    }
    let skipped = proxies
        .get("no")
        .is_some_and(|list| is_listed(list, host_and_port));
    if skipped {
        return Vec::new();
    }
    // Only those of `http` and `https` are ever used.
    proxies
        .into_iter()
        .map(|(scheme, proxy)| (scheme, proxy.to_owned()))
        .collect()
}

fn is_listed(list: &str, host_and_port: &str) -> bool {
    if list == "*" {
        return true;
    }
    let full = host_and_port.to_ascii_lowercase();
    let host = match full.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host.to_owned(),
        _ => full.clone(),
    };
    list.split(',')
        .map(|entry| entry.trim().to_ascii_lowercase())
        .any(|entry| {
            let domain = entry.trim_start_matches('.');
            let ends = |name: &str| {
                name == domain
                    || name
                        .strip_suffix(domain)
                        .is_some_and(|head| head.ends_with('.'))
            };
            !domain.is_empty() && (ends(&host) || ends(&full))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)], host: &str) -> Vec<(String, String)> {
        of_environment(&Environment::of(variables.iter().copied()), host)
    }

    #[test]
    fn lower_case_comes_first_and_an_empty_one_takes_away() {
        let proxies = found(
            &[
                ("HTTPS_PROXY", "upper:1"),
                ("https_proxy", "lower:1"),
                ("ALL_PROXY", "a"),
            ],
            "x",
        );
        let pair = |scheme: &str, proxy: &str| (scheme.to_owned(), proxy.to_owned());
        assert_eq!(proxies, [pair("all", "a"), pair("https", "lower:1")]);
        assert_eq!(
            found(&[("HTTPS_PROXY", "upper:1"), ("https_proxy", "")], "x"),
            []
        );
        assert_eq!(
            found(&[("HTTP_PROXY", "h:1"), ("REQUEST_METHOD", "GET")], "x"),
            []
        );
    }

    #[test]
    fn hosts_of_no_proxy_are_left_out() {
        for (list, host, skipped) in [
            ("*", "s3.amazonaws.com", true),
            ("localhost, .amazonaws.com", "s3.amazonaws.com", true),
            ("amazonaws.com", "s3.amazonaws.com", true),
            ("amazonaws.com", "notamazonaws.com", false),
            ("127.0.0.1", "127.0.0.1:9000", true),
            ("127.0.0.1:9000", "127.0.0.1:9000", true),
            ("127.0.0.1:9001", "127.0.0.1:9000", false),
            ("", "x", false),
        ] {
            let proxies = found(&[("http_proxy", "p:1"), ("no_proxy", list)], host);
            assert_eq!(proxies.is_empty(), skipped, "{list} {host}");
        }
    }
}
