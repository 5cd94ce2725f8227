//! The statements of a rockspec: a file of Lua that assigns global variables. Expressions are passed over, never evaluated.

use std::ops::Range;

use crate::message::{Message, message};
use crate::project::edit::EditRefusal;
use crate::project::lua_source::{LuaSource, LuaTokenKind};

/// What starts a block that `end` or `until` closes. `while` and `for` have a `do`.
const OPENERS: [&str; 4] = ["function", "if", "do", "repeat"];

/// Words that start no expression.
const KEYWORDS: [&str; 18] = [
    "and", "break", "do", "else", "elseif", "end", "for", "goto", "if", "in", "local", "or",
    "repeat", "return", "then", "until", "while", "function",
];

const BINARY: [&str; 21] = [
    "+", "-", "*", "/", "//", "%", "^", "..", "<", ">", "<=", ">=", "==", "~=", "and", "or", "&",
    "|", "~", "<<", ">>",
];

/// The assignment of one global variable at the top of the file: its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    /// The variable's name.
    pub(super) name: usize,
    /// Its value.
    pub(super) value: Range<usize>,
}

/// The assignments of a rockspec, and the tokens that are another kind of use of `variable`.
#[derive(Debug, Default)]
pub(super) struct RockspecStatements {
    pub(super) assignments: Vec<Assignment>,
    /// Assignments of the variable that are not plain: in a block, together with others, of a local variable.
    pub(super) others: Vec<usize>,
}

struct StatementReader<'a> {
    source: &'a LuaSource<'a>,
    /// The variable whose assignments count.
    variable: &'a str,
    at: usize,
    found: RockspecStatements,
}

/// Reads the statements of `source`, of which those that assign `variable` are looked at closely.
///
/// # Errors
/// The line that is no statement of Lua.
pub(super) fn read(source: &LuaSource, variable: &str) -> Result<RockspecStatements, EditRefusal> {
    let mut reader = StatementReader {
        source,
        variable,
        at: 0,
        found: RockspecStatements::default(),
    };
    while reader.at < source.tokens.len() {
        reader.statement()?;
    }
    Ok(reader.found)
}

