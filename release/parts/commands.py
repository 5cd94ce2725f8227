"""Runs other programs, and says which one failed with what it printed."""

import os
import subprocess
import sys

from .tables import ReleaseError


def run(*command, env=None, cwd=None, input=None, accept=(0,)):
    """Runs `command` and returns what it printed on stdout; an exit code that is not in `accept` is an error."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(
            command, env=environment(env), cwd=cwd, input=input, capture_output=True, text=True, errors="replace", check=False
        )
    except FileNotFoundError as error:
        raise ReleaseError(f"could not run `{' '.join(command)}`: the program does not exist\nnext: install {command[0]}") from error
    if done.returncode not in accept:
        raise ReleaseError(
            f"`{' '.join(command)}` ended with exit code {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
        )
    return done.stdout


def show(*command, env=None, cwd=None):
    """Runs `command` with its output on the terminal."""
    command = [str(word) for word in command]
    sys.stdout.flush()
    code = subprocess.run(command, env=environment(env), cwd=cwd, check=False).returncode
    if code:
        raise ReleaseError(f"`{' '.join(command)}` ended with exit code {code}")


def environment(more):
    """This process's variables with `more`; None removes one."""
    if more is None:
        return None
    joined = {**os.environ, **more}
    return {name: str(value) for name, value in joined.items() if value is not None}


def main(work):
    """Runs a script's `work`; a ReleaseError ends it with one message and exit code 1."""
    try:
        work()
    except ReleaseError as error:
        print(f"\nerror: {error}", file=sys.stderr)
        sys.exit(1)
