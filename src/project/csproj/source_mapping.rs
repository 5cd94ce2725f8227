//! The settings of NuGet that say which source has which packages
//! (learn.microsoft.com/nuget/consume-packages/package-source-mapping).

use crate::message::{Message, message};
use crate::project::{text, xml_tree};

/// A note if the settings `source`, shown as `path`, name no source for `package`.
pub(super) fn note(path: &str, source: &str, package: &str) -> Option<Message> {
    let document = xml_tree::read(source).ok()?;
    let mapping = document.root.child("packageSourceMapping")?;
    let mut patterns = Vec::new();
    for of_source in mapping.all("packageSource") {
        for pattern in of_source.all("package") {
            let attributes = pattern.attributes(source).into_iter();
            patterns.extend(attributes.filter(|it| it.name == "pattern"));
        }
    }
    let is_mapped = patterns.iter().any(|it| matches(it.value, package));
    (!patterns.is_empty() && !is_mapped).then(|| {
        message!(
            "project-csproj-source-mapping",
            file = path,
            line = text::line_of(source, mapping.start),
            package = package
        )
    })
}

/// Whether `pattern`, which may end in `*`, is one for `package`.
fn matches(pattern: &str, package: &str) -> bool {
    let (pattern, package) = (pattern.to_ascii_lowercase(), package.to_ascii_lowercase());
    match pattern.strip_suffix('*') {
        Some(start) => package.starts_with(start),
        None => pattern == package,
    }
}
