//! What of a file of MSBuild matters for an edit (learn.microsoft.com/visualstudio/msbuild/msbuild-project-file-schema-reference).

use crate::message::{Message, message};
use crate::project::xml_tree::{self, XmlAttribute, XmlDocument, XmlElement};
use crate::project::{edit::EditRefusal, text};

/// A file of MSBuild: a project, or what one imports.
pub(super) struct MsbuildFile<'a> {
    pub(super) source: &'a str,
    /// The file, as messages name it.
    pub(super) path: &'a str,
    document: XmlDocument<'a>,
}

/// What an item does with a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// `PackageReference`.
    Reference,
    /// `PackageVersion`: the version of a package, for a whole repository.
    Version,
    /// `GlobalPackageReference`.
    Global,
}

impl ItemKind {
    /// The name of the element.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "PackageReference",
            Self::Version => "PackageVersion",
            Self::Global => "GlobalPackageReference",
        }
    }
}

/// An item that names packages.
pub(super) struct PackageItem<'f, 'a> {
    pub(super) kind: ItemKind,
    pub(super) element: &'f XmlElement<'a>,
    /// The packages that it adds.
    include: &'a str,
    /// The packages that it changes.
    update: &'a str,
    /// The condition of the item, or of what it is in.
    pub(super) condition: Option<&'a str>,
}

impl PackageItem<'_, '_> {
    /// Whether it adds `package`. Names of packages differ in no letter's case.
    pub(super) fn adds(&self, package: &str) -> bool {
        names(self.include).any(|name| name.eq_ignore_ascii_case(package))
    }

    /// Whether it changes `package`, which another item adds.
    pub(super) fn updates(&self, package: &str) -> bool {
        names(self.update).any(|name| name.eq_ignore_ascii_case(package))
    }

    /// The packages that it adds.
    pub(super) fn packages(&self) -> impl Iterator<Item = &str> {
        names(self.include)
    }
}

/// The names in the list `text`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|it| !it.is_empty())
}

/// A text in a file, with its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlacedText<'a> {
    /// The text, trimmed.
    pub(super) text: &'a str,
    /// Where it starts.
    pub(super) start: usize,
}

/// A property that a file sets.
pub(super) struct Property<'a> {
    pub(super) name: &'a str,
    pub(super) value: PlacedText<'a>,
    /// When it is set; an empty text stands for always.
    condition: String,
}

impl Property<'_> {
    /// Whether it is always set.
    pub(super) const fn is_certain(&self) -> bool {
        self.condition.is_empty()
    }

    /// Whether it is set if nothing else has set it before: `'$(Name)' == ''`.
    pub(super) fn is_default(&self) -> bool {
        let plain: String = self
            .condition
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '\'')
            .collect();
        plain.eq_ignore_ascii_case(&format!("$({})==", self.name))
    }
}

impl<'a> MsbuildFile<'a> {
    /// Reads `source`, which is the file shown as `path`.
    ///
    /// # Errors
    /// The line that is wrong.
    pub(super) fn read(path: &'a str, source: &'a str) -> Result<Self, EditRefusal> {
        let document = xml_tree::read(source)?;
        let file = Self {
            source,
            path,
            document,
        };
        if file.root().name != "Project" {
            return Err(EditRefusal::Unparsable {
                line: file.line(file.root()),
                reason: message!("project-csproj-root"),
            });
        }
        Ok(file)
    }

