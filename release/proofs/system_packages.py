"""The Debian and RPM packages, checked and installed by the distributions' own tools into directories of their own."""

from parts.commands import run
from parts.tables import serving

from .case import expect, needed
from .self_update import asked

PLACES = [
    "usr/bin/taos-setup", "usr/share/man/man1/taos-setup.1.gz", "usr/share/man/man1/taos-setup-install.1.gz",
    "usr/share/bash-completion/completions/taos-setup", "usr/share/fish/vendor_completions.d/taos-setup.fish",
]


def one(case, pattern):
    """The package for this machine."""
    cpu = {"linux-x64": {"deb": "amd64", "rpm": "x86_64"}, "linux-arm64": {"deb": "arm64", "rpm": "aarch64"}}[case.native.target.platform]
    found = list(case.files.glob(f"*{cpu[pattern]}.{pattern}"))
    expect(len(found) == 1, f"expected one {pattern} package for {cpu[pattern]}, found {found}")
    return found[0]


def installed(case, root, binary):
    missing = [place for place in PLACES if not (root / place).is_file()]
    expect(not missing, f"the package lacks {', '.join(missing)}")
    case.same_program(root / "usr/bin/taos-setup", binary)
    case.prints_version(root / "usr/bin/taos-setup", "--version")


def packaged(case):
    """The program that the packages have: that of glibc, if it was built."""
    replaced = case.native.target.replaces
    return serving(case.binaries)[replaced] if replaced else case.native


def debian(case):
    """lintian has nothing to say, and dpkg installs and removes the package."""
    needed("lintian", "lintian")
    file = one(case, "deb")
    told = run("lintian", "--allow-root", "--fail-on", "error,warning", file)
    tags = [line for line in told.splitlines() if line.startswith(("E:", "W:"))]
    expect(not tags, "lintian says:\n" + "\n".join(tags))
    root = case.folder("deb")
    for name in ("info", "updates"):
        (root / "var/lib/dpkg" / name).mkdir(parents=True)
    (root / "var/lib/dpkg/status").write_text("")
    dpkg = ["dpkg", f"--root={root}", "--force-not-root,bad-path,depends", f"--log={root}/log"]
    run(*dpkg, "--install", file)
    installed(case, root, packaged(case))
    run(*dpkg, "--verify", "taos-setup")
    asked(case, root / "usr/bin/taos-setup", "update", code=7, says="sudo apt-get install ./taos-setup_VERSION_", env={"TAOS_SETUP_TEST_ROOT": root, "DPKG_ADMINDIR": root / "var/lib/dpkg"})
    run(*dpkg, "--purge", "taos-setup")
    expect(not (root / "usr/bin/taos-setup").exists(), "dpkg left the program")


def red_hat(case):
    """rpm reads the digests of the package, installs it, and removes it."""
    needed("rpm", "rpm")
    file = one(case, "rpm")
    run("rpm", "--checksig", "--nosignature", file)
    root = case.folder("rpm").resolve()
    plain = root.parent / root.name.replace(" ", "-")
    root.rename(plain)
    rpm = ["rpm", "--root", plain]
    run(*rpm, "--initdb")
    # The directory has no glibc that the package could depend on.
    run(*rpm, "--install", "--nodeps", "--ignorearch", "--ignoreos", file)
    installed(case, plain, packaged(case))
    run(*rpm, "--verify", "--nodeps", "taos-setup")
    run(*rpm, "--erase", "--nodeps", "taos-setup")
    expect(not (plain / "usr/bin/taos-setup").exists(), "rpm left the program")


PROOFS = [debian, red_hat]
