"""What the texts promise: the address, the version, the changes."""

import re

from parts.tables import ReleaseError

from .case import expect

# The texts that repeat the project's address or its image.
TEXTS = ["README.md", "README.zh.md", "docs/install.md", "docs/install.zh.md"]


def address(case):
    """The texts name the address of Cargo.toml and the image of package.toml, and no other."""
    project = case.project
    expect(re.fullmatch(r"https://[\w.-]+(/[\w.-]+)*", project.address), f"{project.address} is not an address")
    for name in TEXTS:
        text = (project.root / name).read_text()
        expect(project.address in text or project.table["image"] in text, f"{name} names neither the address nor the image")
        for found in re.findall(r"https?://[^\s)`'\"]+/(?:releases|blob)/", text):
            expect(found.startswith(project.address), f"{name} names another address: {found}")
        for found in re.findall(r"(?<=COPY --from=)\S+", text):
            if "/" in found:
                expect(found.split(":")[0] == project.table["image"], f"{name} names another image: {found}")


def version(case):
    """The texts name the version of Cargo.toml, and CHANGELOG.md has its changes, or what is not released."""
    project = case.project
    for name in TEXTS:
        for found in re.findall(r"(?:taos-setup[:_-]|oci\.tar:)(\d+\.\d+\.\d+)", (project.root / name).read_text()):
            expect(found == project.version, f"{name} names version {found}\nnext: release/set version {project.version}")
    expect(re.fullmatch(r"\d+\.\d+\.\d+", project.version), f"{project.version} is not a version of a release")
    expect(len(project.notes()) > 100, "CHANGELOG.md says nothing about this version")
    try:
        project.changes("99.0.0")
    except ReleaseError:
        return
    raise ReleaseError("CHANGELOG.md has changes of a version that does not exist")


PROOFS = [address, version]
