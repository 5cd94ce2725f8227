//! Reading `go.mod`: which lines require what, and where blocks open and close.

use crate::message::{Message, message};
use crate::project::edit::EditRefusal;
use crate::project::text::{TextLine, lines};

/// Directives and the least and most words that follow them (go.dev/ref/mod, "go.mod files").
const VERBS: &[(&str, usize, usize)] = &[
    ("module", 1, 1),
    ("go", 1, 1),
    ("toolchain", 1, 1),
    ("godebug", 1, 1),
    ("require", 2, 2),
    ("exclude", 2, 2),
    ("replace", 3, 5),
    ("retract", 1, 6),
    ("tool", 1, 1),
    ("ignore", 1, 1),
];

/// What of a `go.mod` matters for an edit.
#[derive(Debug)]
pub(super) struct ParsedGoMod<'a> {
    /// Its lines.
    pub(super) lines: Vec<TextLine<'a>>,
    /// Its requirements, in order.
    pub(super) requires: Vec<GoRequire<'a>>,
    /// Its `require ( … )` blocks, in order.
    pub(super) blocks: Vec<RequireBlock>,
    /// The line and the version of the `go` directive.
    pub(super) go: Option<(usize, &'a str)>,
    /// The last line of the head: `module`, `go`, `toolchain`.
    pub(super) head: Option<usize>,
    /// `replace` lines: line, module.
    pub(super) replaced: Vec<(usize, &'a str)>,
    /// `exclude` lines: line, module, version.
    pub(super) excluded: Vec<(usize, &'a str, &'a str)>,
    /// `replace` lines for one version: line, module, version.
    pub(super) replaced_versions: Vec<(usize, &'a str, &'a str)>,
}

/// A requirement.
#[derive(Debug)]
pub(super) struct GoRequire<'a> {
    /// The module.
    pub(super) path: &'a str,
    /// Its version.
    pub(super) version: &'a str,
    /// The line that it stands in.
    pub(super) line: usize,
    /// Whether the line says `// indirect`.
    pub(super) indirect: bool,
    /// The line that opens the block it stands in.
    pub(super) block: Option<usize>,
}

/// A `require ( … )` block.
#[derive(Debug)]
pub(super) struct RequireBlock {
    /// The line with `(`.
    pub(super) opening: usize,
    /// The line with `)`.
    pub(super) closing: usize,
    /// The offset of `)`.
    pub(super) paren: usize,
}

impl<'a> ParsedGoMod<'a> {
    /// The line with that number.
    pub(super) fn line(&self, number: usize) -> Option<&TextLine<'a>> {
        self.lines.get(number.checked_sub(1)?)
    }

    /// Where the version of `require` stands, in bytes.
    pub(super) fn version_token(&self, require: &GoRequire) -> Option<usize> {
        let line = self.line(require.line)?;
        let path = line.body.find(require.path)? + require.path.len();
        let version = line.body.get(path..)?.find(require.version)?;
        Some(line.start + path + version)
    }

    /// The `replace` line for just the version of `require`.
    pub(super) fn replaced(&self, require: &GoRequire) -> Option<&(usize, &'a str, &'a str)> {
        let mut lines = self.replaced_versions.iter();
        lines.find(|(_, path, version)| *path == require.path && *version == require.version)
    }

    /// Whether a `replace` line points the module `path` elsewhere.
    pub(super) fn is_replaced(&self, path: &str) -> bool {
        self.replaced.iter().any(|(_, module)| *module == path)
    }

    /// The `exclude` line for the version of `require`, which the go command then ignores.
    pub(super) fn exclusion(&self, require: &GoRequire) -> Option<usize> {
        let mut lines = self.excluded.iter();
        let found = lines
            .find(|(_, path, version)| *path == require.path && *version == require.version)?;
        Some(found.0)
    }

    /// The requirements inside `block`.
    pub(super) fn inside(&self, block: &RequireBlock) -> impl Iterator<Item = &GoRequire<'a>> {
        let opening = block.opening;
        self.requires
            .iter()
            .filter(move |require| require.block == Some(opening))
    }
}

/// A block that has not been closed yet.
struct OpenBlock {
    verb: &'static str,
    line: usize,
}

