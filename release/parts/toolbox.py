"""Installs the tools of release/package.toml into the build directory, once: nothing of the machine's is changed."""

import os
import shutil
import sys
from pathlib import Path

from .commands import run, show
from .tables import ROOT


def target_directory():
    """The directory that cargo builds in."""
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).absolute()


def python_tools(project, group=None):
    """Returns the directory with the programs of a group of Python packages: those that build, or `proofs`."""
    table = project.table["tools"]
    wanted = table[group] if group else {name: it for name, it in table.items() if isinstance(it, str) and name != "cargo-auditable"}
    place = target_directory() / "release-tools" / (group or "build")
    marker = place / "installed.txt"
    packages = [name if version == "*" else f"{name}=={version}" for name, version in sorted(wanted.items())]
    # Its programs name the place and the Python that they were installed with: moved, they do not start.
    installed = "".join(f"{line}\n" for line in [place, sys.executable, sys.version.split()[0], *packages])
    if not (marker.exists() and marker.read_text() == installed):
        shutil.rmtree(place, ignore_errors=True)
        run(sys.executable, "-m", "venv", place)
        run(place / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *packages)
        marker.write_text(installed)
    return place / "bin"


def auditable(project):
    """Returns the directory with cargo-auditable, which records the dependencies in the program."""
    found = shutil.which("cargo-auditable")
    if found:
        return Path(found).parent
    place = target_directory() / "release-tools" / "cargo"
    if not shutil.which("cargo-auditable", path=place / "bin"):
        version = project.table["tools"]["cargo-auditable"]
        # Without optimization: it runs once for each crate and takes no time.
        show("cargo", "install", "--quiet", "--debug", "--locked", "--root", place, f"cargo-auditable@{version}", env={"CARGO_TARGET_DIR": place / "target"})
        shutil.rmtree(place / "target", ignore_errors=True)
    return place / "bin"
