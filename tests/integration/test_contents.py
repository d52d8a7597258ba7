"""Rows, partitions and sizes as `airside up` shows them: counted while that is cheap and honest, else estimated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from airside.cli import contents as module
from airside.cli.contents import contents
from airside.server import Server


@pytest.fixture
def connection(server: Server, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as opened:
        for statement in (
            "CREATE TABLE notes AS SELECT n FROM generate_series(1, 1000) AS n",
            "CREATE TABLE events (n int) PARTITION BY RANGE (n)",
            "CREATE TABLE events_low PARTITION OF events FOR VALUES FROM (0) TO (100)",
            "CREATE TABLE events_high PARTITION OF events FOR VALUES FROM (100) TO (1000)",
            "INSERT INTO events SELECT generate_series(50, 149)",
            "CREATE SCHEMA airside",
            "CREATE TABLE airside.ledger AS SELECT 1 AS id",
        ):
            opened.execute(statement.encode())
        yield opened


def test_an_empty_database(server: Server, database: str) -> None:
    found = contents(server, database)
    assert (found["tables"], found["partitions"], found["rows"], found["counted"]) == (0, 0, 0, True)
    assert found["bytes"] > 0


def test_rows_are_counted(server: Server, database: str, connection: psycopg.Connection[Any]) -> None:
    found = contents(server, database)
    assert (found["tables"], found["partitions"], found["rows"], found["counted"]) == (2, 2, 1100, True)


def test_many_rows_are_estimated(
    server: Server, database: str, connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_COUNTED_UP_TO", 0)
    connection.execute("ANALYZE")
    # statistics that a crash takes away are not asked
    connection.execute("SELECT pg_stat_reset()")
    assert contents(server, database) | {"bytes": 0} == {
        "tables": 2,
        "partitions": 2,
        "rows": 1100,
        "counted": False,
        "bytes": 0,
    }


@pytest.mark.parametrize("hidden", ["policy", "right"])
def test_rows_that_the_user_may_not_see_are_not_taken_for_none(
    server: Server, database: str, connection: psycopg.Connection[Any], hidden: str
) -> None:
    role = f"{database}_reader"
    connection.execute("ANALYZE")
    connection.execute(f"CREATE ROLE {role} LOGIN")
    try:
        if hidden == "policy":
            connection.execute(f"GRANT SELECT ON notes, events TO {role}")
            connection.execute("ALTER TABLE notes ENABLE ROW LEVEL SECURITY")
        found = contents(server.with_settings(role=role), database)
        assert (found["rows"], found["counted"]) == (1100, False)
    finally:
        connection.execute(f"DROP OWNED BY {role}")
        connection.execute(f"DROP ROLE {role}")
