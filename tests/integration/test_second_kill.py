"""Kill -9 at random moments of moving to a second database and back, and two runs at once: every row exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.partitions.archive.columns import read_columns, row_digest
from airside.partitions.archive.cut_off import closed, reopen
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.source import Content, session
from airside.partitions.state import read_ladders
from airside.schema.core import Database
from airside.server import Server
from psycopg import sql

from .archive_ground import fill, ground, patience
from .second_cycle import LEAF, cycle, step
from .test_archive_kill import quiet
from .test_archive_second import cold  # noqa: F401 - a fixture
from .test_partition_kill import forked

pytestmark = pytest.mark.soak

CYCLE = Path(__file__).with_name("second_cycle.py")


@pytest.fixture
def zoo(server: Server, database: str) -> Iterator[Database]:
    with ground(server, database, rows=2000) as made:
        with server.connect(made.name, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgres_fdw")
        yield made


def start(server: Server, zoo: Database, url: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(CYCLE), server.url(zoo.name, show_password=True), zoo.name, url],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    return process


def seen(server: Server, zoo: Database) -> Content:
    """What a reader of live and old rows sees."""
    with session(server, zoo) as connection:
        row = connection.execute(
            "SELECT to_regclass('public.zoo')::oid::bigint, to_regclass('airside.zoo_all') IS NOT NULL"
        ).fetchone()
        assert row is not None
        table = sql.Identifier("airside", "zoo_all") if row[1] else sql.Identifier("public", "zoo")
        found = connection.execute(
            sql.SQL("SELECT count(*), {}::text FROM {} AS t").format(
                row_digest(read_columns(connection, row[0])), table
            )
        ).fetchone()
    assert found is not None
    return Content(*found)


def place(server: Server, zoo: Database) -> str:
    """Where the partition is."""
    with session(server, zoo) as connection:
        attached = [leaf.name for ladder in read_ladders(connection, zoo) for leaf in ladder.leaves]
        if LEAF in attached:
            return "closed" if closed(connection) else "attached"
        return max(archives(connection, states=("verified", "dropped")), key=lambda line: line.id).state


def settle(server: Server, zoo: Database, url: str) -> None:
    """Go on until the partition has been away and is back, and let writers in wherever a run left them out."""
    with session(server, zoo) as connection:
        for item in closed(connection):
            assert reopen(connection, item, patience())
        assert closed(connection) == ()
    was_away = False
    for _ in range(9):
        here = place(server, zoo)
        if here == "attached" and was_away:
            return
        was_away = was_away or here != "attached"
        step(server, zoo, url)
    pytest.fail("nine steps did not bring it back")


def assert_clear(server: Server, zoo: Database) -> None:
    """Nothing is left of the moves, and everybody may write."""
    with session(server, zoo) as connection:
        left = connection.execute(
            "SELECT relname FROM pg_catalog.pg_class WHERE relkind = 'f' UNION ALL"
            " SELECT tgname FROM pg_catalog.pg_trigger WHERE tgname LIKE 'airside%' UNION ALL"
            " SELECT conname FROM pg_catalog.pg_constraint WHERE conname = 'airside_archived'"
        ).fetchall()
        assert left == []
    before = seen(server, zoo).rows
    fill(server, zoo, 1)
    assert seen(server, zoo).rows == before + 1


def test_killed_at_any_moment(server: Server, zoo: Database, cold: str, rounds: int) -> None:  # noqa: F811
    before = seen(server, zoo)
    places: set[str] = set()
    for _ in range(rounds):
        child = forked(lambda: cycle(server, zoo, cold, lambda _: None))
        time.sleep(random.uniform(0, 0.6))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        quiet(server, zoo)
        assert seen(server, zoo) == before
        places.add(place(server, zoo))
    settle(server, zoo, cold)
    assert seen(server, zoo) == before
    # a few kills may well come at one place
    assert len(places) > 1 or rounds < 100, "every kill came at the same place"
    assert_clear(server, zoo)


def test_two_at_once(server: Server, zoo: Database, cold: str, rounds: int) -> None:  # noqa: F811
    before = seen(server, zoo)
    both = [start(server, zoo, cold) for _ in range(2)]
    until = time.monotonic() + (3 if rounds < 100 else 60)
    while time.monotonic() < until:
        assert seen(server, zoo) == before
    for process in both:
        process.kill()
    said = [process.communicate()[0] for process in both]
    quiet(server, zoo)
    assert seen(server, zoo) == before
    settle(server, zoo, cold)
    assert seen(server, zoo) == before
    assert_clear(server, zoo)
    assert sum(text.count("done\n") for text in said) > 3, said
    # they get into each other's way, and are told so
    errors = {line.partition(":")[0] for text in said for line in text.splitlines()} - {"done"}
    assert errors <= {"Refused", "LockNotAcquired"}, said
