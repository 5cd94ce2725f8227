"""Client packages as the vendor lays them out, around the stand-in driver of the platform."""

import gzip
import hashlib
import io
import tarfile
import zipfile

# sandbox/libtaos/src/marker.rs: the magic, 24 bytes of version, 16 of role.
MAGIC = b"taos-sandbox-driver-mark"
ROLES = {"taos": b"thin", "taosnative": b"native", "taosws": b"ws"}
CONFIG = "# firstEp hostname:6030\n"


def stamped(driver, version, name):
    """The driver as the library `name` of `version`."""
    if driver.count(MAGIC) != 1:
        raise AssertionError("the driver does not hold its marker exactly once")
    at = driver.index(MAGIC) + len(MAGIC)
    mark = version.encode().ljust(24, b"\0") + ROLES[name].ljust(16, b"\0")
    return driver[:at] + mark + driver[at + len(mark) :]


def of_another_processor(machine):
    """The driver as if it were compiled for another processor, which its header tells."""
    driver = bytearray(machine.driver)
    if machine.windows:
        at, number = int.from_bytes(driver[60:64], "little") + 4, 0x14C
    else:
        at, number = 18, 183 if driver[18] == 62 else 62
    driver[at : at + 2] = number.to_bytes(2, "little")
    return bytes(driver)


def package(machine, version, without=None, extra=None, driver=None):
    """A package of `version`: its file name and its bytes.

    `without` is a library that it lacks, `extra` more entries by name, `driver` another driver than that of the platform.
    """
    libraries = {name: stamped(driver or machine.driver, version, name) for name in ROLES if name != without}
    make = windows if machine.windows else linux
    return make(machine, version, libraries, extra or {})


def windows(machine, version, libraries, extra):
    """The directory C:\\TDengine in a zip archive."""
    files = {"TDengine/taos.exe": b"program", "TDengine/include/taos.h": b"header", "TDengine/cfg/taos.cfg": CONFIG.replace("\n", "\r\n").encode()}
    files["TDengine/driver/taos.lib"] = b"import library"
    files |= {f"TDengine/driver/{name}.dll": content for name, content in libraries.items()}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in (files | extra).items():
            # As it is: the module would replace what is hostile.
            info = zipfile.ZipInfo("name")
            info.filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return f"tdengine-tsdb-oss-client-{version}-{machine.platform}.zip", data.getvalue()


def linux(machine, version, libraries, extra):
    """An archive with another one in it."""
    top = f"tdengine-tsdb-oss-client-{version}"
    inner = {"bin/taos": b"#!/bin/sh\nexit 0\n", "cfg/taos.cfg": CONFIG.encode(), "inc/taos.h": b"header"}
    files = {f"{top}/install_client.sh": b"#!/bin/sh\n", f"{top}/package.tar.gz": tar(inner)}
    files |= {f"{top}/driver/lib{name}.so.{version}": content for name, content in libraries.items()}
    return f"{top}-{machine.platform}.tar.gz", tar(files | extra)


def tar(files):
    """A compressed archive of `files`."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mode = 0o755
            archive.addfile(info, io.BytesIO(content))
    # Without the time, so that a package made again has the same digest.
    return gzip.compress(data.getvalue(), 1, mtime=0)


def written(scene, version="3.3.7.5", folder=None, **contents):
    """Writes a package into `folder`: its path as the platform writes it, and its digest."""
    name, data = package(scene.machine, version, **contents)
    path = (folder or scene.work) / name
    path.write_bytes(data)
    return scene.path(path), hashlib.sha256(data).hexdigest()


def install(scene, version="3.3.7.5", *args, folder=None, **contents):
    """Installs a client from a package."""
    path, digest = written(scene, version, folder, **contents)
    return scene.run("install", "--from", path, "--sha256", digest, *args)
