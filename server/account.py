"""Who runs the server when the process is root, and what that account can reach.

PostgreSQL refuses to run as root. The server then runs under an unprivileged account of the machine, which may be
unable to enter the folders of root: the home folder, or a checkout or virtual environment below it. Nothing is made
more open for its sake. Instead the programs are copied once into a folder of root's that everyone may read and no
one else may write, and the default data directory lies beside them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..schema.core.errors import MissingRight, NoServer
from .binaries import Binaries

# an account made for the purpose, the one of PostgreSQL's packages, the one that every system has
_NAMES = ("airside", "postgres", "nobody")
_SHARED_FOLDERS = (Path("/var/lib/airside"), Path("/var/tmp/airside"))
_MARKER = ".complete"


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account of the operating system."""

    name: str
    uid: int
    gid: int


if sys.platform == "win32":

    def is_root() -> bool:
        return False

    def server_account(data_dir: Path | None = None) -> Account | None:  # noqa: ARG001 (same on every platform)
        return None

else:
    import pwd

    def is_root() -> bool:
        return os.geteuid() == 0

    def server_account(data_dir: Path | None = None) -> Account | None:
        """The account that has to run the server, or None for the account of this process.

        An existing data directory belongs to the account that made it, whichever accounts came later. Raises
        MissingRight when it belongs to someone else.
        """
        try:
            owner = data_dir.stat().st_uid if data_dir else None
        except OSError:
            owner = None
        if not is_root():
            if owner not in (None, os.geteuid()):
                raise MissingRight(
                    "the data directory belongs to another user",
                    where=str(data_dir),
                    next_step="give another --data-dir",
                )
            return None
        return _by_uid(owner) if owner else _default()

    def _default() -> Account:
        for name in _NAMES:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return Account(name, entry.pw_uid, entry.pw_gid)
        raise MissingRight(
            "root may not run PostgreSQL, and there is no account to run it under",
            next_step="add one (useradd --system airside) or run the command as an ordinary user",
        )

    def _by_uid(uid: int) -> Account:
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            # initdb and the server look their account up by number and stop when it has no entry
            raise MissingRight(
                f"the data directory belongs to user {uid}, who has no account here",
                next_step="give another --data-dir, or chown the directory to an account",
            ) from None
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def require_owner(data_dir: Path, account: Account | None) -> None:
    """Raises MissingRight when the data directory belongs to root: copied, perhaps, without its owner."""
    if account is not None and data_dir.stat().st_uid != account.uid:
        raise MissingRight(
            "the data directory belongs to root, who may not run PostgreSQL",
            where=str(data_dir),
            next_step=f"chown -R {account.name} {data_dir}",
        )


def run_as(account: Account | None, command: Sequence[str | Path], environment: dict[str, str]) -> tuple[int, str]:
    """Run a program under the account; its exit code and what it wrote to either stream.

    It runs in the root folder, for it may be unable to enter the current one, and writes into a file: on Windows a
    server inherits the handles of pg_ctl, and a pipe would end only with the server.
    """
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            env=environment,
            cwd=Path(command[0]).anchor or None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            umask=0o077 if account else -1,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        output.seek(0)
        return done.returncode, output.read().decode(errors="replace").strip()


def give(account: Account | None, *paths: Path) -> None:
    """Hand files over to the account; a folder after what is in it, for then the account may exchange that."""
    if account is not None:
        for path in paths:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def write_file(path: Path, text: str, account: Account | None) -> None:
    """Write a file of the account's, whole or not at all, mode 0600; never through a link that lies at `path`."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
        new.write(text.encode())
        if account is not None:
            os.fchown(new.fileno(), account.uid, account.gid)
    Path(new.name).replace(path)


def blocked_at(path: Path, account: Account | None) -> Path | None:
    """The first existing folder above `path` that the account may not enter; access lists are left out of account."""
    if account is None:
        return None
    for folder in reversed(path.resolve().parents):
        if not folder.exists():
            return None
        found = folder.stat()
        if found.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return folder
    return None


def make_folders(path: Path, account: Account | None) -> None:
    """Make `path` and what is missing above it; open to enter for the account whatever the umask."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    if account is not None:
        for folder in missing:
            folder.chmod(0o755)


def shared_folder(*, make: bool) -> Path:
    """A folder of root's that everyone may enter and only root may write; it need not exist unless `make`.

    Raises MissingRight without one.
    """
    for folder in _SHARED_FOLDERS:
        if make and os.access(folder.parent, os.W_OK):
            make_folders(folder, _default())
        if _is_roots_own(folder) or (not make and not folder.exists() and os.access(folder.parent, os.W_OK)):
            return folder
    places = " or ".join(map(str, _SHARED_FOLDERS))
    raise MissingRight(f"{places} cannot be made, or others may write it", next_step="set that right")


def _is_roots_own(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022


def within_reach(binaries: Binaries, account: Account | None) -> Binaries:
    """Programs that the account can run: those given, or a copy of them.

    Raises NoServer when it cannot and they are an installation of the system, which is not ours to copy.
    """
    if account is None or _runs(binaries, account):
        return binaries
    if not binaries.folders:
        raise NoServer(
            f"user {account.name}, who has to run the server for root, cannot run {binaries.bin_dir}/postgres",
            next_step="open that folder to others, or set AIRSIDE_PG_BIN to another",
        )
    copied = _copied(binaries)
    if not _runs(copied, account):
        raise NoServer(f"user {account.name} cannot run {copied.bin_dir}/postgres", next_step="check the mount options")
    return copied


def _runs(binaries: Binaries, account: Account) -> bool:
    try:
        return run_as(account, [binaries.tool("postgres"), "--version"], binaries.environment())[0] == 0
    except OSError:
        return False


def _copied(binaries: Binaries) -> Binaries:
    size = binaries.tool("postgres").stat().st_size
    name = f"{binaries.source} {binaries.version} {size}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    shared = shared_folder(make=True)
    target = shared / f"postgresql-{binaries.version}-{digest}"
    if not (target / _MARKER).is_file():
        _copy(binaries, shared, target, name)
    return replace(binaries, bin_dir=target / binaries.bin_dir.relative_to(binaries.root), root=target)


def _copy(binaries: Binaries, shared: Path, target: Path, name: str) -> None:
    making = Path(tempfile.mkdtemp(prefix=".copying-", dir=shared))
    try:
        for folder in binaries.folders:
            shutil.copytree(binaries.root / folder, making / folder, symlinks=True)
        for path in (making, *making.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        (making / _MARKER).write_text(name, encoding="utf-8")
        (making / _MARKER).chmod(0o644)
        try:
            making.rename(target)
        except OSError:
            # someone else was faster; the copies are equal
            if not (target / _MARKER).is_file():
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
