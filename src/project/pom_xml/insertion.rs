//! Where a dependency goes in a `pom.xml`, and how it is indented there.

use super::project::PomProject;
use super::xml_tree::XmlElement;
use crate::project::edit::Splice;
use crate::project::text;

/// What `<project>` has before its dependencies, in the order that Maven's own documentation gives.
const ABOVE: [&str; 23] = [
    "modelVersion",
    "parent",
    "groupId",
    "artifactId",
    "version",
    "packaging",
    "name",
    "description",
    "url",
    "inceptionYear",
    "organization",
    "licenses",
    "developers",
    "contributors",
    "mailingLists",
    "prerequisites",
    "modules",
    "scm",
    "issueManagement",
    "ciManagement",
    "distributionManagement",
    "properties",
    "dependencyManagement",
];

/// XML to be written: elements with a text, or with elements.
pub(super) enum NewElement {
    /// `<name>text</name>`
    Text(&'static str, String),
    /// `<name>…</name>`
    Group(&'static str, Vec<Self>),
}

/// The insertion of `dependency`. `key` is what the project's dependencies are sorted by, where they are.
pub(super) fn insertion(
    project: &PomProject,
    dependency: &NewElement,
    key: &str,
    key_of: impl Fn(&XmlElement) -> String,
) -> Splice {
    let writer = XmlWriter::of(project);
    let Some(list) = project.root().child("dependencies") else {
        return new_list(project, &writer, dependency);
    };
    let inside: Vec<_> = list.all("dependency").collect();
    if let Some(first) = inside.first() {
        let keys: Vec<_> = inside.iter().map(|it| key_of(it)).collect();
        let sorted = keys.len() > 1 && keys.is_sorted();
        let before = keys.iter().filter(|it| it.as_str() < key).count();
        let place = if sorted { before } else { inside.len() };
        let apart = are_apart(project.source, list, &inside);
        let gap = if apart { writer.ending } else { "" };
        return match place.checked_sub(1).and_then(|last| inside.get(last)) {
            Some(previous) => Splice {
                at: with_comments(project.source, previous.end),
                removes: 0,
                text: format!("{gap}{}", writer.beside(previous, dependency)),
            },
            // Above the first one, and above the comments that belong to it.
            None => {
                let at = with_comments(project.source, list.opened);
                let added = writer.beside(first, dependency);
                let is_below_a_gap = has_blank_line(project.source, at, first.start);
                Splice {
                    at,
                    removes: 0,
                    text: if is_below_a_gap {
                        format!("{gap}{added}")
                    } else {
                        format!("{added}{gap}")
                    },
                }
            }
        };
    }
    let base = writer.indent_at(list.start).unwrap_or_default();
    let deeper = format!("{base}{}", writer.unit);
    let lines = writer.lines(dependency, &deeper);
    if list.is_self_closing() {
        let text = format!(
            ">{}{}{base}</{}dependencies>",
            writer.on_own_lines(&lines),
            writer.ending,
            project.prefix()
        );
        return Splice {
            at: list.end - "/>".len(),
            removes: "/>".len(),
            text,
        };
    }
    // Nothing but white space and comments: behind the last of them.
    let held = project.source.get(list.opened..list.closing);
    let held = held.unwrap_or_default();
    let kept = held.trim_end_matches([' ', '\t', '\r', '\n']);
    let mut text = writer.on_own_lines(&lines);
    if !held[kept.len()..].contains('\n') {
        text.push_str(writer.ending);
        text.push_str(&base);
    }
    Splice {
        at: list.opened + kept.len(),
        removes: 0,
        text,
    }
}

/// Whether each of the dependencies `inside` `list` is set apart by blank lines. Of two alone they may be two groups, so the
/// list's own tags must be set apart, too.
fn are_apart(source: &str, list: &XmlElement, inside: &[&XmlElement]) -> bool {
    let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
        return false;
    };
    let all = || {
        let mut pairs = inside.iter().zip(inside.iter().skip(1));
        pairs.all(|(one, next)| has_blank_line(source, one.end, next.start))
    };
    let from_tags = || {
        has_blank_line(source, list.opened, first.start)
            && has_blank_line(source, last.end, list.closing)
    };
    all() && (inside.len() > 2 || from_tags())
}

fn has_blank_line(source: &str, from: usize, to: usize) -> bool {
    let between = source.get(from..to).unwrap_or_default();
    let lines: Vec<_> = between.split('\n').collect();
    let inner = lines
        .len()
        .checked_sub(1)
        .and_then(|last| lines.get(1..last));
    inner
        .unwrap_or_default()
        .iter()
        .any(|line| line.trim().is_empty())
}

/// A list of dependencies where there was none.
fn new_list(project: &PomProject, writer: &XmlWriter, dependency: &NewElement) -> Splice {
    let root = project.root();
    let above = root
        .children
        .iter()
        .rposition(|child| ABOVE.contains(&child.name));
    let Some((index, above)) = above.and_then(|index| Some((index, root.children.get(index)?)))
    else {
        // `artifactId` stands there, so this cannot be.
        return Splice {
            at: root.opened,
            removes: 0,
            text: String::new(),
        };
    };
    let at = with_comments(project.source, above.end);
    let Some(indent) = writer.indent_at(above.start) else {
        let prefix = project.prefix();
        return Splice {
            at,
            removes: 0,
            text: format!(
                "<{prefix}dependencies>{}</{prefix}dependencies>",
                writer.inline(dependency)
            ),
        };
    };
    // A blank line where the project sets its parts apart by them.
    let gap = |from: Option<&XmlElement>, to: Option<&XmlElement>| {
        let (Some(from), Some(to)) = (from, to) else {
            return false;
        };
        let between = project.source.get(from.end..to.start).unwrap_or_default();
        between.matches('\n').count() > 1 && !between.contains("<!--")
    };
    let children = &root.children;
    let before = index.checked_sub(1).and_then(|index| children.get(index));
    let blank = gap(before, Some(above)) || gap(Some(above), children.get(index + 1));
    let prefix = project.prefix();
    let mut lines = vec![format!("{indent}<{prefix}dependencies>")];
    lines.extend(writer.lines(dependency, &format!("{indent}{}", writer.unit)));
    lines.push(format!("{indent}</{prefix}dependencies>"));
    let mut text = if blank {
        writer.ending.to_owned()
    } else {
        String::new()
    };
    text.push_str(&writer.on_own_lines(&lines));
    Splice {
        at,
        removes: 0,
        text,
    }
}

/// The end of the tag that ends at `end`, with the comments that start behind it on its line, if nothing else follows them.
fn with_comments(source: &str, end: usize) -> usize {
    let mut kept = end;
    let mut rest = source.get(end..).unwrap_or_default();
    while let Some(comment) = rest.trim_start_matches([' ', '\t']).strip_prefix("<!--")
        && let Some((_, behind)) = comment.split_once("-->")
    {
        rest = behind;
        kept = source.len() - behind.len();
    }
    let line = rest.split('\n').next().unwrap_or_default();
    if line.trim().is_empty() { kept } else { end }
}

/// How this project is written.
struct XmlWriter<'a> {
    source: &'a str,
    prefix: &'a str,
    ending: &'static str,
    /// What one level is indented by.
    unit: String,
}

