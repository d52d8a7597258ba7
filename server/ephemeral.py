"""A throw-away PostgreSQL for tests: not durable, gone afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..schema.core.errors import LockNotAcquired, NoServer
from . import cluster as clusters
from . import postmaster
from .account import Account, blocked_at, give, server_account, within_reach
from .address import Server
from .binaries import Binaries, find
from .cluster import Cluster
from .lock import locked

_PREFIX = "airside-ephemeral-"
_CREATOR = "creator.lock"
# a socket's path has to fit into 107 bytes (103 on macOS)
_LONGEST = 60
_STOP_TIMEOUT = 30

_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


@contextmanager
def ephemeral(
    binaries: Binaries | None = None, *, settings: Mapping[str, str] | None = None
) -> Generator[Server, None, None]:
    """A new cluster in the temporary folder, its server stopped and its files removed at exit.

    It is reached through a socket in a folder that only its owner may enter, hence without a password (on Windows
    by TCP with one). What a killed process leaves behind is removed by the next call. `settings` are further
    settings of the server. Raises what `embedded.start` raises.
    """
    account = server_account()
    found = within_reach(binaries or find(), account)
    base = _base(account)
    _sweep(base, account)
    making = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}", dir=base))
    folder = base / making.name[1:]
    try:
        with locked(making / _CREATOR, timeout=0):
            # only now others see it: with its lock held it does not look abandoned
            making.rename(folder)
            place = Cluster(folder / "data", found, account)
            place.data_dir.mkdir(mode=0o700)
            give(account, place.data_dir, folder)
            try:
                yield _started(place, settings or {})
            finally:
                _stop(place.data_dir, found)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(place: Cluster, settings: Mapping[str, str]) -> Server:
    folder = place.data_dir.parent
    if os.name == "nt":
        password = secrets.token_urlsafe(24)
        (folder / clusters.PASSWORD).write_text(password, encoding="ascii")
        authentication, listening = "scram-sha-256", {"listen_addresses": "127.0.0.1"}
        server = Server("127.0.0.1", clusters.free_port(), clusters.SUPERUSER, password, throw_away=True)
    else:
        authentication, listening = "trust", {"listen_addresses": "", "unix_socket_directories": str(folder)}
        server = Server(str(folder), 5432, clusters.SUPERUSER, throw_away=True)
    clusters.initialise(place, authentication=authentication, options=("--no-sync", "--no-instructions"))
    clusters.write_settings(place, {**_SETTINGS, **listening, "port": str(server.port), **settings})
    complaint = clusters.launch(place)
    if complaint:
        raise NoServer(
            f"the throw-away server did not start: {clusters.first_complaint(complaint)}",
            next_step="check the settings and the space in the temporary folder",
        )
    return server


def _stop(data_dir: Path, binaries: Binaries | None) -> None:
    pg_ctl = binaries.tool("pg_ctl") if binaries else None
    postmaster.shut_down(data_dir, immediate=True, timeout=_STOP_TIMEOUT, pg_ctl=pg_ctl)


def _base(account: Account | None) -> Path:
    wanted = Path(tempfile.gettempdir())
    usable = len(os.fsencode(wanted)) <= _LONGEST and blocked_at(wanted / "x", account) is None
    return wanted if usable or os.name == "nt" else Path("/tmp")


def _sweep(base: Path, account: Account | None) -> None:
    """Stop and remove the clusters whose creator died."""
    owners = {account.uid} if account else {base.stat().st_uid, _uid()}
    for folder in base.glob(f"{_PREFIX}*"):
        try:
            if folder.lstat().st_uid not in owners or not (folder / _CREATOR).is_file():
                continue
            with locked(folder / _CREATOR, timeout=0):
                _stop(folder / "data", None)
            shutil.rmtree(folder, ignore_errors=True)
        except (LockNotAcquired, OSError):
            # in use, or someone else is removing it
            continue


def _uid() -> int:
    return os.getuid() if os.name != "nt" else 0
