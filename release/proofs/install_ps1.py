"""install.ps1, run by the PowerShells of this machine, with an archive for Windows from a local server."""

import re
import shutil
import subprocess

from parts import archives, installers
from parts.archives import Entry
from parts.commands import environment, run
from parts.tables import Binary

from .case import Unavailable, expect
from .server import served

# Not a program of the release: what is proven is how it is fetched, verified, and placed.
CONTENT = b"MZ not a program, but what install.ps1 has to place\r\n"


class Archive:
    """An archive for Windows on x64, with the script that has its digest."""

    def __init__(self, case):
        project = case.project
        folder = case.folder("ps1")
        target = project.target("x86_64-pc-windows-msvc")
        program = folder / "program.exe"
        program.write_bytes(CONTENT)
        self.name = f"{project.name}-{project.version}-{target.triple}.zip"
        self.file = folder / self.name
        top = self.name.removesuffix(".zip")
        self.file.write_bytes(archives.zip_archive([Entry(f"{top}/taos-setup.exe", CONTENT, program=True)], project.epoch))
        self.script = folder / "install.ps1"
        self.script.write_bytes(installers.filled(project, "install.ps1", {Binary(target, program): self.file}))


def words(case):
    """The script is ASCII, which every PowerShell reads, has this release's digests, and has no token that is none."""
    archive = Archive(case)
    text = archive.script.read_bytes().decode("ascii")
    expect(installers.digest(archive.file) in text and archive.name in text, "install.ps1 lacks the digest of an archive")
    expect(not re.search("@[A-Z_]+@", text), "install.ps1 has a placeholder that was not filled")
    check = (
        "import sys\nfrom pygments.lexers import PowerShellLexer\nfrom pygments.token import Error\n"
        "bad = [value for kind, value in PowerShellLexer().get_tokens(open(sys.argv[1]).read()) if kind is Error]\nsys.exit(repr(bad) if bad else 0)\n"
    )
    run(case.tools / "python", "-c", check, archive.script)
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        expect(depth >= 0, "install.ps1 closes a block that is not open")
    expect(depth == 0, "install.ps1 does not close a block")


def shells():
    found = [shell for shell in ("pwsh", "powershell") if shutil.which(shell)]
    if not found:
        raise Unavailable("no PowerShell exists here, and Debian has none; the workflow runs it on Linux and Windows")
    return found


def start(case, shell, script, *options, cpu="AMD64", accept=(0,)):
    env = case.clean(case.folder("home"), PROCESSOR_ARCHITECTURE=cpu, PROCESSOR_ARCHITEW6432=None, POWERSHELL_TELEMETRY_OPTOUT="1")
    done = subprocess.run(
        [shell, "-NoProfile", "-NonInteractive", "-File", script, *map(str, options)], env=environment(env), capture_output=True, text=True, check=False
    )
    expect(done.returncode in accept, f"install.ps1 in {shell} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def places(case):
    """PowerShell installs, replaces, and removes the program, from a server and from a directory."""
    archive = Archive(case)
    for shell in shells():
        to = case.folder("bin 目录")
        with served({f"/{archive.name}": archive.file.read_bytes()}) as (address, _):
            start(case, shell, archive.script, "-To", to, "-From", address, "-NoPath")
        expect((to / "taos-setup.exe").read_bytes() == CONTENT, f"{shell} placed another program")
        start(case, shell, archive.script, "-To", to, "-From", archive.file.parent, "-NoPath", cpu="ARM64")
        expect(sorted(it.name for it in to.iterdir()) == ["taos-setup-receipt.txt", "taos-setup.exe"], f"{to} has more than the program")
        start(case, shell, archive.script, "-To", to, "-Uninstall", "-NoPath")
        expect(not list(to.iterdir()), f"-Uninstall left {list(to.iterdir())}")


def tampering(case):
    """PowerShell refuses an archive that is not the one of the release, and plain HTTP from another machine."""
    archive = Archive(case)
    content = archive.file.read_bytes()
    for shell in shells():
        for form in (content[:-1], content + b"\0", b"", b"<html>Sign in</html>"):
            to = case.folder("bin")
            with served({f"/{archive.name}": form}) as (address, _):
                start(case, shell, archive.script, "-To", to, "-From", address, "-NoPath", accept=(1,))
            expect(not list(to.iterdir()), f"a changed archive left {list(to.iterdir())}")
        printed = start(case, shell, archive.script, "-To", case.folder("bin"), "-From", "http://mirror.example/files", "-NoPath", accept=(1,))
        expect("plain HTTP" in printed, f"plain HTTP was not refused: {printed}")


PROOFS = [words, places, tampering]
