"""The PostgreSQL that comes along: one data directory, one server, started and stopped on demand.

The server listens on 127.0.0.1 only, on a port of its own, and asks for a generated password (scram-sha-256) that
lies in the data directory, mode 0600. That holds on every platform and for every driver, and keeps other users of
the machine out; a socket with `trust` would have to rely on the modes of a folder whose path may be too long for a
socket. The data directory is made beside its place and renamed when it is whole, and every change to it happens
under a lock file beside it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from ..schema.core.errors import (
    AuthenticationFailed,
    ConfigurationError,
    DataLossRefused,
    EnvironmentProblem,
    MissingRight,
    NoServer,
    WrongMajorVersion,
)
from . import cluster as clusters
from . import postmaster
from .account import blocked_at, give, make_folders, require_owner, server_account, shared_folder, within_reach
from .address import Server
from .binaries import Binaries, find
from .cluster import Cluster, State
from .lock import locked

DATA_DIR = "AIRSIDE_DATA_DIR"
_LOCK_TIMEOUT = 180
_STOP_TIMEOUT = 60
_TRIES = 5

# Good for development, and yet durable: fsync and full_page_writes keep their defaults.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "cluster_name": "airside",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # neither the values of a failed row nor the text of a failed CREATE ROLE ... PASSWORD belong into a log
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}


@dataclass(frozen=True, slots=True)
class Status:
    """The embedded server. `port` and `pid` are None when it does not run; `size` is in bytes."""

    running: bool
    data_dir: Path
    version: str
    pid: int | None
    port: int | None
    size: int


def start(data_dir: Path | None = None, *, port: int | None = None, environ: Mapping[str, str] = os.environ) -> Server:
    """Start the embedded server, making its data directory when there is none; the same server when it runs.

    `port` asks for a port; without it the one of last time is taken, or another when that is taken by now.
    Raises NoServer (no programs, or the server does not start), WrongMajorVersion, ConfigurationError (the
    folder is not ours to use), MissingRight, DataLossRefused (the directory is damaged), LockNotAcquired.
    """
    place = _place(data_dir, environ, make=True)
    with _file_errors(place), _locked(place):
        _prepare(place)
        found = postmaster.settled(place.data_dir, _LOCK_TIMEOUT)
        if found is None:
            return _server(place.data_dir, _launch(_runnable(place), port))
    if port not in (None, found.port):
        raise ConfigurationError(
            f"the server runs already, on port {found.port}", where=str(place.data_dir), next_step="airside down first"
        )
    return _server(place.data_dir, found.port)


def stop(data_dir: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> bool:
    """Stop the embedded server, ending its sessions; False when it does not run. Raises LockNotAcquired, ServerGone."""
    place = _place(data_dir, environ)
    if not place.data_dir.is_dir():
        return False
    with _file_errors(place), _locked(place):
        pg_ctl = place.binaries.tool("pg_ctl")
        return postmaster.shut_down(place.data_dir, immediate=False, timeout=_STOP_TIMEOUT, pg_ctl=pg_ctl)


def status(data_dir: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Status:
    """What there is of the embedded server. Raises NoServer when there are no programs."""
    place = _place(data_dir, environ)
    found = postmaster.living(place.data_dir)
    return Status(
        running=found is not None,
        data_dir=place.data_dir,
        version=place.binaries.version,
        pid=found.pid if found else None,
        port=found.port if found else None,
        size=_size(place.data_dir),
    )


def running(data_dir: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Server | None:
    """The embedded server when it runs and is ready, else None; None too when it cannot run here."""
    try:
        place = _place(data_dir, environ)
    except EnvironmentProblem:
        return None
    found = postmaster.living(place.data_dir)
    return _server(place.data_dir, found.port) if found and found.status == "ready" else None


def _place(data_dir: Path | None, environ: Mapping[str, str], *, make: bool = False) -> Cluster:
    """Where the data directory is, or is to be, and who runs its server; the programs as found.

    As root the default moves to a folder of root's that the server's account can enter; a path that was asked
    for is never exchanged for another.
    """
    binaries = find(environ)
    given = data_dir or (Path(environ[DATA_DIR]) if environ.get(DATA_DIR) else None)
    if given is None:
        default = platformdirs.user_data_path("airside") / f"pg{binaries.major}"
        account = server_account(default)
        if blocked_at(default, account) is None:
            return Cluster(default, binaries, account)
        digest = hashlib.sha256(os.fsencode(default.parent)).hexdigest()[:8]
        moved = shared_folder(make=make) / f"pg{binaries.major}-{digest}"
        return Cluster(moved, binaries, server_account(moved))
    path = Path(os.path.abspath(given.expanduser()))  # noqa: PTH100 (resolve() would follow links the user chose)
    if path.exists() and not path.is_dir():
        raise ConfigurationError("the data directory is a file", where=str(path), next_step="give another --data-dir")
    account = server_account(path)
    if (closed := blocked_at(path, account)) and account:
        reachable = shared_folder(make=False)
        raise MissingRight(
            f"user {account.name}, who has to run the server for root, may not enter {closed}",
            where=str(path),
            next_step=f"leave --data-dir out, or give one below a folder open to all, such as {reachable}",
        )
    return Cluster(path, binaries, account)


@contextmanager
def _locked(place: Cluster) -> Generator[None, None, None]:
    make_folders(place.data_dir.parent, place.account)
    with locked(place.data_dir.with_name(f".{place.data_dir.name}.lock"), timeout=_LOCK_TIMEOUT):
        yield


@contextmanager
def _file_errors(place: Cluster) -> Generator[None, None, None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentProblem(
            f"{error.strerror}: {error.filename}" if error.filename else str(error),
            where=str(place.data_dir),
            next_step="make room or rights there, or give another --data-dir",
        ) from error


def _prepare(place: Cluster) -> None:
    """Leave a whole data directory of ours and of the right major version at its place."""
    data_dir = place.data_dir
    for leftover in data_dir.parent.glob(f"{_making_prefix(data_dir)}*"):
        # of an initdb that was killed; it never ran a server
        shutil.rmtree(leftover, ignore_errors=True)
    state = clusters.examine(data_dir)
    if state is State.OURS:
        _check_major(data_dir, place.binaries)
        require_owner(data_dir, place.account)
        return
    if state is State.FOREIGN:
        raise ConfigurationError(
            "the folder holds a PostgreSQL data directory that airside did not make",
            where=str(data_dir),
            next_step="give another --data-dir, or reach its server with --url",
        )
    if state is State.NO_CLUSTER:
        raise ConfigurationError(
            "the folder holds other files", where=str(data_dir), next_step="give an empty or a new one as --data-dir"
        )
    if state is State.DAMAGED:
        raise DataLossRefused(
            "the data directory is damaged (PG_VERSION or global/pg_control is missing) and holds databases",
            where=str(data_dir),
            next_step="restore it from a backup, or move it away to begin anew",
        )
    if state is State.HALF_MADE:
        data_dir.rename(data_dir.with_name(f"{data_dir.name}.half-made-{time.strftime('%Y%m%d-%H%M%S')}"))
    _make(_runnable(place))


def _check_major(data_dir: Path, binaries: Binaries) -> None:
    major = clusters.major_of(data_dir)
    if major != binaries.major:
        raise WrongMajorVersion(
            f"the data directory was made by PostgreSQL {major}, the programs are PostgreSQL {binaries.major}",
            where=str(data_dir),
            next_step=f"set AIRSIDE_PG_BIN to the programs of PostgreSQL {major}, or give another --data-dir",
        )


def _making_prefix(data_dir: Path) -> str:
    return f".{data_dir.name}.making-"


def _runnable(place: Cluster) -> Cluster:
    return Cluster(place.data_dir, within_reach(place.binaries, place.account), place.account)


def _make(place: Cluster) -> None:
    """Run initdb in a folder beside the place; the finished data directory takes its place in one step."""
    outer = Path(tempfile.mkdtemp(prefix=_making_prefix(place.data_dir), dir=place.data_dir.parent))
    try:
        making = Cluster(outer / "data", place.binaries, place.account)
        making.data_dir.mkdir(mode=0o700)
        password = outer / clusters.PASSWORD
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24), encoding="ascii")
        give(place.account, making.data_dir, password, outer)
        clusters.initialise(making, authentication="scram-sha-256")
        password.rename(making.data_dir / clusters.PASSWORD)
        clusters.write_settings(making, _SETTINGS)
        clusters.write_marker(making, 0)
        if place.data_dir.exists():
            place.data_dir.rmdir()
        making.data_dir.rename(place.data_dir)
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _launch(place: Cluster, asked: int | None) -> int:
    """Start the server; the port it got, which is remembered."""
    if asked and not clusters.port_is_free(asked):
        raise ConfigurationError(f"port {asked} is taken", where="--port", next_step="give another port, or none")
    wished = asked or clusters.read_marker(place.data_dir).get("port")
    tries = _TRIES
    while True:
        tries -= 1
        port = clusters.free_port(preferred=wished)
        clusters.write_settings(place, {**_SETTINGS, "port": str(port)})
        complaint = clusters.launch_patiently(place)
        if complaint is None:
            clusters.write_marker(place, port)
            return port
        if asked or not tries or not clusters.address_taken(complaint):
            raise NoServer(
                f"the server did not start: {clusters.first_complaint(complaint)}",
                where=str(place.data_dir),
                next_step=f"read {place.data_dir / clusters.LOG}",
            )


def _server(data_dir: Path, port: int) -> Server:
    try:
        password = (data_dir / clusters.PASSWORD).read_text(encoding="ascii").strip()
    except OSError as error:
        raise AuthenticationFailed(
            f"the password of the embedded server cannot be read: {error.strerror}",
            where=str(data_dir / clusters.PASSWORD),
            next_step="run the command as the user who ran airside up, or restore the file",
        ) from None
    return Server("127.0.0.1", port, clusters.SUPERUSER, password)


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size
        except OSError:
            # files come and go under a running server
            continue
    return total
