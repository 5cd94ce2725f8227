"""The manifests of Homebrew, scoop, winget, and Arch Linux, with archives for every platform, by the tools that read them."""

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from parts import archives, pages
from parts.commands import environment, run
from parts.installers import digest
from parts.manifests import Writer
from parts.tables import Binary

from .case import expect, needed


def written(case):
    """The manifests with stand-in archives for every released target; those of the programs that exist are the real ones."""
    folder = case.folder("manifests")
    real = {binary.target.triple: binary for binary in case.binaries}
    served = []
    for target in (it for it in case.project.targets if it.released):
        binary = real.get(target.triple)
        if binary is None:
            program = folder / f"{target.triple}.program"
            program.write_bytes(target.triple.encode())
            binary = Binary(target, program)
        entries = pages.archive_entries(case.project, binary, pages.Pages({}, {}), {})
        suffix, write = (".zip", archives.zip_archive) if target.windows else (".tar.gz", archives.tar_gz)
        file = folder / f"{case.project.name}-{case.project.version}-{target.triple}{suffix}"
        file.write_bytes(write(entries, case.project.epoch))
        served.append((target, binary, file))
    for name, content in Writer(case.project, served).files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        expect(not re.search(rb"@[A-Z_]+@", content), f"{name} has a placeholder that was not filled")
    return folder, {file.name: digest(file) for _, _, file in served}


def homebrew(case):
    """Ruby reads the formula, and on each platform it names the archive of that platform with its digest."""
    ruby = needed("ruby", "ruby")
    folder, digests = written(case)
    formula = folder / "homebrew/taos-setup.rb"
    run(ruby, "-wc", formula)
    model = case.project.root / "release/proofs/homebrew_model.rb"
    for system, cpu, triple in (
        ("macos", "intel", "x86_64-apple-darwin"), ("macos", "arm", "aarch64-apple-darwin"),
        ("linux", "intel", "x86_64-unknown-linux-gnu"), ("linux", "arm", "aarch64-unknown-linux-gnu"),
    ):
        told = json.loads(run(ruby, "-r", model, "-e", "puts TaosSetup.told", "-r", formula, env={"MODEL_SYSTEM": system, "MODEL_CPU": cpu}))
        name = told["url"].rsplit("/", 1)[1]
        expect(name.endswith(f"{triple}.tar.gz"), f"on {system} with {cpu}, the formula names {name}")
        expect(digests[name] == told["sha256"], f"the formula has another digest for {name}")
        expect(told["url"] == f"{case.project.downloads}/{name}", f"the formula names {told['url']}")
        expect(len(told["desc"]) <= 80, "the description is longer than Homebrew's 80 characters")


def scoop(case):
    """The scoop manifest names the archives with their digests, and where each has the program."""
    folder, digests = written(case)
    manifest = json.loads((folder / "scoop/taos-setup.json").read_text())
    expect(set(manifest["architecture"]) == {"64bit", "arm64"}, "the scoop manifest lacks a processor")
    for cpu, told in manifest["architecture"].items():
        name = told["url"].rsplit("/", 1)[1]
        expect(told["hash"] == digests[name], f"the scoop manifest has another digest for {name}")
        with zipfile.ZipFile(folder / name) as archive:
            expect(f"{told['extract_dir']}/{manifest['bin']}" in archive.namelist(), f"{name} lacks {manifest['bin']}")
        later = manifest["autoupdate"]["architecture"][cpu]
        for key in ("url", "extract_dir"):
            expect(later[key].replace("$version", case.project.version) == told[key], f"autoupdate would take another {key}")
    found = re.search(manifest["checkver"]["regex"], f"{case.project.address}/releases/tag/v{case.project.version}")
    expect(found and found[1] == case.project.version, "checkver does not find the version")


def winget(case):
    """The winget manifests are one package in one version, with the archives, their digests, and where each has the program."""
    folder, digests = written(case)
    files = sorted((folder / "winget").iterdir())
    run(case.tools / "yamllint", "-d", "{extends: default, rules: {document-start: disable, line-length: disable}}", *files)
    load = "import json, sys, yaml\nprint(json.dumps([yaml.safe_load(open(it)) for it in sys.argv[1:]], default=str))"
    documents = {it["ManifestType"]: it for it in json.loads(run(case.tools / "python", "-c", load, *files))}
    expect(set(documents) == {"version", "defaultLocale", "installer"}, f"winget has {sorted(documents)}")
    identifier = case.project.table["winget"]["identifier"]
    for kind, it in documents.items():
        expect(it["PackageIdentifier"] == identifier and str(it["PackageVersion"]) == case.project.version, f"the {kind} is of another package")
    expect(documents["version"]["DefaultLocale"] == documents["defaultLocale"]["PackageLocale"], "the default locale is missing")
    for installer in documents["installer"]["Installers"]:
        name = installer["InstallerUrl"].rsplit("/", 1)[1]
        expect(installer["InstallerSha256"] == digests[name].upper(), f"winget has another digest for {name}")
        inside = installer["NestedInstallerFiles"][0]["RelativeFilePath"].replace("\\", "/")
        with zipfile.ZipFile(folder / name) as archive:
            expect(inside in archive.namelist(), f"{name} lacks {inside}")


def arch(case):
    """makepkg builds the package from the real archive, with its digest, as another user than root."""
    needed("makepkg", "makepkg")
    needed("bsdtar", "libarchive-tools")
    folder = Path("/var/tmp") / f"taos-setup-makepkg-{case.work.name.replace(' ', '-')}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        shutil.copy(case.files / "manifests/arch/PKGBUILD", folder)
        archive = next(name for name in re.findall(r'/(taos-setup-[^/"]+\.tar\.gz)', (folder / "PKGBUILD").read_text()))
        name = archive.replace("$pkgver", case.project.version)
        shutil.copy(case.files / name, folder)
        folder.chmod(0o777)
        # makepkg refuses to run as root. It looks for dependencies with pacman, which has no data here.
        command = ["makepkg", "--nodeps", "--nocolor", "--force"]
        if run("id", "-u").strip() == "0":
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        settings = {"PACMAN": "true", "PACMAN": "true", "PKGEXT": ".pkg.tar.gz", "HOME": folder, "CARCH": "x86_64", "PACKAGER": case.project.table["maintainer"]}
        done = subprocess.run(command, cwd=folder, env=environment(settings), capture_output=True, text=True, check=False)
        expect(done.returncode == 0, f"makepkg ended with {done.returncode}\n{done.stdout}{done.stderr}")
        made = next(folder.glob("*.pkg.tar.*"))
        out = case.folder("arch")
        run("bsdtar", "-xf", made, "-C", out)
        case.same_program(out / "usr/bin/taos-setup")
        case.prints_version(out / "usr/bin/taos-setup", "--version")
        for path in ("usr/share/man/man1", "usr/share/bash-completion/completions/taos-setup", "usr/share/licenses/taos-setup-bin/LICENSE-MIT"):
            expect((out / path).exists(), f"the Arch package lacks {path}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


PROOFS = [homebrew, scoop, winget, arch]
