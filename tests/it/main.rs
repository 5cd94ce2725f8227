//! Every behaviour through the real binary, one file a behaviour. One test program, so that it links once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    unreachable_pub,
    reason = "tests fail by panicking"
)]

mod program;

mod attack_map;
mod available;
mod certificates;
mod command_line;
mod download_bench;
mod download_cache;
mod download_proxy_faults;
mod download_redirect;
mod download_resume;
mod download_retry;
mod download_tls;
mod dry_run;
mod env;
mod env_shells;
mod explain;
mod fake_server;
mod fault_matrix;
mod gc;
mod init_c;
mod init_cargo_toml;
mod init_connectors;
mod init_connectors_c;
mod init_connectors_java;
mod init_connectors_native;
mod init_connectors_node;
mod init_connectors_rust;
mod init_corpus;
mod init_go_mod;
mod init_new;
mod init_new_c;
mod init_new_go;
mod init_new_java;
mod init_new_node;
mod init_new_python;
mod init_new_rust;
mod init_options_check;
mod init_options_connection;
mod init_options_server;
mod init_options_upgrade;
mod init_package_json;
mod init_pom_xml;
mod init_pyproject;
mod init_refusals;
mod init_requirements;
mod init_workspaces;
mod install_at_once;
mod install_bench;
mod install_network;
mod install_packages;
mod install_parts;
mod install_prefix;
mod install_reinstall;
mod install_repair;
mod install_sources;
mod install_store;
mod install_trust;
mod install_users;
mod list;
mod match_bench;
mod match_checks;
mod match_install;
mod match_server_package;
mod platforms;
mod platforms_bench;
mod run;
mod store_bench;
mod store_journal;
mod store_lock;
mod store_odd_files;
mod system_bench;
mod system_config;
mod system_crash;
mod system_install;
mod system_replace;
mod system_uninstall;
mod tree;
mod trust_vendor_list;
mod uninstall;
mod unpack_corpus;
mod unpack_formats;
mod url;
mod url_connectors;
mod use_client;
mod verify_addresses;
mod verify_backend_down;
mod verify_bench;
mod verify_clock;
mod verify_cloud;
mod verify_dnodes;
mod verify_fingerprint;
mod verify_fixes;
mod verify_gateway;
mod verify_green;
mod verify_library;
mod verify_login;
mod verify_many;
mod verify_native_loader;
mod verify_native_server;
mod verify_ports;
mod verify_proxy;
mod verify_slow;
mod verify_targets;
mod verify_tls;
mod verify_versions;
mod verify_wait;
mod verify_write;
mod which;
#[cfg(target_os = "linux")]
#[path = "../../src/unpack/xar_writer.rs"]
mod xar_writer;
