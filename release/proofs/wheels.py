"""The wheels, fetched from a local index by pip, pipx, and uvx."""

import hashlib
import html
import sys

from parts.commands import run

from .case import expect
from .self_update import asked
from .server import served


def form(case):
    """The wheels are well made, by the checkers that Python projects use."""
    wheels = sorted((case.files / "wheels").iterdir())
    expect(wheels, "no wheel was written")
    # W007: a wheel with a program and no Python has no library.
    run(case.tools / "check-wheel-contents", "--no-config", "--ignore", "W007", *wheels)
    run(case.tools / "twine", "check", "--strict", *wheels)


def index(case):
    """The pages of an index with the wheels, as PEP 503 describes them."""
    pages, links = {}, []
    for wheel in sorted((case.files / "wheels").iterdir()):
        content = wheel.read_bytes()
        pages[f"/files/{wheel.name}"] = content
        links.append(f'<a href="/files/{wheel.name}#sha256={hashlib.sha256(content).hexdigest()}">{html.escape(wheel.name)}</a>')
    pages["/simple/taos-setup"] = f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode()
    return pages


def pip(case):
    """pip installs the wheel for this machine, with the same program as the archive, and removes it."""
    folder = case.folder("pip")
    run(sys.executable, "-m", "venv", folder / "venv")
    env = case.clean(folder, PIP_CONFIG_FILE="/dev/null")
    with served(index(case)) as (address, _):
        run(folder / "venv/bin/pip", "install", "--quiet", "--no-cache-dir", "--index-url", f"{address}/simple/", "taos-setup", env=env)
    program = folder / "venv/bin/taos-setup"
    case.same_program(program)
    case.prints_version(program, "--version", env=env)
    asked(case, program, "update", code=7, says=f"{program.parent}/python' -m pip install --upgrade taos-setup")
    run(folder / "venv/bin/pip", "check", env=env)
    run(folder / "venv/bin/pip", "uninstall", "--quiet", "--yes", "taos-setup", env=env)
    expect(not program.exists(), "pip uninstall left the program")


def pipx(case):
    """pipx runs the program without installing it."""
    folder = case.folder("pipx")
    env = case.clean(folder, PIP_CONFIG_FILE="/dev/null", PIPX_HOME=folder / "pipx", PIPX_DEFAULT_PYTHON=sys.executable)
    with served(index(case)) as (address, _):
        case.prints_version(case.tools / "pipx", "run", "--index-url", f"{address}/simple/", "taos-setup", "--version", env=env)


def uvx(case):
    """uvx runs the program, and `uv tool install` puts the same program on the PATH."""
    folder = case.folder("uv")
    env = case.clean(
        folder, UV_NO_CONFIG="1", UV_CACHE_DIR=folder / "cache", UV_TOOL_DIR=folder / "tools", UV_TOOL_BIN_DIR=folder / "bin",
        UV_PYTHON=sys.executable, UV_PYTHON_DOWNLOADS="never", UV_LINK_MODE="copy",
    )
    with served(index(case)) as (address, _):
        env["UV_DEFAULT_INDEX"] = f"{address}/simple/"
        case.prints_version(case.tools / "uvx", "taos-setup", "--version", env=env)
        run(case.tools / "uv", "tool", "install", "--quiet", "taos-setup", env=env)
    case.same_program((folder / "bin/taos-setup").resolve())
    asked(case, folder / "bin/taos-setup", "update", code=7, says="uv tool upgrade taos-setup")


def damaged(case):
    """pip refuses a wheel whose bytes are not those of the index."""
    folder = case.folder("pip damaged")
    pages = index(case)
    for path, content in pages.items():
        if path.startswith("/files/"):
            pages[path] = content[:-1] + bytes([content[-1] ^ 1])
    env = case.clean(folder, PIP_CONFIG_FILE="/dev/null")
    with served(pages) as (address, _):
        run(
            sys.executable, "-m", "pip", "install", "--quiet", "--no-cache-dir", "--target", folder / "to",
            "--index-url", f"{address}/simple/", "taos-setup", env=env, accept=(1,),
        )
    expect(not (folder / "to").exists(), "pip installed a damaged wheel")


PROOFS = [form, pip, pipx, uvx, damaged]
