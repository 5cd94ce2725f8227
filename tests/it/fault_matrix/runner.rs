//! Runs cases side by side and says of every wrong one what is wrong.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::case::{CASE, Case, Expected, Needs, SECOND_MS, TIMEOUT_MS};
use super::scene::Scene;
use crate::support::program::{Run, quoted_masks};

/// So many cases run at the same time.
const AT_ONCE: usize = 4;
/// A case that took too long is run again so often: the quickest counts, so that a loaded machine does not lie.
const TRIES: usize = 4;
/// What a healthy server takes over all three transports, unoptimised and beside other tests, where nothing else runs.
const USUAL_MS: f64 = 250.0;

/// Runs all of `cases`; fails with everything that is wrong in any of them.
pub fn run(cases: &[Case]) {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(cases.len()) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(why) = case.needs.missing() {
                        crate::support::skipped::report(case.name, why);
                    } else if let Err(complaint) = case.check() {
                        wrong.lock().unwrap().push(complaint);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {} cases are wrong\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

impl Case {
    fn check(&self) -> Result<(), String> {
        let mut quickest = u64::MAX;
        for _ in 0..TRIES {
            let scene = (self.scene)();
            let run = self.run(&scene);
            let reported = |what: String| {
                format!(
                    "\n=== {}: {what}\n{}\n{}",
                    self.name, run.stderr, run.stdout
                )
            };
            self.verdict(&run).map_err(reported)?;
            let refused = scene.served.sandbox.logins().refused;
            if refused > self.refused_logins {
                return Err(reported(format!("{refused} failed logins")));
            }
            quickest = quickest.min(slowest_transport(&run));
            if quickest <= self.limit_ms() || quickest <= self.limit_ms() + burden_ms() {
                return Ok(());
            }
        }
        let (name, limit) = (self.name, self.limit_ms());
        Err(format!(
            "\n=== {name}: it took {quickest} ms, and {limit} ms are the most"
        ))
    }

    fn run(&self, scene: &Scene) -> Run {
        let limit = format!("{TIMEOUT_MS}ms");
        let mut args = self.args.to_vec();
        if !args.contains(&"--timeout") {
            args.extend(["--timeout", &limit]);
        }
        scene.run(&args)
    }

    /// Whether the exit code and the findings are the right ones, and every text whole.
    fn verdict(&self, run: &Run) -> Result<(), String> {
        let document: serde_json::Value =
            serde_json::from_str(&quoted_masks(&run.stdout)).map_err(|error| error.to_string())?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let findings = document["findings"].as_array().cloned().unwrap_or_default();
        let seen: Vec<String> = findings
            .iter()
            .map(|finding| {
                let over: Vec<String> = finding["transports"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(text)
                    .collect();
                let (id, severity) = (text(&finding["id"]), text(&finding["severity"]));
                format!("{severity} {id} over {}", over.join(" "))
            })
            .collect();
        let expected: Vec<String> = self.findings.iter().map(Expected::words).collect();
        if (run.exit, &seen) != (Some(self.exit), &expected) {
            return Err(format!(
                "expected exit {} and {expected:?}, got {:?} and {seen:?}",
                self.exit, run.exit
            ));
        }
        for finding in &findings {
            for key in ["summary", "observed", "cause", "fix"] {
                let words = text(&finding[key]);
                if words.is_empty() || words.contains("{{") || words.contains("  #  ") {
                    return Err(format!("{key} of {}: {words:?}", finding["id"]));
                }
            }
        }
        let texts = document["findings"].to_string();
        if let Some(words) = self.says.iter().find(|words| !texts.contains(**words)) {
            return Err(format!("no finding says {words:?}"));
        }
        if run.stdout.contains("\"observed\": \"\"") {
            return Err("a check says nothing of what was seen".to_owned());
        }
        let shown = format!("{}{}", run.stdout, run.stderr);
        if shown.contains("hunter2") {
            return Err("the password is shown".to_owned());
        }
        if shown.contains(|c: char| c.is_control() && c != '\n') {
            return Err("control characters are shown".to_owned());
        }
        Ok(())
    }
}

/// By how much a second is too short on this machine now: as often as a healthy server takes longer than it should.
fn burden_ms() -> u64 {
    let scene = Scene::healthy();
    let times = slowest_transport(&CASE.run(&scene)) as f64 / USUAL_MS;
    (SECOND_MS as f64 * (times - 1.0).max(0.0)) as u64
}

impl Expected {
    fn words(&self) -> String {
        format!("{} {} over {}", self.severity, self.id, self.over)
    }
}

/// The milliseconds of the slowest transport: what the run takes but for the start of its process.
fn slowest_transport(run: &Run) -> u64 {
    let document = run.json();
    let targets = document["data"]["targets"].as_array().unwrap().clone();
    let all = targets
        .iter()
        .flat_map(|target| target["transports"].as_array().unwrap());
    all.map(|transport| transport["ms"].as_u64().unwrap())
        .max()
        .unwrap_or(0)
}

impl Needs {
    /// Why a case cannot be played on this machine.
    fn missing(self) -> Option<&'static str> {
        let (there, why) = match self {
            Self::Nothing => return None,
            Self::Ipv6 => (
                std::net::TcpListener::bind("[::1]:0").is_ok(),
                "this machine has no IPv6",
            ),
            Self::LocalhostOfBoth => (
                crate::verify::addresses::localhost_has_both(),
                "localhost has one address here",
            ),
            Self::AnotherAddress => (
                crate::verify::proxy::another_address().is_some(),
                "this machine has no address but loopback",
            ),
            Self::Root => (
                rustix::process::getuid().is_root(),
                "only root can start a program as another user or in a namespace",
            ),
            Self::LossyQueue => (
                crate::verify::lost_packets::can_lose_packets(),
                "this system accepts connections that a listener's queue has no room for",
            ),
        };
        (!there).then_some(why)
    }
}

#[test]
fn wrong_case_is_found() {
    let wrong = Case {
        name: "healthy, and said not to be",
        exit: 10,
        ..CASE
    };
    let complaint = wrong.check().unwrap_err();
    assert!(complaint.contains("expected exit 10"), "{complaint}");
}
