//! Where stylesheets and scripts speak of other files, and how they are rewritten.
//!
//! Three patterns for stylesheets, applied one after the other: `url(…)`, `@import "…"` and the source map at the end
//! of a line; one for scripts, their source map. Letters of `url` and `@import` count in any case.

/// One place where a file speaks of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// Where the place begins and ends.
    pub(super) start: usize,
    pub(super) end: usize,
    /// What stays when the place is not rewritten.
    pub(super) kept: String,
    /// The URL in it.
    pub(super) url: String,
}

/// One way to speak of another file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// `url(x)`, `url('x')`, `url("x")`.
    Url,
    /// `@import "x"`.
    Import,
    /// `/*# sourceMappingURL=x */`, alone in its line.
    StyleMap,
    /// `//# sourceMappingURL=x`, alone in its line.
    ScriptMap,
}

impl Pattern {
    /// The patterns for a file, by its ending.
    pub(super) fn of_file(name: &str) -> &'static [Self] {
        if name.ends_with(".css") {
            &[Self::Url, Self::Import, Self::StyleMap]
        } else if name.ends_with(".js") {
            &[Self::ScriptMap]
        } else {
            &[]
        }
    }

    /// All places in a text, from its beginning, none within another.
    pub(super) fn find(self, text: &str) -> Vec<Reference> {
        match self {
            Self::Url => found(text, url_at),
            Self::Import => found(text, import_at),
            Self::StyleMap => lines(text, style_map),
            Self::ScriptMap => lines(text, script_map),
        }
    }

    /// The place written anew.
    pub(super) fn written(self, url: &str) -> String {
        match self {
            Self::Url => format!("url(\"{url}\")"),
            Self::Import => format!("@import url(\"{url}\")"),
            Self::StyleMap => format!("/*# sourceMappingURL={url} */"),
            Self::ScriptMap => format!("//# sourceMappingURL={url}"),
        }
    }
}

fn found(text: &str, at: fn(&str) -> Option<(usize, String)>) -> Vec<Reference> {
    let mut references = Vec::new();
    let mut start = 0;
    while start < text.len() {
        match at(&text[start..]) {
            Some((length, url)) => {
                let end = start + length;
                references.push(Reference {
                    start,
                    end,
                    kept: text[start..end].to_owned(),
                    url,
                });
                start = end;
            }
            None => {
                start += text[start..].chars().next().map_or(1, char::len_utf8);
            }
        }
    }
    references
}

fn strip_prefix_in_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

/// Length and URL of a `url(…)` that begins here.
fn url_at(text: &str) -> Option<(usize, String)> {
    let inside = strip_prefix_in_any_case(text, "url(")?;
    let inside = inside.strip_prefix(['\'', '"']).unwrap_or(inside);
    let inside = inside.trim_start();
    let (url, rest) = inside.split_once(')')?;
    if url.contains('\n') {
        return None;
    }
    // The shortest URL ends before a quote that stands right before the bracket.
    let bare = url.strip_suffix(['\'', '"']).unwrap_or(url);
    Some((text.len() - rest.len(), bare.to_owned()))
}

/// Length and URL of an `@import "…"` that begins here.
fn import_at(text: &str) -> Option<(usize, String)> {
    let inside = strip_prefix_in_any_case(text, "@import")?.trim_start();
    let inside = inside.strip_prefix(['\'', '"'])?.trim_start();
    let end = inside.find(['\'', '"'])?;
    let (url, rest) = inside.split_at(end);
    if url.contains('\n') {
        return None;
    }
    Some((text.len() - rest.len() + 1, url.to_owned()))
}

/// Places that are a whole line; nothing stays of one that is not rewritten.
fn lines(text: &str, url_in: fn(&str) -> Option<String>) -> Vec<Reference> {
    let mut start = 0;
    let mut references = Vec::new();
    for line in text.split('\n') {
        let end = start + line.len();
        references.extend(url_in(line).map(|url| Reference {
            start,
            end,
            kept: String::new(),
            url,
        }));
        start = end + 1;
    }
    references
}

fn style_map(line: &str) -> Option<String> {
    let inside = line
        .strip_prefix("/*#")?
        .strip_prefix([' ', '\t'])?
        .strip_prefix("sourceMappingURL=")?;
    Some(inside.strip_suffix("*/")?.to_owned())
}

fn script_map(line: &str) -> Option<String> {
    Some(line.strip_prefix("//# sourceMappingURL=")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found() {
        let css = "a{b:url( 'x y.png' )}\n@IMPORT\n \"b.css\";\n.c{d:URL(e.svg#f)} url(\"\")\n/*# sourceMappingURL=a.css.map */";
        let urls = |pattern: Pattern| -> Vec<String> {
            pattern.find(css).into_iter().map(|one| one.url).collect()
        };
        assert_eq!(urls(Pattern::Url), ["'x y.png' ", "e.svg#f", ""]);
        assert_eq!(urls(Pattern::Import), ["b.css"]);
        assert_eq!(urls(Pattern::StyleMap), ["a.css.map "]);
        let first = &Pattern::Url.find("é url('a.png')x")[0];
        assert_eq!((first.start, first.end), (3, 15));
        assert_eq!(first.kept, "url('a.png')");
        assert_eq!(first.url, "a.png");
        assert!(Pattern::Url.find("url(a\n)").is_empty());
        assert_eq!(
            Pattern::ScriptMap.find("x\n//# sourceMappingURL=a.js.map")[0].url,
            "a.js.map"
        );
        assert!(Pattern::of_file("a.png").is_empty());
    }
}
