"""Builds Debian and RPM packages with dpkg-deb and rpmbuild, for the same program that the archives have."""

import hashlib
import os
import shutil
import tempfile
from email.utils import format_datetime
from pathlib import Path

from .archives import compressed
from .commands import run
from .tables import ReleaseError

# Where a distribution has each file of the archive; {doc} is where it keeps licenses.
SHARED = {
    "taos-setup.bash": "usr/share/bash-completion/completions/taos-setup",
    "_taos-setup": "usr/share/{zsh}/_taos-setup",
    "taos-setup.fish": "usr/share/fish/vendor_completions.d/taos-setup.fish",
}
DESCRIPTION = [
    "It installs the client driver that matches a TDengine server, adds the",
    "right connector and a working example to a project, and verifies native,",
    "REST, and WebSocket connections. If a connection fails, it reports the",
    "cause and a fix. Clients are installed for each user, without root.",
]


def tree(root, binary, pages, zsh):
    """Writes the program, its manual pages, and its completions below `root`."""
    put(root / "usr/bin/taos-setup", binary.path.read_bytes(), 0o755)
    for name, content in pages.manual.items():
        put(root / "usr/share/man/man1" / f"{name}.gz", compressed(content))
    for name, place in SHARED.items():
        put(root / place.format(zsh=zsh), pages.completions[name])


def put(path, content, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


def deb(project, target, binary, pages, texts, out):
    """Writes the Debian package for `target` into `out` and returns its path."""
    require("dpkg-deb", "dpkg")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        tree(root, binary, pages, "zsh/vendor-completions")
        doc = root / "usr/share/doc/taos-setup"
        put(doc / "copyright", copyright_file(project, texts))
        put(doc / "changelog.gz", compressed(changelog(project)))
        put(doc / "CHANGELOG.md.gz", compressed(texts["CHANGELOG.md"]))
        put(doc / "THIRD-PARTY-LICENSES.txt.gz", compressed(texts["THIRD-PARTY-LICENSES.txt"]))
        static = binary.target.glibc is None
        if static:
            put(root / "usr/share/lintian/overrides/taos-setup", b"# A build that runs with any C library.\ntaos-setup: statically-linked-binary\n")
        sizes = sum(file.stat().st_size for file in root.rglob("*") if file.is_file())
        depends = f"Depends: libc6 (>= {binary.target.glibc})\n" if not static else ""
        control = (
            f"Package: taos-setup\nVersion: {project.version}\nArchitecture: {target.deb}\nMaintainer: {project.table['maintainer']}\n"
            f"Installed-Size: {-(-sizes // 1024)}\n{depends}Section: database\nPriority: optional\nHomepage: {project.address}\n"
            f"Description: {project.table['short_summary'][0].lower()}{project.table['short_summary'][1:]}\n"
            + "".join(f" {line}\n" for line in DESCRIPTION)
        )
        put(root / "DEBIAN/control", control.encode())
        put(root / "DEBIAN/md5sums", md5_sums(root))
        dated(root, project.epoch)
        file = out / f"taos-setup_{project.version}_{target.deb}.deb"
        # xz with one thread: the bytes do not depend on the machine.
        run("dpkg-deb", "--root-owner-group", "-Zxz", "--threads-max=1", "--build", root, file, env={"SOURCE_DATE_EPOCH": project.epoch})
    return file


def changelog(project):
    """The changelog in Debian's form, which points to the project's own."""
    return (
        f"taos-setup ({project.version}) stable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n"
        f" -- {project.table['maintainer']}  {format_datetime(project.instant)}\n"
    ).encode()


def md5_sums(root):
    """The digests that Debian's tools check installed files with; the release itself is verified by SHA-256."""
    files = sorted(file for file in (root / "usr").rglob("*") if file.is_file())
    lines = [f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}  {file.relative_to(root)}\n" for file in files]
    return "".join(lines).encode()


def copyright_file(project, texts):
    mit = texts["LICENSE-MIT"].decode()
    holder = next((line.strip() for line in mit.splitlines() if line.startswith("Copyright")), "Copyright the taos-setup authors")
    body = "\n".join(f" {line}" if line.strip() else " ." for line in mit.strip().splitlines())
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        f"Upstream-Name: taos-setup\nSource: {project.address}\n"
        "Comment: The licenses of linked software are in THIRD-PARTY-LICENSES.txt.gz.\n\n"
        f"Files: *\n{holder.replace('Copyright', 'Copyright:', 1).replace('(c) ', '')}\nLicense: MIT or Apache-2.0\n\n"
        f"License: MIT\n{body}\n\n"
        "License: Apache-2.0\n On Debian systems, the text is in /usr/share/common-licenses/Apache-2.0.\n"
    ).encode()


