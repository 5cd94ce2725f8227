//! The variables of a client, with those that depend on this machine.

use std::path::Path;

use crate::driver::private_libraries::{DIRECTORY, hidden_from_programs};
use crate::store::{Client, Value, Variable};
use crate::tdengine::platform::Os;

/// The variable of the loader's search path on Linux.
const LOADER_PATH: &str = "LD_LIBRARY_PATH";

/// Returns the variables of `client`. If its driver needs libraries that its package brings and that this machine does not have, their
/// directory is on the loader's search path, behind the driver's own.
pub(super) fn find_variables(client: &Client) -> Vec<Variable> {
    let mut variables = client.variables();
    if needs_private_libraries(client) {
        let private = Variable {
            name: LOADER_PATH,
            value: Value::Prepend(client.lib_dir().join(DIRECTORY)),
            about: "the loader: libraries of the package that the driver needs and this machine does not have",
        };
        // What comes later is put before it.
        let loader = variables.iter().position(|it| it.name == LOADER_PATH);
        variables.insert(loader.unwrap_or(0), private);
    }
    variables
}

fn needs_private_libraries(client: &Client) -> bool {
    let library = client.lib_dir().join(client.platform.library_file("taos"));
    let path = std::env::var_os(LOADER_PATH);
    cfg!(target_os = "linux")
        && client.platform.os == Os::Linux
        && !hidden_from_programs(Path::new(&library), client.platform, path.as_deref()).is_empty()
}