    pub(super) const fn root(&self) -> &XmlElement<'a> {
        &self.document.root
    }

    pub(super) const fn prefix(&self) -> &'a str {
        self.document.prefix
    }

    pub(super) fn line(&self, element: &XmlElement) -> usize {
        text::line_of(self.source, element.start)
    }

    /// The line of the byte at `at`.
    pub(super) fn line_at(&self, at: usize) -> usize {
        text::line_of(self.source, at)
    }

    /// The attribute `name` of `element`.
    pub(super) fn attribute(
        &self,
        element: &XmlElement<'a>,
        name: &str,
    ) -> Option<XmlAttribute<'a>> {
        let mut all = element.attributes(self.source).into_iter();
        all.find(|it| it.name == name)
    }

    fn value(&self, element: &XmlElement<'a>, name: &str) -> &'a str {
        self.attribute(element, name).map_or("", |it| it.value)
    }

    /// Whether it is a project of SDK style, or imports an SDK.
    pub(super) fn has_sdk(&self) -> bool {
        let root = self.root();
        self.attribute(root, "Sdk").is_some()
            || root.child("Sdk").is_some()
            || root
                .all("Import")
                .any(|it| self.attribute(it, "Sdk").is_some())
    }

    /// The files that it imports, as it names them.
    pub(super) fn imports(&self) -> impl Iterator<Item = (usize, &'a str)> {
        let imports = self.groups("Import").into_iter();
        imports.map(|(element, _)| (self.line(element), self.value(element, "Project")))
    }

    /// The SDKs that it names.
    pub(super) fn sdks(&self) -> Vec<&'a str> {
        let root = self.root();
        let mut sdks: Vec<_> = names(self.value(root, "Sdk")).collect();
        sdks.extend(root.all("Sdk").map(|it| self.value(it, "Name")));
        sdks.extend(root.all("Import").map(|it| self.value(it, "Sdk")));
        sdks
    }

    /// The elements `name` of the project, and of what chooses among them, with their conditions.
    pub(super) fn groups(&self, name: &'a str) -> Vec<(&XmlElement<'a>, Option<&'a str>)> {
        let mut found = Vec::new();
        self.collect(self.root(), name, None, &mut found);
        found
    }

    fn collect<'f>(
        &'f self,
        inside: &'f XmlElement<'a>,
        name: &str,
        condition: Option<&'a str>,
        found: &mut Vec<(&'f XmlElement<'a>, Option<&'a str>)>,
    ) {
        for child in &inside.children {
            let own = self.attribute(child, "Condition").map(|it| it.value.trim());
            let own = own.filter(|it| !it.is_empty()).or(condition);
            match child.name {
                "Choose" | "ImportGroup" => self.collect(child, name, own, found),
                "When" => self.collect(child, name, own, found),
                "Otherwise" => self.collect(child, name, own.or(Some("Otherwise")), found),
                it if it == name => found.push((child, own)),
                _ => {}
            }
        }
    }

    /// The items that name packages.
    pub(super) fn items(&self) -> Vec<PackageItem<'_, 'a>> {
        let mut items = Vec::new();
        for (group, condition) in self.groups("ItemGroup") {
            for element in &group.children {
                let kinds = [ItemKind::Reference, ItemKind::Version, ItemKind::Global];
                let kind = kinds
                    .into_iter()
                    .find(|it| it.as_str().eq_ignore_ascii_case(element.name));
                let Some(kind) = kind else { continue };
                let own = self.value(element, "Condition").trim();
                items.push(PackageItem {
                    kind,
                    element,
                    include: self.value(element, "Include"),
                    update: self.value(element, "Update"),
                    condition: Some(own).filter(|it| !it.is_empty()).or(condition),
                });
            }
        }
        items
    }

    /// The metadata `name` of `element`: an attribute, or an element in it. Its name differs in no letter's case.
    pub(super) fn metadata(&self, element: &XmlElement<'a>, name: &str) -> Option<PlacedText<'a>> {
        let attributes = element.attributes(self.source).into_iter();
        let mut named = attributes.filter(|it| it.name.eq_ignore_ascii_case(name));
        if let Some(attribute) = named.next() {
            return Some(placed(attribute.value, attribute.start));
        }
        let mut children = element.children.iter();
        let child = children.find(|it| it.name.eq_ignore_ascii_case(name))?;
        self.content(child)
    }

    /// The text of `element`, if it is one piece without comments and CDATA sections.
    fn content(&self, element: &XmlElement<'a>) -> Option<PlacedText<'a>> {
        let raw = self.source.get(element.opened..element.closing)?;
        let found = placed(raw, element.opened);
        // A value in pieces has no place; the first one is shown.
        Some(if raw.contains('<') {
            let start = raw.find(element.value()).map(|at| element.opened + at);
            let start = start.unwrap_or(element.opened);
            let end = start + element.value().len();
            placed(self.source.get(start..end).unwrap_or_default(), start)
        } else {
            found
        })
    }

    /// The properties that it sets.
    pub(super) fn properties(&self) -> Vec<Property<'a>> {
        let mut properties = Vec::new();
        for (group, condition) in self.groups("PropertyGroup") {
            for element in &group.children {
                let own = self.value(element, "Condition").trim();
                let condition = [condition.unwrap_or_default(), own];
                let mut conditions = condition.into_iter().filter(|it| !it.is_empty());
                let condition = match (conditions.next(), conditions.next()) {
                    (Some(one), Some(other)) => format!("{one} and {other}"),
                    (Some(one), None) => one.to_owned(),
                    (None, _) => String::new(),
                };
                if let Some(value) = self.content(element) {
                    properties.push(Property {
                        name: element.name,
                        value,
                        condition,
                    });
                }
            }
        }
        properties
    }

    /// The value of the property `name`, if it is set without a condition.
    pub(super) fn property(&self, name: &str) -> Option<&'a str> {
        let properties = self.properties().into_iter();
        let mut named = properties.filter(|it| it.name.eq_ignore_ascii_case(name));
        let is_set = |it: &Property| it.is_certain() || it.is_default();
        named.rfind(is_set).map(|it| it.value.text)
    }
}

/// `raw`, which starts at `start`, without the white space around it.
fn placed(raw: &str, start: usize) -> PlacedText<'_> {
    let text = raw.trim();
    PlacedText {
        text,
        start: start + (raw.len() - raw.trim_start().len()),
    }
}

/// The reason of a file that is not of SDK style.
pub(super) fn old_form() -> Message {
    message!("project-csproj-old")
}
