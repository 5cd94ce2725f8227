"""The archives, their names, their digests, the signature, and the bill of materials."""

import hashlib
import json
import os
import tarfile
import tomllib
import zipfile
import zlib

from parts import signature
from parts.commands import run
from parts.installers import digest
from parts.tables import ReleaseError

from .case import expect, needed

WANTED = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "THIRD-PARTY-LICENSES.txt", "completions/_taos-setup", "man/taos-setup-install.1"]


def contents(case):
    """Every archive has one directory with the program and what accompanies it, all owned by root."""
    for binary in case.binaries:
        top = f"{case.project.name}-{case.project.version}-{binary.target.triple}"
        if binary.target.windows:
            with zipfile.ZipFile(case.files / f"{top}.zip") as archive:
                names, program = archive.namelist(), archive.read(f"{top}/{binary.target.program}")
        else:
            with tarfile.open(case.files / f"{top}.tar.gz") as archive:
                members = archive.getmembers()
                expect(all(it.uid == it.gid == 0 and it.mtime == case.project.epoch for it in members), f"{top} has other owners or instants")
                names, program = [it.name for it in members], archive.extractfile(f"{top}/{binary.target.program}").read()
                expect(archive.getmember(f"{top}/taos-setup").mode == 0o755, f"the program in {top} is not executable")
        expect(program == binary.path.read_bytes(), f"{top} has another program")
        expect(all(name.startswith(f"{top}/") for name in names), f"{top} has files outside its directory")
        missing = [name for name in WANTED if f"{top}/{name}" not in names]
        expect(not missing, f"{top} lacks {', '.join(missing)}")


def binstall(case):
    """cargo binstall finds the archives and the program in them by the names in Cargo.toml."""
    told = case.project.cargo["package"]["metadata"]["binstall"]
    for binary in case.binaries:
        triple = binary.target.triple
        form = told.get("overrides", {}).get(triple, {}).get("pkg-fmt", told["pkg-fmt"])
        if not binary.target.released:
            continue
        values = {
            "repo": case.project.address, "version": case.project.version, "target": triple, "bin": case.project.name,
            "archive-suffix": {"tgz": ".tar.gz", "zip": ".zip"}[form], "binary-ext": ".exe" if binary.target.windows else "",
        }
        address, inside = told["pkg-url"], told["bin-dir"]
        for name, value in values.items():
            address, inside = address.replace(f"{{ {name} }}", value), inside.replace(f"{{ {name} }}", value)
        expect(address.startswith(f"{case.project.downloads}/"), f"cargo binstall would fetch {address}")
        file = case.files / address.rsplit("/", 1)[1]
        expect(file.is_file(), f"cargo binstall would fetch {file.name}, which the release does not have")
        with tarfile.open(file) if form == "tgz" else zipfile.ZipFile(file) as archive:
            expect(inside in (archive.getnames() if form == "tgz" else archive.namelist()), f"{file.name} has no {inside}")


def digests(case):
    """SHA256SUMS names every file for download with its digest, as sha256sum reads it."""
    run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=case.files)
    listed = {line.split()[1] for line in (case.files / "SHA256SUMS").read_text().splitlines()}
    there = {file.name for file in case.files.iterdir() if file.is_file() and not file.name.startswith("SHA256SUMS")}
    expect(listed == there, f"SHA256SUMS lists {sorted(listed)}: expected {sorted(there)}")


def minisign(case):
    """A signature by a key from the environment verifies; one of another list, and one by another key, do not."""
    needed("minisign", "minisign")
    folder = case.folder("signature")
    keys = []
    for name in ("first", "second"):
        run("minisign", "-G", "-W", "-p", folder / f"{name}.pub", "-s", folder / f"{name}.key")
        keys.append((folder / f"{name}.pub").read_text().splitlines()[1])
    sums = folder / "SHA256SUMS"
    sums.write_bytes((case.files / "SHA256SUMS").read_bytes())
    os.environ[signature.KEY] = (folder / "first.key").read_text()
    try:
        made = signature.signed(case.project, sums)
    finally:
        del os.environ[signature.KEY]
    expect(made and made.is_file(), "no signature was written")
    signature.verified(sums, keys[0])
    run("minisign", "-V", "-P", keys[1], "-m", sums, accept=(1,))
    sums.write_text(sums.read_text().replace("0", "1", 1))
    run("minisign", "-V", "-P", keys[0], "-m", sums, accept=(1,))
    expect(signature.signed(case.project, sums) is None, "a list was signed without a key")


def bill_of_materials(case):
    """The CycloneDX document is valid, and lists the crates that cargo-auditable recorded in the program."""
    file = case.files / f"{case.project.name}-{case.project.version}.cdx.json"
    check = (
        "import sys\nfrom cyclonedx.validation.json import JsonStrictValidator\nfrom cyclonedx.schema import SchemaVersion\n"
        "problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())\nsys.exit(str(problem) if problem else 0)\n"
    )
    run(case.tools / "python", "-c", check, file)
    document = json.loads(file.read_text())
    libraries = {(it["name"], it["version"]) for it in document["components"] if it["type"] == "library"}
    own = (document["metadata"]["component"]["name"], document["metadata"]["component"]["version"])
    recorded = {(it["name"], it["version"]) for it in audit_data(case.native)["packages"] if it.get("kind") != "build"}
    expect(recorded and recorded <= libraries | {own}, f"the program has crates that the document lacks: {sorted(recorded - libraries)}")
    listed = {it["name"]: it["hashes"][0]["content"] for it in document["components"] if it["type"] == "file"}
    expect(all(digest(case.files / name) == value for name, value in listed.items()), "the document has other digests than the files")
    lock = tomllib.loads((case.project.root / "Cargo.lock").read_text())["package"]
    expect(libraries <= {(it["name"], it["version"]) for it in lock}, "the document lists crates that Cargo.lock does not")


def audit_data(binary):
    """What cargo-auditable recorded: JSON, compressed by zlib, in the section `.dep-v0` of an ELF program."""
    content = binary.path.read_bytes()
    expect(content[:4] == b"\x7fELF", f"{binary.path} is not an ELF program")
    offset = int.from_bytes(content[40:48], "little")
    size, count, names = (int.from_bytes(content[at : at + 2], "little") for at in (58, 60, 62))
    headers = [content[offset + index * size : offset + (index + 1) * size] for index in range(count)]

    def body(head):
        start, length = int.from_bytes(head[24:32], "little"), int.from_bytes(head[32:40], "little")
        return content[start : start + length]

    table = body(headers[names])
    for head in headers:
        name = table[int.from_bytes(head[:4], "little") :].split(b"\0")[0]
        if name == b".dep-v0":
            return json.loads(zlib.decompress(body(head)))
    raise ReleaseError(f"{binary.path} records no dependencies\nnext: release/build {binary.target.triple}")


def same_packages(case):
    """Packaging again gives the same bytes."""
    from runpy import run_path

    again = case.folder("again")
    package = run_path(str(case.project.root / "release/package"), run_name="package")["package"]
    package(case.project, case.binaries, again / "files")
    first, second = (
        {str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest() for file in root.rglob("*") if file.is_file() and file.suffix != ".minisig"}
        for root in (case.files, again / "files")
    )
    differing = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    expect(not differing, f"packaging again gave other bytes: {', '.join(differing)}")


PROOFS = [contents, binstall, digests, minisign, bill_of_materials, same_packages]
