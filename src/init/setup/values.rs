//! What templates may name, and the commands that build and run the project.

use super::ProjectSetup;
use crate::catalog::connectors::Transport;
use crate::error::Result;
use crate::init::surroundings::Surroundings;
use crate::init::{commands, names};
use crate::project::language::{Layout, LockTool};
use crate::project::template::{ConnectorValues, Values};
use crate::tdengine::ports::NATIVE_PORT;

impl<'a> ProjectSetup<'a> {
    /// What templates may name, with the commands of `layout` in a project with `around`.
    pub(in crate::init) fn values(&self, layout: &Layout, around: &Surroundings) -> Result<Values> {
        let mut values = Values {
            name: self.name.clone(),
            existing: std::ptr::eq(layout, &raw const self.language.existing),
            cloud: self.cloud,
            dist: self.classifier.unwrap_or_default().to_owned(),
            program_title: names::program_title(layout.program().map_or("", |file| &file.path)),
            transport: self.transport.as_str(),
            transport_title: self.transport.title(),
            port: match self.transport {
                Transport::Native => NATIVE_PORT,
                Transport::Ws | Transport::Rest => self.language.default_port,
            },
            connector: ConnectorValues {
                package: self.choice.package,
                version: self.choice.version,
                location: self.location.unwrap_or_default().to_owned(),
                built_in: self.choice.built_in,
                features: self.choice.features,
                parts: self.choice.parts,
                companions: self.choice.companions,
            },
            build: Vec::new(),
            run: Vec::new(),
            windows: cfg!(windows),
        };
        values.build = commands::rendered(&layout.build, &values)?;
        let locks = self.locks(around);
        let build =
            |lock: &'a LockTool| lock.build.as_ref().or(lock.builds.then_some(&lock.refresh));
        let builder = match &around.manager {
            Some(manager) if locks.is_empty() => {
                let mut builds = self.language.locks.iter().filter_map(build);
                builds.find(|command| command.split(' ').next() == Some(manager))
            }
            _ => locks.iter().find_map(|found| build(found.lock)),
        };
        if let (Some(build), Some(first)) = (builder, values.build.first_mut()) {
            first.clone_from(build);
        }
        if let Some((replaces, script)) = self.wrapper(layout, around) {
            commands::wrap(replaces, &script, &mut values.build);
        }
        values.run = commands::rendered(&layout.run, &values)?;
        let mut runners = locks.iter().filter_map(|found| found.lock.runner.as_ref());
        if let Some(runner) = runners.next() {
            commands::run_by(runner, &mut values.run);
        }
        Ok(values)
    }

    /// The tool for which a script stands in the project, or above it, and how that is started.
    fn wrapper<'l>(&self, layout: &'l Layout, around: &Surroundings) -> Option<(&'l str, String)> {
        let wrapper = layout.wrapper.as_ref()?;
        let file = if cfg!(windows) {
            &wrapper.windows_file
        } else {
            &wrapper.file
        };
        let above = around
            .folders
            .iter()
            .map(|it| (it.path.as_str(), it.place.as_path()));
        let mut places = std::iter::once(("./", self.root)).chain(above);
        let (folder, _) = places.find(|(_, folder)| folder.join(file).is_file())?;
        let script = format!("{folder}{file}");
        let script = if cfg!(windows) {
            script.replace('/', "\\")
        } else {
            script
        };
        Some((&wrapper.replaces, script))
    }
}
