"""Signs the list of digests with minisign. The key comes from the environment and never reaches an argument list or a log."""

import os
import tempfile
from pathlib import Path

from .commands import run
from .tables import ReleaseError

# The text of the secret key file, and its password if it has one.
KEY, PASSWORD = "TAOS_SETUP_RELEASE_KEY", "TAOS_SETUP_RELEASE_KEY_PASSWORD"


def signed(project, sums):
    """Signs the file `sums` and returns the signature's path; None if no key is set."""
    key = os.environ.get(KEY)
    if not key:
        return None
    signature = sums.with_name(f"{sums.name}.minisig")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "key"
        file.touch(mode=0o600)
        file.write_text(key if key.endswith("\n") else f"{key}\n")
        comment = f"file:{sums.name} version:{project.epoch} taos-setup:{project.version}"
        hidden = {KEY: None, PASSWORD: None}
        run("minisign", "-S", "-s", file, "-m", sums, "-x", signature, "-t", comment, env=hidden, input=f"{os.environ.get(PASSWORD, '')}\n")
    if project.table["public_key"]:
        verified(sums, project.table["public_key"])
    return signature


def verified(sums, public_key):
    """Checks the signature of `sums` with `public_key`."""
    if not sums.with_name(f"{sums.name}.minisig").is_file():
        raise ReleaseError(f"{sums} has no signature\nnext: set {KEY}")
    run("minisign", "-V", "-P", public_key, "-m", sums)
