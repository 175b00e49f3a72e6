//! Goes through the statements of a settings file: assignments at the top, in blocks that may or may not be taken, and
//! in the bodies of storage classes. Nothing is run; a condition counts as true, and that is reported.

use std::collections::BTreeMap;

use super::lexer::{Line, Token, TokenKind};
use super::lookup::Surroundings;
use super::python::{Names, work_out};
use super::stop::{Stop, Why};
use super::value::Py;
use crate::settings::{Remark, RemarkReason};

/// A value and the line of its assignment.
pub(super) type Assigned = (usize, Result<Py, Stop>);

/// What the statements assign.
#[derive(Default)]
pub(super) struct Statements {
    /// Names at the top.
    pub names: BTreeMap<String, Assigned>,
    /// Classes in the order of the text.
    pub classes: Vec<Class>,
    /// What could not be taken as it stands.
    pub remarks: Vec<Remark>,
}

/// A class with what its body assigns.
pub(super) struct Class {
    pub name: String,
    /// The last part of the first base's name.
    pub base: String,
    /// In the order of the text.
    pub attributes: Vec<(String, Assigned)>,
}

enum Block {
    /// Functions and loops: nothing in them is a setting.
    Skipped,
    /// The first branch of a condition.
    Taken,
    /// Another branch: only names that have no value yet.
    Other,
    /// Body of the class with this number.
    Class(usize),
}

/// Goes through all lines.
pub(super) fn go_through(lines: &[Line], around: &Surroundings<'_>) -> Statements {
    let mut statements = Statements::default();
    let mut names = Names::new();
    let mut blocks: Vec<(usize, usize, Block)> = Vec::new();
    for line in lines {
        while blocks
            .last()
            .is_some_and(|(indent, ..)| *indent >= line.indent)
        {
            blocks.pop();
        }
        if blocks
            .iter()
            .any(|(.., block)| matches!(block, Block::Skipped))
        {
            continue;
        }
        if let Some(block) = statements.block(line) {
            blocks.push((line.indent, line.tokens[0].line, block));
            continue;
        }
        let Some((targets, expression)) = assignment(&line.tokens) else {
            statements.change(&line.tokens);
            continue;
        };
        let at = line.tokens[0].line;
        let value = work_out(expression, &names, around);
        let class = blocks.iter().rev().find_map(|(.., block)| match block {
            Block::Class(number) => Some(*number),
            _ => None,
        });
        let condition = blocks
            .iter()
            .rev()
            .find(|(.., block)| matches!(block, Block::Taken | Block::Other));
        let is_other = condition.is_some_and(|(.., block)| matches!(block, Block::Other));
        for target in targets {
            if let Some(class) = class {
                statements.classes[class]
                    .attributes
                    .push((target, (at, value.clone())));
                continue;
            }
            if is_other && matches!(names.get(&target), Some(Ok(_))) {
                continue;
            }
            if let Some((_, line, _)) = condition
                && is_setting(&target)
            {
                let reason = RemarkReason::Condition { line: *line };
                statements.remarks.push(Remark {
                    line: at,
                    name: target.clone(),
                    reason,
                });
            }
            names.insert(target.clone(), value.clone());
            statements.names.insert(target, (at, value.clone()));
        }
    }
    statements
}

/// Names that are worth a remark.
pub(super) fn is_setting(name: &str) -> bool {
    name.starts_with("AWS_")
        || [
            "STORAGES",
            "DEFAULT_FILE_STORAGE",
            "STATICFILES_STORAGE",
            "GZIP_CONTENT_TYPES",
        ]
        .contains(&name)
}

impl Statements {
    /// The block that a line opens, if it opens one.
    fn block(&mut self, line: &Line) -> Option<Block> {
        let TokenKind::Name(word) = &line.tokens[0].kind else {
            return None;
        };
        match word.as_str() {
            "class" => {
                let base = base_of(&line.tokens);
                let Some(TokenKind::Name(name)) = line.tokens.get(1).map(|token| &token.kind)
                else {
                    return Some(Block::Skipped);
                };
                self.classes.push(Class {
                    name: name.clone(),
                    base,
                    attributes: Vec::new(),
                });
                Some(Block::Class(self.classes.len() - 1))
            }
            "def" | "async" | "for" | "while" | "except" => Some(Block::Skipped),
            "if" | "try" | "with" | "match" | "case" if ends_with_colon(&line.tokens) => {
                Some(Block::Taken)
            }
            "elif" | "else" | "finally" if ends_with_colon(&line.tokens) => Some(Block::Other),
            _ => None,
        }
    }

    /// A setting that is changed after it was made: `STORAGES["default"] = …`, `AWS_X += …`, `if x: AWS_X = 1`.
    fn change(&mut self, tokens: &[Token]) {
        let changes = tokens.iter().any(|token| {
            matches!(token.kind, TokenKind::Mark("=" | "+=" | "|=" | "("))
                || token.kind == TokenKind::Bad
        });
        let imports =
            matches!(&tokens[0].kind, TokenKind::Name(word) if word == "import" || word == "from");
        let named = tokens.iter().find_map(|token| match &token.kind {
            TokenKind::Name(name) if is_setting(name) => Some((token.line, name.clone())),
            _ => None,
        });
        if let Some((line, name)) = named.filter(|_| changes && !imports) {
            self.remarks.push(Remark {
                line,
                name,
                reason: RemarkReason::NeedsPython,
            });
        }
    }
}

fn ends_with_colon(tokens: &[Token]) -> bool {
    tokens
        .last()
        .is_some_and(|token| token.kind == TokenKind::Mark(":"))
}

/// The last name before the first comma inside the brackets.
fn base_of(tokens: &[Token]) -> String {
    tokens
        .iter()
        .skip(2)
        .take_while(|token| !matches!(token.kind, TokenKind::Mark("," | ")" | "=")))
        .filter_map(|token| match &token.kind {
            TokenKind::Name(name) => Some(name.clone()),
            _ => None,
        })
        .last()
        .unwrap_or_default()
}

/// Targets and expression of `A = …`, `A: type = …`, `A = B = …`.
fn assignment(tokens: &[Token]) -> Option<(Vec<String>, &[Token])> {
    let mut targets = Vec::new();
    let mut rest = tokens;
    while let [
        Token {
            kind: TokenKind::Name(name),
            ..
        },
        after @ ..,
    ] = rest
    {
        let after = match after {
            [
                Token {
                    kind: TokenKind::Mark(":"),
                    ..
                },
                annotated @ ..,
            ] if targets.is_empty() => {
                let at = annotated
                    .iter()
                    .position(|token| token.kind == TokenKind::Mark("="))?;
                &annotated[at..]
            }
            after => after,
        };
        let [
            Token {
                kind: TokenKind::Mark("="),
                ..
            },
            value @ ..,
        ] = after
        else {
            break;
        };
        targets.push(name.clone());
        rest = value;
    }
    (!targets.is_empty() && !rest.is_empty()).then_some((targets, rest))
}

/// Whether an unresolved name is the environment's, and its words.
pub(super) fn unset_variable(stop: &Stop) -> Option<&str> {
    match &stop.why {
        Why::Unset(name) => Some(name),
        Why::UnknownName(_) | Why::NeedsPython | Why::Syntax => None,
    }
}
