//! Works out Python expressions that need no running program: literals, names assigned before, text put together,
//! look-ups of the environment.
//!
//! It reads and works out in one pass. What it cannot work out stops with a [`Stop`] that knows line and reason;
//! nothing is guessed.

use std::collections::BTreeMap;

use super::lexer::{Piece, Token, TokenKind};
use super::lookup::Surroundings;
use super::stop::{Stop, Why};
use super::value::{Py, number};

/// Names that were assigned, with what became of them.
pub(super) type Names = BTreeMap<String, Result<Py, Stop>>;

/// What is being looked at: a value, or a dotted name that is none yet.
pub(super) enum Thing {
    Value(Py),
    Path(Vec<String>),
}

/// Deeper nesting than this is not worked out.
pub(super) const DEEPEST: usize = 40;

/// Works out the expression that the tokens hold, all of them.
pub(super) fn work_out(
    tokens: &[Token],
    names: &Names,
    around: &Surroundings<'_>,
) -> Result<Py, Stop> {
    let mut reader = Reader {
        tokens,
        at: 0,
        depth: 0,
        names,
        around,
    };
    let value = reader.tuple()?;
    if reader.at < tokens.len() {
        Err(reader.stop(Why::NeedsPython))
    } else {
        Ok(value)
    }
}

pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    pub(super) depth: usize,
    names: &'a Names,
    pub(super) around: &'a Surroundings<'a>,
}

/// Arguments of a call: those by position and those by name.
pub(super) type Arguments = (Vec<Py>, Vec<(String, Py)>);

