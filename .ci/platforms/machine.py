"""How the program is started on each platform, in directories of its own."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# More than any behavior takes in an emulator.
LIMIT = 120


class Skipped(Exception):
    """A behavior cannot be shown on this platform; the text says why."""


class Run:
    """One finished run of a program."""

    def __init__(self, words, code, out, err):
        self.words = words
        self.exit = code
        self.out = out.decode("utf-8", "backslashreplace")
        self.err = err.decode("utf-8", "replace")

    def __str__(self):
        return f"$ {' '.join(self.words)}\nexit {self.exit}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"

    def json(self):
        """The document on standard output."""
        return json.loads(self.out)

    def expect(self, code, *texts):
        """Fails unless the run ended with `code` and printed all `texts`, on either stream."""
        both = self.out + self.err
        missing = [text for text in texts if text not in both]
        if self.exit != code or missing:
            raise AssertionError(f"expected exit {code}{f' and {missing}' if missing else ''}\n{self}")
        return self


class Machine:
    """A platform: how its programs run here, and what its files are called."""

    def __init__(self, name, program, driver, sandbox):
        self.name = name
        self.program = str(Path(program).absolute())
        self.driver = Path(driver).read_bytes()
        self.windows = name == "windows"
        self.runner = {
            "host": [],
            "windows": [os.environ.get("WINE", "wine")],
            # qemu emulates one program; proot starts what that starts in qemu, too.
            "arm64": ["proot", "-q", "qemu-aarch64 -L /usr/aarch64-linux-gnu"],
        }[name]
        # The names that packages have for it.
        self.platform = {"host": "linux-x64", "windows": "windows-x64", "arm64": "linux-arm64"}[name]
        # What wine itself needs to know.
        self.wine = {name: os.environ[name] for name in ("WINEPREFIX", "WINESERVER", "WINEDLLOVERRIDES") if name in os.environ}
        self.server = subprocess.Popen([sandbox, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        addresses = json.loads(self.server.stdout.readline())
        self.port, self.native_port = (int(addresses[key].rsplit(":", 1)[1]) for key in ("adapter", "native"))

    def close(self):
        """Ends the server."""
        self.server.stdin.close()
        self.server.wait(10)

    def path(self, path):
        """`path` of this machine as programs of the platform write it."""
        return "Z:" + str(path).replace("/", "\\") if self.windows else str(path)

    def library(self, name):
        """The file name of a library of the client."""
        return f"{name}.dll" if self.windows else f"lib{name}.so"


class Scene:
    """The directories of one behavior, and the program in them."""

    def __init__(self, machine):
        self.machine = machine
        self.root = Path(tempfile.mkdtemp(prefix="taos-setup-platform-"))
        self.work = self.root / "work"
        self.home = self.root / "store"
        self.variables = {}
        for name in ("work", "home", "tmp"):
            (self.root / name).mkdir()

    def close(self):
        """Removes the directories."""
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, path):
        """`path` as programs of the platform write it."""
        return self.machine.path(path)

    def environment(self, variables=None):
        """An environment in which nothing of this machine is seen."""
        env = {
            "PATH": os.environ["PATH"],
            # Wine names files in the encoding of the locale.
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "TAOS_SETUP_HOME": self.path(self.home),
            "TAOS_SETUP_LANG": "en",
            "TAOS_SETUP_NO_PROGRESS": "1",
            "TAOS_SETUP_TEST_PORTS": "",
        }
        if self.machine.windows:
            env |= self.machine.wine | {"WINEDEBUG": "-all", "USERPROFILE": self.path(self.root / "home")}
        else:
            env["TAOS_SETUP_TEST_ROOT"] = str(self.root / "machine")
        return env | self.variables | (variables or {})

    def start(self, words, cwd=None, env=None, **streams):
        """Starts a program of the platform and does not wait."""
        return subprocess.Popen([*self.machine.runner, *words], cwd=cwd or self.work, env=self.environment(env), **streams)

    def outside(self, words, cwd=None, env=None):
        """Runs a program of this machine."""
        # Into files: a server that wine starts beside the program would keep pipes open.
        with tempfile.TemporaryFile(dir=self.root) as out, tempfile.TemporaryFile(dir=self.root) as err:
            environment = self.environment(env)
            done = subprocess.run(words, cwd=cwd or self.work, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err, timeout=LIMIT, check=False)
            out.seek(0)
            err.seek(0)
            return Run(words, done.returncode, out.read(), err.read())

    def command(self, words, cwd=None, env=None):
        """Runs a program of the platform."""
        return self.outside([*self.machine.runner, *words], cwd, env)

    def run(self, *args, cwd=None, env=None):
        """Runs taos-setup."""
        return self.command([self.machine.program, *args], cwd, env)

    def is_static(self):
        """Whether the program is a static one, for musl."""
        return "-musl" in self.run("--version", "--verbose").expect(0).out

    def client(self, version):
        """The directory of an installed client."""
        return self.home / "clients" / f"oss-{version}-{self.machine.platform}"
