"""The program that install.sh installed updates itself to a newer release from a local server, and removes itself."""

import os
import subprocess
import tempfile
from pathlib import Path

from parts import archives, installers
from parts.archives import Entry
from parts.commands import environment, run
from parts.tables import Project

from .case import expect, needed
from .server import served


class Releases:
    """The program's release and one that is newer, signed, as the project's address serves them."""

    def __init__(self, case, address):
        needed("minisign", "minisign")
        self.case, self.folder = case, case.folder("releases")
        old, self.target = case.project.version, case.native.target
        major, minor, patch = old.split(".")
        self.newer = f"{major}.{minor}.{(int(patch) + 1) % 10}"
        run("minisign", "-G", "-W", "-f", "-p", self.folder / "key.pub", "-s", self.folder / "key", input="\n\n")
        self.key = (self.folder / "key.pub").read_text().splitlines()[1]
        cargo = {**case.project.cargo, "workspace": {"package": {**case.project.cargo["workspace"]["package"], "repository": f"{address}/taos-setup"}}}
        self.project = Project(cargo=cargo, table={**case.project.table, "public_key": self.key})
        program = case.native.path.read_bytes()
        # The same program with another version in its texts: a second build would take minutes.
        newer = program.replace(old.encode(), self.newer.encode())
        self.programs = {old: program, self.newer: newer}
        self.pages = {}
        for version, content in self.programs.items():
            self.publish(version, content)
        self.script = self.folder / "install.sh"
        self.script.write_bytes(installers.filled(self.project, "install.sh", {case.native: self.folder / self.archive(old)}))

    def archive(self, version):
        return f"{self.project.name}-{version}-{self.target.triple}.tar.gz"

    def publish(self, version, content):
        """Writes the archive of `version`, and serves it as its own release."""
        top = self.archive(version).removesuffix(".tar.gz")
        entries = [Entry(f"{top}/taos-setup", content, program=True), Entry(f"{top}/README.md", b"text\n")]
        (self.folder / self.archive(version)).write_bytes(archives.tar_gz(entries, self.project.epoch))
        for name in (self.archive(version), *self.sign(version)):
            self.pages[f"/taos-setup/releases/download/v{version}/{name}"] = (self.folder / name).read_bytes()

    def sign(self, version):
        """Writes the list of `version` and its signature, and returns their names."""
        sums = self.folder / "SHA256SUMS"
        sums.write_text(f"{installers.digest(self.folder / self.archive(version))}  {self.archive(version)}\n")
        run("minisign", "-S", "-s", self.folder / "key", "-m", sums, "-t", f"file:SHA256SUMS version:1 taos-setup:{version}")
        return "SHA256SUMS", "SHA256SUMS.minisig"

    def latest(self, version):
        """Makes `version` the newest release."""
        for name in self.sign(version):
            self.pages[f"/taos-setup/releases/latest/download/{name}"] = (self.folder / name).read_bytes()


def asked(case, program, *words, code, says, env=None):
    """Runs `program self WORDS…`, and checks its exit code and a text of its output."""
    with tempfile.TemporaryDirectory(dir=case.work) as home:
        more = {**case.clean(Path(home), TAOS_SETUP_HOME=home), **(env or {})}
        done = subprocess.run([program, "self", *words], env=environment(more), capture_output=True, text=True, check=False)
    expect(
        done.returncode == code and says in done.stdout + done.stderr,
        f"`{program} self {' '.join(words)}` ended with {done.returncode}: expected {code} and `{says}`\n{done.stdout}{done.stderr}",
    )


def installed_by_script(case):
    """install.sh records the address and the key; the program follows a newer release, refuses an older one, and removes itself."""
    pages, to = {}, case.folder("bin")
    with served(pages) as (address, _):
        releases = Releases(case, address)
        pages.update(releases.pages)
        releases.pages = pages
        old, program = case.project.version, to / "taos-setup"
        releases.latest(old)
        run("sh", releases.script, "--to", to, env=case.clean(case.folder("home")))
        asked(case, program, "update", code=0, says=f"taos-setup {old} is up to date")
        releases.latest(releases.newer)
        asked(case, program, "update", "--check", code=7, says=f"taos-setup {releases.newer} is available")
        asked(case, program, "update", code=0, says=f"updated taos-setup {old} to {releases.newer}")
        expect(program.read_bytes() == releases.programs[releases.newer], "the update installed another program")
        expect(run(program, "--version").strip() == f"taos-setup {releases.newer}", "the new program reports another version")
        expect(sorted(os.listdir(to)) == [".taos-setup-receipt", "taos-setup"], f"the update left {os.listdir(to)}")
        # The new program goes on from the receipt that the old one wrote.
        asked(case, program, "update", code=0, says=f"taos-setup {releases.newer} is up to date")
        releases.latest(old)
        asked(case, program, "update", code=4, says="release-older")
        asked(case, program, "update", "--to", old, code=0, says=f"updated taos-setup {releases.newer} to {old}")
        case.same_program(program)
        run("sh", releases.script, "--to", to, "--uninstall", "--dry-run", env=case.clean(case.folder("home")))
        asked(case, program, "uninstall", code=0, says="ok deleted")
        expect(not os.listdir(to), f"self uninstall left {os.listdir(to)}")


def offline(case):
    """A directory with the files of a release is enough; without a key in the receipt, it is asked for."""
    with served({}) as (address, _):
        releases = Releases(case, address)
    to = case.folder("bin")
    run("sh", case.files / "install.sh", "--to", to, "--from", case.files, env=case.clean(case.folder("home")))
    releases.sign(releases.newer)
    place = ("update", "--from", str(releases.folder))
    asked(case, to / "taos-setup", *place, code=2, says="--trust-key")
    asked(case, to / "taos-setup", *place, "--trust-key", releases.key, code=0, says=f"to {releases.newer}")


PROOFS = [installed_by_script, offline]
