"""The workflows, by zizmor; actionlint has a stage of its own in .ci/run."""

import re

from parts.commands import run

from .case import expect


def audit(case):
    """zizmor finds nothing in the workflows."""
    run(case.tools / "zizmor", "--offline", "--no-progress", "--quiet", case.project.root / ".github/workflows")


def pinned(case):
    """Every action is named by the hash of a commit, with its version beside it."""
    for file in sorted((case.project.root / ".github/workflows").glob("*.yml")):
        for line in file.read_text().splitlines():
            if "uses:" in line:
                expect(re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d", line), f"{file.name}: {line.strip()} is not pinned")


PROOFS = [audit, pinned]
