"""Roll and expire killed at random moments, and two of each at once: the next run leaves things as the policy wants."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from airside.schema.core import Database, RangePartitions
from airside.server import Server

from .partition_ground import NOW, declaring, expired, leaves, one, owned, rolled

pytestmark = pytest.mark.soak

MONTHS = RangePartitions("at", "month", "b_{year}_{month:02}", date(2026, 5, 1), ahead=2, retention=3, at_end="drop")
SPAN = (datetime(2026, 5, 15, tzinfo=UTC), NOW)
KEPT = [f"2026_{month:02}" for month in range(8, 13)] + ["2027_01"]
TABLES = """
    CREATE TABLE customers (id int PRIMARY KEY);
    INSERT INTO customers VALUES (1);
    CREATE TABLE b (id int, at timestamptz, customer int REFERENCES customers, PRIMARY KEY (id, at))
        PARTITION BY RANGE (at);
    CREATE TABLE c (id int, at timestamptz, b int, FOREIGN KEY (b, at) REFERENCES b, PRIMARY KEY (id, at))
        PARTITION BY RANGE (at);
    CREATE INDEX ON c (b, at);
"""
ROWS = """
    INSERT INTO b SELECT n, '2026-05-20'::timestamptz + n % 6 * interval '1 month', 1 FROM generate_series(1, 600) AS n;
    INSERT INTO c SELECT id, at, id FROM b;
"""
DIGEST = """
    SELECT (SELECT sum(hashtextextended(b::text, 0)) FROM b WHERE at >= '2026-08-01 00:00+00'),
        (SELECT sum(hashtextextended(c::text, 0)) FROM c WHERE at >= '2026-08-01 00:00+00'),
        (SELECT count(*) FROM b WHERE at < '2026-08-01 00:00+00')
"""


@pytest.fixture
def ground(server: Server, database: str) -> Iterator[tuple[Database, psycopg.Connection[Any]]]:
    declared = declaring(database, b=MONTHS, c=replace(MONTHS, name="c_{year}_{month:02}"))
    with owned(server, database), server.connect(database, autocommit=True) as connection:
        yield declared, connection


def laid_out(server: Server, declared: Database, connection: psycopg.Connection[Any]) -> tuple[Any, ...]:
    """Seven months with rows, of which three are past their retention; the digest of what is to stay."""
    connection.execute("DROP SCHEMA IF EXISTS airside CASCADE; DROP SCHEMA public CASCADE")
    connection.execute(f'CREATE SCHEMA public AUTHORIZATION "{declared.name}_owner"')
    connection.execute(f'SET ROLE "{declared.name}_owner"')
    connection.execute(TABLES)
    assert rolled(server, declared, NOW - timedelta(days=35), span=SPAN).exit_code == 0
    connection.execute(ROWS)
    connection.execute("RESET ROLE")
    return one(connection, DIGEST)


def maintained(server: Server, declared: Database) -> None:
    for work in (rolled, expired, rolled):
        report = work(server, declared)
        assert report.errors() == []
        assert report.skipped == []


def assert_whole(connection: psycopg.Connection[Any], before: tuple[Any, ...]) -> None:
    for table in "bc":
        assert leaves(connection, table) == [f"{table}_{month}" for month in KEPT]
    assert one(connection, "SELECT count(*) FROM pg_inherits WHERE inhdetachpending") == 0
    left = connection.execute(
        "SELECT relname FROM pg_class WHERE relname ~ '^[bc]_20' AND relkind = 'r' AND NOT relispartition"
    ).fetchall()
    assert left == []
    digest = one(connection, DIGEST)
    assert digest[:2] == before[:2]
    assert digest[2] == 0
    connection.execute("INSERT INTO b VALUES (-1, '2027-01-31 23:59:59+00', 1)")
    twice = one(
        connection,
        "SELECT count(*) FROM (SELECT FROM airside.partition_ledger WHERE event IN ('attached', 'dropped')"
        " AND NOT details ? 'noticed' GROUP BY leaf_oid, event HAVING count(*) > 1) AS twice",
    )
    assert twice == 0


@contextmanager
def in_the_way(server: Server, database: str, seconds: float) -> Iterator[None]:
    """A reader of every partition and a writer of what is referred to, for a while."""
    with server.connect(database) as connection:
        connection.execute("SELECT count(*) FROM b; UPDATE customers SET id = id")
        timer = threading.Timer(seconds, connection.rollback)
        timer.start()
        yield
        timer.join()


def forked(work: Callable[[], Any]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def test_a_killed_run_is_finished_by_the_next(
    server: Server, ground: tuple[Database, psycopg.Connection[Any]], rounds: int
) -> None:
    declared, connection = ground
    laid_out(server, declared, connection)
    began = time.monotonic()
    maintained(server, declared)
    calm = time.monotonic() - began
    reached: set[int] = set()
    for number in range(rounds):
        chosen = random.Random(number)
        before = laid_out(server, declared, connection)
        with in_the_way(server, declared.name, chosen.choice([0, 0, 0.3])):
            child = forked(lambda: maintained(server, declared))
            time.sleep(chosen.uniform(0, 1.2 * calm))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        reached.add(one(connection, "SELECT count(*) FROM airside.partition_ledger"))
        maintained(server, declared)
        assert_whole(connection, before)
    assert len(reached) > min(rounds / 6, 12), "the kills all hit the same place"


def test_two_of_each_at_once_and_one_of_them_killed(
    server: Server, ground: tuple[Database, psycopg.Connection[Any]], rounds: int
) -> None:
    declared, connection = ground
    for number in range(rounds // 4):
        before = laid_out(server, declared, connection)
        with in_the_way(server, declared.name, 0.2):
            children = [forked(lambda: maintained(server, declared)) for _ in range(4)]
            time.sleep(random.Random(number).uniform(0, 0.5))
            os.kill(children[0], signal.SIGKILL)
            for child in children:
                os.waitpid(child, 0)
        maintained(server, declared)
        assert_whole(connection, before)


def test_ctrl_c_is_no_harm(server: Server, ground: tuple[Database, psycopg.Connection[Any]], rounds: int) -> None:
    declared, connection = ground
    for number in range(rounds // 4):
        before = laid_out(server, declared, connection)
        child = forked(lambda: maintained(server, declared))
        time.sleep(random.Random(number).uniform(0.05, 0.6))
        os.kill(child, signal.SIGINT)
        os.waitpid(child, 0)
        maintained(server, declared)
        assert_whole(connection, before)
