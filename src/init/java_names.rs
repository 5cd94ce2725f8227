//! The Java package and the group ID of a new project.

use super::InitRequest;
use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::project::language::ProjectLanguage;

/// The group ID where none is given: the domain that is kept free for examples.
const FALLBACK: &str = "com.example";

/// The names by which Java tells projects of different owners apart.
pub(super) struct JavaNames {
    /// The package of the programs.
    pub(super) package: String,
    /// Maven's name for the owner.
    pub(super) group_id: String,
}

impl JavaNames {
    /// The names that `request` asks for.
    ///
    /// # Errors
    /// `usage` if they are given for a language that has none.
    pub(super) fn of_project(language: &ProjectLanguage, request: &InitRequest) -> Result<Self> {
        if let Some(option) = request.java_options().next()
            && !language.has_packages()
        {
            return Err(Error::new(
                ErrorId::Usage,
                message!("init-set-up-language", language = language.title),
                message!("init-option-for", option = option, languages = "java"),
                message!("init-omit", option = option),
            ));
        }
        let group_id = request.group_id.as_deref().unwrap_or(FALLBACK);
        Ok(Self {
            package: request.package.as_deref().unwrap_or(group_id).to_owned(),
            group_id: group_id.to_owned(),
        })
    }
}
