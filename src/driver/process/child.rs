//! What runs in the driver's own process.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, Write};
use std::sync::mpsc::Receiver;

use super::library::{ClientLibrary, preload};
use super::load::{DriverLoad, open};
use super::{DriverFact, DriverLogin, DriverOrder, DriverStage, DriverTask};

/// Reads the task from `input`, runs it, and writes what happens into the facts file. `Err` only without a task, or if
/// nothing can be written. The end of `input` ends the process, whatever the driver does: its
/// parent is gone.
pub fn run(mut input: impl BufRead + Send + 'static) -> Result<(), String> {
    let mut first = String::new();
    input
        .read_line(&mut first)
        .map_err(|error| error.to_string())?;
    let task: DriverTask = serde_json::from_str(&first).map_err(|error| error.to_string())?;
    let facts = OpenOptions::new()
        .append(true)
        .open(&task.facts)
        .map_err(|error| error.to_string())?;
    let mut facts = FactsFile(facts);
    let input = match lines(input) {
        Ok(input) => input,
        Err(error) => {
            let errno = error.raw_os_error();
            return facts.write(&DriverFact::Unstarted { errno });
        }
    };

    facts.write(&DriverFact::Begins {
        stage: DriverStage::Load,
    })?;
    for file in &task.private {
        preload(file);
    }
    let driver = match ClientLibrary::load(&task.library) {
        Ok(driver) => driver,
        Err(words) => return facts.write(&DriverFact::Unloadable { words }),
    };
    facts.write(&DriverFact::Begins {
        stage: DriverStage::Init,
    })?;
    if let Err(refusal) = driver.init() {
        return facts.failed(DriverStage::Init, refusal);
    }
    facts.write(&DriverFact::Begins {
        stage: DriverStage::ClientInfo,
    })?;
    facts.write(&DriverFact::Ready {
        version: driver.client_info(),
    })?;

    let dial: DriverLogin = line(&input)?;
    facts.write(&DriverFact::Begins {
        stage: DriverStage::Connect,
    })?;
    let connection = match open(&driver, &dial) {
        Ok(connection) => connection,
        Err(refusal) => return facts.failed(DriverStage::Connect, refusal),
    };
    facts.write(&DriverFact::Begins {
        stage: DriverStage::ServerInfo,
    })?;
    facts.write(&DriverFact::Connected {
        server: connection.server_info(),
    })?;
    let mut load = DriverLoad::new(&driver, &dial);
    loop {
        let order: DriverOrder = line(&input)?;
        facts.write(&DriverFact::Begins {
            stage: DriverStage::Query,
        })?;
        match order {
            DriverOrder::Statement { sql } => match connection.query(&sql) {
                Ok((columns, rows)) => facts.write(&DriverFact::Rows { columns, rows })?,
                Err(refusal) => facts.failed(DriverStage::Query, refusal)?,
            },
            DriverOrder::Load(timed) => {
                let (report, failure) = load.run(&timed);
                facts.write(&DriverFact::Loaded { report, failure })?;
            }
        }
    }
}

/// The facts file.
struct FactsFile(File);

impl FactsFile {
    /// Appends one line in one write.
    fn write(&mut self, fact: &DriverFact) -> Result<(), String> {
        let mut line = serde_json::to_vec(fact).map_err(|error| error.to_string())?;
        line.push(b'\n');
        self.0.write_all(&line).map_err(|error| error.to_string())
    }

    fn failed(&mut self, stage: DriverStage, (code, message): (u32, String)) -> Result<(), String> {
        self.write(&DriverFact::Failed {
            stage,
            code,
            message,
        })
    }
}

/// The lines of `input`, read by a thread that ends the process where they end.
fn lines(input: impl BufRead + Send + 'static) -> std::io::Result<Receiver<String>> {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::Builder::new().spawn(move || {
        for line in input.lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
        // Not by way of exit: the driver's own clean-up may never end.
        #[cfg(unix)]
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        std::process::exit(1);
    })?;
    Ok(receiver)
}

/// The next line, read as JSON.
fn line<T: serde::de::DeserializeOwned>(input: &Receiver<String>) -> Result<T, String> {
    let text = input.recv().map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}
