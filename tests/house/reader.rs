//! Reads Rust source as far as the rules need: code without comments and texts, and the paths it names.
//!
//! A small reader by hand instead of a parser crate: it has to know where names begin and end, nothing more.

/// Source without comments and without the insides of texts, so that only code is searched.
pub(crate) fn code_of(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let bytes: Vec<char> = source.chars().collect();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(&['/', '/']) {
            while at < bytes.len() && bytes[at] != '\n' {
                at += 1;
            }
        } else if rest.starts_with(&['/', '*']) {
            at += 2;
            while at < bytes.len() && !bytes[at..].starts_with(&['*', '/']) {
                at += 1;
            }
            at += 2;
        } else if let Some(end) = end_of_text(rest) {
            code.push('"');
            code.push('"');
            code.extend(rest[..end].iter().filter(|character| **character == '\n'));
            at += end;
        } else {
            code.push(bytes[at]);
            at += 1;
        }
    }
    code
}

/// The length of the text or character literal that begins here, if one does.
fn end_of_text(rest: &[char]) -> Option<usize> {
    match rest {
        ['\'', '\\', ..] => rest
            .iter()
            .skip(2)
            .position(|c| *c == '\'')
            .map(|end| end + 3),
        ['\'', _, '\'', ..] => Some(3),
        ['r', '"' | '#', ..] => {
            let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
            if rest.get(1 + hashes) != Some(&'"') {
                return None;
            }
            let body = 2 + hashes;
            let closes = |at: usize| {
                rest[at] == '"'
                    && rest[at + 1..]
                        .iter()
                        .take(hashes)
                        .filter(|c| **c == '#')
                        .count()
                        == hashes
            };
            (body..rest.len())
                .find(|at| closes(*at))
                .map(|at| at + 1 + hashes)
        }
        ['"', ..] => {
            let mut at = 1;
            while at < rest.len() && rest[at] != '"' {
                at += if rest[at] == '\\' { 2 } else { 1 };
            }
            Some(at + 1)
        }
        _ => None,
    }
}

/// Code without its `mod tests`, which may do what the layer must not, such as reading a clock.
pub(crate) fn without_tests(code: &str) -> &str {
    let mut from = 0;
    while let Some(at) = code[from..].find("#[cfg(test)]") {
        let after = code[from + at + "#[cfg(test)]".len()..].trim_start();
        if after.starts_with("mod ") || after.starts_with("#[") {
            return &code[..from + at];
        }
        from += at + 1;
    }
    code
}

pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Where `needle` stands in the code as a whole name.
pub(crate) fn positions(code: &str, needle: &str) -> Vec<usize> {
    code.match_indices(needle)
        .map(|(at, _)| at)
        .filter(|at| {
            let before = code[..*at].chars().next_back();
            let after = code[at + needle.len()..].chars().next();
            let open_end = needle.ends_with(['_', ' ']);
            !before.is_some_and(|c| is_word(c) && needle.starts_with(is_word))
                && (open_end || !after.is_some_and(|c| is_word(c) && needle.ends_with(is_word)))
        })
        .collect()
}

/// Where a crate, a path or a name is used. A lone lower-case word is a crate, so that a variable or a module of the
/// same name is none of it.
pub(crate) fn mentions(code: &str, needle: &str) -> Vec<usize> {
    let is_crate =
        needle.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !needle.ends_with('_');
    let mut found = positions(code, needle);
    if is_crate {
        found.retain(|at| {
            let path = code[at + needle.len()..].starts_with("::");
            let imported = code[..*at].ends_with("use ");
            let inside = code[..*at].ends_with("::") && !code[..*at].ends_with(" ::");
            (path || imported) && !inside
        });
    }
    found
}

pub(crate) fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// The paths inside the crate that the code names: `storage::link`, each with the place where it stands.
pub(crate) fn crate_paths(code: &str, depth: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in positions(code, "crate") {
        if let Some(rest) = code[at + "crate".len()..].strip_prefix("::") {
            found.extend(heads(rest).into_iter().map(|head| (at, head)));
        }
    }
    // `super::super::` may climb to the root of the crate as well.
    for at in positions(code, "super") {
        if code[..at].ends_with("super::") {
            continue;
        }
        let mut rest = &code[at..];
        let mut climbed = 0;
        while let Some(above) = rest.strip_prefix("super::") {
            rest = above;
            climbed += 1;
        }
        if climbed >= depth {
            found.extend(heads(rest).into_iter().map(|head| (at, head)));
        }
    }
    found
}

/// The first two names of a path, or of every path of a group: `{domain::Key, words}`.
fn heads(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else {
        let end = path
            .find(|c: char| !is_word(c) && c != ':')
            .unwrap_or(path.len());
        let names: Vec<_> = path[..end]
            .split("::")
            .filter(|name| !name.is_empty())
            .take(2)
            .collect();
        return vec![names.join("::")];
    };
    let mut depth = 0_usize;
    let mut members = vec![String::new()];
    for character in group.chars() {
        match character {
            '}' if depth == 0 => break,
            ',' if depth == 0 => members.push(String::new()),
            _ => {
                depth = match character {
                    '{' => depth + 1,
                    '}' => depth - 1,
                    _ => depth,
                };
                members.last_mut().unwrap().push(character);
            }
        }
    }
    members
        .iter()
        .map(|member| member.trim())
        .filter(|member| !member.is_empty())
        .flat_map(heads)
        .collect()
}

#[test]
fn the_reader_of_imports_sees_through_groups_texts_and_comments() {
    let code = code_of(concat!(
        "use crate::{domain::{Key, Prefix}, ui::kit};\n",
        "// crate::app is only mentioned\n",
        "fn f<'a>(x: &'a str) { let s = \"crate::state \\\" crate::app\"; let r = r#\"crate::app\"#; }\n",
        "use super::super::storage::Link; let c = '\"'; crate::catalog::Order;\n",
    ));
    let paths: Vec<_> = crate_paths(&code, 2)
        .into_iter()
        .map(|(_, path)| path)
        .collect();
    assert_eq!(
        paths,
        ["domain::", "ui::kit", "catalog::Order", "storage::Link"]
            .map(|path| path.trim_end_matches("::"))
    );
    assert!(
        positions("aws_config::x", "aws_").len() == 1
            && positions("laws_config", "aws_").is_empty()
    );
    let uses = "use rfd; rfd::x(); let rfd = 1; self::rfd::y(); use crate::rfd::Z; rfd.z()";
    assert_eq!(mentions(uses, "rfd").len(), 2);
    assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests {}"), "a\n");
}