impl StatementReader<'_> {
    fn is(&self, symbol: &str) -> bool {
        self.source.is(self.at, symbol)
    }

    fn skip(&mut self, symbol: &str) -> bool {
        let is = self.is(symbol);
        self.at += usize::from(is);
        is
    }

    fn refuse<T>(&self, reason: Message) -> Result<T, EditRefusal> {
        Err(EditRefusal::unparsable(self.source.line(self.at), reason))
    }

    fn is_name(&self) -> bool {
        let token = self.source.tokens.get(self.at);
        token.is_some_and(|it| it.kind == LuaTokenKind::Word)
            && !KEYWORDS.contains(&self.source.word(self.at))
    }

    fn is_variable(&self, index: usize) -> bool {
        self.source.is(index, self.variable)
    }

    fn statement(&mut self) -> Result<(), EditRefusal> {
        let start = self.at;
        let word = self.source.word(start);
        if self.skip(";") {
            return Ok(());
        }
        if self.skip("return") {
            return self.expressions();
        }
        if self.skip("local") {
            if !self.is("function") {
                return self.local_variables();
            }
            return self.block();
        }
        if self.source.value(start).is_none()
            && (OPENERS.contains(&word) || ["while", "for"].contains(&word))
        {
            return self.block();
        }
        if !self.is_name() && !self.is("(") {
            return self.refuse(message!("project-lua-syntax"));
        }
        self.assignment_or_call()
    }

    /// `local a, b = 1, 2`, with attributes.
    fn local_variables(&mut self) -> Result<(), EditRefusal> {
        loop {
            if !self.is_name() {
                return self.refuse(message!("project-lua-syntax"));
            }
            if self.is_variable(self.at) {
                self.found.others.push(self.at);
            }
            self.at += 1;
            if self.skip("<") {
                self.at += 1;
                self.skip(">");
            }
            if !self.skip(",") {
                break;
            }
        }
        if self.skip("=") {
            return self.expressions();
        }
        Ok(())
    }

    fn assignment_or_call(&mut self) -> Result<(), EditRefusal> {
        let start = self.at;
        self.operand()?;
        let is_bare = self.at == start + 1;
        let mut targets = vec![(start, is_bare)];
        while self.skip(",") {
            let start = self.at;
            self.operand()?;
            targets.push((start, self.at == start + 1));
        }
        if !self.skip("=") {
            let is_call = targets.len() == 1 && !is_bare;
            return match is_call {
                true => Ok(()),
                false => self.refuse(message!("project-lua-syntax")),
            };
        }
        let value = self.at;
        self.expression()?;
        let end = self.at;
        let is_plain = targets.len() == 1 && is_bare && !self.is(",");
        if is_plain {
            self.found.assignments.push(Assignment {
                name: start,
                value: value..end,
            });
        } else {
            // `dependencies.platforms = …` adds to the table.
            let bare = targets.into_iter().filter(|(_, is_bare)| *is_bare);
            let mut ours = bare.filter(|(at, _)| self.is_variable(*at));
            let first = ours.next().map(|(at, _)| at);
            self.found.others.extend(first);
        }
        while self.skip(",") {
            self.expression()?;
        }
        Ok(())
    }

    fn expressions(&mut self) -> Result<(), EditRefusal> {
        if self.at >= self.source.tokens.len() || self.is(";") {
            return Ok(());
        }
        self.expression()?;
        while self.skip(",") {
            self.expression()?;
        }
        Ok(())
    }

    fn expression(&mut self) -> Result<(), EditRefusal> {
        loop {
            while self.skip("not") || self.skip("-") || self.skip("#") || self.skip("~") {}
            self.operand()?;
            let is_binary =
                self.source.value(self.at).is_none() && BINARY.contains(&self.source.word(self.at));
            if !is_binary {
                return Ok(());
            }
            self.at += 1;
        }
    }

    fn operand(&mut self) -> Result<(), EditRefusal> {
        let kind = self.source.tokens.get(self.at).map(|it| &it.kind);
        match kind {
            Some(LuaTokenKind::Text(_) | LuaTokenKind::Number) => {
                self.at += 1;
                return Ok(());
            }
            Some(LuaTokenKind::Symbol) if self.is("{") => return self.balanced(),
            Some(LuaTokenKind::Symbol) if self.is("...") => {
                self.at += 1;
                return Ok(());
            }
            Some(LuaTokenKind::Symbol) if self.is("(") => self.balanced()?,
            Some(LuaTokenKind::Word) if self.is("function") => return self.block(),
            Some(LuaTokenKind::Word) if self.is_name() => self.at += 1,
            Some(LuaTokenKind::Word | LuaTokenKind::Symbol) | None => {
                return self.refuse(message!("project-lua-syntax"));
            }
        }
        // What follows a name: fields, indices, and calls.
        loop {
            if self.skip(".") || self.skip(":") {
                if !self.is_name() {
                    return self.refuse(message!("project-lua-syntax"));
                }
                self.at += 1;
            } else if self.is("(") || self.is("[") || self.is("{") {
                self.balanced()?;
            } else if self.source.value(self.at).is_some() {
                self.at += 1;
            } else {
                return Ok(());
            }
        }
    }

    /// Passes over the bracket that is next, up to the one that closes it.
    fn balanced(&mut self) -> Result<(), EditRefusal> {
        let start = self.at;
        let mut open = Vec::new();
        loop {
            let close = match self.source.word(self.at) {
                _ if self.source.value(self.at).is_some() => "",
                "" => return self.unclosed(start),
                "(" => ")",
                "[" => "]",
                "{" => "}",
                word @ (")" | "]" | "}") => {
                    if open.pop() != Some(word) {
                        return self.refuse(message!("project-lua-syntax"));
                    }
                    ""
                }
                _ => "",
            };
            if !close.is_empty() {
                open.push(close);
            }
            self.at += 1;
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    /// Passes over the block that the next word starts, up to its `end` or the condition behind `until`.
    fn block(&mut self) -> Result<(), EditRefusal> {
        let start = self.at;
        let mut open = 0_usize;
        let mut has_started = false;
        loop {
            let word = self.source.word(self.at);
            let is_text = self.source.value(self.at).is_some();
            if word.is_empty() && !is_text {
                return self.unclosed(start);
            }
            if !is_text && OPENERS.contains(&word) {
                open += 1;
                has_started = true;
            }
            let is_target = self.is_variable(self.at)
                && self.source.is(self.at + 1, "=")
                && !self.source.is(self.at.wrapping_sub(1), ".");
            if is_target {
                self.found.others.push(self.at);
            }
            let closes = !is_text && ["end", "until"].contains(&word);
            self.at += 1;
            if closes {
                open = open.saturating_sub(1);
                if has_started && open == 0 {
                    return match word {
                        "until" => self.expression(),
                        _ => Ok(()),
                    };
                }
            }
        }
    }

    fn unclosed(&self, start: usize) -> Result<(), EditRefusal> {
        Err(EditRefusal::unparsable(
            self.source.line(start),
            message!("project-lua-unclosed", word = self.source.word(start)),
        ))
    }
}
