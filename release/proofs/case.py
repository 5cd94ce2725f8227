"""What every proof gets, and how it says what did not hold."""

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from parts.commands import run
from parts.inspection import runner
from parts.tables import Binary, Project, ReleaseError


class Skipped(Exception):
    """A proof that cannot run here; the text is the reason."""


class Unavailable(Skipped):
    """A proof whose client no registry has that CI reaches: a machine that has the client runs it, as the workflow's do."""


@dataclass
class Case:
    """A release that was made on this machine."""

    project: Project
    binaries: list
    # The directory of `release/package`.
    files: Path
    # Directories with programs of the proofs.
    tools: Path
    work: Path
    skipped: list = field(default_factory=list)
    # Whether something was skipped that CI must run.
    failed_in_ci: bool = False

    @property
    def native(self) -> Binary:
        """The program that runs on this machine without an emulator."""
        able = [binary for binary in self.binaries if runner(binary.target) == []]
        # The static one serves every package of a rehearsal.
        able.sort(key=lambda binary: binary.target.glibc is not None)
        expect(able, "none of the programs runs on this machine")
        return able[0]

    @property
    def version_line(self):
        return f"{self.project.name} {self.project.version}"

    def folder(self, name):
        """A new directory for a proof."""
        return Path(tempfile.mkdtemp(prefix=f"{name} ", dir=self.work))

    def skip(self, what, why):
        """Notes that a proof cannot run here."""
        print(f"    skipped: {what}: {why}")
        self.skipped.append(f"{what}: {why}")
        self.failed_in_ci |= not isinstance(why, Unavailable)

    def clean(self, home, **more):
        """Variables for clients: a home of their own, and none of this machine's settings for package managers."""
        prefixes = ("PIP_", "UV_", "PIPX_", "npm_config_", "NPM_CONFIG_", "XDG_")
        unset = {name: None for name in os.environ if name.startswith(prefixes)}
        return {**unset, "HOME": home, "NO_COLOR": "1", "no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost", **more}

    def prints_version(self, *command, env=None, cwd=None):
        """Runs `command` and checks that the program printed its version."""
        printed = run(*command, env=env, cwd=cwd)
        expect(printed.strip().splitlines()[-1:] == [self.version_line], f"`{' '.join(map(str, command))}` printed {printed!r}")

    def same_program(self, path, binary=None):
        """Checks that `path` has the bytes of the program."""
        binary = binary or self.native
        expect(Path(path).read_bytes() == binary.path.read_bytes(), f"{path} is not the program of {binary.target.triple}")


def expect(held, problem):
    if not held:
        raise ReleaseError(problem)


def needed(program, package):
    """Returns the path of `program`, or skips."""
    found = shutil.which(program)
    if not found:
        raise Skipped(f"{program} does not exist here; Debian's package is {package}")
    return found
