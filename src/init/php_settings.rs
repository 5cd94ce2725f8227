//! What `init` does with the PHP of this machine: notes, the lines that build the extension, and the files that enable it.

use super::InitRequest;
use super::php_machine::{BuildTools, Enabling, EnablingQuery, PhpMachine, build_lines};
use crate::catalog::connectors::Transport;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::language::{ModuleSettings, NativeModule, ProjectLanguage};
use crate::project::plan::Plan;

/// The PHP of this machine, and what is done with it; empty for other languages and transports.
#[derive(Clone, Debug, Default)]
pub(super) struct PhpSettings {
    pub(super) machine: PhpMachine,
    pub(super) tools: BuildTools,
    /// What enables the extension, if that was asked for.
    enabling: Option<Enabling>,
    /// Whether the project has the extension, or gets it.
    has_own: bool,
}

impl PhpSettings {
    /// Looks at this machine for a project in `language` over `transport`, and plans what `request` asks for. Nothing is written.
    ///
    /// # Errors
    /// `usage` if `--php-ini` is for another language or transport; those of [`Enabling::plan`] and [`Enabling::check_permission`].
    pub(super) fn of(
        language: &ProjectLanguage,
        transport: Transport,
        request: &InitRequest,
        directory: &ProjectRoot,
    ) -> Result<Self> {
        let Some(module) = php_module(language, transport) else {
            return match request.php_ini {
                None => Ok(Self::default()),
                Some(_) => Err(Error::new(
                    ErrorId::Usage,
                    message!("init-set-up-language", language = language.title),
                    message!("init-php-native-only"),
                    message!("init-omit", option = "--php-ini"),
                )),
            };
        };
        let machine = PhpMachine::find();
        let tools = BuildTools::find(&machine);
        let has_own = request.build.is_some() || directory.read(&module.path)?.is_some();
        let enabling = match &request.php_ini {
            None => None,
            Some(kinds) => {
                let root = std::path::absolute(&request.dir);
                let root = root.and_then(|it| it.canonicalize().or(Ok(it)));
                let path = root.ok().map(|it| it.join(&module.path));
                let query = EnablingQuery {
                    kinds,
                    built: path.filter(|_| has_own),
                };
                let enabling = Enabling::plan(&machine, &query)?;
                if !request.dry_run && !request.check {
                    enabling.check_permission()?;
                }
                Some(enabling)
            }
        };
        Ok(Self {
            machine,
            tools,
            enabling,
            has_own,
        })
    }

    /// The files of the machine that change.
    pub(super) fn changes(&self) -> Plan {
        let changes = self.enabling.as_ref().map(Enabling::changes);
        Plan {
            changes: changes.unwrap_or_default(),
        }
    }

    /// Writes them: all or none.
    ///
    /// # Errors
    /// `file-unwritable`
    pub(super) fn apply(&self) -> Result<()> {
        self.enabling.as_ref().map_or(Ok(()), Enabling::apply)
    }

    /// The commands that compile the extension of `version`, if this machine has PHP and no extension.
    pub(super) fn build_lines(&self, language: &ProjectLanguage, version: &str) -> Vec<String> {
        let is_there = self.has_own || self.machine.has_extension();
        match &language.native_module {
            Some(module) if !is_there && self.machine.version().is_some() => {
                build_lines(&self.machine, &self.tools, module, version)
            }
            Some(_) | None => Vec::new(),
        }
    }

    /// Which kinds load the extension; after it was enabled, which services are to be restarted.
    pub(super) fn notes(&self, shows: bool) -> Vec<Message> {
        match &self.enabling {
            None => self.machine.notes(),
            Some(enabling) if enabling.is_done() && enabling.notes.is_empty() => {
                self.machine.notes()
            }
            Some(enabling) => {
                let restarts = enabling.restart_notes().into_iter();
                let restarts = restarts.filter(|_| !shows);
                enabling.notes.iter().cloned().chain(restarts).collect()
            }
        }
    }
}

/// The native connector of `language` over `transport`, if PHP loads it.
fn php_module(language: &ProjectLanguage, transport: Transport) -> Option<&NativeModule> {
    let module = language.native_module.as_ref()?;
    let is_of_php = module.settings == Some(ModuleSettings::PhpIni);
    (is_of_php && transport == Transport::Native).then_some(module)
}
