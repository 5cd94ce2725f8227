"""Writes Python wheels that hold nothing but the program: `pip install`, `pipx run`, and `uvx` put it on the PATH."""

import base64
import hashlib

from .archives import Entry, zip_archive

# A wheel's project name has underscores.
PYTHON = ">=3.7"


def wheel(project, target, binary, texts):
    """Returns the name and the content of the wheel for `target`, which holds `binary`."""
    distribution = f"{project.name.replace('-', '_')}-{project.version}"
    info, data = f"{distribution}.dist-info", f"{distribution}.data"
    licenses = ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-LICENSES.txt"]
    files = [
        Entry(f"{data}/scripts/{binary.target.program}", binary.path.read_bytes(), program=True),
        Entry(f"{info}/METADATA", metadata(project, texts, licenses)),
        Entry(f"{info}/WHEEL", wheel_file(target.wheel)),
        *[Entry(f"{info}/licenses/{name}", texts[name]) for name in licenses],
    ]
    record = f"{info}/RECORD"
    lines = [f"{it.name},sha256={digest(it.content)},{len(it.content)}\n" for it in files]
    files.append(Entry(record, "".join([*lines, f"{record},,\n"]).encode()))
    return f"{distribution}-py3-none-{target.wheel}.whl", zip_archive(files, project.epoch)


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def metadata(project, texts, licenses):
    """The metadata of the wheel, in version 2.4: the first with a license expression."""
    name, _, address = project.table["maintainer"].partition(" <")
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project.name}",
        f"Version: {project.version}",
        f"Summary: {project.summary}",
        f"Keywords: {','.join(project.table['keywords'])}",
        f"Maintainer: {name}",
        f"Maintainer-email: {name} <{address}" if address else "",
        f"License-Expression: {project.license}",
        *[f"License-File: {it}" for it in licenses],
        "Classifier: Development Status :: 4 - Beta",
        "Classifier: Environment :: Console",
        "Classifier: Programming Language :: Rust",
        "Classifier: Topic :: Database",
        f"Requires-Python: {PYTHON}",
        f"Project-URL: Source, {project.address}",
        f"Project-URL: Changelog, {project.address}/blob/v{project.version}/CHANGELOG.md",
        "Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM",
    ]
    head = "\n".join(line for line in lines if line)
    return f"{head}\n\n".encode() + texts["README.md"]


def wheel_file(tags):
    """The list of tags: each of a compressed set on a line of its own."""
    lines = ["Wheel-Version: 1.0", "Generator: taos-setup-release", "Root-Is-Purelib: false"]
    return ("\n".join([*lines, *[f"Tag: py3-none-{tag}" for tag in tags.split(".")]]) + "\n").encode()
