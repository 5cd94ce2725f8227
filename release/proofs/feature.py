"""The dev container feature, run in a root of its own, as an engine runs it while it builds an image."""

import json
import os
import re
import shutil
import tarfile

from parts.commands import run

from .case import Skipped, expect, needed


def form(case):
    """The feature describes itself, and its options are those that its script reads."""
    folder = unpacked(case)
    told = json.loads((folder / "devcontainer-feature.json").read_text())
    expect(told["id"] == "taos-setup" and told["version"] == case.project.version, "the feature has another id or version")
    script = (folder / "install.sh").read_text()
    for option, it in told["options"].items():
        expect(re.search(rf"\${{{option.upper()}\b", script), f"the script does not read the option {option}")
        expect(it["type"] == "string" and isinstance(it["default"], str), f"the option {option} has no default")
    expect((folder / "taos-setup-install.sh").read_bytes() == (case.files / "install.sh").read_bytes(), "the feature has another install.sh")


def unpacked(case):
    folder = case.folder("feature")
    with tarfile.open(case.files / "devcontainer-feature-taos-setup.tgz") as archive:
        archive.extractall(folder, filter="data")
    return folder


def runs(case):
    """In a container with nothing but busybox, the feature installs the program for every user, and a client that is not there fails."""
    if os.geteuid() != 0:
        raise Skipped("only root can run a script in another root")
    root, chroot = case.folder("root"), needed("chroot", "coreutils")
    busybox = needed("busybox", "busybox")
    for name in ("bin", "tmp", "etc/profile.d", "usr/local", "root", "files", "dev"):
        (root / name).mkdir(parents=True, exist_ok=True)
    shutil.copy(busybox, root / "bin/busybox")
    # Debian's busybox is linked to glibc.
    for library in re.findall(r"(/\S+\.so\S*)", run("ldd", busybox, accept=(0, 1))):
        place = root / library.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, place)
    for applet in run(busybox, "--list").split():
        if not (root / "bin" / applet).exists():
            (root / "bin" / applet).symlink_to("busybox")
    shutil.copytree(unpacked(case), root / "feature")
    (root / "dev/null").touch()
    for file in case.files.glob("*.tar.gz"):
        shutil.copy(file, root / "files")
    env = {"PATH": "/bin:/usr/local/bin", "HOME": "/root", "FROM": "/files", "CLIENT": "none", "MIRROR": ""}
    run(chroot, root, "/bin/sh", "/feature/install.sh", env=env)
    case.same_program(root / "usr/local/bin/taos-setup")
    case.prints_version(chroot, root, "/usr/local/bin/taos-setup", "--version", env=env)
    env.update(CLIENT="3.3.7.5", MIRROR="/files")
    run(chroot, root, "/bin/sh", "/feature/install.sh", env=env, accept=range(1, 16))
    expect(not (root / "etc/profile.d/taos-setup.sh").exists(), "the feature sets variables of a client that it did not install")


PROOFS = [form, runs]
