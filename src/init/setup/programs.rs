//! The programs of the examples beside `basic`.

use super::ProjectSetup;
use crate::error::Result;
use crate::init::commands;
use crate::project::example::ProgramLayout;
use crate::project::language::{ProjectLayout, TemplateFile};
use crate::project::plan::FileChange;
use crate::project::template::{Values, render};

impl<'a> ProjectSetup<'a> {
    /// Plans the programs of a project with `layout`: what is there stays, the others are created.
    pub(super) fn plan_programs(
        &self,
        layout: &ProjectLayout,
        values: &Values,
    ) -> Result<Vec<FileChange>> {
        let mut changes = Vec::new();
        for name in self.extra_examples {
            let Some((programs, values)) = self.program(layout, name, values)? else {
                continue;
            };
            let template = self.language.examples[name].template.clone();
            let program = TemplateFile {
                path: program_path(programs, &values)?,
                template: template.unwrap_or_default(),
                program: true,
            };
            if programs.with_files {
                let files = self.language.example.files.iter();
                for file in files.filter(|file| !file.program) {
                    self.add_file(&mut changes, file, &values)?;
                }
            }
            for file in &programs.files {
                self.add_file(&mut changes, file, &values)?;
            }
            self.add_file(&mut changes, &program, &values)?;
        }
        Ok(changes)
    }

    /// Adds `file` to `changes`, unless it is among them: what is there in a project stays.
    fn add_file(
        &self,
        changes: &mut Vec<FileChange>,
        file: &TemplateFile,
        values: &Values,
    ) -> Result<()> {
        if changes.iter().any(|change| change.path == file.path) {
            return Ok(());
        }
        changes.push(match self.directory.read(&file.path)? {
            Some(before) if self.has_manifest()? => FileChange::keep(&file.path, before),
            Some(_) | None => self.create(file, values)?,
        });
        Ok(())
    }

    /// Adds the commands that build and run the programs of a project with `layout` to `values`.
    pub(super) fn add_program_commands(
        &self,
        layout: &ProjectLayout,
        values: &mut Values,
    ) -> Result<()> {
        for name in self.extra_examples {
            let Some((programs, of_program)) = self.program(layout, name, values)? else {
                continue;
            };
            for command in commands::rendered(&programs.build, &of_program)? {
                if !values.build.contains(&command) {
                    values.build.push(command);
                }
            }
            values
                .run
                .extend(commands::rendered(&programs.run, &of_program)?);
        }
        Ok(())
    }

    /// Where the example `name` belongs in a project with `layout`, and what its template may name.
    fn program(
        &self,
        layout: &ProjectLayout,
        name: &str,
        values: &Values,
    ) -> Result<Option<(&'a ProgramLayout, Values)>> {
        let values = Values {
            example: name.to_owned(),
            ..values.clone()
        };
        if let Some(programs) = &self.language.new.programs {
            let is_new = std::ptr::eq(layout, &raw const self.language.new);
            let path = program_path(programs, &values)?;
            let belongs = !self.has_manifest()? || self.directory.read(&path)?.is_some();
            if is_new && belongs {
                return Ok(Some((programs, values)));
            }
        }
        let programs = self.language.example.programs.as_ref();
        Ok(programs.map(|programs| {
            let values = Values {
                existing: true,
                ..values
            };
            (programs, values)
        }))
    }

    fn has_manifest(&self) -> Result<bool> {
        Ok(self.directory.read(&self.language.manifest.file)?.is_some())
    }
}

fn program_path(programs: &ProgramLayout, values: &Values) -> Result<String> {
    render("a path of template.toml", &programs.path, values)
}
