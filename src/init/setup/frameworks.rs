//! Settings and notes for the frameworks of the project.

use super::ProjectSetup;
use crate::error::Result;
use crate::init::PastedSettings;
use crate::init::surroundings::Surroundings;
use crate::message::{Message, message};
use crate::project::edit::Framework;
use crate::project::language::{self, ProjectLayout};
use crate::project::template::render;

impl ProjectSetup<'_> {
    /// The settings that the user of `framework` pastes.
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
                    heading: message!(
                        "init-settings",
                        framework = settings.title,
                        file = settings.file
                    ),
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

    /// A note if `framework` chooses the versions of libraries that the connector brings along.
    pub(super) fn managed_libraries(&self, framework: &Framework) -> Option<Message> {
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
            message!(
                "init-managed-libraries",
                place = place,
                parent = parent,
                package = self.choice.package,
                version = self.choice.version,
                libraries = libraries.join(", ")
            )
        })
    }
}
