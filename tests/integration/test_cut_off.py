"""A move to a second database that is killed while writers are kept out: it is seen, and the next run lets them in."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from airside.partitions.archive import second as module
from airside.partitions.archive.cut_off import closed, reopen
from airside.partitions.archive.fence import fence_attached
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.source import LEASE, session
from airside.partitions.status import status
from airside.schema.core import Database
from airside.server import Server

from .archive_ground import fill, patience, source
from .test_archive_kill import quiet
from .test_archive_second import cold, count, send, zoo  # noqa: F401 - fixtures

INSERT = "INSERT INTO public.zoo (id, created_at) VALUES (gen_random_uuid(), '2024-01-05')"


@pytest.fixture
def shut(server: Server, zoo: Database, cold: str, monkeypatch: pytest.MonkeyPatch) -> Database:  # noqa: F811
    """January is closed to writers by a run that is gone."""
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(module, "make_foreign", lambda *_: os._exit(9))
        try:
            send(server, zoo, cold)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    quiet(server, zoo)
    return zoo


def names(server: Server, declared: Database, only: str | None = None) -> list[str]:
    with session(server, declared) as connection:
        return [item.name for item in closed(connection, only=only)]


def problems(server: Server, declared: Database) -> dict[str, Any]:
    found = status(server, declared.name, declared, datetime.now(UTC))
    return {problem.kind: problem for table in found.tables for problem in table.problems}


def test_it_is_seen(server: Server, shut: Database) -> None:
    assert names(server, shut) == names(server, shut, "zoo") == ["zoo_2024_01"]
    assert names(server, shut, "people") == []
    problem = problems(server, shut)["closed"]
    assert "zoo_2024_01 takes no writes" in problem.what
    assert "airside archive run TARGET --table zoo" in problem.next_step


def test_a_run_at_work_is_no_run_that_was_cut_off(server: Server, shut: Database) -> None:
    leaf = source(server, shut)
    with server.connect(shut.name, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LEASE << 32 | leaf.oid])
        assert names(server, shut) == []
        assert "closed" not in problems(server, shut)


@pytest.mark.parametrize("role", ["origin", "replica"])
def test_who_writes_is_told_the_command(server: Server, shut: Database, role: str) -> None:
    """A subscription, too, whose session is a replica."""
    with server.connect(shut.name, autocommit=True) as connection:
        connection.execute(f"SET session_replication_role = {role}".encode())
        for statement in (INSERT, "DELETE FROM public.zoo_2024_01", "TRUNCATE public.zoo"):
            with pytest.raises(
                psycopg.errors.ObjectNotInPrerequisiteState, match="cannot change for the moment"
            ) as said:
                connection.execute(statement.encode())
            assert f"airside archive run {shut.name} --table zoo" in str(said.value.diag.message_hint)


def test_after_the_move_the_way_back_is_told(server: Server, zoo: Database, cold: str) -> None:  # noqa: F811
    send(server, zoo, cold)
    with (
        server.connect(zoo.name, autocommit=True) as connection,
        pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="are in a second database") as said,
    ):
        connection.execute("DELETE FROM public.zoo_2024_01")
    assert f"airside archive restore {zoo.name}" in str(said.value.diag.message_hint)


def test_opening_it_forgets_the_copy_and_the_next_move_is_whole(
    server: Server,
    shut: Database,
    cold: str,  # noqa: F811
) -> None:
    with session(server, shut) as connection:
        (found,) = closed(connection)
        assert reopen(connection, found, patience())
        assert closed(connection) == ()
        assert [line.state for line in archives(connection)] == ["failed"]
        connection.execute(INSERT)
    everything = count(server, shut, "public.zoo")
    assert send(server, shut, cold).row_count == everything
    assert count(server, shut, "airside.zoo_all") == everything


def test_the_next_move_lets_writers_in_while_it_copies(
    server: Server,
    shut: Database,
    cold: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copied = module.Cold.copy

    def copying(self: Any, *arguments: Any, **options: Any) -> None:
        fill(server, shut, 1)
        copied(self, *arguments, **options)

    monkeypatch.setattr(module.Cold, "copy", copying)
    send(server, shut, cold)
    assert names(server, shut) == []


def test_one_that_has_gone_meanwhile_is_left_alone(server: Server, shut: Database, cold: str) -> None:  # noqa: F811
    with session(server, shut) as connection:
        (found,) = closed(connection)
        send(server, shut, cold)
        assert not reopen(connection, found, patience())
        assert [line.state for line in archives(connection)][-1] == "verified"


def test_two_fences_at_a_time(server: Server, zoo: Database) -> None:  # noqa: F811
    """Both replace the function that refuses."""
    from concurrent.futures import ThreadPoolExecutor

    def close(leaf: str) -> None:
        of = source(server, zoo, leaf)
        with session(server, zoo) as connection:
            for _ in range(20):
                fence_attached(connection, of, patience())

    with session(server, zoo) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS airside")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(close, ["zoo_2024_01", "zoo_2024_02", "zoo_2024_03"]))
    assert len(names(server, zoo)) == 3
