//! Where an item goes in a file of MSBuild, and how it is indented there.

use super::msbuild_file::{ItemKind, MsbuildFile, PackageItem};
use crate::project::edit::Splice;
use crate::project::xml_tree::XmlElement;
use crate::project::xml_writer::{NewElement, XmlWriter, has_blank_line, with_comments};

/// The insertion of an item of `kind` with `attributes`, of which the first names the package, into `file`.
pub(super) fn insertion(
    file: &MsbuildFile,
    kind: ItemKind,
    attributes: Vec<(&'static str, String)>,
) -> Splice {
    let package = attributes.first().map_or("", |(_, name)| name).to_owned();
    let item = NewElement::Empty(kind.as_str(), attributes);
    let writer = XmlWriter::new(file.source, file.root(), file.prefix());
    let items = file.items();
    let siblings = largest_group(&items, kind, file);
    if siblings.is_empty() {
        return new_group(file, &writer, item);
    }
    let key = |it: &PackageItem| {
        let name = it.packages().next().unwrap_or_default();
        name.to_ascii_lowercase()
    };
    let keys: Vec<_> = siblings.iter().map(|it| key(it)).collect();
    let ours = package.to_ascii_lowercase();
    let is_sorted = keys.len() > 1 && keys.is_sorted();
    let before = keys.iter().filter(|it| **it < ours).count();
    let place = if is_sorted { before } else { siblings.len() };
    match place.checked_sub(1).and_then(|last| siblings.get(last)) {
        Some(previous) => Splice {
            at: with_comments(file.source, previous.element.end),
            removes: 0,
            text: writer.beside(previous.element, &item),
        },
        None => above(file, &writer, siblings[0].element, &item),
    }
}

/// `item` above `first`, the first of its group, and above the comments that belong to it.
fn above(file: &MsbuildFile, writer: &XmlWriter, first: &XmlElement, item: &NewElement) -> Splice {
    let groups = file.groups("ItemGroup");
    let group = groups
        .into_iter()
        .find(|(group, _)| group.start < first.start && first.end <= group.end);
    let opened = group.map_or(first.start, |(group, _)| group.opened);
    Splice {
        at: with_comments(file.source, opened),
        removes: 0,
        text: writer.beside(first, item),
    }
}

/// The items of `kind` in the group without a condition that has most of them.
fn largest_group<'i, 'f, 'a>(
    items: &'i [PackageItem<'f, 'a>],
    kind: ItemKind,
    file: &'f MsbuildFile<'a>,
) -> Vec<&'i PackageItem<'f, 'a>> {
    let groups = file.root().all("ItemGroup");
    let mut largest: Vec<&PackageItem> = Vec::new();
    for group in groups {
        let inside: Vec<_> = items
            .iter()
            .filter(|it| it.kind == kind && it.condition.is_none())
            .filter(|it| it.packages().next().is_some())
            .filter(|it| group.start < it.element.start && it.element.end <= group.end)
            .collect();
        if inside.len() > largest.len() {
            largest = inside;
        }
    }
    largest
}

/// A group with `item` where there was none: behind the last group.
fn new_group(file: &MsbuildFile, writer: &XmlWriter, item: NewElement) -> Splice {
    let root = file.root();
    let group = NewElement::Group("ItemGroup", vec![item]);
    let children = &root.children;
    let last = |name: &str| children.iter().rposition(|child| child.name == name);
    let anchor = last("ItemGroup").or_else(|| last("PropertyGroup"));
    let anchor = anchor.or_else(|| children.len().checked_sub(1));
    let Some((index, previous)) = anchor.and_then(|index| Some((index, children.get(index)?)))
    else {
        return writer.first_in(root, "Project", &group);
    };
    let at = with_comments(file.source, previous.end);
    let Some(indent) = writer.indent_at(previous.start) else {
        return Splice {
            at,
            removes: 0,
            text: writer.inline(&group),
        };
    };
    let above = match index.checked_sub(1).and_then(|it| children.get(it)) {
        Some(before) => has_blank_line(file.source, before.end, previous.start),
        None => has_blank_line(file.source, root.opened, previous.start),
    };
    let below = match children.get(index + 1) {
        Some(next) => has_blank_line(file.source, previous.end, next.start),
        None => has_blank_line(file.source, previous.end, root.closing),
    };
    // The templates of dotnet set groups apart.
    let is_apart = above || below;
    let gap = if is_apart { writer.ending } else { "" };
    Splice {
        at,
        removes: 0,
        text: format!(
            "{gap}{}",
            writer.on_own_lines(&writer.lines(&group, &indent))
        ),
    }
}
