"""What went to archive tables comes back, equal to what it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from airside.partitions.archive.back import restore_from_tables
from airside.partitions.archive.due import due_leaves
from airside.partitions.archive.leaves import move_leaf
from airside.partitions.archive.ledger import archives
from airside.partitions.archive.rows import RowRun
from airside.schema.core import Database
from airside.schema.core.errors import Refused, StatementFailed
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience

from .archive_sample import database
from .archiving import (
    NOW,
    OLD,
    YOUNG,
    Named,
    add_order,
    assert_whole,
    counts,
    digests,
    fill,
    handled,
    sample_database,
)
from .declared import Connection, ServerLike, empty_database, one, owner_connection


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[str]:
    with sample_database(server) as name:
        yield name


@pytest.fixture
def named(server: ServerLike, template: str) -> Iterator[Database]:
    """The declaration under the name of a database of its own."""
    with empty_database(server, database.roles.owner, template=template) as made:
        yield Named(database, made)


@pytest.fixture
def db(server: ServerLike, named: Database) -> Iterator[Connection]:
    with owner_connection(server, database, named.name) as connection:
        yield connection


def patience() -> Patience:
    return Patience(LockBudget(timeout=0.05, deadline=5))


def test_rows_come_back_with_their_children(server: ServerLike, named: Database, db: Connection) -> None:
    fill(db, 120)
    add_order(db, YOUNG)
    before = digests(db)
    handled(db)
    assert counts(db) == [1, 1, 1]
    told: list[int] = []
    [line] = archives(db)
    done = restore_from_tables(server, named, line, patience=patience(), observer=told.append)
    assert (done.rows, sum(told)) == (120, 120)
    assert counts(db) == [121, 121, 121]
    assert digests(db) == before
    assert_whole(db)
    [line] = archives(db)
    assert line.state == "restored"
    with pytest.raises(Refused, match="none of its rows"):
        restore_from_tables(server, named, line, patience=patience())


def test_only_the_rows_of_that_run_come_back(server: ServerLike, named: Database, db: Connection) -> None:
    first = add_order(db)
    handled(db)
    add_order(db, items=2)
    handled(db)
    [line, _] = archives(db)
    assert restore_from_tables(server, named, line, patience=patience()).rows == 1
    assert one(db, "SELECT array_agg(id) FROM orders") == [first]
    assert counts(db, "_archive") == [1, 2, 2]


def test_the_partitions_that_rows_need_are_made(server: ServerLike, named: Database, db: Connection) -> None:
    add_order(db, OLD)
    handled(db)
    db.execute("ALTER TABLE orders DETACH PARTITION orders_2025_03")
    db.execute("DROP TABLE orders_2025_03")
    [line] = archives(db)
    assert restore_from_tables(server, named, line, patience=patience()).rows == 1
    assert one(db, "SELECT tableoid::regclass::text FROM orders") == "orders_2025_03"


def test_a_row_that_has_been_made_again_stops_the_restore(server: ServerLike, named: Database, db: Connection) -> None:
    order = add_order(db)
    handled(db)
    db.execute("INSERT INTO orders VALUES (%s, %s, 'open', 'again')", [order, OLD])
    [line] = archives(db)
    with pytest.raises(StatementFailed):
        restore_from_tables(server, named, line, patience=patience())
    assert counts(db, "_archive") == [1, 1, 1]


def test_a_partition_comes_back_and_is_held(server: ServerLike, named: Database, db: Connection) -> None:
    db.execute("INSERT INTO events VALUES (1, %s, NULL)", [OLD])
    found = next(due for due in due_leaves(db, database, NOW) if due.leaf.name == "events_2025_03")
    move_leaf(db, found, patience())
    [line] = archives(db)
    assert restore_from_tables(server, named, line, patience=patience(), hold=timedelta(days=9)).rows == 1
    soon, later = datetime.now(UTC), datetime.now(UTC) + timedelta(days=10)
    assert "events_2025_03" not in {due.leaf.name for due in due_leaves(db, database, soon)}
    assert "events_2025_03" in {due.leaf.name for due in due_leaves(db, database, later)}


def test_rows_that_somebody_works_on_stay_and_it_is_said(server: ServerLike, named: Database, db: Connection) -> None:
    add_order(db)
    busy = add_order(db)
    handled(db, run=replace(RowRun(), batch=10))
    [line] = archives(db)
    with server.connect(named.name) as clerk:
        clerk.execute("UPDATE orders_archive SET note = 'x' WHERE id = %s", [busy])
        with pytest.raises(Refused, match="1 rows stay"):
            restore_from_tables(server, named, line, patience=patience())
    assert restore_from_tables(server, named, line, patience=patience()).rows == 1
    assert_whole(db)
