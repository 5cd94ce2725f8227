//! `cargo bench --bench fleet`: the cost per host of the Ansible module `client` with nothing to do, beside a module that is empty, in
//! turns, on 100 and on 1,000 hosts (local connections, 20 at once). `ANSIBLE_VENV` names a directory with ansible-core, as
//! `.ci/ansible` makes it; without it nothing is measured, and that is printed. `FLEET_HOSTS=20,100` measures other numbers of hosts,
//! and `FLEET_ROUNDS=1` each of them once instead of three times.

#[macro_use]
#[path = "../figures/figures.rs"]
mod figures;

bench_on_linux!(linux::figures);

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io;
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    use taos_sandbox::driver;
    use taos_sandbox::mirror::{Mirror, MirrorFaults, MirrorOptions, Package};

    use crate::figures::process::{program, run};
    use crate::figures::table::{Table, remark};

    /// A module that only starts and ends.
    const EMPTY: &str = "from ansible.module_utils.basic import AnsibleModule\n\n\
        AnsibleModule(argument_spec=dict(), supports_check_mode=True).exit_json(changed=False)\n";
    const VERSION: &str = "3.3.7.5";
    const FORKS: &str = "20";
    /// Rounds of what is compared in turns.
    const ROUNDS: &str = "3";

    pub(crate) fn figures() -> io::Result<Table> {
        let mut table = Table::default();
        let Some(venv) = std::env::var_os("ANSIBLE_VENV").map(PathBuf::from) else {
            remark("!!! ANSIBLE_VENV is not set: the Ansible collection was NOT measured");
            return Ok(table);
        };
        let folder = tempfile::Builder::new()
            .prefix("taos-setup-bench-")
            .tempdir()?;
        let plays = Plays::write(folder.path(), venv)?;
        let wanted = std::env::var("FLEET_HOSTS").unwrap_or_else(|_| "100,1000".to_owned());
        let rounds = std::env::var("FLEET_ROUNDS").unwrap_or_else(|_| ROUNDS.to_owned());
        let rounds: usize = rounds.parse().map_err(io::Error::other)?;
        let mut costs = Vec::new();
        for hosts in wanted.split(',').filter_map(|it| it.parse::<usize>().ok()) {
            plays.hosts(hosts)?;
            let (mut ours, mut empty, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..rounds.max(1) {
                empty.push(plays.seconds("empty.yml")? / hosts as f64);
                ours.push(plays.seconds("client.yml")? / hosts as f64);
                ratios.push(ours[ours.len() - 1] / empty[empty.len() - 1]);
            }
            let cost = median(ours);
            table.fact(
                &format!("empty, {hosts} hosts (ms a host)"),
                median(empty) * 1e3,
            );
            table.fact(&format!("client, {hosts} hosts (ms a host)"), cost * 1e3);
            table.at_most(
                &format!("client / empty, {hosts} hosts"),
                median(ratios),
                1.3,
            );
            costs.push(cost);
        }
        if let [few, .., many] = costs[..] {
            table.at_most("a host of the most / of the fewest", many / few, 1.2);
        }
        Ok(table)
    }

    /// Two playbooks in a directory, and the client that all hosts share.
    struct Plays {
        folder: PathBuf,
        venv: PathBuf,
    }

    impl Plays {
        fn write(folder: &Path, venv: PathBuf) -> io::Result<Self> {
            let home = folder.join("home");
            fs::create_dir(&home)?;
            let mirror = Mirror::start(MirrorOptions {
                packages: vec![Package::new(VERSION)],
                driver: driver::built()?.to_path_buf(),
                faults: MirrorFaults::None,
            })?;
            let digest = mirror
                .sha256_of(VERSION)
                .ok_or_else(|| io::Error::other("the mirror has no package"))?;
            let words = [
                "install",
                VERSION,
                "--mirror",
                &mirror.url(),
                "--sha256",
                &digest,
            ];
            run(program(&home, &words))?;
            let collection = folder.join("collections/ansible_collections/taos_setup");
            fs::create_dir_all(&collection)?;
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/ansible");
            symlink(source, collection.join("tdengine"))?;
            let platform = folder.join("binaries/linux-x64");
            fs::create_dir_all(&platform)?;
            fs::copy(
                env!("CARGO_BIN_EXE_taos-setup"),
                platform.join("taos-setup"),
            )?;
            fs::create_dir(folder.join("library"))?;
            fs::write(folder.join("library/empty.py"), EMPTY)?;
            let play = |task: &str| {
                format!("- hosts: all\n  gather_facts: false\n  tasks:\n    - {task}\n")
            };
            fs::write(folder.join("empty.yml"), play("empty:"))?;
            let client = format!(
                "taos_setup.tdengine.client: {{version: {VERSION}, home: '{}', binaries: '{}'}}",
                home.display(),
                folder.join("binaries").display()
            );
            fs::write(folder.join("client.yml"), play(&client))?;
            let plays = Self {
                folder: folder.to_owned(),
                venv,
            };
            // The first run copies the program.
            plays.hosts(1)?;
            plays.seconds("client.yml")?;
            Ok(plays)
        }

        fn hosts(&self, number: usize) -> io::Result<()> {
            let mut text = String::from("[all:vars]\nansible_connection=local\n");
            text.push_str("ansible_python_interpreter=");
            text.push_str(&self.venv.join("bin/python").display().to_string());
            text.push_str(&format!("\n[plant]\nhost[1:{number}]\n"));
            fs::write(self.folder.join("hosts.ini"), text)
        }

        fn seconds(&self, playbook: &str) -> io::Result<f64> {
            let mut command = Command::new(self.venv.join("bin/ansible-playbook"));
            command
                .args(["-i", "hosts.ini", "--forks", FORKS, playbook])
                .current_dir(&self.folder)
                .env("HOME", self.folder.join("home"))
                .env("ANSIBLE_HOME", self.folder.join("ansible"))
                .env("ANSIBLE_COLLECTIONS_PATH", self.folder.join("collections"))
                .env("ANSIBLE_LIBRARY", self.folder.join("library"))
                .env("ANSIBLE_DISPLAY_OK_HOSTS", "0")
                .env("LC_ALL", "C.UTF-8")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped());
            run(command).map(|took| took.as_secs_f64())
        }
    }

    fn median(mut values: Vec<f64>) -> f64 {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    }
}
