//! Projects: their manifests and lock files, one module a format, read by one reader each; templates rendered into them; a plan of
//! file changes, shown as a diff or applied whole. Planning changes nothing; [`plan::apply`] is the only file that writes.

pub mod edit;
pub mod example;
pub mod excerpt;
pub mod files;
pub mod language;
pub mod lock_file;
pub mod manifest;
pub mod member_directories;
pub mod nginx_conf;
pub mod php_ini;
pub mod pins;
pub mod pipeline_file;
pub mod plan;
pub mod requirement;
pub mod spring;
pub mod template;
pub mod text;

mod ini_document;
mod json_insertion;
mod json_positions;
mod lua_source;
mod npm_range;
mod pep440;
mod toml_document;
mod toml_package_list;
mod version_order;
mod workspace_members;
mod xml_tree;
mod xml_writer;
mod yaml_entries;

// Manifests.
mod cargo_toml;
mod cmake_lists;
mod composer_json;
mod csharp_file;
mod csproj;
mod description_file;
mod go_mod;
mod gradle;
mod makefile;
pub mod odbc_ini;
mod package_json;
mod pom_xml;
mod pyproject_toml;
mod r_script;
mod requirements_txt;
pub mod rockspec;

// Lock files, and what else tools make or read with manifests.
mod bun_lock;
mod cargo_lock;
mod composer_lock;
pub mod dotnet_solution;
mod go_sum;
pub mod go_work;
mod gradle_lock;
mod jar_files;
mod nuget_lock;
mod package_lock;
mod pipfile_lock;
mod pnpm_lock;
mod python_lock;
mod renv_lock;
mod vendor_modules;
mod yarn_lock;
