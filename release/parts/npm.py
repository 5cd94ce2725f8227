"""Writes npm packages: one for each platform, and one without scripts that runs the program of the platform at hand."""

import json

from .archives import Entry, tar_gz

# What Node.js the launcher needs.
NODE = ">=16"


def packages(project, served, texts):
    """Returns file names with contents: a package for each of `served`, pairs of target and program, and the one that users name."""
    files, optional = {}, {}
    licenses = {name: texts[name] for name in ("LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-LICENSES.txt")}
    for target, binary in served:
        name = f"{project.table['npm_scope']}/{target.npm['name']}"
        optional[name] = project.version
        manifest = {
            **common(project, name),
            "description": f"The program of {project.name} for {target.npm['name']}",
            "os": [target.npm["os"]],
            "cpu": [target.npm["cpu"]],
            **({"libc": [target.npm["libc"]]} if "libc" in target.npm else {}),
            "preferUnplugged": True,
            "files": [f"bin/{binary.target.program}"],
        }
        readme = f"The program of [{project.name}]({project.address}) for one platform. Install `{project.name}` instead of this package.\n"
        files[file_name(name, project)] = packed(
            project,
            manifest,
            {**licenses, "README.md": readme.encode()},
            [Entry(f"package/bin/{binary.target.program}", binary.path.read_bytes(), program=True)],
        )
    launcher = (project.root / "release/templates/npm-launcher.js").read_text()
    manifest = {
        **common(project, project.name),
        "description": project.summary,
        "keywords": project.table["keywords"],
        "bin": {project.name: "bin/taos-setup.js"},
        "engines": {"node": NODE},
        "files": ["bin/taos-setup.js"],
        "optionalDependencies": optional,
    }
    files[file_name(project.name, project)] = packed(
        project,
        manifest,
        {**licenses, "README.md": texts["README.md"]},
        [Entry("package/bin/taos-setup.js", launcher.replace("@scope", project.table["npm_scope"]).encode(), program=True)],
    )
    return files


def common(project, name):
    return {
        "name": name,
        "version": project.version,
        "license": project.license,
        "homepage": project.address,
        "repository": {"type": "git", "url": f"git+{project.address}.git"},
        "publishConfig": {"access": "public"},
    }


def file_name(name, project):
    """The name that `npm pack` gives the package."""
    return f"{name.removeprefix('@').replace('/', '-')}-{project.version}.tgz"


def packed(project, manifest, texts, entries):
    texts = {**texts, "package.json": (json.dumps(manifest, indent=2) + "\n").encode()}
    return tar_gz([*entries, *[Entry(f"package/{name}", content) for name, content in texts.items()]], project.epoch)
