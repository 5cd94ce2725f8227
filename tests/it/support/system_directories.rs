//! A machine of its own for each test: the program sees `/usr/local`, `/etc` and `/var` of the test's folders, in a mount
//! namespace that ends with the test. The real ones are never touched: without the namespace nothing is run.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, OnceLock};

use taos_sandbox::mirror::{Package, sha256};

use crate::support::client_package::file;
use crate::support::program::{Program, TestContext};

/// Folders of the machine, and the test's folder that stands in for each.
const MOUNTED: [(&str, &str); 7] = [
    ("/usr/local", "usr-local"),
    ("/usr/include", "usr-include"),
    // A folder below /usr/lib that every machine has and no program here needs.
    ("/usr/lib/locale", "usr-lib-locale"),
    ("/etc", "etc"),
    ("/var/lib", "var-lib"),
    ("/var/log", "var-log"),
    ("/var/cache", "var-cache"),
];

/// How a mount namespace is had here: as root without, else with a user namespace.
static UNSHARE: LazyLock<Option<&[&str]>> = LazyLock::new(|| {
    let forms: [&[&str]; 2] = [&["-m"], &["-r", "-m"]];
    let works = |form: &&[&str]| {
        let mut command = Command::new("unshare");
        let mount = "mount -t tmpfs none /usr/local";
        command.args(*form).args(["sh", "-c", mount]);
        command.output().is_ok_and(|output| output.status.success())
    };
    let found = forms.into_iter().find(works);
    if found.is_none() {
        crate::support::skipped::report_or_fail(
            "install --system",
            "no mount namespace can be made here",
        );
    }
    found
});

/// Shell commands that hide the drivers in this machine's own `/usr/lib`, which the program would find next to the test's; empty
/// if there are none. `None` if they cannot be hidden.
static HIDE_DRIVERS: LazyLock<Option<String>> = LazyLock::new(|| {
    let mut script = String::new();
    for root in ["/usr/lib", "/usr/lib64"] {
        let is_link = std::fs::symlink_metadata(root).is_ok_and(|found| found.is_symlink());
        let drivers = drivers_below(Path::new(root));
        if is_link || drivers.is_empty() {
            continue;
        }
        script.push_str(&format!(
            "layers=$(mktemp -d); mount -t tmpfs none $layers; mkdir $layers/upper $layers/work $layers/keep\n\
             for it in {root}/*-linux-gnu; do [ ! -d $it ] || ls $it/libtaos* >/dev/null 2>&1 || \
             {{ mkdir $layers/keep/${{it##*/}}; mount --bind $it $layers/keep/${{it##*/}}; }}; done\n\
             mount -t overlay overlay -o lowerdir={root},upperdir=$layers/upper,workdir=$layers/work {root}\n\
             for it in $layers/keep/*; do [ ! -d $it ] || mount --bind $it {root}/${{it##*/}}; done\n"
        ));
        for driver in drivers {
            script.push_str(&format!("rm {}\n", driver.display()));
        }
    }
    let works = |script: &str| {
        let mut command = Command::new("unshare");
        command.args((*UNSHARE)?).args(["sh", "-ec", script]);
        Some(command.output().ok()?.status.success())
    };
    if script.is_empty() || works(&script) == Some(true) {
        return Some(script);
    }
    crate::support::skipped::report("--system", "the driver in /usr/lib cannot be hidden");
    None
});

/// The drivers in `root` and the directories in it that a loader searches.
fn drivers_below(root: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_searched = |path: &Path| path.to_string_lossy().ends_with("-linux-gnu");
    let searched = entries(root).map(|entry| entry.path());
    let folders = searched
        .filter(|path| path.is_dir() && is_searched(path))
        .chain([root.to_path_buf()]);
    let mut found: Vec<PathBuf> = folders
        .flat_map(|folder| {
            entries(&folder)
                .map(|entry| entry.path())
                .collect::<Vec<_>>()
        })
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libtaos")
        })
        .collect();
    found.sort();
    found
}

/// A process that keeps a machine's namespace until it is dropped.
struct Namespace(Child);

