"""What accompanies the program: completions, manual pages, licenses. The pages are written by a program that runs on this machine."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from .archives import Entry
from .commands import run
from .inspection import runner
from .tables import ReleaseError

# Each shell with the name that its users expect of the file.
SHELLS = {
    "bash": "taos-setup.bash",
    "zsh": "_taos-setup",
    "fish": "taos-setup.fish",
    "powershell": "taos-setup.ps1",
    "elvish": "taos-setup.elv",
}


@dataclass(frozen=True)
class Pages:
    """File names with contents."""

    completions: dict
    manual: dict


def written(binaries):
    """Asks a program that runs here for its completions and manual pages."""
    able = [binary for binary in binaries if runner(binary.target) is not None]
    if not able:
        raise ReleaseError("none of the programs runs on this machine, which writes the manual pages\nnext: release/build a target of this machine")
    # One that needs no emulator, if there is one.
    able.sort(key=lambda binary: len(runner(binary.target)))
    command = [*runner(able[0].target), able[0].path]
    completions = {name: run(*command, "completions", shell).encode() for shell, name in SHELLS.items()}
    with tempfile.TemporaryDirectory() as folder:
        run(*command, "man", "--dir", folder)
        manual = {page.name: page.read_bytes() for page in sorted(Path(folder).iterdir())}
    if not all(completions.values()) or "taos-setup.1" not in manual:
        raise ReleaseError("the program wrote no completions or no manual page")
    return Pages(completions, manual)


def documents(project, third_party):
    """The texts that every archive has."""
    names = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "README.zh.md"]
    found = {name: (project.root / name).read_bytes() for name in names}
    return {**found, "THIRD-PARTY-LICENSES.txt": third_party}


def archive_entries(project, binary, pages, texts):
    """Everything that the archive of `binary` has, in one directory."""
    top = f"{project.name}-{project.version}-{binary.target.triple}"
    files = [Entry(f"{top}/{binary.target.program}", binary.path.read_bytes(), program=True)]
    files += [Entry(f"{top}/{name}", content) for name, content in texts.items()]
    files += [Entry(f"{top}/completions/{name}", content) for name, content in pages.completions.items()]
    files += [Entry(f"{top}/man/{name}", content) for name, content in pages.manual.items()]
    return files