/// Reads `source`, or says which line is wrong.
pub(super) fn parse(source: &str) -> Result<ParsedGoMod<'_>, EditRefusal> {
    let mut parsed = ParsedGoMod {
        lines: lines(source),
        requires: Vec::new(),
        blocks: Vec::new(),
        go: None,
        head: None,
        replaced: Vec::new(),
        excluded: Vec::new(),
        replaced_versions: Vec::new(),
    };
    let mut open: Option<OpenBlock> = None;
    let mut module = false;
    for line in parsed.lines.clone() {
        let wrong = |reason: Message| EditRefusal::Unparsable {
            line: line.number,
            reason,
        };
        let (words, comment) = words(line.body).map_err(&wrong)?;
        let Some(first) = words.first().copied() else {
            continue;
        };
        let block = match &open {
            Some(_) if words == [")"] => {
                if let Some(OpenBlock {
                    verb,
                    line: opening,
                }) = open.take()
                {
                    match verb {
                        "require" => parsed.blocks.push(RequireBlock {
                            opening,
                            closing: line.number,
                            paren: line.start + line.body.find(')').unwrap_or_default(),
                        }),
                        "module" => parsed.head = Some(line.number),
                        _ => {}
                    }
                }
                continue;
            }
            Some(OpenBlock { verb, line }) => Some((*verb, *line)),
            None => None,
        };
        let (verb, arguments, inside) = match block {
            Some((verb, opening)) => (verb, &words[..], Some(opening)),
            None => {
                let Some((verb, _, _)) = VERBS.iter().find(|(verb, _, _)| *verb == first) else {
                    return Err(wrong(message!("project-go-directive", word = first)));
                };
                (*verb, &words[1..], None)
            }
        };
        if inside.is_none() && arguments.first() == Some(&"(") {
            match arguments {
                [_] => {
                    open = Some(OpenBlock {
                        verb,
                        line: line.number,
                    })
                }
                [_, ")"] => {
                    if verb == "require" {
                        parsed.blocks.push(RequireBlock {
                            opening: line.number,
                            closing: line.number,
                            paren: line.start + line.body.find(')').unwrap_or_default(),
                        });
                    }
                }
                _ => {
                    return Err(wrong(message!("project-go-line-break")));
                }
            }
            continue;
        }
        check_arguments(verb, arguments).map_err(&wrong)?;
        match (verb, arguments) {
            ("module", _) => {
                if module {
                    return Err(wrong(message!("project-go-second-module")));
                }
                module = true;
                parsed.head = Some(line.number);
            }
            ("go", [version]) => {
                parsed.go = Some((line.number, version));
                parsed.head = Some(line.number);
            }
            ("toolchain", _) => parsed.head = Some(line.number),
            ("require", [path, version]) => parsed.requires.push(GoRequire {
                path,
                version,
                line: line.number,
                indirect: is_indirect(comment),
                block: inside,
            }),
            ("replace", [path, version, ..]) => {
                parsed.replaced.push((line.number, path));
                if *version != "=>" {
                    parsed.replaced_versions.push((line.number, path, version));
                }
            }
            ("exclude", [path, version]) => parsed.excluded.push((line.number, path, version)),
            _ => {}
        }
    }
    if let Some(OpenBlock { verb, line }) = open {
        return Err(EditRefusal::Unparsable {
            line,
            reason: message!("project-go-block", verb = verb),
        });
    }
    if !module {
        return Err(EditRefusal::Unparsable {
            line: 1,
            reason: message!("project-go-no-module"),
        });
    }
    Ok(parsed)
}

/// Whether a line's comment marks an indirect requirement: `// indirect`, or `// indirect; …`.
fn is_indirect(comment: &str) -> bool {
    let words = comment.trim_start_matches('/').trim();
    words == "indirect" || words.starts_with("indirect;")
}

fn check_arguments(verb: &str, arguments: &[&str]) -> Result<(), Message> {
    let (least, most) = VERBS
        .iter()
        .find(|(name, _, _)| *name == verb)
        .map_or((0, 0), |(_, least, most)| (*least, *most));
    if arguments.len() < least || arguments.len() > most {
        return Err(match verb {
            "require" => message!("project-go-requirement"),
            _ => message!("project-go-words", verb = verb, count = arguments.len()),
        });
    }
    if verb == "require" && !looks_like_version(arguments[1]) {
        return Err(message!("project-go-bad-version", word = arguments[1]));
    }
    Ok(())
}

/// Anything that cmd/go takes before it tidies: versions, but also branch names and `latest` (go.dev/ref/mod, "Version
/// queries"); not a word that can be none of them.
fn looks_like_version(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_ascii_alphanumeric() || "-._+/~".contains(c))
        && word != "=>"
}

/// The words of a line and its comment. Words may be quoted with `"` or a backtick; quotes are not part of them.
pub(in crate::project) fn words(body: &str) -> Result<(Vec<&str>, &str), Message> {
    let mut words = Vec::new();
    let mut rest = body;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r']);
        let Some(first) = rest.chars().next() else {
            return Ok((words, ""));
        };
        if rest.starts_with("//") {
            return Ok((words, rest));
        }
        if rest.starts_with("/*") {
            return Err(message!("project-go-comment"));
        }
        let length = match first {
            '"' | '`' => {
                let inner = &rest[1..];
                let Some(end) = inner.find(first) else {
                    return Err(message!("project-go-quote"));
                };
                words.push(&inner[..end]);
                rest = &inner[end + 1..];
                continue;
            }
            '(' | ')' | ',' | '[' | ']' => 1,
            _ => {
                let mut end = rest.len();
                for (at, c) in rest.char_indices() {
                    if " \t\r(),[]\"`".contains(c) || rest[at..].starts_with("//") {
                        end = at;
                        break;
                    }
                }
                end
            }
        };
        words.push(&rest[..length]);
        rest = &rest[length..];
    }
}
