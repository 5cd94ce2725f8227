"""Writes container images as an OCI layout, without a container engine: the static program alone, or beside an installed client."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

from .archives import Entry, compressed, header, tar

PROGRAM = "usr/local/bin/taos-setup"
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


class Layout:
    """An OCI layout: content by its digest, and an index of tags."""

    def __init__(self, project):
        self.project = project
        self.blobs = {}
        self.tags = []

    def blob(self, content, media_type):
        """Keeps `content` and returns its descriptor."""
        digest = hashlib.sha256(content).hexdigest()
        self.blobs[digest] = content
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    def image(self, architecture, layers, environment):
        """Adds an image of `layers`, which are tar archives, and returns its descriptor."""
        created = self.project.instant.strftime("%Y-%m-%dT%H:%M:%SZ")
        config = {
            "created": created,
            "architecture": architecture,
            "os": "linux",
            "config": {
                "Entrypoint": [f"/{PROGRAM}"],
                "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", *environment],
                "Labels": self.labels(),
            },
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]},
            "history": [{"created": created, "created_by": "release/package"} for _ in layers],
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.blob(encoded(config), CONFIG),
            "layers": [self.blob(compressed(layer), LAYER) for layer in layers],
            "annotations": self.labels(),
        }
        return {**self.blob(encoded(manifest), MANIFEST), "platform": {"architecture": architecture, "os": "linux"}}

    def tag(self, name, images):
        """Names `images`, one for each processor."""
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": images, "annotations": self.labels()}
        descriptor = self.blob(encoded(index), INDEX)
        self.tags.append({**descriptor, "annotations": {"org.opencontainers.image.ref.name": name}})

    def labels(self):
        project = self.project
        return {
            "org.opencontainers.image.title": project.name,
            "org.opencontainers.image.description": project.summary,
            "org.opencontainers.image.version": project.version,
            "org.opencontainers.image.source": project.address,
            "org.opencontainers.image.licenses": project.license,
        }

    def archive(self):
        """The layout as one tar archive, which skopeo and podman call `oci-archive`."""
        entries = [
            Entry("oci-layout", encoded({"imageLayoutVersion": "1.0.0"})),
            Entry("index.json", encoded({"schemaVersion": 2, "mediaType": INDEX, "manifests": self.tags})),
            *[Entry(f"blobs/sha256/{digest}", content) for digest, content in self.blobs.items()],
        ]
        return tar(entries, self.project.epoch)


def encoded(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def program_layer(project, binary, texts):
    """The program and its licenses."""
    files = [Entry(PROGRAM, binary.path.read_bytes(), program=True)]
    files += [Entry(f"usr/share/licenses/taos-setup/{name}", texts[name]) for name in ("LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-LICENSES.txt")]
    return tar(files, project.epoch, directories=True)


def directory_layer(project, source, place):
    """The files and links below the directory `source`, which the image has at `place`; all of root, with the release's instant."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        parts = place.strip("/").split("/")
        for depth in range(1, len(parts) + 1):
            archive.addfile(header("/".join(parts[:depth]), 0o755, project.epoch, tarfile.DIRTYPE))
        for path in sorted(Path(source).rglob("*")):
            name = f"{place.strip('/')}/{path.relative_to(source)}"
            if path.is_symlink():
                link = header(name, 0o777, project.epoch, tarfile.SYMTYPE)
                link.linkname = str(path.readlink())
                archive.addfile(link)
            elif path.is_dir():
                archive.addfile(header(name, 0o755, project.epoch, tarfile.DIRTYPE))
            else:
                head = header(name, 0o755 if path.stat().st_mode & 0o100 else 0o644, project.epoch)
                head.size = path.stat().st_size
                with path.open("rb") as content:
                    archive.addfile(head, content)
    return out.getvalue()


def images(project, binaries, texts, client=None):
    """Returns an OCI layout with the tag of this version; with `client`, a directory of an installed client, also `-client`."""
    layout = Layout(project)
    layers = {binary.target.image: program_layer(project, binary, texts) for binary in binaries if binary.target.image}
    layout.tag(project.version, [layout.image(cpu, [layer], []) for cpu, layer in layers.items()])
    if client:
        cpu, folder = client
        environment = ["LD_LIBRARY_PATH=/opt/taos/lib", "TAOS_CONFIG_DIR=/opt/taos/etc"]
        both = [layers[cpu], directory_layer(project, folder, "/opt/taos")]
        layout.tag(f"{project.version}-client", [layout.image(cpu, both, environment)])
    return layout.archive()
