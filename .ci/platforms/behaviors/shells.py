"""`env`: the lines are evaluated by the shells themselves."""

import shutil

from machine import Skipped
from packages import install

# What a shell could take for its own.
NAME = "a b ^&!"


def _installed(scene, more=" 目录 %PATH%"):
    scene.home = scene.root / (NAME + more)
    scene.variables["TAOS_SETUP_HOME"] = scene.path(scene.home)
    install(scene).expect(0)
    return scene.path(scene.client("3.3.7.5"))


def cmd_sets_variables(scene):
    if not scene.machine.windows:
        raise Skipped("cmd.exe is a program of Windows")
    # Wine's cmd writes other letters in the code page of the machine, and expands what is in a value again, until it crashes.
    client = _installed(scene, more="")
    lines = scene.run("env", "--shell", "cmd").expect(0).out
    assert lines.count("\n") == lines.count("\r\n"), lines
    # Wine loses the machine's PATH if the environment has certain sizes.
    (scene.work / "taos.cmd").write_bytes(b'@set "PATH=C:\\before"\r\n' + lines.encode() + b"set\r\n")
    run = scene.command(["cmd", "/d", "/c", "taos.cmd"]).expect(0)
    found = dict(line.split("=", 1) for line in run.out.splitlines() if "=" in line)
    assert found["TAOS_CONFIG_DIR"] == client + "\\etc", run
    path = next(value for name, value in found.items() if name.upper() == "PATH")
    assert path == f"{client}\\lib;{client}\\bin;C:\\before", run


def sh_sets_variables(scene):
    if scene.machine.windows:
        raise Skipped("Windows has no sh; cmd and powershell are its shells")
    client = _installed(scene)
    (scene.work / "taos.sh").write_text(scene.run("env").expect(0).out + 'printf "%s\\n" "$TAOS_CONFIG_DIR" "$LD_LIBRARY_PATH"')
    run = scene.outside(["sh", "-u", "taos.sh"], env={"LD_LIBRARY_PATH": "/before"})
    assert run.out.splitlines() == [f"{client}/etc", f"{client}/lib:/before"], run


def powershell_sets_variables(scene):
    if not shutil.which("pwsh"):
        raise Skipped("no pwsh on this machine, and wine has none; the lines are compared as text in tests/it")
    client = _installed(scene)
    lines = scene.run("env", "--shell", "powershell").expect(0).out
    (scene.work / "taos.ps1").write_text(lines + "$env:TAOS_CONFIG_DIR")
    separator = "\\" if scene.machine.windows else "/"
    scene.outside(["pwsh", "-NoProfile", "-File", "taos.ps1"]).expect(0, f"{client}{separator}etc")
