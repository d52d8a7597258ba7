"""What a step locks is what it was said to lock, as PostgreSQL itself sees it; and nobody waits for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, get_args

import psycopg
import pytest
from airside.partitions.actions import Attach, Create, Detach, DropForeignKey, Finalize, Step, Table
from airside.partitions.closure import locks_of
from airside.partitions.perform import detach_statement, drop_foreign_key_statement
from airside.partitions.shape import attaching, making, read_shape
from airside.partitions.survey import foreign_keys
from airside.schema.core import RangePartitions
from airside.schema.core.locks import LockBudget, LockMode
from airside.schema.core.partitioning import Child
from airside.schema.core.patience import Patience
from airside.server import Server

from .partition_ground import NOW, declaring, expired, one, owned, rolled

MODES: tuple[LockMode, ...] = get_args(LockMode)
TABLES = """
    CREATE TABLE customers (id int PRIMARY KEY);
    CREATE TABLE b (id int, at date, customer int REFERENCES customers, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE b_1 PARTITION OF b FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE tickets (b int, at date, FOREIGN KEY (b, at) REFERENCES b);
    CREATE INDEX ON tickets (b, at);
"""
BOUND = "FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')"


@pytest.fixture
def connection(server: Server, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as opened:
        opened.execute(TABLES)
        yield opened


def table(connection: psycopg.Connection[Any], name: str) -> Table:
    return Table(one(connection, "SELECT %s::regclass::oid::bigint", name), "public", name)


def strongest(connection: psycopg.Connection[Any]) -> dict[str, LockMode]:
    """The strongest lock of this session on each table, of those that keep writers or other DDL out."""
    rows = connection.execute(
        "SELECT c.relname, l.mode FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation"
        " WHERE l.pid = pg_backend_pid() AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
    ).fetchall()
    found: dict[str, LockMode] = {}
    for name, mode in rows:
        found[name] = max(found.get(name, MODES[0]), mode, key=MODES.index)
    return {name: mode for name, mode in found.items() if MODES.index(mode) > MODES.index("RowExclusiveLock")}


def said(connection: psycopg.Connection[Any], step: Step) -> dict[str, LockMode]:
    names = dict(connection.execute("SELECT oid::bigint, relname FROM pg_class").fetchall())
    return {names[lock.oid]: lock.mode for lock in locks_of(step, foreign_keys(connection))}


def test_attach(connection: psycopg.Connection[Any]) -> None:
    child = Child("b_2", "FROM ('2026-02-01') TO ('2026-03-01')", datetime(2026, 2, 1, tzinfo=UTC))
    step = Create(table(connection, "b"), child, "at")
    for statement in making(step, read_shape(connection, step.parent)):
        connection.execute(statement)
    with connection.transaction(force_rollback=True):
        connection.execute(attaching(step))
        seen = strongest(connection)
    # nobody but us uses the new partition
    assert seen.pop("b_2") == "AccessExclusiveLock"
    assert seen == said(connection, step)
    back = Attach(step.parent, table(connection, "b_2"), child)
    assert said(connection, back) == said(connection, step)


def test_attach_beside_a_default(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE b_rest PARTITION OF b DEFAULT")
    child = Child("b_2", "FROM ('2026-02-01') TO ('2026-03-01')", datetime(2026, 2, 1, tzinfo=UTC))
    step = Create(table(connection, "b"), child, "at", default=table(connection, "b_rest"))
    for statement in making(step, read_shape(connection, step.parent)):
        connection.execute(statement)
    with connection.transaction(force_rollback=True):
        connection.execute(attaching(step))
        seen = strongest(connection)
    seen.pop("b_2")
    assert seen == said(connection, step)


def detaching(connection: psycopg.Connection[Any], *, concurrently: bool) -> Detach:
    return Detach(table(connection, "b"), table(connection, "b_1"), BOUND, None, None, NOW, concurrently)


def test_detach(connection: psycopg.Connection[Any]) -> None:
    step = detaching(connection, concurrently=False)
    with connection.transaction(force_rollback=True):
        connection.execute(detach_statement(step, ""))
        seen = strongest(connection)
    assert seen == said(connection, step)


def test_finalize(server: Server, database: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute("SET statement_timeout = '200ms'")
    with server.connect(database) as holder:
        holder.execute("SELECT FROM b")
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("ALTER TABLE b DETACH PARTITION b_1 CONCURRENTLY")
    connection.execute("RESET statement_timeout")
    step = Finalize(table(connection, "b"), table(connection, "b_1"), BOUND)
    with connection.transaction(force_rollback=True):
        connection.execute(detach_statement(step, " FINALIZE"))
        seen = strongest(connection)
    assert seen == said(connection, step)


def test_drop_foreign_key(connection: psycopg.Connection[Any]) -> None:
    connection.execute("ALTER TABLE tickets DROP CONSTRAINT tickets_b_at_fkey; ALTER TABLE b DETACH PARTITION b_1")
    (key,) = (key for key in foreign_keys(connection) if key.table.name == "b_1")
    step = DropForeignKey(table(connection, "b"), table(connection, "b_1"), key)
    with connection.transaction(force_rollback=True):
        connection.execute(drop_foreign_key_statement(step))
        seen = strongest(connection)
    assert seen == said(connection, step)


def test_nobody_waits_for_long_while_long_transactions_are_in_the_way(server: Server, database: str) -> None:
    """Readers of every partition and writers of what is referred to, each with transactions of 0.7 s."""
    policy = RangePartitions("at", "month", "b_{year}_{month:02}", date(2026, 5, 1), ahead=3, key_type="date")
    ending = replace(policy, retention=3, at_end="drop")
    stop = threading.Event()
    longest: dict[str, float] = {}
    failures: list[BaseException] = []

    def client(name: str, statement: str, held: float) -> None:
        try:
            with server.connect(database) as connection:
                while not stop.is_set():
                    started = time.monotonic()
                    connection.execute(statement)
                    longest[name] = max(longest.get(name, 0), time.monotonic() - started)
                    stop.wait(held)
                    connection.commit()
                    stop.wait(0.005 if not held else 0.1)
        except psycopg.Error as error:
            failures.append(error)

    clients = [
        ("every", "SELECT count(*) FROM b", 0),
        ("referred", "UPDATE customers SET id = id WHERE id = 1", 0),
        ("insert", "INSERT INTO b SELECT n, '2026-11-02', 1 FROM nextval('numbers') AS n", 0),
        ("every, held", "SELECT count(*) FROM b", 0.7),
        ("referred, held", "UPDATE customers SET id = id WHERE id = 2", 0.7),
    ]
    more = "INSERT INTO customers VALUES (1), (2); CREATE SEQUENCE numbers; DROP TABLE b_1 CASCADE"
    with owned(server, database, TABLES, more):
        start = datetime(2026, 5, 2, tzinfo=UTC)
        assert rolled(server, declaring(database, b=policy), span=(start, NOW)).exit_code == 0
        threads = [threading.Thread(target=client, args=arguments) for arguments in clients]
        for thread in threads:
            thread.start()
        patience = Patience(LockBudget(timeout=0.05, deadline=60))
        try:
            reports = [work(server, declaring(database, b=ending), patience=patience) for work in (rolled, expired)]
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert [report.errors() for report in reports] == [[], []]
    assert failures == []
    assert sum(len(report.done) for report in reports) == 3 + 3 * 3
    # a try takes a tenth of a second at most; a busy machine adds to it
    assert patience.waits.longest < 0.4
    assert max(longest.values()) < 0.5, longest
