//! `/etc/taos/taos.cfg` under `install --system`.
#![cfg(target_os = "linux")]

use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::system_directories::Machine;
use insta::assert_snapshot;

const CONFIG: &str = "/etc/taos/taos.cfg";
/// A remark in GBK, both line ends, and no last one.
const THEIRS: &[u8] =
    b"# \xb7\xfe\xce\xf1\xc6\xf7\r\n  firstEp\told:6030 # mine\r\nlogDir /data/log\nfqdn me";

fn with(config: &[u8]) -> Option<Machine> {
    let machine = Machine::new()?;
    std::fs::create_dir(machine.at("/etc/taos")).unwrap();
    std::fs::write(machine.at(CONFIG), config).unwrap();
    std::fs::set_permissions(machine.at(CONFIG), PermissionsExt::from_mode(0o640)).unwrap();
    Some(machine)
}

#[test]
fn only_first_ep_changes() {
    let Some(machine) = with(THEIRS) else { return };
    let before = machine.state();
    let read = || std::fs::read(machine.at(CONFIG)).unwrap();
    machine.install("3.3.7.5", &[]);
    assert_eq!(read(), THEIRS);
    let words = machine.install_words("3.3.7.5", &["--first-ep", "new.example"]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 for all users
      firstEp   set in /etc/taos/taos.cfg
      kept      /etc/taos/taos.cfg in /var/lib/taos-setup/backup/1/etc/taos/taos.cfg
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [DIGEST]
      verified  given
    --- stderr
    ");
    assert_eq!(
        read(),
        b"# \xb7\xfe\xce\xf1\xc6\xf7\r\n  firstEp\tnew.example:6030 # mine\r\nlogDir /data/log\nfqdn me"
    );
    let mode = std::fs::metadata(machine.at(CONFIG)).unwrap().permissions();
    assert_eq!(mode.mode() & 0o7777, 0o640);
    // Again, and with another server: the backup is still theirs.
    machine.install("3.3.7.5", &["--first-ep", "new.example"]);
    machine.install("3.3.7.5", &["--first-ep", "newer.example"]);
    assert_snapshot!(machine.program(["uninstall", "--system"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 for all users: 22 files and links
      restored  /etc/taos/taos.cfg
    --- stderr
    note: the client in [STORE] stays; taos-setup uninstall 3.3.7.5 removes it
    ");
    assert_eq!(machine.state(), before);
}

#[test]
fn changed_configuration_stays() {
    let Some(machine) = with(THEIRS) else { return };
    machine.install("3.3.7.5", &["--first-ep", "new"]);
    std::fs::write(machine.at(CONFIG), "firstEp theirs:1\n").unwrap();
    assert_snapshot!(machine.program(["uninstall", "--system"]).run(), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 for all users: 21 files and links
      kept      /etc/taos/taos.cfg (changed since the installation)
      backup    /var/lib/taos-setup/backup/1/etc/taos/taos.cfg (another file has its place)
    --- stderr
    note: the client in [STORE] stays; taos-setup uninstall 3.3.7.5 removes it
    ");
    let left = std::fs::read(machine.at(CONFIG)).unwrap();
    assert_eq!(left, b"firstEp theirs:1\n");
}

#[test]
fn link_in_its_place() {
    let Some(machine) = with(THEIRS) else { return };
    std::fs::rename(machine.at(CONFIG), machine.at("/etc/other.cfg")).unwrap();
    symlink("../other.cfg", machine.at(CONFIG)).unwrap();
    let before = machine.state();
    machine.install("3.3.7.5", &[]);
    let words = machine.install_words("3.3.7.5", &["--first-ep", "new"]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[would-overwrite]: could not install 3.3.7.5 for all users
      taos-setup did not create these: /etc/taos/taos.cfg (a link to ../other.cfg)
      next: sudo taos-setup install --from [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz --first-ep new:6030 --sha256 [DIGEST] --system --replace    # moves them to /var/lib/taos-setup/backup; uninstall --system restores them
    ");
    let run = machine.program(["uninstall", "--system"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(machine.state(), before);
}
