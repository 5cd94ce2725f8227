#!/usr/bin/env python3
"""Shows the same behaviors of the program on every platform, and counts and names those that were skipped.

Usage: suite.py host|windows|arm64 PROGRAM DRIVER SANDBOX [NAME]…

PROGRAM and DRIVER (the stand-in for libtaos) are for the platform, SANDBOX for this machine. `host` runs them without an emulator.
A NAME selects the behaviors whose name contains it.
"""

import importlib
import inspect
import os
import pkgutil
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import behaviors
from machine import Machine, Scene, Skipped


def found():
    """Every public function of the modules in `behaviors`, by name."""
    for module in sorted(module.name for module in pkgutil.iter_modules(behaviors.__path__)):
        loaded = importlib.import_module(f"behaviors.{module}")
        for name, function in vars(loaded).items():
            if inspect.isfunction(function) and function.__module__ == loaded.__name__ and not name.startswith("_"):
                yield f"{module}: {name.replace('_', ' ')}", function


def shown(machine, function):
    """Runs one behavior: what it came to, a text, and the seconds that it took."""
    started = time.monotonic()
    scene = Scene(machine)
    try:
        function(scene)
        outcome, text = "ok", ""
    except Skipped as reason:
        outcome, text = "skipped", str(reason)
    except Exception:
        outcome, text = "FAILED", traceback.format_exc()
    finally:
        scene.close()
    return outcome, text, time.monotonic() - started


def main():
    name, program, driver, sandbox, *wanted = sys.argv[1:]
    machine = Machine(name, program, driver, sandbox)
    results = {"ok": [], "skipped": [], "FAILED": []}
    chosen = [(label, function) for label, function in found() if not wanted or any(word in label for word in wanted)]
    # Programs under wine share one server, which is slower with several of them.
    jobs = 1 if machine.windows else os.cpu_count()
    try:
        with ThreadPoolExecutor(jobs) as pool:
            outcomes = pool.map(lambda behavior: shown(machine, behavior[1]), chosen)
            for (label, _), (outcome, text, seconds) in zip(chosen, outcomes):
                results[outcome].append((label, text))
                print(f"{outcome:8}{label} ({seconds:.1f} s)", flush=True)
                if outcome == "FAILED":
                    print(text, flush=True)
    finally:
        machine.close()
    print(f"{name}: {len(results['ok'])} behaviors shown, {len(results['FAILED'])} failed, {len(results['skipped'])} skipped")
    for label, reason in results["skipped"]:
        print(f"  skipped: {label}: {reason}")
    if not results["ok"]:
        print("no behavior was shown")
    return 1 if results["FAILED"] or not results["ok"] else 0


if __name__ == "__main__":
    sys.exit(main())
