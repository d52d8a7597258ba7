"""Telling data directories apart, programs found, and what an unprivileged account can reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.schema.core.errors import ConfigurationError, LockNotAcquired, NoServer
from airside.server import find
from airside.server.account import Account, blocked_at
from airside.server.cluster import MARKER, State, examine, first_complaint, free_port
from airside.server.lock import locked


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


WHOLE = ("PG_VERSION", "global/pg_control", "base/1/112")


@pytest.mark.parametrize(
    ("names", "state"),
    [
        ((), State.ABSENT),
        ((*WHOLE, MARKER), State.OURS),
        (WHOLE, State.FOREIGN),
        (("PG_VERSION", "base/1/112"), State.HALF_MADE),
        (("PG_VERSION", "base/1/112", MARKER), State.HALF_MADE),
        (("PG_VERSION", "base/16384/112", MARKER), State.DAMAGED),
        (("global/pg_control", "base/16384/112"), State.DAMAGED),
        (("thesis.odt",), State.NO_CLUSTER),
    ],
)
def test_what_lies_there(tmp_path: Path, names: tuple[str, ...], state: State) -> None:
    assert examine(fill(tmp_path, *names)) is state


def test_a_missing_folder_is_absent(tmp_path: Path) -> None:
    assert examine(tmp_path / "nowhere") is State.ABSENT


def test_a_closed_folder_is_seen(tmp_path: Path) -> None:
    stranger = Account("stranger", 54321, 54321)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert blocked_at(closed / "a" / "b", stranger) is not None
    assert blocked_at(closed / "a", None) is None
    assert blocked_at(Path("/usr/x"), stranger) is None
    owner = Account("owner", closed.stat().st_uid, 54321)
    assert blocked_at(closed / "a", owner) is None


def test_the_override_decides(tmp_path: Path) -> None:
    found = find({})
    again = find({"AIRSIDE_PG_BIN": str(found.bin_dir)})
    assert (again.bin_dir, again.version) == (found.bin_dir, found.version)
    with pytest.raises(ConfigurationError, match="AIRSIDE_PG_BIN"):
        find({"AIRSIDE_PG_BIN": str(tmp_path)})


def test_a_missing_program_is_named() -> None:
    with pytest.raises(NoServer, match="pg_nonsense"):
        find({}).tool("pg_nonsense")


def test_the_servers_environment_is_ours() -> None:
    cleaned = find({}).environment({"PGDATA": "/x", "PGPORT": "1", "LANG": "de_DE", "PATH": "/bin"})
    assert cleaned == {"PATH": "/bin", "LC_ALL": "C"}


def test_the_lock_is_one_at_a_time(tmp_path: Path) -> None:
    with locked(tmp_path / "lock", timeout=0), pytest.raises(LockNotAcquired), locked(tmp_path / "lock", timeout=0.1):
        pass
    with locked(tmp_path / "lock", timeout=0):
        pass


def test_a_taken_port_is_passed_over() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        assert free_port(preferred=port) != port
    assert free_port(preferred=port) == port


def test_the_telling_line_of_a_log() -> None:
    log = 'LOG:  starting\n2026 UTC [1] FATAL:  lock file "postmaster.pid" already exists\nHINT:  x'
    assert first_complaint(log) == 'lock file "postmaster.pid" already exists'
    assert first_complaint("") == "it said nothing"
