"""install.sh, run by the shells that users have, from a local server, with every tampering refused."""

import gzip
import os
import shutil
import subprocess
from pathlib import Path

from parts.commands import environment, run

from .case import expect, needed
from .server import served

# Programs that install.sh may need, beside curl, wget, and a program for SHA-256.
USUAL = [
    "cat", "chmod", "cp", "cut", "getconf", "gzip", "head", "id", "ldd", "mkdir", "mktemp", "mv", "rm", "sed", "sh", "tar", "uname", "bash", "grep", "dirname",
]


class Server:
    """The archive on a local server, as `--from` names it."""

    def __init__(self, case):
        self.case = case
        self.name = f"{case.project.name}-{case.project.version}-{case.native.target.triple}.tar.gz"
        self.content = (case.files / self.name).read_bytes()

    def serve(self, content=None, **more):
        return served({f"/{self.name}": self.content if content is None else content}, **more)


def script(case):
    return case.files / "install.sh"


def install(case, shell, *options, path=None, accept=(0,), home=None, **more):
    """Runs install.sh in `shell`; returns what it printed on both streams."""
    env = case.clean(home or case.folder("home"), http_proxy=None, https_proxy=None, HTTPS_PROXY=None, HTTP_PROXY=None, all_proxy=None, ALL_PROXY=None)
    if path:
        env["PATH"] = path
    done = subprocess.run(
        [shutil.which(shell[0]), *shell[1:], script(case), *map(str, options)], env=environment({**env, **more}), capture_output=True, text=True, check=False
    )
    expect(done.returncode in accept, f"install.sh in {shell[0]} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def tools_folder(case, *programs):
    """A directory with the usual programs and `programs`, to be the whole PATH."""
    folder = case.folder("path")
    for name in [*USUAL, *programs]:
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    return folder


def style(case):
    """shellcheck has nothing to say, and the shells read the scripts."""
    needed("shellcheck", "shellcheck")
    run("shellcheck", "--shell=sh", script(case), case.project.root / "release/templates/feature/install.sh")
    for shell in ("dash", "bash"):
        run(shell, "-n", script(case))


def shells(case):
    """dash, bash, and busybox install the program of the archive, run it, and remove it."""
    server = Server(case)
    found = [[needed("dash", "dash")], [needed("bash", "bash")], [needed("busybox", "busybox"), "sh"]]
    with server.serve() as (address, _):
        for shell in found:
            to = case.folder("bin 目录")
            printed = install(case, shell, "--to", to, "--from", address)
            expect(f"ok installed taos-setup {case.project.version}: {to}/taos-setup" in printed, f"{shell[0]} printed {printed}")
            case.same_program(to / "taos-setup")
            case.prints_version(to / "taos-setup", "--version")
            expect(sorted(it.name for it in to.iterdir()) == [".taos-setup-receipt", "taos-setup"], f"{to} has more than the program")
            # A second run replaces it.
            install(case, shell, "--to", to, "--from", address)
            install(case, shell, "--to", to, "--uninstall")
            expect(not list(to.iterdir()), f"--uninstall left {list(to.iterdir())}")


def busybox_alone(case):
    """A machine that has nothing but busybox installs the program, over busybox's wget."""
    busybox = needed("busybox", "busybox")
    folder = case.folder("busybox")
    for applet in run(busybox, "--list").split():
        (folder / applet).symlink_to(busybox)
    to = case.folder("bin")
    with Server(case).serve() as (address, _):
        install(case, [busybox, "sh"], "--to", to, "--from", address, path=folder)
    case.same_program(to / "taos-setup")


def downloaders(case):
    """curl and wget download; without both, the error says how to go on; a directory needs neither."""
    server = Server(case)
    with server.serve() as (address, asked):
        for program in ("curl", "wget"):
            needed(program, program)
            to = case.folder("bin")
            install(case, ["dash"], "--to", to, "--from", address, path=tools_folder(case, program, "sha256sum"))
            case.same_program(to / "taos-setup")
        count = len(asked)
        to = case.folder("bin")
        printed = install(case, ["dash"], "--to", to, "--from", address, path=tools_folder(case, "sha256sum"), accept=(1,))
        expect("neither curl nor wget" in printed and "--from DIR" in printed, f"without curl and wget: {printed}")
        expect(len(asked) == count and not list(to.iterdir()), "something was fetched or written without curl and wget")
    install(case, ["dash"], "--to", to, "--from", case.files, path=tools_folder(case, "sha256sum"))
    case.same_program(to / "taos-setup")


def digest_programs(case):
    """Each program for SHA-256 serves; without all of them nothing is installed."""
    for program in ("sha256sum", "shasum", "openssl"):
        if shutil.which(program):
            to = case.folder("bin")
            path = tools_folder(case, program, "perl")
            install(case, ["dash"], "--to", to, "--from", case.files, path=path)
            case.same_program(to / "taos-setup")
    to = case.folder("bin")
    printed = install(case, ["dash"], "--to", to, "--from", case.files, path=tools_folder(case), accept=(1,))
    expect("no program for SHA-256" in printed and not list(to.iterdir()), f"without a program for SHA-256: {printed}")


def tampering(case):
    """Every archive that is not the one of the release is refused, and nothing is left."""
    server = Server(case)
    content = server.content
    flipped = bytearray(content)
    flipped[len(flipped) // 2] ^= 1
    forms = {
        "a changed byte": bytes(flipped),
        "a shorter file": content[:-1],
        "a longer file": content + b"\0",
        "an endless file": content * 3,
        "an empty file": b"",
        "a page": b"<!DOCTYPE html><html><body>Sign in</body></html>",
        "another archive": gzip.compress(b"\0" * 10240),
    }
    for what, form in forms.items():
        for program in ("curl", "wget"):
            to = case.folder("bin")
            with server.serve(form) as (address, _):
                printed = install(case, ["dash"], "--to", to, "--from", address, path=tools_folder(case, program, "sha256sum"), accept=(1,))
            expect(not list(to.iterdir()), f"{what} over {program} left {list(to.iterdir())}")
            expect("error: " in printed, f"{what} over {program} printed {printed}")
    # One that is installed stays.
    to = case.folder("bin")
    install(case, ["dash"], "--to", to, "--from", case.files)
    with server.serve(bytes(flipped)) as (address, _):
        install(case, ["dash"], "--to", to, "--from", address, accept=(1,))
    case.same_program(to / "taos-setup")


def cut_off(case):
    """A script that was cut off anywhere during its own download does nothing."""
    text = script(case).read_text()
    folder, to = case.folder("cut"), case.folder("bin")
    lines = text.splitlines(keepends=True)
    for count in range(1, len(lines) - 1, 7):
        (folder / "install.sh").write_text("".join(lines[:count]))
        env = environment(case.clean(folder, XDG_BIN_HOME=to))
        subprocess.run(["dash", folder / "install.sh"], env=env, capture_output=True, check=False)
        expect(not list(to.iterdir()), f"the first {count} lines of install.sh changed something")


def addresses(case):
    """Plain HTTP from another machine, a redirect to it, and other schemes are refused before anything is fetched."""
    for address in ("http://mirror.example/files", "ftp://mirror.example/files", "file:///tmp"):
        printed = install(case, ["dash"], "--to", case.folder("bin"), "--from", address, accept=(1,))
        expect("plain HTTP" in printed or "invalid address" in printed, f"{address} was not refused: {printed}")
    server = Server(case)
    with served({}, redirects={f"/{server.name}": "ftp://127.0.0.1/archive"}) as (address, _):
        to = case.folder("bin")
        install(case, ["dash"], "--to", to, "--from", address, accept=(1,))
        expect(not list(to.iterdir()), "a redirect to another scheme was followed")


def proxy(case):
    """The proxy of the environment is asked for the project's own address."""
    with served({}) as (address, _):
        port = address.rsplit(":", 1)[1]
        printed = install(case, ["dash"], "--to", case.folder("bin"), accept=(1,), https_proxy=address, no_proxy="", NO_PROXY="", path=tools_folder(case, "curl", "sha256sum"))
    # The proxy answers CONNECT with an error, which curl reports: without the proxy it would say that the host has no address.
    expect("could not download" in printed and ("proxy" in printed.lower() or "CONNECT" in printed), f"the proxy on port {port} was not used: {printed}")


def foreign_files(case):
    """A program that the script did not install is not deleted; an unwritable directory and a wrong option are errors."""
    to = case.folder("bin")
    (to / "taos-setup").write_text("#!/bin/sh\n")
    install(case, ["dash"], "--to", to, "--uninstall", accept=(1,))
    expect((to / "taos-setup").exists(), "--uninstall deleted a foreign program")
    install(case, ["dash"], "--to", to, "--from", case.files)
    (to / "taos-setup").write_text("#!/bin/sh\n")
    printed = install(case, ["dash"], "--to", to, "--uninstall", accept=(1,))
    expect((to / "taos-setup").exists() and "is not the program" in printed, f"--uninstall deleted a changed program: {printed}")
    file = case.folder("file") / "file"
    file.write_text("")
    install(case, ["dash"], "--to", file / "bin", "--from", case.files, accept=(1,))
    expect("unknown option" in install(case, ["dash"], "--no-such", accept=(1,)), "an unknown option was accepted")
    expect("needs a value" in install(case, ["dash"], "--to", accept=(1,)), "--to without a value was accepted")
    printed = install(case, ["dash"], "--target", "riscv64-unknown-linux-gnu", "--from", case.files, "--to", case.folder("bin"), accept=(1,))
    expect("no archive is published for riscv64-unknown-linux-gnu" in printed, f"an unknown target: {printed}")


def dry_run(case):
    """--dry-run writes nothing, and the default directory is the user's own."""
    home = case.folder("home")
    printed = install(case, ["dash"], "--dry-run", home=home)
    expect(f"{home}/.local/bin/taos-setup" in printed and case.project.downloads in printed, f"--dry-run printed {printed}")
    expect(not list(Path(home).iterdir()), "--dry-run wrote something")
    expect(os.access(script(case), os.R_OK) and "--uninstall" in install(case, ["dash"], "--help"), "--help lacks --uninstall")


PROOFS = [style, shells, busybox_alone, downloaders, digest_programs, tampering, cut_off, addresses, proxy, foreign_files, dry_run]
