"""The container images, read by skopeo and unpacked by umoci, and run from their own root."""

import json
import os
import tarfile

from parts import image, pages
from parts.commands import run

from .case import Skipped, expect, needed


def layout(case):
    """skopeo reads the image of every processor, with the program as its entry point and nothing that asks for root's shell."""
    needed("skopeo", "skopeo")
    file = case.files / "images" / f"{case.project.name}-{case.project.version}.oci.tar"
    for binary in case.binaries:
        if not binary.target.image:
            continue
        place = f"oci-archive:{file}:{case.project.version}"
        told = json.loads(run("skopeo", "inspect", "--override-arch", binary.target.image, "--override-os", "linux", "--config", place))
        expect(told["architecture"] == binary.target.image, f"skopeo reads {told['architecture']}: expected {binary.target.image}")
        expect(told["config"]["Entrypoint"] == ["/usr/local/bin/taos-setup"], "the image has another entry point")
        expect(told["config"]["Labels"]["org.opencontainers.image.version"] == case.project.version, "the image has another version")


def unpacked(case, file, tag):
    """Unpacks one image as an engine does, and returns its root."""
    needed("umoci", "umoci")
    folder = case.folder("image")
    cpu = case.native.target.image or {"linux-x64": "amd64", "linux-arm64": "arm64"}[case.native.target.platform]
    # umoci reads an image, not a list of images: skopeo takes the one of this processor out of the list, and checks all digests.
    plain = folder.parent / folder.name.replace(" ", "-")
    folder.rename(plain)
    run("skopeo", "--override-arch", cpu, "--override-os", "linux", "copy", "--insecure-policy", f"oci-archive:{file}:{tag}", f"oci:{plain}/layout:{tag}")
    rootless = [] if os.geteuid() == 0 else ["--rootless"]
    run("umoci", "unpack", *rootless, "--image", f"{plain}/layout:{tag}", f"{plain}/bundle")
    return plain / "bundle/rootfs"


def runs(case):
    """The image's root has the program of the archive and its licenses, and it runs with nothing else there."""
    file = case.files / "images" / f"{case.project.name}-{case.project.version}.oci.tar"
    root = unpacked(case, file, case.project.version)
    case.same_program(root / "usr/local/bin/taos-setup")
    there = sorted(str(it.relative_to(root)) for it in root.rglob("*") if it.is_file())
    expect(there[0] == "usr/local/bin/taos-setup" and all("licenses" in it for it in there[1:]), f"the image has {there}")
    if os.geteuid() != 0:
        raise Skipped("only root can run a program from another root")
    case.prints_version("chroot", root, "/usr/local/bin/taos-setup", "--version")


def client(case):
    """The variant has an installed client in /opt/taos, with its links and the variables that its programs need."""
    folder = case.folder("client")
    (folder / "lib").mkdir()
    (folder / "etc").mkdir()
    (folder / "lib/libtaos.so.3.3.7.5").write_bytes(b"library")
    (folder / "lib/libtaos.so").symlink_to("libtaos.so.3.3.7.5")
    (folder / "etc/taos.cfg").write_text("firstEp localhost:6030\n")
    cpu = case.native.target.image
    texts = pages.documents(case.project, b"licenses\n")
    out = case.folder("client image") / "image.tar"
    out.write_bytes(image.images(case.project, [case.native], texts, (cpu, folder)))
    plain = case.work / "client-image.tar"
    out.rename(plain)
    tag = f"{case.project.version}-client"
    told = json.loads(run("skopeo", "inspect", "--override-arch", cpu, "--override-os", "linux", "--config", f"oci-archive:{plain}:{tag}"))
    expect("LD_LIBRARY_PATH=/opt/taos/lib" in told["config"]["Env"], "the variant lacks LD_LIBRARY_PATH")
    root = unpacked(case, plain, tag)
    case.same_program(root / "usr/local/bin/taos-setup")
    expect((root / "opt/taos/lib/libtaos.so").readlink().name == "libtaos.so.3.3.7.5", "the variant lacks a link of the client")
    expect((root / "opt/taos/etc/taos.cfg").read_text() == "firstEp localhost:6030\n", "the variant lacks taos.cfg")


def owners(case):
    """Every file of every layer belongs to root, has the release's instant, and is no device."""
    file = case.files / "images" / f"{case.project.name}-{case.project.version}.oci.tar"
    with tarfile.open(file) as outer:
        layers = [it for it in outer.getmembers() if it.isfile() and outer.extractfile(it).read(2) == b"\x1f\x8b"]
        expect(layers, "the image has no layer")
        for layer in layers:
            with tarfile.open(fileobj=outer.extractfile(layer), mode="r:gz") as inner:
                for it in inner:
                    expect(it.isreg() or it.isdir() or it.issym(), f"{it.name} is no file, directory, or link")
                    expect(it.uid == it.gid == 0 and it.mtime == case.project.epoch and not it.mode & 0o6022, f"{it.name} has another owner, instant, or mode")


PROOFS = [layout, runs, client, owners]
