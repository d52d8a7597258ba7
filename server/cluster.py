"""A data directory: made, started, and told apart from what only looks like one."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import cast

from ..schema.core.errors import NoServer, WrongMajorVersion
from . import postmaster
from .account import Account, run_as, write_file
from .binaries import Binaries

SUPERUSER = "airside"
MARKER = "airside.json"
PASSWORD = "airside.password"
SETTINGS = "airside.conf"
LOG = "airside.log"
OLDEST = 15

_WAIT = 60
_LOG_LIMIT = 8 * 1024 * 1024
_PORTS = range(15432, 15532)
# the OID from which on databases are made by users
_FIRST_USER_OID = 16384
_TELLING = re.compile(r"\b(?:FATAL|PANIC|error):\s+(.*)")


class State(Enum):
    """What lies at the place of a data directory."""

    ABSENT = auto()
    OURS = auto()
    HALF_MADE = auto()
    DAMAGED = auto()
    FOREIGN = auto()
    NO_CLUSTER = auto()


@dataclass(frozen=True, slots=True)
class Cluster:
    """A data directory with the programs that serve it; `account` is None when they run as this process does."""

    data_dir: Path
    binaries: Binaries
    account: Account | None

    def run(self, tool: str, *arguments: str | Path) -> tuple[int, str]:
        """Exit code and output of one of PostgreSQL's programs, run as the server's account."""
        return run_as(self.account, [self.binaries.tool(tool), *arguments], self.binaries.environment())


def examine(data_dir: Path) -> State:
    """Tell a whole data directory of ours from a half-made, a damaged or a foreign one.

    The marker is written last, before the directory gets its name: with it the directory was whole once. A whole
    one that lost its control file is half-made in effect while it holds no database of a user, and damaged else.
    """
    if not data_dir.exists() or (data_dir.is_dir() and not any(data_dir.iterdir())):
        return State.ABSENT
    marked = (data_dir / MARKER).is_file()
    if (data_dir / "PG_VERSION").is_file() and (data_dir / "global" / "pg_control").is_file():
        return State.OURS if marked else State.FOREIGN
    if _holds_user_databases(data_dir):
        return State.DAMAGED
    traces = (MARKER, "PG_VERSION", "postgresql.conf", "global", "base", "pg_wal")
    return State.HALF_MADE if any((data_dir / name).exists() for name in traces) else State.NO_CLUSTER


def _holds_user_databases(data_dir: Path) -> bool:
    base = data_dir / "base"
    names = [entry.name for entry in base.iterdir()] if base.is_dir() else []
    return any(name.isdecimal() and int(name) >= _FIRST_USER_OID for name in names)


def major_of(data_dir: Path) -> int:
    """The major version that made a whole data directory."""
    return int((data_dir / "PG_VERSION").read_text(encoding="ascii").strip())


def initialise(cluster: Cluster, *, authentication: str, options: tuple[str, ...] = ()) -> None:
    """Run initdb in `cluster.data_dir`, a new empty folder of the account's. Raises NoServer when initdb fails.

    `authentication` is `scram-sha-256` (the password then lies in the file PASSWORD) or `trust`.
    """
    if cluster.binaries.major < OLDEST:
        raise WrongMajorVersion(
            f"PostgreSQL {cluster.binaries.version} is too old",
            where=str(cluster.binaries.bin_dir),
            next_step=f"use PostgreSQL {OLDEST} or later",
        )
    arguments = [
        *("-D", cluster.data_dir, "-U", SUPERUSER, f"--auth={authentication}", "-E", "UTF8"),
        *("--locale-provider=libc", f"--locale={_locale()}", "--data-checksums"),
        *options,
    ]
    if authentication != "trust":
        arguments.append(f"--pwfile={cluster.data_dir.with_name(PASSWORD)}")
    code, output = cluster.run("initdb", *arguments)
    if code:
        raise NoServer(
            f"initdb failed: {first_complaint(output)}",
            where=str(cluster.data_dir),
            next_step="free some space or give another --data-dir",
        )
    configuration = cluster.data_dir / "postgresql.conf"
    text = configuration.read_text(encoding="utf-8")
    write_file(configuration, f"{text}\ninclude '{SETTINGS}'\n", cluster.account)


def _locale() -> str:
    # only glibc and musl have C.UTF-8 everywhere; under C the encoding is UTF-8 all the same
    return "C.UTF-8" if Path("/proc/version").exists() else "C"


def write_settings(cluster: Cluster, settings: Mapping[str, str]) -> None:
    """Replace our included settings file. Values are literals; quotes are doubled here."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    text = "\n".join(["# written at every start; use ALTER SYSTEM for settings of your own", *lines, ""])
    write_file(cluster.data_dir / SETTINGS, text, cluster.account)


def read_marker(data_dir: Path) -> dict[str, int]:
    """What the marker remembers: `major` and `port`."""
    try:
        return cast("dict[str, int]", json.loads((data_dir / MARKER).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def write_marker(cluster: Cluster, port: int) -> None:
    text = json.dumps({"major": cluster.binaries.major, "port": port})
    write_file(cluster.data_dir / MARKER, text, cluster.account)


def launch(cluster: Cluster) -> str | None:
    """Start the server and wait until it accepts connections; None, or what its log says when it did not start."""
    log = cluster.data_dir / LOG
    _rotate(log)
    before = log.stat().st_size if log.exists() else 0
    code, output = cluster.run("pg_ctl", "-D", cluster.data_dir, "-w", "-t", str(_WAIT), "-l", log, "start")
    if code == 0:
        return None
    said = ""
    with suppress(OSError), log.open("rb") as file:
        file.seek(before)
        said = file.read(65536).decode(errors="replace")
    return said.strip() or output


def launch_patiently(cluster: Cluster) -> str | None:
    """`launch`, again while processes of a server that died are still on their way out."""
    deadline = time.monotonic() + 20
    while True:
        postmaster.defuse(cluster.data_dir, cluster.account)
        complaint = launch(cluster)
        if not complaint or "shared memory block" not in complaint or time.monotonic() > deadline:
            return complaint
        time.sleep(0.2)


def first_complaint(log: str) -> str:
    """The line of a server's or a program's output that says why it did not start."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    telling = [found for line in lines if (found := _TELLING.search(line))]
    if telling:
        return telling[0][1]
    return lines[-1] if lines else "it said nothing"


def address_taken(log: str) -> bool:
    return "could not bind" in log or "Address already in use" in log


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_name(f"{log.name}.1"))


def free_port(*, preferred: int | None = None) -> int:
    """A port of the loopback interface that nobody listens on: the preferred one when it is free."""
    for port in ([preferred] if preferred else []) + list(_PORTS):
        if port_is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        if hasattr(socket, "AF_UNIX"):
            # as PostgreSQL does: connections of an earlier server in TIME_WAIT do not keep the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True
