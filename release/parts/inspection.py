"""Checks a built program: its size, what it needs of a machine, what it names, and how long it takes to start."""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .commands import run
from .tables import ROOT, ReleaseError

# Runs of each program for the time of a start.
RUNS = 200


def checked(project, binary, source=None):
    """Checks `binary` and returns what was measured; the first thing that does not hold is an error."""
    target, path = binary.target, binary.path
    size = path.stat().st_size
    limit = project.table["limits"]["size_mib"] * 1024 * 1024
    require(size <= limit, f"{path} has {size} bytes: the limit is {limit}")
    needs = read_needs(path)
    require(needs["machine"] == target.platform, f"{path} is made for {needs['machine']}: expected {target.platform}")
    if target.linux:
        check_libraries(target, path, needs)
    check_paths(path, source or project.root)
    figures = {"target": target.triple, "size": size, "glibc": needs["glibc"], "libraries": needs["libraries"], "start_ms": None}
    figures["ran"] = runner(target) is not None
    if figures["ran"]:
        printed = run(*runner(target), path, "--version")
        require(printed.strip() == f"{project.name} {project.version}", f"{path} --version printed {printed!r}")
    if runner(target) == []:
        over, limit = start_over_empty(path), project.table["limits"]["start_ms"]
        # Other systems examine a program when it starts, which says nothing about it.
        require(over <= limit or not target.linux, f"{path} starts {over:.2f} ms later than an empty program: the limit is {limit} ms")
        figures["start_ms"] = round(over, 2)
    return figures


def require(held, problem):
    if not held:
        raise ReleaseError(problem)


def read_needs(path):
    """What the program's own reader finds in `path`."""
    return json.loads(run("cargo", "run", "--quiet", "--locked", "--example", "binary_needs", "--", path, cwd=ROOT))


def check_libraries(target, path, needs):
    """Checks the glibc and the libraries that a Linux program needs."""
    unexpected = [name for name in needs["libraries"] if name not in target.libraries]
    require(not unexpected, f"{path} needs {', '.join(unexpected)}: expected {', '.join(target.libraries) or 'no library'}")
    require(not needs["executable_stack"], f"{path} asks for an executable stack")
    if target.glibc is None:
        require(needs["glibc"] is None, f"{path} needs glibc {needs['glibc']}: expected a static program")
    else:
        require(needs["glibc"] is not None, f"no glibc was found in {path}: expected at most {target.glibc}")
        require(numbers(needs["glibc"]) <= numbers(target.glibc), f"{path} needs glibc {needs['glibc']}: the limit is {target.glibc}")


def numbers(version):
    return [int(part) for part in version.split(".")]


def check_paths(path, source):
    """Checks that the program names no directory of the machine that built it."""
    content = path.read_bytes()
    homes = {name: os.environ.get(name, str(Path.home() / folder)) for name, folder in (("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup"))}
    for place in [str(source), *homes.values()]:
        at = max(content.find(place.encode() + separator) for separator in (b"/", b"\\"))
        require(at < 0, f"{path} names {place} of the machine that built it: {content[max(at, 0):at + 120]!r}")


def runner(target):
    """The words before a program of `target` on this machine; None if it does not run here."""
    here = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}[platform.system()]
    cpu = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine().lower()]
    if target.platform == f"{here}-{cpu}":
        return []
    if here == "linux" and target.platform == "linux-arm64":
        emulator = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
        # Without a foreign root, only a static program finds all that it needs.
        if emulator and not target.glibc:
            return [emulator]
    if here == "linux" and target.platform == "windows-x64" and shutil.which("wine"):
        return ["wine"]
    return None


def start_over_empty(path):
    """Milliseconds that a start of the program takes beyond that of an empty one: the difference of the medians."""
    with tempfile.TemporaryDirectory() as folder:
        empty = empty_program(Path(folder))
        if empty is None:
            raise ReleaseError("no C compiler was found for the empty program that a start is compared with\nnext: install cc")
        taken = {empty: [], path: []}
        for _ in range(RUNS):
            for program, times in taken.items():
                began = time.perf_counter()
                subprocess.run([program, "--version"], stdout=subprocess.DEVNULL, check=True)
                times.append(time.perf_counter() - began)
    # The faster half: the other one shows what else the machine did.
    fast = {program: statistics.median(sorted(times)[: RUNS // 2]) for program, times in taken.items()}
    return (fast[path] - fast[empty]) * 1000


def empty_program(folder):
    """Compiles a program that does nothing; None without a compiler."""
    source, program = folder / "empty.c", folder / ("empty.exe" if sys.platform == "win32" else "empty")
    source.write_text("int main(void) { return 0; }\n")
    compiler = next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), None)
    if compiler is None:
        return None
    run(compiler, "-O2", "-o", program, source)
    return program
