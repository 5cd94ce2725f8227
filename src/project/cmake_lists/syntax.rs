//! Reading `CMakeLists.txt`: the commands that it calls (cmake.org, "cmake-language", "Syntax").

use crate::message::{Message, message};
use crate::project::edit::EditRefusal;
use crate::project::text::{self, line_of};

/// A command that is called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CMakeCommand {
    /// Its name in lower case, as CMake compares names.
    pub(super) name: String,
    /// Its arguments, without quotes.
    pub(super) arguments: Vec<String>,
    /// Where it starts, in bytes.
    pub(super) at: usize,
    /// Where the outermost block that it stands in starts.
    pub(super) block: Option<usize>,
    /// Whether one of its blocks is a function or a macro.
    pub(super) in_function: bool,
}

/// The commands that begin blocks; `end` and the name ends one.
const BLOCKS: [&str; 6] = ["if", "foreach", "while", "function", "macro", "block"];

/// The commands of `source`, in order, or the line that is wrong.
pub(super) fn commands(source: &str) -> Result<Vec<CMakeCommand>, EditRefusal> {
    let mut reader = Reader {
        source,
        at: text::byte_order_mark(source).len(),
    };
    let mut commands = Vec::new();
    // The open blocks: whether each is a function, and where it starts; and how many are.
    let mut blocks: Vec<(bool, usize)> = Vec::new();
    let mut functions = 0_usize;
    while reader.skip_space()? {
        let start = reader.at;
        let name = reader.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        if name.is_empty() {
            return Err(reader.wrong(start, message!("project-cmake-command")));
        }
        let name = name.to_ascii_lowercase();
        reader.take_while(|c| c == ' ' || c == '\t');
        if !reader.eat("(") {
            return Err(reader.wrong(start, message!("project-cmake-parenthesis")));
        }
        let arguments = reader.arguments(start)?;
        let ends = name.strip_prefix("end");
        if ends.is_some_and(|it| BLOCKS.contains(&it))
            && let Some((is_function, _)) = blocks.pop()
        {
            functions -= usize::from(is_function);
        }
        let is_function = matches!(name.as_str(), "function" | "macro");
        let is_block = BLOCKS.contains(&name.as_str());
        commands.push(CMakeCommand {
            name,
            arguments,
            at: start,
            block: blocks.first().map(|(_, at)| *at),
            in_function: functions > 0,
        });
        if is_block {
            blocks.push((is_function, start));
            functions += usize::from(is_function);
        }
    }
    Ok(commands)
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn wrong(&self, at: usize, reason: Message) -> EditRefusal {
        EditRefusal::Unparsable {
            line: line_of(self.source, at),
            reason,
        }
    }

    /// Goes past white space and comments; whether anything follows.
    fn skip_space(&mut self) -> Result<bool, EditRefusal> {
        loop {
            self.take_while(char::is_whitespace);
            if !self.rest().starts_with('#') {
                return Ok(!self.rest().is_empty());
            }
            self.at += 1;
            if self.bracket()?.is_none() {
                self.take_while(|c| c != '\n');
            }
        }
    }

    /// The text of a bracket argument, `[==[…]==]`, where one starts here.
    fn bracket(&mut self) -> Result<Option<String>, EditRefusal> {
        let rest = self.rest();
        let Some(inner) = rest.strip_prefix('[') else {
            return Ok(None);
        };
        let equals = inner.len() - inner.trim_start_matches('=').len();
        if !inner[equals..].starts_with('[') {
            return Ok(None);
        }
        let close = format!("]{}]", "=".repeat(equals));
        let open = equals + 2;
        let Some(end) = rest[open..].find(&close) else {
            return Err(self.wrong(self.at, message!("project-cmake-bracket")));
        };
        self.at += open + end + close.len();
        Ok(Some(rest[open..open + end].to_owned()))
    }

    /// The arguments up to the closing parenthesis of the command that starts at `start`.
    fn arguments(&mut self, start: usize) -> Result<Vec<String>, EditRefusal> {
        let mut arguments = Vec::new();
        let mut depth = 0_usize;
        while self.skip_space()? {
            if self.eat("(") {
                depth += 1;
            } else if self.eat(")") {
                if depth == 0 {
                    return Ok(arguments);
                }
                depth -= 1;
            } else if self.eat("\"") {
                arguments.push(self.quoted()?);
            } else if let Some(text) = self.bracket()? {
                arguments.push(text);
            } else {
                arguments.push(self.unquoted());
            }
        }
        Err(self.wrong(start, message!("project-cmake-open-parenthesis")))
    }

    fn quoted(&mut self) -> Result<String, EditRefusal> {
        let start = self.at;
        let mut text = String::new();
        let mut characters = self.rest().char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Ok(text);
                }
                '\\' => text.extend(characters.next().map(|(_, c)| c)),
                c => text.push(c),
            }
        }
        Err(self.wrong(start, message!("project-cmake-quote")))
    }

    fn unquoted(&mut self) -> String {
        let rest = self.rest();
        let mut characters = rest.char_indices();
        let mut end = rest.len();
        while let Some((at, c)) = characters.next() {
            match c {
                '\\' => {
                    characters.next();
                }
                '(' | ')' | '#' | '"' => {
                    end = at;
                    break;
                }
                c if c.is_whitespace() => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        // At least one character, so that reading continues.
        let end = end.max(rest.chars().next().map_or(0, char::len_utf8));
        self.at += end;
        rest[..end].to_owned()
    }
}
