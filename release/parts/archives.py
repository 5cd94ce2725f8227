"""Writes tar.gz and zip archives whose bytes depend on nothing but their contents and the release's instant."""

import gzip
import io
import tarfile
import time
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A file in an archive."""

    name: str
    content: bytes
    program: bool = False

    @property
    def mode(self):
        return 0o755 if self.program else 0o644


def tar(entries, epoch, directories=False):
    """Returns a tar archive of `entries`; with `directories`, each directory has an entry before its files."""
    out = io.BytesIO()
    seen = set()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if directories:
                for depth in range(1, len(entry.name.split("/"))):
                    folder = "/".join(entry.name.split("/")[:depth])
                    if folder not in seen:
                        seen.add(folder)
                        archive.addfile(header(folder, 0o755, epoch, tarfile.DIRTYPE))
            head = header(entry.name, entry.mode, epoch)
            head.size = len(entry.content)
            archive.addfile(head, io.BytesIO(entry.content))
    return out.getvalue()


def header(name, mode, epoch, kind=tarfile.REGTYPE):
    head = tarfile.TarInfo(name)
    head.mode, head.mtime, head.type = mode, epoch, kind
    return head


def compressed(content):
    """Returns `content` as gzip writes it, without a name or an instant."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0, filename="") as stream:
        stream.write(content)
    return out.getvalue()


def tar_gz(entries, epoch):
    return compressed(tar(entries, epoch))


def zip_archive(entries, epoch):
    """Returns a zip archive of `entries`, in their order; the format counts from 1980, in steps of 2 s."""
    instant = max(time.gmtime(epoch)[:6], (1980, 1, 1, 0, 0, 0))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name, instant)
            info.create_system = 3  # Unix: the mode counts
            info.external_attr = (0o100000 | entry.mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, entry.content, compresslevel=9)
    return out.getvalue()
