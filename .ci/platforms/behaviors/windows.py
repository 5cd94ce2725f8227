"""What only Windows has: a registry, a runtime of Visual C++, files that are in use, junctions, names of devices."""

import os
import struct
import subprocess
from contextlib import contextmanager
from pathlib import Path

from machine import Skipped
from packages import install, stamped, written

# The entry of the vendor's installer.
INSTALLER = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{A0F7A93C-79C4-485D-B2B8-F0D03DF42FAB}_is1"
# Where the runtime's installer records its version.
RUNTIME = r"HKLM\SOFTWARE\Microsoft\VisualStudio\14.0\VC\Runtimes\X64"


def _only_windows(scene):
    if not scene.machine.windows:
        raise Skipped("only Windows has it")


@contextmanager
def _registry(scene, key, **values):
    """The values in the registry of wine, while it lasts."""
    for name, value in values.items():
        kind = "REG_DWORD" if isinstance(value, int) else "REG_SZ"
        scene.command(["reg", "add", key, "/v", name.replace("_", " "), "/t", kind, "/d", str(value), "/f"]).expect(0)
    try:
        yield
    finally:
        scene.command(["reg", "delete", key, "/f"])


@contextmanager
def _held(scene, how, file):
    """A program that has `file` open, or has it loaded."""
    holder = str(Path(scene.machine.program).with_name("holder.exe"))
    process = scene.start([holder, how, scene.path(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        said = process.stdout.readline()
        assert said.strip() == b"held", said
        yield
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def _library_of_visual_c(minor):
    """A library that the compiler 14.`minor` made: it loads VCRUNTIME140.dll."""
    address, name = 0x1000, b"VCRUNTIME140.dll\0"
    section = struct.pack("<5I", address, 0, 0, address + 40, address).ljust(40, b"\0") + name.ljust(24, b"\0")
    optional = bytearray(struct.pack("<H2B", 0x20B, 14, minor).ljust(240, b"\0"))
    optional[108] = 16
    optional[120:128] = struct.pack("<2I", address, 40)
    coff = struct.pack("<2H3I2H", 0x8664, 1, 0, 0, 0, 240, 0x2022)
    table = b".rdata".ljust(8, b"\0") + struct.pack("<4I", len(section), address, len(section), 368)
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0" + coff + bytes(optional) + table.ljust(40, b"\0")
    return head + section


def _doctor(scene, env=None):
    """The run of `doctor`, and the ids of its findings."""
    run = scene.run("doctor", "--json", env=env)
    data = run.json()
    return run, [found["id"] for found in data["findings"]]


def directory_of_installer_is_found(scene):
    _only_windows(scene)
    folder = scene.work / "Program Files" / "涛思"
    folder.mkdir(parents=True)
    for name in ("taos", "taosnative", "taosws"):
        (folder / f"{name}.dll").write_bytes(stamped(scene.machine.driver, "3.3.7.5", name))
    target = f"127.0.0.1:{scene.machine.port}"
    verify = ["verify", target, "--native-port", str(scene.machine.native_port), "--transport", "native"]
    with _registry(scene, INSTALLER, DisplayName="TDengine", InstallLocation=scene.path(folder) + "\\"):
        run = scene.run(*verify).expect(13, "library-missing", scene.path(folder), "PATH")
        assert "$env:PATH" in run.err + run.out, run
        scene.run("doctor").expect(13, scene.path(folder / "taos.dll"))
        # With the directory in PATH, as the installer leaves it.
        scene.run(*verify, env={"WINEPATH": scene.path(folder)}).expect(0)
    for hostile in ("\\\\127.0.0.1\\share\\TDengine", "TDengine", "Z:", scene.path(folder) + "\\..", "Z:\\" + "x" * 5000):
        with _registry(scene, INSTALLER, InstallLocation=hostile):
            run = scene.run(*verify).expect(13, "library-missing")
            assert "installer" not in run.err + run.out, run


def runtime_of_visual_c_is_compared(scene):
    _only_windows(scene)
    folder = scene.work / "driver"
    folder.mkdir()
    (folder / "taos.dll").write_bytes(_library_of_visual_c(44))
    env = {"WINEPATH": scene.path(folder)}
    for minor, expected in ((38, True), (44, False), (51, False)):
        with _registry(scene, RUNTIME, Installed=1, Major=14, Minor=minor):
            run, found = _doctor(scene, env)
            assert ("vc-runtime-missing" in found) == expected, run
            assert f"14.{minor}" in run.out, run


def file_in_use_keeps_client(scene):
    _only_windows(scene)
    install(scene).expect(0)
    client = scene.client("3.3.7.5")
    library = client / "lib" / "taos.dll"
    path, digest = written(scene)
    before = sorted(client.rglob("*"))
    for how, file in (("open", library), ("load", library), ("open", client / "include" / "taos.h")):
        with _held(scene, how, file):
            scene.run("uninstall", "3.3.7.5").expect(8, "another program has", file.name)
            assert sorted(client.rglob("*")) == before, how
            scene.run("use", "3.3.7.5").expect(0)
            scene.run("install", "--from", path, "--sha256", digest).expect(0, "already installed")
            scene.run("list").expect(0, "3.3.7.5")
    scene.run("uninstall", "3.3.7.5").expect(0)
    assert not client.exists()


def file_in_use_keeps_prefix(scene):
    _only_windows(scene)
    path, digest = written(scene)
    scene.run("install", "--from", path, "--sha256", digest, "--prefix", "out 目录").expect(0)
    prefix = scene.work / "out 目录"
    before = sorted(prefix.rglob("*"))
    newer, newer_digest = written(scene, "3.3.7.6")
    with _held(scene, "load", prefix / "lib" / "taos.dll"):
        scene.run("uninstall", "--prefix", "out 目录").expect(8, "taos.dll")
        scene.run("install", "--from", newer, "--sha256", newer_digest, "--prefix", "out 目录").expect(8, "taos.dll")
        assert sorted(prefix.rglob("*")) == before
    assert [entry.name for entry in scene.work.iterdir() if entry.name.startswith(".")] == []
    scene.run("install", "--from", newer, "--sha256", newer_digest, "--prefix", "out 目录").expect(0)
    scene.run("uninstall", "--prefix", "out 目录").expect(0)


def _junction(scene, link, target):
    """Makes `link` a junction that leads to `target`; on other platforms a symbolic link."""
    if not scene.machine.windows:
        os.symlink(target, link)
        return
    made = scene.command(["cmd", "/c", "mklink", "/J", scene.path(link), scene.path(target)])
    if made.exit != 0 or not link.exists():
        raise Skipped("wine makes no junctions; src/system/directory/by_path/tests.rs has it on Windows")


def junction_is_not_followed(scene):
    outside = scene.root / "outside"
    (outside / "below").mkdir(parents=True)
    kept = [outside / "kept.txt", outside / "below" / "kept.txt"]
    for file in kept:
        file.write_text("kept")
    install(scene).expect(0)
    client = scene.client("3.3.7.5")
    _junction(scene, client / "lib" / "junction", outside)
    staging = scene.home / "clients" / ".staging-left"
    staging.mkdir()
    _junction(scene, staging / "junction", outside)
    scene.run("gc").expect(0)
    assert not staging.exists()
    scene.run("uninstall", "3.3.7.5").expect(0)
    # A whole client that leads elsewhere is none.
    _junction(scene, scene.client("3.3.6.13"), outside)
    scene.run("uninstall", "3.3.6.13")
    scene.run("gc")
    assert [file.read_text() for file in kept] == ["kept", "kept"]


def names_of_devices_are_rejected(scene):
    _only_windows(scene)
    for name in ("CON", "nul.txt", "conin$", "COM¹", "end ", "taos.h::$DATA", "a?b", 'a"b'):
        run = install(scene, extra={f"TDengine/include/{name}": b"outside"})
        assert run.exit == 4 and not scene.client("3.3.7.5").exists(), f"{name!r}\n{run}"
