//! Operators of expressions, from the loosest to the tightest: choice, or, and, not, comparison, sum, product, sign.

use super::lexer::TokenKind;
use super::python::{DEEPEST, Reader};
use super::stop::{Stop, Why};
use super::value::Py;

impl Reader<'_> {
    /// `a if b else c`.
    pub(super) fn choice(&mut self) -> Result<Py, Stop> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.stop(Why::NeedsPython));
        }
        let value = self.either();
        // The condition may be known although the first branch is not.
        let result = match (value, self.peek_word("if")) {
            (value, false) => value,
            (Err(stop), true) => Err(stop),
            (Ok(value), true) => {
                self.at += 1;
                let condition = self.either()?;
                if !self.take_word("else") {
                    return Err(self.stop(Why::NeedsPython));
                }
                let other = self.choice()?;
                Ok(if condition.is_true() { value } else { other })
            }
        };
        self.depth -= 1;
        result
    }

    pub(super) fn peek_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(TokenKind::Name(name)) if name == word)
    }

    /// `a or b`.
    fn either(&mut self) -> Result<Py, Stop> {
        let mut value = self.both()?;
        while self.take_word("or") {
            let other = self.both()?;
            if !value.is_true() {
                value = other;
            }
        }
        Ok(value)
    }

    /// `a and b`.
    fn both(&mut self) -> Result<Py, Stop> {
        let mut value = self.negation()?;
        while self.take_word("and") {
            let other = self.negation()?;
            if value.is_true() {
                value = other;
            }
        }
        Ok(value)
    }

    fn negation(&mut self) -> Result<Py, Stop> {
        let mut turned = false;
        let mut any = false;
        while self.take_word("not") {
            turned = !turned;
            any = true;
        }
        let value = self.comparison()?;
        Ok(if any {
            Py::Bool(value.is_true() != turned)
        } else {
            value
        })
    }

    /// `a == b`, `a != b`, `a in b`; settings compare texts of the environment so.
    fn comparison(&mut self) -> Result<Py, Stop> {
        let left = self.sum()?;
        if self.take("==") {
            return Ok(Py::Bool(left == self.sum()?));
        }
        if self.take("!=") {
            return Ok(Py::Bool(left != self.sum()?));
        }
        if self.take_word("in") {
            return match self.sum()? {
                Py::Many(items) => Ok(Py::Bool(items.contains(&left))),
                _ => Err(self.stop(Why::NeedsPython)),
            };
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Py, Stop> {
        let mut left = self.product()?;
        loop {
            let sign = if self.take("+") {
                "+"
            } else if self.take("-") {
                "-"
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = match (left, sign, right) {
                (Py::Int(a), "+", Py::Int(b)) => self.number(a.checked_add(b))?,
                (Py::Int(a), "-", Py::Int(b)) => self.number(a.checked_sub(b))?,
                (Py::Text(a), "+", Py::Text(b)) => Py::Text(a + &b),
                (Py::Many(mut a), "+", Py::Many(b)) => {
                    a.extend(b);
                    Py::Many(a)
                }
                _ => return Err(self.stop(Why::NeedsPython)),
            };
        }
    }

    fn product(&mut self) -> Result<Py, Stop> {
        let mut left = self.signed()?;
        loop {
            if self.take("*") {
                left = match (left, self.signed()?) {
                    (Py::Int(a), Py::Int(b)) => self.number(a.checked_mul(b))?,
                    _ => return Err(self.stop(Why::NeedsPython)),
                };
            } else if self.take("//") {
                left = match (left, self.signed()?) {
                    (Py::Int(a), Py::Int(b)) if b > 0 => self.number(a.checked_div_euclid(b))?,
                    _ => return Err(self.stop(Why::NeedsPython)),
                };
            } else if self.take("%") {
                let right = self.signed()?;
                left = self.percent(left, right)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn number(&self, number: Option<i64>) -> Result<Py, Stop> {
        number
            .map(Py::Int)
            .ok_or_else(|| self.stop(Why::NeedsPython))
    }

    /// `"%s.s3.amazonaws.com" % BUCKET`.
    fn percent(&self, left: Py, right: Py) -> Result<Py, Stop> {
        let Py::Text(format) = left else {
            return Err(self.stop(Why::NeedsPython));
        };
        let values = match right {
            Py::Many(values) => values,
            value => vec![value],
        };
        let mut parts = format.split("%s");
        let mut text = parts.next().unwrap_or_default().to_owned();
        let mut values = values.into_iter();
        for part in parts {
            let value = values
                .next()
                .and_then(Py::spoken)
                .ok_or_else(|| self.stop(Why::NeedsPython))?;
            text.push_str(&value);
            text.push_str(part);
        }
        if values.next().is_some() || text.contains('%') {
            return Err(self.stop(Why::NeedsPython));
        }
        Ok(Py::Text(text))
    }

    fn signed(&mut self) -> Result<Py, Stop> {
        if self.take("-") {
            return match self.signed_again()? {
                Py::Int(number) => self.number(number.checked_neg()),
                Py::Float(number) => Ok(Py::Float(-number)),
                _ => Err(self.stop(Why::NeedsPython)),
            };
        }
        let thing = self.atom()?;
        self.trailers(thing)
    }

    fn signed_again(&mut self) -> Result<Py, Stop> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.stop(Why::NeedsPython));
        }
        let value = self.signed();
        self.depth -= 1;
        value
    }
}
