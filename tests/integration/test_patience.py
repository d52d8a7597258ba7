"""Locks are got without making others wait: what is looked at first, cut off, shared and given up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from airside.schema.core.errors import LockNotAcquired
from airside.schema.core.locks import LockBudget, WantedLock
from airside.schema.core.patience import Patience
from airside.server import Server

EXCLUSIVE = "ALTER TABLE a ADD COLUMN IF NOT EXISTS n integer"


@pytest.fixture
def tables(server: Server, database: str) -> str:
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)")
    return database


@contextmanager
def held(server: Server, database: str, statement: Any, seconds: float | None = None) -> Iterator[None]:
    """A transaction that stays open while the block runs, or for so many seconds."""
    with server.connect(database) as connection:
        connection.execute(statement)
        timer = threading.Timer(seconds, connection.rollback) if seconds is not None else None
        if timer:
            timer.start()
        yield
        if timer:
            timer.join()
        else:
            connection.rollback()


def wanted(connection: psycopg.Connection[Any], *names: str) -> tuple[WantedLock, ...]:
    rows = [connection.execute("SELECT %s::regclass::oid::bigint", [name]).fetchone() for name in names]
    return tuple(WantedLock(row[0], "AccessExclusiveLock") for row in rows if row)


def longest_wait_of(server: Server, database: str, table: str, until: threading.Event) -> float:
    longest = 0.0
    with server.connect(database, autocommit=True) as connection:
        while not until.is_set():
            started = time.monotonic()
            connection.execute(f"SELECT FROM {table}")
            longest = max(longest, time.monotonic() - started)
            time.sleep(0.002)
    return longest


def test_nobody_queues_while_a_long_transaction_is_in_the_way(server: Server, tables: str) -> None:
    patience = Patience(LockBudget(timeout=0.05, deadline=20))
    with server.connect(tables, autocommit=True) as connection:
        locks = wanted(connection, "a")
        with held(server, tables, "SELECT FROM a", seconds=0.6):
            started = time.monotonic()
            patience.transaction(connection, lambda: connection.execute(EXCLUSIVE), what="it", where="a", locks=locks)
        assert time.monotonic() - started < 5
    # looking asks for no lock: at most one try was made all the same
    assert patience.waits.in_vain <= 1


def test_short_transactions_that_never_leave_a_gap_are_queued_behind(server: Server, tables: str) -> None:
    stop = threading.Event()

    def reader() -> None:
        with server.connect(tables) as connection:
            while not stop.is_set():
                connection.execute("SELECT pg_sleep(0.01) FROM (SELECT count(*) FROM a) AS counted")
                connection.rollback()

    readers = [threading.Thread(target=reader) for _ in range(3)]
    for thread in readers:
        thread.start()
    try:
        patience = Patience(LockBudget(timeout=0.3, deadline=20))
        with server.connect(tables, autocommit=True) as connection:
            locks = wanted(connection, "a")
            patience.transaction(connection, lambda: connection.execute(EXCLUSIVE), what="it", where="a", locks=locks)
    finally:
        stop.set()
        for thread in readers:
            thread.join()


def test_a_statement_that_holds_one_lock_and_waits_for_another_is_bounded_as_a_whole(
    server: Server, tables: str
) -> None:
    """Each of five waits is shorter than the lock timeout; together they are cut off."""
    done = threading.Event()
    waits: list[float] = []
    watcher = threading.Thread(target=lambda: waits.append(longest_wait_of(server, tables, "a", done)))
    patience = Patience(LockBudget(timeout=0.1, deadline=0.3))
    with server.connect(tables, autocommit=True) as connection:
        watcher.start()

        def work() -> None:
            connection.execute("LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
            patience.share(connection)
            connection.execute("SELECT pg_sleep(0.09) FROM generate_series(1, 20)")

        with pytest.raises(LockNotAcquired, match="cut off at work after 200 ms"):
            patience.transaction(connection, work, what="it", where="a", bounded=True)
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    done.set()
    watcher.join()
    assert waits[0] < 0.8  # twenty times 90 ms otherwise


def test_somebody_elses_cancel_is_no_reason_to_go_on(server: Server, tables: str) -> None:
    patience = Patience(LockBudget(timeout=5, deadline=20))
    with server.connect(tables, autocommit=True) as connection, server.connect(autocommit=True) as other:
        timer = threading.Timer(0.3, other.execute, ["SELECT pg_cancel_backend(%s)", [connection.info.backend_pid]])
        timer.start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            patience.transaction(
                connection, lambda: connection.execute("SELECT pg_sleep(5)"), what="it", where="a", bounded=True
            )
        timer.join()
    assert patience.waits.attempts == 1


def test_a_statement_on_its_own_leaves_no_setting_behind(server: Server, tables: str) -> None:
    patience = Patience(LockBudget(timeout=0.05, deadline=1))
    names = ("lock_timeout", "statement_timeout", "synchronous_commit", "idle_in_transaction_session_timeout")

    def settings() -> list[Any]:
        return [connection.execute(f"SHOW {name}").fetchone() for name in names]

    with server.connect(tables, autocommit=True) as connection:
        before = settings()
        patience.statement(connection, "CREATE INDEX CONCURRENTLY ON a (id)", what="it", where="a", bounded=True)
        assert settings() == before
        patience.transaction(connection, lambda: connection.execute(EXCLUSIVE), what="it", where="a", bounded=True)
        assert settings() == before


def test_after_budgets_used_up_in_a_row_it_is_not_tried_again(server: Server, tables: str) -> None:
    patience = Patience(LockBudget(timeout=0.02, deadline=0.1), breaker=2)
    with server.connect(tables, autocommit=True) as connection, held(server, tables, "LOCK TABLE a"):
        for _ in range(2):
            with pytest.raises(LockNotAcquired, match="no lock in"):
                patience.transaction(connection, lambda: connection.execute(EXCLUSIVE), what="it", where="a")
        attempts = patience.waits.attempts
        with pytest.raises(LockNotAcquired, match="not tried"):
            patience.transaction(connection, lambda: connection.execute("SELECT 1"), what="it", where="b")
        assert patience.waits.attempts == attempts


def test_modes_conflict_as_the_manual_says(server: Server, tables: str) -> None:
    """Asked of the server: every mode against every other."""
    from typing import get_args

    from airside.schema.core.locks import LockMode

    def words(mode: str) -> str:
        spaced = "".join(f" {letter}" if letter.isupper() else letter for letter in mode.removesuffix("Lock"))
        return spaced.strip().upper()

    modes: tuple[LockMode, ...] = get_args(LockMode)
    with server.connect(tables) as holder, server.connect(tables) as asker:
        for held_mode in modes:
            holder.execute(f"LOCK TABLE a IN {words(held_mode)} MODE")
            for mode in modes:
                try:
                    asker.execute(f"LOCK TABLE a IN {words(mode)} MODE NOWAIT")
                    refused = False
                except psycopg.errors.LockNotAvailable:
                    refused = True
                asker.rollback()
                assert refused == (held_mode in WantedLock(1, mode).conflicts), (held_mode, mode)
            holder.rollback()
