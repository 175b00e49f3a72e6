//! A proxy's address, and the password inside it: `http://user:password@host:port`.
//!
//! An address is kept as it was written; these functions find, take out and put in its password, so that it never shows
//! and never lies in a file. An address need not have a scheme, and whatever stands before the last `@` is taken for a
//! login, so that a password with signs that should have been escaped is found too.

use std::fmt::Write as _;
use std::ops::Range;

use http::Uri;

/// An address as botocore reads it: without `http:` or `https:` it gets `http://` in front.
#[must_use]
pub fn spelt_out(text: &str) -> String {
    if text.is_empty() || text.starts_with("http:") || text.starts_with("https:") {
        text.to_owned()
    } else {
        format!("http://{}", text.trim_start_matches('/'))
    }
}

/// True when an address, [spelt out](spelt_out), names a host, its port is a number, and its login stands before the host.
#[must_use]
pub fn is_address(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = uri.authority() else {
        return false;
    };
    let text = authority.as_str();
    let place = text.rsplit_once('@').map_or(text, |(_, place)| place);
    let port = place.strip_prefix(authority.host()).unwrap_or_default();
    let port = port.strip_prefix(':').unwrap_or_default();
    let numbered = port.is_empty() || authority.port_u16().is_some();
    let logins = url.matches('@').count() == text.matches('@').count();
    !authority.host().is_empty() && numbered && logins
}

/// The password as it stands in the address, escapes and all; `None` when there is none.
#[must_use]
pub fn password(address: &str) -> Option<&str> {
    address.get(place(address)?)
}

/// True when the address names a user, and so may have a password.
#[must_use]
pub fn has_user(address: &str) -> bool {
    address.contains('@')
}

/// The address without its password. The user stays.
#[must_use]
pub fn without_password(address: &str) -> String {
    let mut bare = address.to_owned();
    if let Some(place) = place(address) {
        // With the colon before it.
        bare.replace_range(place.start - 1..place.end, "");
    }
    bare
}

/// The address with this password, escaped already, in place of its own; `None` when it names no user.
#[must_use]
pub fn with_password(address: &str, escaped: &str) -> Option<String> {
    let mut whole = without_password(address);
    let at = whole.rfind('@')?;
    if !escaped.is_empty() {
        // A colon without a password may stand there.
        let has_colon = whole[..at].ends_with(':');
        whole.insert_str(at, escaped);
        if !has_colon {
            whole.insert(at, ':');
        }
    }
    Some(whole)
}

/// A password as it is typed, from the form that it has in an address.
#[must_use]
pub fn unescaped(escaped: &str) -> String {
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let pair = behind
            .get(..2)
            .and_then(|two| std::str::from_utf8(two).ok());
        match pair.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| escaped.to_owned())
}

/// A password as it stands in an address.
#[must_use]
pub fn escaped(password: &str) -> String {
    let mut text = String::with_capacity(password.len());
    for byte in password.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let written = write!(text, "%{byte:02X}");
            debug_assert!(written.is_ok());
        }
    }
    text
}

/// Where the password stands. It is never empty.
fn place(address: &str) -> Option<Range<usize>> {
    let start = address.find("//").map_or(0, |at| at + 2);
    let end = address.rfind('@').filter(|at| *at >= start)?;
    let colon = start + address[start..end].find(':')?;
    (colon + 1 < end).then_some(colon + 1..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_found_taken_out_and_put_back() {
        for (address, secret, bare) in [
            (
                "http://me:pw@proxy:3128",
                Some("pw"),
                "http://me@proxy:3128",
            ),
            ("me:p%40w@proxy", Some("p%40w"), "me@proxy"),
            ("//me:p:w@proxy", Some("p:w"), "//me@proxy"),
            (
                "http://me:a/b@c@proxy:1",
                Some("a/b@c"),
                "http://me@proxy:1",
            ),
            ("https://:pw@proxy", Some("pw"), "https://@proxy"),
            ("http://me@proxy:3128", None, "http://me@proxy:3128"),
            ("http://me:@proxy", None, "http://me:@proxy"),
            ("http://proxy:3128", None, "http://proxy:3128"),
            ("proxy:3128", None, "proxy:3128"),
            ("", None, ""),
        ] {
            assert_eq!(password(address), secret, "{address}");
            assert_eq!(without_password(address), bare, "{address}");
            if let Some(secret) = secret {
                assert_eq!(with_password(bare, secret).as_deref(), Some(address));
                assert_eq!(with_password(address, secret).as_deref(), Some(address));
            }
        }
        assert_eq!(with_password("http://proxy", "pw"), None);
        assert_eq!(
            with_password("me:@proxy", "pw").as_deref(),
            Some("me:pw@proxy")
        );
        assert_eq!(
            with_password("me:old@proxy", "").as_deref(),
            Some("me@proxy")
        );
    }

    #[test]
    fn what_is_typed_comes_back() {
        for typed in ["pw", "p@:/w %40", "Grüße", "100%"] {
            assert_eq!(unescaped(&escaped(typed)), typed);
        }
        assert_eq!(escaped("p@w"), "p%40w");
        assert_eq!(unescaped("100%"), "100%");
    }
}
