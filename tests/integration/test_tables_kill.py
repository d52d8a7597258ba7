"""Kill -9 at random moments of archiving to tables and of bringing back, and two at once: every row exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from airside.partitions.archive.back import restore_from_tables
from airside.partitions.archive.due import due_rows, row_rules
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.rows import RowRun, handle_rows
from airside.partitions.archive.session import archiver
from airside.schema.core import Database
from airside.schema.core.errors import Refused

from .archive_sample import database
from .archiving import NOW, OLD, Named, assert_whole, counts, digests, fill, sample_database
from .declared import Connection, ServerLike, one, owner_connection
from .tables_cycle import LEAF, cycle, partition, patience, rows_back
from .test_archive_kill import quiet
from .test_partition_kill import forked

pytestmark = pytest.mark.soak

CYCLE = Path(__file__).with_name("tables_cycle.py")
ORDERS = 400


@pytest.fixture
def named(server: ServerLike) -> Iterator[Database]:
    with sample_database(server) as made:
        yield Named(database, made)


@pytest.fixture
def before(server: ServerLike, named: Database) -> Any:
    with owner_connection(server, database, named.name) as connection:
        fill(connection, ORDERS, minutes=30)
        connection.execute("INSERT INTO people (id, name) VALUES (1, 'Ada')")
        connection.execute(
            "INSERT INTO events SELECT n, %s::timestamptz + n * interval '1 minute', 1"
            " FROM generate_series(1, 500) AS n",
            [OLD],
        )
        return seen(connection)


def seen(connection: Connection) -> Any:
    both = "(SELECT * FROM events UNION ALL SELECT * FROM events_cold) AS e"
    row = connection.execute(f"SELECT count(*), sum(hash_record_extended(e, 0)) FROM {both}".encode()).fetchone()
    return digests(connection), row


def check(server: ServerLike, named: Database, before: Any) -> tuple[bool, str]:
    """Every row is there once; whether some are in the archive, and where the partition is."""
    with owner_connection(server, database, named.name) as connection:
        assert seen(connection) == before
        assert_whole(connection)
        return (
            counts(connection, "_archive")[0] > 0,
            one(connection, "SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = to_regclass(%s)", LEAF),
        )


def settle(server: ServerLike, named: Database, before: Any) -> None:
    """All rows come back, and the partition does."""
    for _ in range(200):
        archived, where = check(server, named, before)
        if not archived and where == "events":
            break
        if where != "events":
            partition(server, named)
        if archived:
            # of several lines only the last ones have rows left
            with suppress(Refused):
                rows_back(server, named)
    with owner_connection(server, database, named.name) as connection:
        assert counts(connection) == [ORDERS] * 3
        assert counts(connection, "_archive") == [0] * 3
        assert one(connection, "SELECT count(*) FROM order_registry WHERE archived_at IS NOT NULL") == 0
        assert one(connection, "SELECT count(*) FROM events") == 500


def start(server: ServerLike, named: Database) -> subprocess.Popen[str]:
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, str(CYCLE), server.url(named.name, show_password=True), named.name, root],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    return process


def test_killed_at_any_moment(server: ServerLike, named: Database, before: Any, rounds: int) -> None:
    places: set[tuple[bool, str]] = set()
    for _ in range(rounds):
        child = forked(lambda: cycle(server, named, lambda _: None))
        time.sleep(random.uniform(0, 0.6))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        quiet(server, named)
        places.add(check(server, named, before))
    settle(server, named, before)
    # a few kills may well come at one place
    assert len(places) > 1 or rounds < 100, "every kill came at the same place"


def test_two_at_once(server: ServerLike, named: Database, before: Any, rounds: int) -> None:
    both = [start(server, named) for _ in range(2)]
    time.sleep(4 if rounds < 100 else 60)
    for process in both:
        process.kill()
    said = [process.communicate()[0] for process in both]
    quiet(server, named)
    settle(server, named, before)
    assert sum(text.count("done\n") for text in said) > 3, said
    # they get into each other's way, and are told so
    errors = {line.partition(":")[0] for text in said for line in text.splitlines()} - {"done"}
    assert errors <= {"Refused", "LockNotAcquired"}, said


def test_rows_brought_back_while_their_run_goes_on_can_be_brought_back_again(
    server: ServerLike, named: Database, before: Any
) -> None:
    returned: list[int] = []

    def meanwhile(_: int) -> None:
        if not returned:
            with archiver(server, named) as other:
                [line] = [line for line in archives(other, states=("verified",)) if line.details.get("rows")]
            returned.append(restore_from_tables(server, named, line, patience=patience()).rows)

    with archiver(server, named) as connection:
        [rule] = row_rules(named, only="orders")
        due = due_rows(connection, named, rule, NOW)
        handle_rows(connection, named, due, RowRun(patience=patience(), batch=40, progress=meanwhile))
    assert returned == [40]
    settle(server, named, before)