impl Reader<'_> {
    pub(super) fn stop(&self, why: Why) -> Stop {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        Stop {
            line: token.map_or(1, |token| token.line),
            why,
        }
    }

    pub(super) fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    pub(super) fn take(&mut self, mark: &'static str) -> bool {
        let found = self.peek() == Some(&TokenKind::Mark(mark));
        self.at += usize::from(found);
        found
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(TokenKind::Name(name)) if name == word);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, mark: &'static str) -> Result<(), Stop> {
        if self.take(mark) {
            Ok(())
        } else {
            Err(self.stop(Why::Syntax))
        }
    }

    /// `a, b` without brackets is a tuple.
    fn tuple(&mut self) -> Result<Py, Stop> {
        let first = self.choice()?;
        if self.peek() != Some(&TokenKind::Mark(",")) {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.take(",") && self.at < self.tokens.len() {
            items.push(self.choice()?);
        }
        Ok(Py::Many(items))
    }

    /// What follows an atom: attributes, calls, subscripts.
    pub(super) fn trailers(&mut self, mut thing: Thing) -> Result<Py, Stop> {
        loop {
            if self.take(".") {
                let Some(TokenKind::Name(name)) = self.peek().cloned() else {
                    return Err(self.stop(Why::Syntax));
                };
                self.at += 1;
                thing = match thing {
                    Thing::Path(mut path) => {
                        path.push(name);
                        Thing::Path(path)
                    }
                    Thing::Value(value) => {
                        self.need("(")?;
                        let arguments = self.arguments()?;
                        Thing::Value(self.method(value, &name, arguments)?)
                    }
                };
            } else if self.take("(") {
                let Thing::Path(path) = thing else {
                    return Err(self.stop(Why::NeedsPython));
                };
                let line = self.stop(Why::Syntax).line;
                let arguments = self.arguments()?;
                thing = Thing::Value(
                    self.call(&path.join("."), arguments)
                        .map_err(|why| Stop { line, why })?,
                );
            } else if self.take("[") {
                let key = self.choice()?;
                self.need("]")?;
                thing = Thing::Value(self.subscript(thing, key)?);
            } else {
                return match thing {
                    Thing::Value(value) => Ok(value),
                    Thing::Path(path) => Err(self.unknown(&path)),
                };
            }
        }
    }

    fn unknown(&self, path: &[String]) -> Stop {
        match self.names.get(&path[0]) {
            Some(Err(stop)) => stop.clone(),
            _ => {
                // The name is already behind.
                let mut stop = self.stop(Why::UnknownName(path.join(".")));
                if let Some(token) = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)) {
                    stop.line = token.line;
                }
                stop
            }
        }
    }

    fn subscript(&self, thing: Thing, key: Py) -> Result<Py, Stop> {
        let not_there = || self.stop(Why::NeedsPython);
        match (thing, key) {
            (Thing::Path(path), Py::Text(name))
                if ["os.environ", "environ"].contains(&path.join(".").as_str()) =>
            {
                let found = self.around.get(&name).map(|text| Py::Text(text.to_owned()));
                found.ok_or_else(|| self.stop(Why::Unset(name)))
            }
            (Thing::Value(Py::Dict(pairs)), Py::Text(name)) => pairs
                .into_iter()
                .rev()
                .find(|(key, _)| *key == name)
                .ok_or_else(not_there)
                .and_then(|(_, value)| value.worked_out()),
            (Thing::Value(Py::Many(items)), Py::Int(index)) => usize::try_from(index)
                .ok()
                .and_then(|index| items.into_iter().nth(index))
                .ok_or_else(not_there),
            (Thing::Path(path), _) => Err(self.unknown(&path)),
            (Thing::Value(_), _) => Err(not_there()),
        }
    }

    /// Arguments up to the closing bracket.
    fn arguments(&mut self) -> Result<Arguments, Stop> {
        let mut by_place = Vec::new();
        let mut by_name = Vec::new();
        while !self.take(")") {
            let name = match (
                self.peek(),
                self.tokens.get(self.at + 1).map(|token| &token.kind),
            ) {
                (Some(TokenKind::Name(name)), Some(TokenKind::Mark("="))) => Some(name.clone()),
                _ => None,
            };
            match name {
                // What a text is turned into is known by its name only.
                Some(name) if name == "cast" => {
                    self.at += 2;
                    let cast = match self.peek() {
                        Some(TokenKind::Name(cast)) => cast.clone(),
                        _ => return Err(self.stop(Why::NeedsPython)),
                    };
                    self.at += 1;
                    by_name.push((name, Py::Text(cast)));
                }
                Some(name) => {
                    self.at += 2;
                    by_name.push((name, self.choice()?));
                }
                None => by_place.push(self.choice()?),
            }
            if !self.take(",") {
                self.need(")")?;
                break;
            }
        }
        Ok((by_place, by_name))
    }

    pub(super) fn atom(&mut self) -> Result<Thing, Stop> {
        let Some(kind) = self.peek().cloned() else {
            return Err(self.stop(Why::Syntax));
        };
        let here = self.stop(Why::NeedsPython);
        self.at += 1;
        let value = match kind {
            TokenKind::Name(name) => return Ok(self.name(name)),
            TokenKind::Number(text) => number(&text).ok_or(here)?,
            TokenKind::Text { bytes, pieces } => {
                let mut value = self.string(bytes, &pieces)?;
                while let Some(TokenKind::Text { bytes, pieces }) = self.peek().cloned() {
                    self.at += 1;
                    value = match (value, self.string(bytes, &pieces)?) {
                        (Py::Text(a), Py::Text(b)) => Py::Text(a + &b),
                        (Py::Bytes(a), Py::Bytes(b)) => Py::Bytes([a, b].concat()),
                        _ => return Err(here),
                    };
                }
                value
            }
            TokenKind::Mark("(") => self.parenthesis()?,
            TokenKind::Mark("[") => Py::Many(self.items("]")?),
            TokenKind::Mark("{") => self.braces()?,
            TokenKind::Mark(_) | TokenKind::Bad => {
                return Err(Stop {
                    why: Why::Syntax,
                    ..here
                });
            }
        };
        Ok(Thing::Value(value))
    }

    fn name(&self, name: String) -> Thing {
        match (name.as_str(), self.names.get(&name)) {
            ("None", _) => Thing::Value(Py::None),
            ("True", _) => Thing::Value(Py::Bool(true)),
            ("False", _) => Thing::Value(Py::Bool(false)),
            (_, Some(Ok(value))) => Thing::Value(value.clone()),
            _ => Thing::Path(vec![name]),
        }
    }

    fn string(&mut self, bytes: bool, pieces: &[Piece]) -> Result<Py, Stop> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Expression(source) => text.push_str(&self.embedded(source)?),
            }
        }
        if !bytes {
            return Ok(Py::Text(text));
        }
        let bytes: Option<Vec<u8>> = text
            .chars()
            .map(|letter| u8::try_from(letter as u32).ok())
            .collect();
        bytes.map(Py::Bytes).ok_or_else(|| self.stop(Why::Syntax))
    }

    /// An expression inside an f-string, without conversion and format.
    fn embedded(&self, source: &str) -> Result<String, Stop> {
        let lines = super::lexer::lines(source);
        let [line] = &lines[..] else {
            return Err(self.stop(Why::NeedsPython));
        };
        let mut inner = Reader {
            tokens: &line.tokens,
            at: 0,
            depth: self.depth + 1,
            names: self.names,
            around: self.around,
        };
        let value = inner.choice();
        let is_whole = inner.at == line.tokens.len();
        match value {
            Ok(value) if is_whole => value.spoken().ok_or_else(|| self.stop(Why::NeedsPython)),
            Ok(_) => Err(self.stop(Why::NeedsPython)),
            Err(stop) => Err(self.stop(stop.why)),
        }
    }

    /// `(a)`, `()`, `(a, b)`.
    fn parenthesis(&mut self) -> Result<Py, Stop> {
        if self.take(")") {
            return Ok(Py::Many(Vec::new()));
        }
        let first = self.choice()?;
        if self.take(")") {
            return Ok(first);
        }
        self.need(",")?;
        let mut items = vec![first];
        items.extend(self.items(")")?);
        Ok(Py::Many(items))
    }

    fn items(&mut self, end: &'static str) -> Result<Vec<Py>, Stop> {
        let mut items = Vec::new();
        while !self.take(end) {
            if self.take("*") {
                match self.choice()? {
                    Py::Many(more) => items.extend(more),
                    _ => return Err(self.stop(Why::NeedsPython)),
                }
            } else {
                items.push(self.choice()?);
            }
            if !self.take(",") {
                self.need_end(end)?;
                break;
            }
        }
        Ok(items)
    }

    /// A comprehension stands where the end is missing.
    fn need_end(&mut self, end: &'static str) -> Result<(), Stop> {
        let why = if self.peek_word("for") {
            Why::NeedsPython
        } else {
            Why::Syntax
        };
        if self.take(end) {
            Ok(())
        } else {
            Err(self.stop(why))
        }
    }

    /// A dictionary or a set.
    fn braces(&mut self) -> Result<Py, Stop> {
        let mut pairs = Vec::new();
        while !self.take("}") {
            if self.take("**") {
                match self.choice()? {
                    Py::Dict(more) => pairs.extend(more),
                    _ => return Err(self.stop(Why::NeedsPython)),
                }
            } else {
                let key = self.choice()?;
                if pairs.is_empty() && !self.take(":") {
                    return self.set(key);
                } else if !pairs.is_empty() {
                    self.need(":")?;
                }
                let Py::Text(key) = key else {
                    return Err(self.stop(Why::NeedsPython));
                };
                pairs.push((key, self.paired()?));
            }
            if !self.take(",") {
                self.need_end("}")?;
                break;
            }
        }
        Ok(Py::Dict(pairs))
    }

    /// The value behind a key. One that cannot be worked out leaves the others readable.
    fn paired(&mut self) -> Result<Py, Stop> {
        let (start, depth) = (self.at, self.depth);
        match self.choice() {
            Err(stop) if stop.why != Why::Syntax => {
                self.depth = depth;
                self.at = start;
                let mut open = 0_usize;
                while let Some(kind) = self.peek() {
                    match kind {
                        TokenKind::Mark("(" | "[" | "{") => open += 1,
                        TokenKind::Mark("," | "}") if open == 0 => break,
                        TokenKind::Mark(")" | "]" | "}") => open = open.saturating_sub(1),
                        _ => {}
                    }
                    self.at += 1;
                }
                Ok(Py::Stopped(Box::new(stop)))
            }
            other => other,
        }
    }

    fn set(&mut self, first: Py) -> Result<Py, Stop> {
        let mut items = vec![first];
        if self.take(",") {
            items.extend(self.items("}")?);
        } else {
            self.need_end("}")?;
        }
        Ok(Py::Many(items))
    }
}
