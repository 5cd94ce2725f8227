"""Reads what a release is made of: Cargo.toml, release/package.toml, release/targets.toml, and CHANGELOG.md."""

import re
import subprocess
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class ReleaseError(Exception):
    """A release that cannot be made; the text says what was tried, what was observed, and what to do next."""


@dataclass(frozen=True, eq=False)
class Target:
    """One entry of release/targets.toml."""

    triple: str
    by: str
    glibc: str | None = None
    libraries: tuple[str, ...] = ()
    replaces: str | None = None
    released: bool = True
    wheel: str | None = None
    npm: dict | None = None
    deb: str | None = None
    rpm: str | None = None
    arch: str | None = None
    brew: dict | None = None
    scoop: str | None = None
    winget: str | None = None
    image: str | None = None

    @property
    def windows(self):
        return "-windows-" in self.triple

    @property
    def linux(self):
        return "-linux-" in self.triple

    @property
    def program(self):
        """The name of the program's file."""
        return "taos-setup.exe" if self.windows else "taos-setup"

    @property
    def platform(self):
        """The machine, as the program's own reader names it: `linux-x64`."""
        cpu = "arm64" if self.triple.startswith("aarch64") else "x64"
        system = "windows" if self.windows else "linux" if self.linux else "macos"
        return f"{system}-{cpu}"


@dataclass(frozen=True)
class Project:
    """The project: what Cargo.toml and release/package.toml say."""

    root: Path = ROOT
    cargo: dict = field(default_factory=lambda: tomllib.loads((ROOT / "Cargo.toml").read_text()))
    table: dict = field(default_factory=lambda: tomllib.loads((ROOT / "release/package.toml").read_text()))

    @property
    def name(self):
        return self.cargo["package"]["name"]

    @property
    def version(self):
        return self.cargo["workspace"]["package"]["version"]

    @property
    def license(self):
        return self.cargo["workspace"]["package"]["license"]

    @property
    def summary(self):
        return self.cargo["package"]["description"]

    @property
    def address(self):
        return self.cargo["workspace"]["package"]["repository"]

    @property
    def releases(self):
        """The address below which the files of all versions are."""
        return f"{self.address}/releases"

    @property
    def downloads(self):
        """The address of this version's files."""
        return f"{self.releases}/download/v{self.version}"

    @cached_property
    def epoch(self):
        """The instant that every file of the release carries: that of the commit, so that it is the same on every machine."""
        done = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=self.root, capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    @property
    def instant(self):
        return datetime.fromtimestamp(self.epoch, timezone.utc)

    @cached_property
    def targets(self):
        entries = tomllib.loads((self.root / "release/targets.toml").read_text())["target"]
        return [Target(**{**entry, "libraries": tuple(entry.get("libraries", ()))}) for entry in entries]

    def target(self, triple):
        """Returns the target with this triple."""
        for target in self.targets:
            if target.triple == triple:
                return target
        known = "\n  ".join(target.triple for target in self.targets)
        raise ReleaseError(f"unknown target `{triple}`: expected one of\n  {known}")

    def changes(self, version=None):
        """Returns the section of CHANGELOG.md for `version`, or of what is not released yet."""
        text = (self.root / "CHANGELOG.md").read_text()
        title = re.escape(version) + r"(?: - \d{4}-\d\d-\d\d)?" if version else "Unreleased"
        section = re.search(rf"^## {title}\n+(.*?)(?=^## |\Z)", text, re.M | re.S)
        if not section or not section[1].strip():
            raise ReleaseError(
                f"CHANGELOG.md has no section `## {version or 'Unreleased'}`\n"
                "next: rename the section `Unreleased` to `VERSION - YYYY-MM-DD` in the commit that is tagged"
            )
        return section[1].strip() + "\n"

    def notes(self):
        """Returns what has changed in this version; in a rehearsal, what is not released yet."""
        try:
            return self.changes(self.version)
        except ReleaseError:
            return self.changes()


@dataclass(frozen=True, eq=False)
class Binary:
    """A built program."""

    target: Target
    path: Path


def serving(binaries):
    """Returns the program for each target's users: that of the target, else the one that replaces it."""
    served = {binary.target.triple: binary for binary in binaries}
    for binary in binaries:
        if binary.target.replaces:
            served.setdefault(binary.target.replaces, binary)
    return served
