//! Frameworks that the project is built on: what their users are to paste, and to know.

use super::ProjectSetup;
use crate::error::Result;
use crate::init::PastedSettings;
use crate::init::surroundings::Surroundings;
use crate::project::edit::Framework;
use crate::project::language::{self, ProjectLayout};
use crate::project::template::render;

impl ProjectSetup<'_> {
    /// What the user of `framework` is to paste.
    pub(super) fn settings(
        &self,
        framework: &Framework,
        layout: &ProjectLayout,
        around: &Surroundings,
    ) -> Result<Vec<PastedSettings>> {
        let wanted = self.language.settings.iter();
        wanted
            .filter(|settings| settings.framework == framework.as_str())
            .map(|settings| {
                let what = format!("{}/{}", self.language.id, settings.template);
                let template = language::template(self.language.id, &settings.template);
                Ok(PastedSettings {
                    title: settings.title.clone(),
                    file: settings.file.clone(),
                    text: render(
                        &what,
                        template.unwrap_or_default(),
                        &self.values(layout, around)?,
                    )?,
                })
            })
            .collect()
    }

    /// A warning where `framework` chooses the versions of libraries that the connector brings along.
    pub(super) fn managed_libraries(&self, framework: &Framework) -> Option<String> {
        let Framework::SpringBoot {
            managed_by: Some((place, parent)),
        } = framework
        else {
            return None;
        };
        let libraries = self.choice.libraries.iter();
        let libraries: Vec<_> = libraries
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        (!libraries.is_empty()).then(|| {
            format!(
                "{place}: {parent} chooses the versions of libraries that the connector needs, too; {} {} was built with {}: \
                 where it fails with a NoSuchMethodError, compare them with mvn dependency:tree",
                self.choice.package,
                self.choice.version,
                libraries.join(" and ")
            )
        })
    }
}
