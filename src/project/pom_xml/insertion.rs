//! Where a dependency goes in a `pom.xml`, and how it is indented there.

use super::project::PomProject;
use crate::project::edit::Splice;
use crate::project::xml_tree::XmlElement;
use crate::project::xml_writer::{NewElement, XmlWriter, has_blank_line, with_comments};

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

/// The insertion of `dependency`. `key` is what the project's dependencies are sorted by, where they are.
pub(super) fn insertion(
    project: &PomProject,
    dependency: &NewElement,
    key: &str,
    key_of: impl Fn(&XmlElement) -> String,
) -> Splice {
    let writer = XmlWriter::new(project.source, project.root(), project.prefix());
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
    writer.first_in(list, "dependencies", dependency)
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