def rpm(project, target, binary, pages, texts, out):
    """Writes the RPM package for `target` into `out` and returns its path."""
    require("rpmbuild", "rpm")
    with tempfile.TemporaryDirectory() as folder:
        top, root = Path(folder), Path(folder) / "tree"
        tree(root, binary, pages, "zsh/site-functions")
        doc = root / "usr/share/licenses/taos-setup"
        for name in ("LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-LICENSES.txt"):
            put(doc / name, texts[name])
        dated(root, project.epoch)
        spec = top / "taos-setup.spec"
        spec.write_text(spec_file(project, binary, root))
        # The macros replace this machine's directories, names, and instants.
        macros = {
            "_topdir": top,
            "_rpmdir": top / "rpms",
            "_buildhost": "taos-setup",
            "use_source_date_epoch_as_buildtime": "1",
            "clamp_mtime_to_source_date_epoch": "1",
            "_build_id_links": "none",
            "_binary_payload": "w9.gzdio",
            "_source_filedigest_algorithm": "8",
            "_binary_filedigest_algorithm": "8",
        }
        defined = [word for name, value in macros.items() for word in ("--define", f"{name} {value}")]
        run("rpmbuild", "-bb", "--nodeps", "--target", f"{target.rpm}-linux", *defined, spec, env={"SOURCE_DATE_EPOCH": project.epoch, "HOME": folder})
        made = next((top / "rpms").rglob("*.rpm"))
        file = out / f"taos-setup-{project.version}-1.{target.rpm}.rpm"
        shutil.copy(made, file)
    return file


def spec_file(project, binary, root):
    files = sorted(file for file in root.rglob("*") if file.is_file())
    listed = "".join(f"%license /{it}\n" if "/licenses/" in str(it) else f"/{it}\n" for it in (file.relative_to(root) for file in files))
    needs = f"Requires: libc.so.6(GLIBC_{binary.target.glibc})(64bit)\n" if binary.target.glibc else ""
    return (
        f"Name: taos-setup\nVersion: {project.version}\nRelease: 1\nSummary: {project.table['short_summary']}\n"
        f"License: {project.license}\nURL: {project.address}\nPackager: {project.table['maintainer']}\nAutoReqProv: no\n{needs}"
        "%global debug_package %{nil}\n%global __os_install_post %{nil}\n"
        "%description\n" + "\n".join(DESCRIPTION) + f"\n%install\ncp -a {root}/. %{{buildroot}}/\n%files\n{listed}"
        f"%changelog\n* {project.instant.strftime('%a %b %d %Y')} {project.table['maintainer']} - {project.version}-1\n"
        f"- See {project.address}/blob/v{project.version}/CHANGELOG.md\n"
    )


def dated(root, epoch):
    """Gives every file the instant of the release, and every directory the usual mode."""
    for path in [*root.rglob("*"), root]:
        if path.is_dir():
            path.chmod(0o755)
        os.utime(path, (epoch, epoch))


def require(program, package):
    if not shutil.which(program):
        raise ReleaseError(f"could not run {program}\nnext: apt-get install {package}")
