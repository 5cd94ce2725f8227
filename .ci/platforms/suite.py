#!/usr/bin/env python3
"""Shows the same behaviors of the program on every platform, and counts and names those that were skipped.

Usage: suite.py host|windows|arm64 PROGRAM DRIVER SANDBOX [NAME]…

PROGRAM and DRIVER (the stand-in for libtaos) are for the platform, SANDBOX for this machine. `host` runs them without an emulator.
A NAME selects the behaviors whose name contains it.
"""

import importlib
import inspect
import pkgutil
import sys
import time
import traceback

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
    """Runs one behavior: what it came to, and a text."""
    scene = Scene(machine)
    try:
        function(scene)
        return "ok", ""
    except Skipped as reason:
        return "skipped", str(reason)
    except Exception:
        return "FAILED", traceback.format_exc()
    finally:
        scene.close()


def main():
    name, program, driver, sandbox, *wanted = sys.argv[1:]
    machine = Machine(name, program, driver, sandbox)
    results = {"ok": [], "skipped": [], "FAILED": []}
    try:
        for label, function in found():
            if wanted and not any(word in label for word in wanted):
                continue
            started = time.monotonic()
            outcome, text = shown(machine, function)
            results[outcome].append((label, text))
            print(f"{outcome:8}{label} ({time.monotonic() - started:.1f} s)", flush=True)
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
