"""Writes the manifests of package managers that fetch an archive of the release: Homebrew, scoop, winget, and Arch Linux."""

import json

from .archives import Entry, tar_gz
from .installers import digest

# Homebrew's blocks for a system and a processor.
BREW_SYSTEMS = {"macos": "on_macos", "linux": "on_linux"}
BREW_CPUS = {"intel": "on_intel", "arm": "on_arm"}


class Writer:
    """The manifests for the archives of `served`: pairs of a released target and the file for its users."""

    def __init__(self, project, served):
        self.project = project
        self.served = served

    def files(self):
        """Returns file names with contents; only those that have a platform."""
        made = {}
        if self.of("brew"):
            made["homebrew/taos-setup.rb"] = self.filled("formula.rb", PLATFORMS=self.brew_platforms())
        if self.of("scoop"):
            made["scoop/taos-setup.json"] = self.scoop()
        if self.of("winget"):
            name = self.project.table["winget"]["identifier"]
            for template, suffix in (("version", ""), ("locale.en-US", ".locale.en-US"), ("installer", ".installer")):
                made[f"winget/{name}{suffix}.yaml"] = self.filled(f"winget/{template}.yaml", INSTALLERS=self.winget_installers())
        if self.of("arch"):
            made["arch/PKGBUILD"] = self.filled("PKGBUILD", SOURCES=self.arch_sources(), ARCHITECTURES=self.architectures())
        return made

    def of(self, key):
        """The values of `key` in the table of targets, with the archive for each."""
        return [(value, target, file) for target, _, file in self.served if (value := getattr(target, key))]

    def filled(self, template, **more):
        project = self.project
        text = (project.root / "release/templates" / template).read_text()
        values = {
            "VERSION": project.version,
            "ADDRESS": project.address,
            "MAINTAINER": project.table["maintainer"],
            "SUMMARY": project.summary,
            # Homebrew and Arch want no more than 80 characters, without an article and a full stop.
            "SHORT_SUMMARY": project.table["short_summary"],
            "LICENSE": project.license,
            "IDENTIFIER": project.table["winget"]["identifier"],
            "PUBLISHER": project.table["winget"]["publisher"],
            "KEYWORDS": "\n".join(f"  - {it}" for it in project.table["keywords"]),
            "KEYWORDS_JSON": json.dumps(project.table["keywords"]),
            "DATE": project.instant.strftime("%Y-%m-%d"),
            **more,
        }
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        return text.encode()

    def brew_platforms(self):
        blocks = []
        for system, block in BREW_SYSTEMS.items():
            found = {it["cpu"]: file for it, _, file in self.of("brew") if it["system"] == system}
            if not found:
                continue
            blocks.append(f"  {block} do")
            for cpu, inner in BREW_CPUS.items():
                if cpu in found:
                    blocks += [
                        f"    {inner} do",
                        f'      url "{self.project.downloads}/{found[cpu].name}"',
                        f'      sha256 "{digest(found[cpu])}"',
                        "    end",
                    ]
            blocks.append("  end\n")
        return "\n".join(blocks).rstrip()

    def scoop(self):
        project = self.project
        current = {
            name: {
                "url": f"{project.downloads}/{file.name}",
                "hash": digest(file),
                "extract_dir": file.name.removesuffix(".zip"),
            }
            for name, _, file in self.of("scoop")
        }
        def automatic(file):
            return {
                "url": f"{project.address}/releases/download/v$version/{file.name.replace(project.version, '$version')}",
                "extract_dir": file.name.removesuffix(".zip").replace(project.version, "$version"),
            }

        manifest = {
            "version": project.version,
            "description": project.summary,
            "homepage": project.address,
            "license": project.license.replace(" OR ", "|"),
            "architecture": current,
            "bin": "taos-setup.exe",
            "checkver": {"url": f"{project.address}/releases/latest", "regex": "/releases/tag/v([\\d.]+)"},
            "autoupdate": {
                "architecture": {name: automatic(file) for name, _, file in self.of("scoop")},
                "hash": {"url": "$baseurl/SHA256SUMS"},
            },
        }
        return (json.dumps(manifest, indent=4) + "\n").encode()

    def winget_installers(self):
        lines = []
        for cpu, target, file in self.of("winget"):
            folder = file.name.removesuffix(".zip")
            lines += [
                f"  - Architecture: {cpu}",
                "    NestedInstallerFiles:",
                f"      - RelativeFilePath: {folder}\\{target.program}",
                "        PortableCommandAlias: taos-setup",
                f"    InstallerUrl: {self.project.downloads}/{file.name}",
                f"    InstallerSha256: {digest(file).upper()}",
            ]
        return "\n".join(lines)

    def architectures(self):
        return " ".join(f"'{arch}'" for arch, _, _ in self.of("arch"))

    def arch_sources(self):
        lines = []
        for arch, _, file in self.of("arch"):
            name = file.name.replace(self.project.version, "$pkgver")
            lines.append(f'source_{arch}=("{self.project.address}/releases/download/v$pkgver/{name}")')
            lines.append(f"sha256sums_{arch}=('{digest(file)}')")
        return "\n".join(lines)

    def feature(self, installer):
        """The dev container feature, which carries install.sh with the digests of this release."""
        script = (self.project.root / "release/templates/feature/install.sh").read_bytes()
        return tar_gz(
            [
                Entry("devcontainer-feature.json", self.filled("feature/devcontainer-feature.json")),
                Entry("install.sh", script, program=True),
                Entry("taos-setup-install.sh", installer, program=True),
            ],
            self.project.epoch,
        )
