//! Settings and notes for the frameworks of the project.

use serde::Serialize;

use super::ProjectSetup;
use crate::error::Result;
use crate::init::PastedSettings;
use crate::init::ending_connections;
use crate::init::spring_files;
use crate::init::surroundings::Surroundings;
use crate::message::{Message, message};
use crate::project::edit::Framework;
use crate::project::language::{self, ProjectLayout, SettingsTemplate};
use crate::project::spring::{DataSourcePlace, SpringProject, to_yaml};
use crate::project::template::{Values, render};

/// What the templates of a framework may name.
#[derive(Serialize)]
struct FrameworkValues {
    #[serde(flatten)]
    project: Values,
    spring: SpringProject,
    /// The package for the class.
    spring_package: String,
}

impl ProjectSetup<'_> {
    /// The settings that the user of `framework` pastes, and notes about those that are there.
    pub(super) fn settings(
        &self,
        framework: &Framework,
        layout: &ProjectLayout,
        around: &Surroundings,
    ) -> Result<(Vec<PastedSettings>, Vec<Message>)> {
        let Framework::SpringBoot {
            version, packages, ..
        } = framework;
        let files = spring_files::settings(self.directory, around);
        let spring = SpringProject::of(packages, version.as_deref(), &files);
        if !spring.ours.is_empty() {
            // They are there already; the user's own.
            let ours = spring.ours.iter();
            let notes = ours.filter_map(|(transport, place)| {
                ending_connections::note_about_settings(self.language, *transport, place)
            });
            return Ok((Vec::new(), notes.collect()));
        }
        let values = FrameworkValues {
            project: self.values(layout, around)?,
            spring,
            spring_package: spring_files::package(self.directory),
        };
        let mut pasted = Vec::new();
        let wanted = self.language.settings.iter();
        for settings in wanted.filter(|it| it.framework == framework.as_str()) {
            pasted.push(self.pasted_settings(settings, &values)?);
            if matches!(
                values.spring.place,
                DataSourcePlace::Second | DataSourcePlace::Additional
            ) {
                pasted.push(self.pasted_class(settings, &values)?);
            }
        }
        Ok((pasted, Vec::new()))
    }

    fn pasted_settings(
        &self,
        settings: &SettingsTemplate,
        values: &FrameworkValues,
    ) -> Result<PastedSettings> {
        let spring = &values.spring;
        let text = self.rendered_text(&settings.template, values)?;
        let (framework, file) = (&settings.title, &spring.file);
        let heading = match spring.place {
            DataSourcePlace::Only if spring.has_file && spring.is_yaml() => {
                message!("init-settings-merge", framework = framework, file = file)
            }
            DataSourcePlace::Only => {
                message!("init-settings", framework = framework, file = file)
            }
            DataSourcePlace::Dynamic => message!("init-settings-dynamic", file = file),
            DataSourcePlace::Second | DataSourcePlace::Additional => {
                message!("init-settings-second", other = spring.other, file = file)
            }
        };
        Ok(PastedSettings {
            heading,
            file: file.clone(),
            text: if spring.is_yaml() {
                to_yaml(&text)
            } else {
                text
            },
        })
    }

    fn pasted_class(
        &self,
        settings: &SettingsTemplate,
        values: &FrameworkValues,
    ) -> Result<PastedSettings> {
        let package = values.spring_package.replace('.', "/");
        let file = format!("src/main/java/{package}/{}", settings.class.file);
        Ok(PastedSettings {
            heading: message!("init-settings-class", file = file),
            text: self.rendered_text(&settings.class.template, values)?,
            file,
        })
    }

    fn rendered_text(&self, template: &str, values: &FrameworkValues) -> Result<String> {
        let what = format!("{}/{template}", self.language.id);
        let text = language::template(self.language.id, template).unwrap_or_default();
        render(&what, text, values)
    }

    /// A note if `framework` chooses the versions of libraries that the connector brings along.
    pub(super) fn managed_libraries(&self, framework: &Framework) -> Option<Message> {
        let Framework::SpringBoot {
            managed_by: Some((place, parent)),
            ..
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