impl Namespace {
    /// The namespace that `script` sets up.
    fn new(unshare: &[&str], script: &str) -> Self {
        let mut child = Command::new("unshare")
            .args(unshare)
            .args(["sh", "-c", &format!("{script}echo\nexec cat")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = [0];
        let output = child.stdout.as_mut().unwrap();
        output.read_exact(&mut line).expect("a mount namespace");
        Self(child)
    }

    /// The words that start a program in it, with `folder` as its working directory.
    fn enter(&self, unshare: &[&str], folder: &Path) -> Vec<String> {
        let mut words = vec!["-t".into(), self.0.id().to_string(), "-m".into()];
        if unshare.contains(&"-r") {
            words.extend(["-U".into(), "--preserve-credentials".into()]);
        }
        words.push(format!("--wd={}", folder.display()));
        words
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A machine, with a context for its user.
pub struct Machine {
    /// Ends before the folders that are mounted in it are removed.
    namespace: OnceLock<Namespace>,
    pub context: TestContext,
    unshare: &'static [&'static str],
}

impl Machine {
    /// A machine without any client; `None` where this one cannot make it.
    pub fn new() -> Option<Self> {
        Self::on(TestContext::new)
    }

    /// The same, in memory.
    pub fn in_memory() -> Option<Self> {
        Self::on(TestContext::in_memory)
    }

    fn on(context: fn() -> TestContext) -> Option<Self> {
        let machine = Self {
            namespace: OnceLock::new(),
            context: context(),
            unshare: (*UNSHARE)?,
        };
        (*HIDE_DRIVERS).as_ref()?;
        for (_, folder) in MOUNTED {
            std::fs::create_dir(machine.root().join(folder)).unwrap();
        }
        for folder in ["lib", "include", "bin"] {
            std::fs::create_dir(machine.at("/usr/local").join(folder)).unwrap();
        }
        let etc = machine.at("/etc");
        let _ = std::fs::copy("/etc/ld.so.cache", etc.join("ld.so.cache"));
        std::fs::write(etc.join("ld.so.conf"), "/usr/local/lib\n").unwrap();
        let all = machine.at("/var/log/taos");
        std::fs::create_dir(&all).unwrap();
        std::fs::set_permissions(all, PermissionsExt::from_mode(0o1777)).unwrap();
        machine.ldconfig("exit 0");
        Some(machine)
    }

    /// In memory, and where the folder of backups is on the file system of `/usr/local`: each folder is a mount of its own otherwise.
    pub fn on_one_file_system() -> Option<Self> {
        let machine = Self::in_memory()?;
        std::fs::create_dir(machine.at("/usr/local/state")).unwrap();
        let state = machine.at("/var/lib/taos-setup");
        std::os::unix::fs::symlink("/usr/local/state", state).unwrap();
        Some(machine)
    }

    fn root(&self) -> PathBuf {
        self.context.root().to_path_buf()
    }

    /// Where the test finds what the program sees at `path`.
    pub fn at(&self, path: &str) -> PathBuf {
        let (on, folder) = MOUNTED
            .iter()
            .find(|(on, _)| path == *on || path.starts_with(&format!("{on}/")))
            .unwrap();
        let rest = path[on.len()..].trim_start_matches('/');
        let folder = self.root().join(folder);
        if rest.is_empty() {
            folder
        } else {
            folder.join(rest)
        }
    }

    /// What stands in for ldconfig: a note of its arguments and environment, then `script`.
    pub fn ldconfig(&self, script: &str) {
        let path = self.root().join("ldconfig");
        let note = self.root().join("ldconfig.ran");
        let script = format!(
            "#!/bin/sh\necho \"args=$* home=$HOME path_is_ours=$TAOS_SETUP_HOME\" >> {}\n{script}\n",
            note.display()
        );
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }

    /// From now on the true ldconfig runs, which writes the cache in the test's folders.
    pub fn true_ldconfig(&self) {
        let copy = self.root().join("ldconfig.true");
        std::fs::copy("/sbin/ldconfig", &copy).unwrap();
        self.ldconfig(&format!("exec {} \"$@\"", copy.display()));
    }

    /// What it noted.
    pub fn ldconfig_ran(&self) -> String {
        std::fs::read_to_string(self.root().join("ldconfig.ran")).unwrap_or_default()
    }

    /// The program with `args` on this machine.
    pub fn program<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> Program<'_> {
        let namespace = self
            .namespace
            .get_or_init(|| Namespace::new(self.unshare, &self.mounts()));
        self.start(
            "nsenter",
            namespace.enter(self.unshare, &self.context.work()),
            args,
        )
    }

    /// The same after the shell's `prelude`, whose changes to what is mounted end with the program.
    pub fn after<S: AsRef<str>>(
        &self,
        prelude: &str,
        args: impl IntoIterator<Item = S>,
    ) -> Program<'_> {
        let mut words: Vec<String> = self.unshare.iter().map(|word| (*word).to_owned()).collect();
        let script = format!("{}{prelude}\nexec \"$@\"\n", self.mounts());
        words.extend(["sh".into(), "-c".into(), script, "sh".into()]);
        self.start("unshare", words, args)
    }

    /// The program with `args`, started by `starter` with `words`.
    fn start<S: AsRef<str>>(
        &self,
        starter: &str,
        mut words: Vec<String>,
        args: impl IntoIterator<Item = S>,
    ) -> Program<'_> {
        words.push(env!("CARGO_BIN_EXE_taos-setup").into());
        words.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        let digest = words.iter().find(|word| word.len() == 64).cloned();
        let program = self.context.start(starter, words);
        let program = match digest {
            Some(digest) => program.showing(digest, "DIGEST"),
            None => program,
        };
        program
            // The namespace is the machine.
            .env("TAOS_SETUP_TEST_ROOT", "")
            .env("TAOS_SETUP_NO_PROGRESS", "1")
    }

