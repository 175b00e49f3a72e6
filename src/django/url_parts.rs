//! URLs taken apart and put together the way Python's `urllib` does it, which static files depend on to the letter.

/// The five parts of a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct UrlParts {
    pub(super) scheme: String,
    pub(super) host: Option<String>,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) fragment: String,
}

impl UrlParts {
    /// Takes a URL apart. Line ends and tabs in it vanish.
    pub(super) fn split(url: &str) -> Self {
        let url: String = url
            .trim_start_matches(|letter: char| letter <= ' ')
            .chars()
            .filter(|letter| !['\t', '\r', '\n'].contains(letter))
            .collect();
        let mut parts = Self::default();
        let mut rest = url.as_str();
        if let Some((scheme, after)) = rest.split_once(':')
            && scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        {
            parts.scheme = scheme.to_ascii_lowercase();
            rest = after;
        }
        if let Some(after) = rest.strip_prefix("//") {
            let end = after.find(['/', '?', '#']).unwrap_or(after.len());
            parts.host = Some(after[..end].to_owned());
            rest = &after[end..];
        }
        if let Some((before, fragment)) = rest.split_once('#') {
            parts.fragment = fragment.to_owned();
            rest = before;
        }
        if let Some((before, query)) = rest.split_once('?') {
            parts.query = query.to_owned();
            rest = before;
        }
        parts.path = rest.to_owned();
        parts
    }

    /// Puts the parts together. Empty query and fragment leave no mark.
    pub(super) fn joined(&self) -> String {
        let mut url = String::new();
        if !self.scheme.is_empty() {
            url.push_str(&self.scheme);
            url.push(':');
        }
        let host = self.host.as_deref().unwrap_or_default();
        let has_host = !host.is_empty()
            || (["http", "https", "file", "ftp"].contains(&self.scheme.as_str())
                && !self.path.starts_with("//"));
        if has_host {
            url.push_str("//");
            url.push_str(host);
            if !self.path.is_empty() && !self.path.starts_with('/') {
                url.push('/');
            }
        }
        url.push_str(&self.path);
        for (mark, part) in [('?', &self.query), ('#', &self.fragment)] {
            if !part.is_empty() {
                url.push(mark);
                url.push_str(part);
            }
        }
        url
    }
}

/// A URL without its fragment, and the fragment.
pub(super) fn without_fragment(url: &str) -> (String, String) {
    if !url.contains('#') {
        return (url.to_owned(), String::new());
    }
    let mut parts = UrlParts::split(url);
    let fragment = std::mem::take(&mut parts.fragment);
    (parts.joined(), fragment)
}

/// Undoes percent signs; bytes that are no UTF-8 become replacement characters.
pub(super) fn unquoted(text: &str) -> String {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart_and_put_together() {
        for (url, joined) in [
            ("https://h/a b?x=1#f", "https://h/a b?x=1#f"),
            ("a/b.eot?#iefix", "a/b.eot#iefix"),
            ("HTTP://H/x", "http://H/x"),
            ("//h", "//h"),
            ("1:2", "1:2"),
            ("a\nb", "ab"),
        ] {
            assert_eq!(UrlParts::split(url).joined(), joined, "{url}");
        }
        assert_eq!(
            without_fragment("x.eot?#iefix"),
            ("x.eot".to_owned(), "iefix".to_owned())
        );
        assert_eq!(without_fragment("x?"), ("x?".to_owned(), String::new()));
        assert_eq!(unquoted("a%20b%C3%A9%zz%"), "a bé%zz%");
    }
}