impl<'a> XmlWriter<'a> {
    fn of(project: &PomProject<'a>) -> Self {
        let mut writer = Self {
            source: project.source,
            prefix: project.prefix(),
            ending: text::dominant_ending(project.source),
            unit: String::new(),
        };
        let root = project.root();
        let outer = writer.indent_at(root.start).unwrap_or_default();
        let inner = root
            .children
            .iter()
            .find_map(|child| writer.indent_at(child.start));
        let unit = inner.and_then(|inner| Some(inner.strip_prefix(&outer)?.to_owned()));
        writer.unit = unit
            .filter(|unit| !unit.is_empty())
            .unwrap_or_else(|| "  ".into());
        writer
    }

    /// What stands before `at` in its line; `None` where that is more than white space.
    fn indent_at(&self, at: usize) -> Option<String> {
        let before = self.source.get(..at)?;
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = line.max(text::byte_order_mark(self.source).len());
        let indent = before.get(line..)?;
        indent
            .chars()
            .all(|c| c == ' ' || c == '\t')
            .then(|| indent.to_owned())
    }

    /// `node`, to stand beside `sibling`: on lines of its own where the sibling has its own.
    fn beside(&self, sibling: &XmlElement, node: &NewElement) -> String {
        let Some(indent) = self.indent_at(sibling.start) else {
            return self.inline(node);
        };
        let inner = sibling.children.first().map(|it| self.indent_at(it.start));
        match inner {
            // <dependency><groupId>…</dependency> on one line.
            Some(None) => format!("{}{indent}{}", self.ending, self.inline(node)),
            // Some indent their dependencies otherwise than the rest.
            Some(Some(inner)) => {
                let unit = inner.strip_prefix(&indent).filter(|unit| !unit.is_empty());
                let unit = unit.unwrap_or(&self.unit);
                self.on_own_lines(&self.lines_by(unit, node, &indent))
            }
            None => self.on_own_lines(&self.lines(node, &indent)),
        }
    }

    fn on_own_lines(&self, lines: &[String]) -> String {
        lines
            .iter()
            .flat_map(|line| [self.ending, line.as_str()])
            .collect()
    }

    fn lines(&self, node: &NewElement, indent: &str) -> Vec<String> {
        self.lines_by(&self.unit, node, indent)
    }

    fn lines_by(&self, unit: &str, node: &NewElement, indent: &str) -> Vec<String> {
        let prefix = self.prefix;
        match node {
            NewElement::Text(name, text) => {
                vec![format!("{indent}<{prefix}{name}>{text}</{prefix}{name}>")]
            }
            NewElement::Group(name, nodes) => {
                let deeper = format!("{indent}{unit}");
                let mut lines = vec![format!("{indent}<{prefix}{name}>")];
                let inner = nodes.iter();
                lines.extend(inner.flat_map(|node| self.lines_by(unit, node, &deeper)));
                lines.push(format!("{indent}</{prefix}{name}>"));
                lines
            }
        }
    }

    fn inline(&self, node: &NewElement) -> String {
        let lines = self.lines(node, "");
        lines.iter().map(|line| line.trim_start()).collect()
    }
}
