//! The connectors that a project pins, against the server that was met.
