"""Fills the digests of this release into install.sh and install.ps1."""

import hashlib

# Windows' names of the processors.
WINDOWS_CPU = {"x86_64": "AMD64", "aarch64": "ARM64"}


def filled(project, name, archives):
    """Returns the text of the template `name` with the `archives`: a dictionary of binaries to files."""
    text = (project.root / "release/templates" / name).read_text()
    lines = [powershell_line(*it) if name.endswith(".ps1") else shell_line(*it) for it in archives.items() if it[0].target.windows == name.endswith(".ps1")]
    values = {
        "VERSION": project.version,
        "DOWNLOADS": project.downloads,
        "RELEASES": project.releases,
        "KEY": project.table["public_key"],
        "ARCHIVES": "\n".join(lines),
    }
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    # Windows PowerShell reads a file without a mark as the system's code page; the template is ASCII.
    return text.encode("ascii")


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def shell_line(binary, file):
    return f"{binary.target.triple} {digest(file)} {file.stat().st_size} {file.name}"


def powershell_line(binary, file):
    cpu = WINDOWS_CPU[binary.target.triple.split("-")[0]]
    return (
        f"        @{{ Cpu = '{cpu}'; Target = '{binary.target.triple}'; Sha256 = '{digest(file)}'; File = '{file.name}' }}"
    )
