"""The crates that are linked into the program: their licenses, and a CycloneDX bill of materials."""

import hashlib
import json
import tomllib
import uuid
from collections import defaultdict
from pathlib import Path

from .commands import run
from .tables import ReleaseError

# Names of files that hold a license or a notice.
LICENSE_FILES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT")


def linked(project, triples):
    """The packages that are linked for any of `triples`, sorted, without those of this repository; and who needs whom."""
    packages, edges = {}, defaultdict(set)
    for triple in triples:
        told = run("cargo", "metadata", "--locked", "--format-version=1", f"--filter-platform={triple}", cwd=project.root)
        metadata = json.loads(told)
        by_id = {it["id"]: it for it in metadata["packages"]}
        nodes = {it["id"]: it for it in metadata["resolve"]["nodes"]}
        root = next(it["id"] for it in metadata["packages"] if it["name"] == project.name)
        left, seen = [root], {root}
        while left:
            current = left.pop()
            packages[current] = by_id[current]
            for dependency in nodes[current]["deps"]:
                if any(it["kind"] is None for it in dependency["dep_kinds"]):
                    edges[current].add(dependency["pkg"])
                    if dependency["pkg"] not in seen:
                        seen.add(dependency["pkg"])
                        left.append(dependency["pkg"])
    ordered = sorted(packages.values(), key=lambda it: (it["name"], it["version"]))
    return root, ordered, edges


def third_party_licenses(project, triples):
    """The text that names every linked crate with its license and the notices that the license asks to be kept."""
    root, packages, _ = linked(project, triples)
    users = defaultdict(list)
    for package in packages:
        if package["id"] == root:
            continue
        label = f"{package['name']} {package['version']} ({package['license'] or 'see its file'})"
        files = [
            file
            for file in sorted(Path(package["manifest_path"]).parent.iterdir())
            if file.is_file() and file.name.upper().startswith(LICENSE_FILES)
        ]
        if not package["license"] and not files:
            raise ReleaseError(f"{label} has neither a license in its manifest nor a file with one")
        if not files:
            users[""].append(label)
        for file in files:
            users[file.read_text(errors="replace").replace("\r\n", "\n").strip()].append(label)
    parts = [f"{project.name} contains the following software. Each text is followed by none but its own.\n"]
    bare = users.pop("", [])
    if bare:
        parts.append("Without a file of its own, under the license that is named:\n\n" + "".join(f"  {it}\n" for it in bare))
    for text, names in sorted(users.items(), key=lambda it: it[1]):
        parts.append("".join(f"  {it}\n" for it in names) + f"\n{text}\n")
    return ("\n" + "=" * 80 + "\n\n").join(parts).encode()


def bill_of_materials(project, triples, files):
    """A CycloneDX document: the crates that are linked, who needs whom, and the digests of the released `files`."""
    root, packages, edges = linked(project, triples)
    lock = tomllib.loads((project.root / "Cargo.lock").read_text())["package"]
    checksums = {(it["name"], it["version"]): it.get("checksum") for it in lock}
    references = {it["id"]: f"pkg:cargo/{it['name']}@{it['version']}" for it in packages}

    def component(package):
        found = {
            "type": "library",
            "bom-ref": references[package["id"]],
            "name": package["name"],
            "version": package["version"],
            "purl": references[package["id"]],
        }
        if package["license"]:
            found["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        checksum = checksums.get((package["name"], package["version"]))
        if checksum:
            found["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        return found

    own = component(next(it for it in packages if it["id"] == root))
    own["type"] = "application"
    own["description"] = project.summary
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{project.downloads}#{project.epoch}')}",
        "metadata": {"timestamp": project.instant.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": own},
        "components": [component(it) for it in packages if it["id"] != root]
        + [
            {
                "type": "file",
                "bom-ref": f"file:{file.name}",
                "name": file.name,
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}],
            }
            for file in files
        ],
        "dependencies": [
            {"ref": references[it["id"]], "dependsOn": sorted(references[other] for other in edges[it["id"]])} for it in packages
        ],
    }
    return (json.dumps(document, indent=1) + "\n").encode()
