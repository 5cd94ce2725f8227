//! The main job from start to end on this machine alone: `cargo run --example demo`.
//!
//! Builds the program, starts the stand-in server, and then does what a user would do: install a client, list it, put
//! connectors into two projects, verify three transports, and look at two faults. Exits 0 only if everything held.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a demo prints")]

mod build;
mod session;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use taos_sandbox::faults::{BackendDown, Faults};
use taos_sandbox::mirror::{Mirror, MirrorFaults, MirrorOptions, Package};
use taos_sandbox::server::{Options, Sandbox};

use session::Session;

const VERSION: &str = "3.3.7.5";

fn main() -> ExitCode {
    match demo() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nThe demo did not hold: {error}");
            ExitCode::FAILURE
        }
    }
}

fn demo() -> Result<(), Box<dyn Error>> {
    println!(
        "The server in this demo is a stand-in, not TDengine: it plays version {VERSION} on loopback ports of this machine."
    );
    println!("Building taos-setup and the stand-in's driver ...");
    let built = build::build()?;
    let started = Instant::now();

    let sandbox = Sandbox::start(Options::default())?;
    let mirror = Mirror::start(MirrorOptions {
        packages: vec![Package::new(VERSION)],
        driver: built.driver,
        faults: MirrorFaults::None,
    })?;
    println!();
    println!(
        "The package comes from a stand-in mirror at {}.",
        mirror.url()
    );

    let mut session = Session::new(built.program)?;
    let target = sandbox.adapter().to_string();
    let native_port = sandbox.native().port().to_string();
    let url = mirror.url();
    let sha256 = mirror
        .sha256_of(VERSION)
        .ok_or("the mirror has no package")?;

    session.chapter("Install the client that matches the server");
    session
        .run(&["install", VERSION, "--mirror", &url, "--sha256", &sha256])?
        .exits(0)?;
    session.run(&["list"])?.exits(0)?.prints(VERSION)?;
    session.run(&["env"])?.exits(0)?.prints("LD_LIBRARY_PATH")?;

    session.chapter("Put the connector into a project");
    for language in ["go", "python"] {
        let folder = format!("my-{language}-app");
        session
            .run(&["init", "--lang", language, "--dir", &folder])?
            .exits(0)?;
    }

    session.chapter("Prove that the connections work");
    let verify = ["verify", &target, "--native-port", &native_port];
    session.run(&verify)?.exits(0)?.prints("native")?;

    session.chapter("A wrong password");
    session.set("TAOS_PASSWORD", "not-the-password");
    session.run(&verify)?.exits(11)?.finds(&["auth-failed"])?;
    session.unset("TAOS_PASSWORD");
    let refused = sandbox.logins().refused;
    if refused != 1 {
        return Err(format!(
            "{refused} logins were refused, and one is the most that verify may cause"
        )
        .into());
    }

    session.chapter("taosd has died behind a live taosAdapter");
    sandbox.set_faults(Faults {
        backend: BackendDown::Pooled,
        ..Faults::default()
    });
    session
        .run(&verify)?
        .exits(14)?
        .finds(&["adapter-backend-down"])?;

    println!(
        "\nEverything held, in {:.1} s after the build.",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