    /// Shell commands that mount the machine's folders.
    fn mounts(&self) -> String {
        let mut script = String::from("set -e\n");
        script.push_str(HIDE_DRIVERS.as_deref().unwrap_or_default());
        for (on, folder) in MOUNTED {
            let folder = self.root().join(folder);
            script.push_str(&format!("mount --bind {} {on}\n", folder.display()));
        }
        let ldconfig = self.root().join("ldconfig");
        script.push_str(&format!(
            "for it in /sbin/ldconfig /usr/sbin/ldconfig; do [ ! -f $it ] || mount --bind {} $it; done\n",
            ldconfig.display()
        ));
        script
    }

    /// The words that install `version` for all users, and `more`.
    pub fn install_words(&self, version: &str, more: &[&str]) -> Vec<String> {
        let (path, sha256) = file(&self.context, &Package::new(version));
        let mut words: Vec<String> = ["install", "--from"].map(str::to_owned).to_vec();
        words.extend([path.display().to_string(), "--sha256".into(), sha256]);
        words.push("--system".into());
        words.extend(more.iter().map(|word| (*word).to_owned()));
        words
    }

    /// Installs `version` for all users.
    pub fn install(&self, version: &str, more: &[&str]) {
        let run = self.program(self.install_words(version, more)).run();
        assert_eq!(run.exit, Some(0), "{run}");
    }

    /// All that is on the machine but the store: by path a link's target, a file's mode and bytes, a folder's mode.
    pub fn state(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for (on, folder) in MOUNTED {
            collect(on, &self.root().join(folder), &mut found);
        }
        found
    }

    /// The paths of [`Self::state`] below the folders that clients go to, with the modes of files.
    pub fn placed(&self) -> String {
        let below = |path: &&String| {
            ["/usr/local/", "/etc/taos", "/var/lib/"]
                .iter()
                .any(|on| path.starts_with(on))
        };
        let state = self.state();
        let lines: Vec<String> = state
            .iter()
            .filter(|(path, _)| below(path))
            .map(|(path, what)| {
                let what = what.split(" sha256").next().unwrap_or_default();
                format!("{path} {what}")
            })
            .collect();
        lines.join("\n")
    }

    /// Copies every folder of the machine to `copy`.
    pub fn copy_to(&self, copy: &Path) {
        std::fs::create_dir(copy).unwrap();
        for (_, folder) in MOUNTED {
            copy_tree(&self.root().join(folder), &copy.join(folder));
        }
    }

    /// Makes the machine what it was at [`Self::copy_to`]. The folders themselves stay, for they are mounted.
    pub fn copy_from(&self, copy: &Path) {
        for (_, folder) in MOUNTED {
            let now = self.root().join(folder);
            for entry in std::fs::read_dir(&now).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    std::fs::remove_dir_all(entry.path()).unwrap();
                } else {
                    std::fs::remove_file(entry.path()).unwrap();
                }
            }
            copy_entries(&copy.join(folder), &now);
        }
    }
}

fn collect(shown: &str, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let shown = format!("{shown}/{name}");
        let metadata = std::fs::symlink_metadata(&path).unwrap();
        let mode = metadata.mode() & 0o7777;
        let what = if metadata.is_symlink() {
            format!("-> {}", std::fs::read_link(&path).unwrap().display())
        } else if metadata.is_dir() {
            collect(&shown, &path, found);
            format!("{mode:o} folder")
        } else {
            format!("{mode:o} sha256 {}", sha256(&std::fs::read(&path).unwrap()))
        };
        found.insert(shown, what);
    }
}

/// Copies a folder, links as links, with modes.
fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    copy_entries(from, to);
}

/// Copies what is in a folder, and the folder's mode.
fn copy_entries(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            std::os::unix::fs::symlink(std::fs::read_link(&from).unwrap(), &to).unwrap();
        } else if kind.is_dir() {
            copy_tree(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
    let mode = std::fs::metadata(from).unwrap().permissions();
    std::fs::set_permissions(to, mode).unwrap();
}
