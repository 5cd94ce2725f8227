//! What templates may name, and the commands that build and run the project.

use super::ProjectSetup;
use crate::catalog::connectors::{Choice, Transport};
use crate::error::Result;
use crate::init::surroundings::Surroundings;
use crate::init::{commands, names};
use crate::project::example::BASIC;
use crate::project::language::{LockTool, ProjectLayout};
use crate::project::requirement::DependencyList;
use crate::project::template::{AddressValues, ConnectorValues, Values, render};
use crate::system::env_vars::{self, EnvVar};
use crate::tdengine::ports::NATIVE_PORT;

impl<'a> ProjectSetup<'a> {
    /// What templates may name, with the commands of `layout` in a project with `around`.
    pub(in crate::init) fn values(
        &self,
        layout: &ProjectLayout,
        around: &Surroundings,
    ) -> Result<Values> {
        self.values_for(&self.choice, layout, around)
    }

    /// [`Self::values`] for a program that uses the release `choice`.
    pub(super) fn values_for(
        &self,
        choice: &Choice,
        layout: &ProjectLayout,
        around: &Surroundings,
    ) -> Result<Values> {
        let environment = self.python_environment();
        let (reactor, module) = around.reactor.clone().unwrap_or_default();
        let mut values = Values {
            name: self.name.clone(),
            program: names::program(&self.name).to_owned(),
            package: self.java.package.clone(),
            group_id: self.java.group_id.clone(),
            example: BASIC.to_owned(),
            examples: self.extra_examples.to_vec(),
            manifest: self.language.manifest.file.clone(),
            existing: !std::ptr::eq(layout, &raw const self.language.new),
            cloud: self.cloud,
            dist: self.classifier.unwrap_or_default().to_owned(),
            program_title: names::program_title(layout.program().map_or("", |file| &file.path)),
            transport: self.transport.as_str(),
            transport_title: self.transport.title(),
            port: match self.transport {
                Transport::Native => NATIVE_PORT,
                Transport::Ws | Transport::Rest => self.language.default_port,
            },
            address: self.address(),
            connector: ConnectorValues {
                package: choice.package,
                version: choice.version.into(),
                asked: around
                    .asked
                    .clone()
                    .unwrap_or_else(|| choice.version.to_owned()),
                location: self.location.unwrap_or_default().to_owned(),
                built_in: choice.built_in,
                jar: self.jar.map_or_else(String::new, |jar| jar.path.clone()),
                features: choice.features,
                parts: self.parts.clone(),
                companions: choice.companions,
            },
            build: Vec::new(),
            run: Vec::new(),
            environment,
            group: match self.list {
                DependencyList::Group(name) => name.to_owned(),
                DependencyList::Development => "dev".into(),
                DependencyList::Main | DependencyList::Extra(_) => String::new(),
            },
            extra: match self.list {
                DependencyList::Extra(name) => name.to_owned(),
                DependencyList::Main | DependencyList::Development | DependencyList::Group(_) => {
                    String::new()
                }
            },
            python: match (environment, cfg!(windows)) {
                ("active", true) => "py",
                ("active", false) => "python3",
                (_, true) => ".venv\\Scripts\\python",
                (_, false) => ".venv/bin/python",
            },
            reactor,
            module,
            has_native_module: self.has_native_module(),
            windows: cfg!(windows),
            macos: cfg!(target_os = "macos"),
        };
        values.build = commands::rendered(&layout.build, &values)?;
        let locks = self.locks(around);
        let build =
            |lock: &'a LockTool| lock.build.as_ref().or(lock.builds.then_some(&lock.refresh));
        let is_of = |lock: &&LockTool, manager: &str| {
            let mut words = lock.build.iter().flat_map(|it| it.split(' '));
            words.next() == Some(manager)
        };
        let tools: Vec<&LockTool> = match &around.manager {
            Some(manager) if locks.is_empty() => {
                let mut known = self.language.locks.iter();
                known.find(|it| is_of(it, manager)).into_iter().collect()
            }
            _ => locks.iter().map(|found| found.lock).collect(),
        };
        let builder = tools.iter().find_map(|it| build(it));
        let runner = tools.iter().find_map(|it| it.runner.as_ref());
        let builder = builder.map(|it| render("a command of template.toml", it, &values));
        let builder = builder.transpose()?;
        match (builder, values.build.first_mut()) {
            // The tool makes an environment, too.
            (Some(build), _) if runner.is_some() => values.build = vec![build],
            (Some(build), Some(first)) => *first = build,
            (None, _) | (_, None) => {}
        }
        values.run = commands::rendered(&layout.run, &values)?;
        self.add_program_commands(layout, &mut values)?;
        if let Some((replaces, script)) = self.wrapper(layout, around) {
            commands::wrap(replaces, &script, &mut values.build);
        }
        if let Some(runner) = runner {
            commands::run_by(runner, &mut values.run);
        }
        Ok(values)
    }

    /// The server that files of settings name: the one that was asked, else this machine's.
    fn address(&self) -> AddressValues {
        match (self.asked, self.transport) {
            (Some(server), Transport::Ws | Transport::Rest) => AddressValues {
                host: server.host.clone(),
                port: server.adapter.port,
                tls: server.adapter.tls,
                prefix: server.adapter.prefix.clone(),
            },
            (server, transport) => AddressValues {
                host: server.map_or("localhost", |it| &it.host).to_owned(),
                port: match (server, transport) {
                    (Some(server), _) => server.native_port,
                    (None, Transport::Native) => NATIVE_PORT,
                    (None, Transport::Ws | Transport::Rest) => self.language.default_port,
                },
                tls: false,
                prefix: String::new(),
            },
        }
    }

    /// Whether the native connector is there, or is compiled now.
    fn has_native_module(&self) -> bool {
        let module = self.language.native_module.as_ref();
        self.builds_module || module.is_some_and(|it| self.root.join(&it.path).is_file())
    }

    /// The virtual environment that commands for Python find: `active`, `present` in the project, or `none`.
    fn python_environment(&self) -> &'static str {
        let is_active = |it: EnvVar| it.text().is_some();
        if [env_vars::VIRTUAL_ENV, env_vars::CONDA_PREFIX]
            .into_iter()
            .any(is_active)
        {
            "active"
        } else if self.root.join(".venv").is_dir() {
            "present"
        } else {
            "none"
        }
    }

    /// The tool for which a script stands in the project, or above it, and how that is started.
    pub(super) fn wrapper<'l>(
        &self,
        layout: &'l ProjectLayout,
        around: &Surroundings,
    ) -> Option<(&'l str, String)> {
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
