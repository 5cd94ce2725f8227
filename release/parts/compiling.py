"""Compiles the program for a target: optimized, stripped, with its dependencies recorded, and the same bytes on every machine."""

import os
import shlex
import shutil
from pathlib import Path

from .commands import run, show
from .tables import Binary, ReleaseError
from .toolbox import auditable, python_tools, target_directory

# What release/targets.toml calls `by`.
BUILDERS = {"zigbuild": "zigbuild", "native": "build"}


def compiled(project, target, out, source=None):
    """Compiles the program from the sources in `source` for `target`, and returns the copy of it below `out`."""
    source = source or project.root
    build = target_directory() if source == project.root else source / "target"
    run("rustup", "target", "add", target.triple)
    path = [str(auditable(project))]
    if target.by == "zigbuild":
        path.append(str(python_tools(project)))
    triple = f"{target.triple}.{target.glibc}" if target.glibc else target.triple
    show(
        *("cargo", "auditable", BUILDERS[target.by]),
        *("--locked", "--profile", "dist", "--bin", project.name, "--target", triple),
        cwd=source,
        env={
            "PATH": os.pathsep.join([*path, os.environ["PATH"]]),
            "CARGO_TARGET_DIR": build,
            "CARGO_INCREMENTAL": "0",
            "SOURCE_DATE_EPOCH": project.epoch,
            "ZERO_AR_DATE": "1",
            "RUSTFLAGS": None,
            "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags(target, source)),
            "CC_SHELL_ESCAPED_FLAGS": "1",
            f"CFLAGS_{target.triple.replace('-', '_')}": shlex.join(f"-ffile-prefix-map={old}={new}" for old, new in moved(source)),
        },
    )
    built = build / target.triple / "dist" / target.program
    place = Path(out) / target.triple / target.program
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(built, place)
    return Binary(target, place)


def moved(source):
    """The directories of this machine that a program could name, and what it names instead."""
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    return [(home, "/cargo"), (source, "/taos-setup")]


def flags(target, source):
    """The options of the compiler."""
    options = [f"--remap-path-prefix={old}={new}" for old, new in moved(source)]
    if target.linux:
        # Relative to the workspace, where the linker runs: cargo hashes the options into the names of symbols.
        options.append("-Clink-arg=-Wl,-T,release/without-unwind-tables.ld")
    if target.triple.endswith("-windows-msvc"):
        # No VC++ runtime is needed on the user's machine, and the linker writes no instant into the program.
        options += ["-Ctarget-feature=+crt-static", "-Clink-arg=/Brepro"]
    if "-windows-gnu" in target.triple:
        options += ["-Clink-arg=-Wl,-Brepro"]
    return options


def built(project, out):
    """Returns the programs that `compiled` left below `out`, in the order of the table."""
    found = [Binary(target, Path(out) / target.triple / target.program) for target in project.targets]
    found = [binary for binary in found if binary.path.is_file()]
    if not found:
        raise ReleaseError(f"no program in {out}\nnext: release/build TARGET")
    return found
