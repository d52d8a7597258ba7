"""One run at a time on tables that hang together by foreign keys."""

from __future__ import annotations

import time
import zlib
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.rows import scalar_row

from ..schema.core.errors import EnvironmentProblem, LockNotAcquired
from ..schema.core.locks import LockBudget

_CLASS = zlib.crc32(b"airside partitions") & 0x7FFFFFFF


@contextmanager
def leased(connection: psycopg.Connection[Any], key: int, budget: LockBudget, *, where: str) -> Generator[None]:
    """Be the only run that works on the closure `key` (the lowest oid of its tables); another one is waited for.

    A session-level advisory lock, asked for again and again: waiting in the server would hold a snapshot, for which
    DETACH CONCURRENTLY of the other run waits in turn. Raises LockNotAcquired, and EnvironmentProblem behind a pooler
    that hands out another session for each transaction, where such locks (and SET ROLE) mean nothing.
    """
    lock = [_CLASS, _signed(key)]
    _wait(connection, lock, budget, where)
    try:
        yield
    finally:
        if not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            # whoever loses the connection loses the lock with it
            with suppress(psycopg.OperationalError):
                connection.execute("SELECT pg_catalog.pg_advisory_unlock(%s, %s)", lock)


def _wait(connection: psycopg.Connection[Any], lock: list[int], budget: LockBudget, where: str) -> None:
    for pause in budget.pauses(first=0.05, longest=0.5):
        if _one(connection, "SELECT pg_catalog.pg_try_advisory_lock(%s, %s)", lock):
            _require_session(connection, lock, where)
            return
        time.sleep(pause)
    raise LockNotAcquired(
        f"another run has been working on its partitions for {budget.deadline:.0f} s",
        where=where,
        next_step="run the command again when it has ended; SELECT * FROM pg_stat_activity"
        " WHERE application_name LIKE 'airside %' shows it",
    )


def _require_session(connection: psycopg.Connection[Any], lock: list[int], where: str) -> None:
    mine = _one(
        connection,
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted"
        " AND pid = pg_catalog.pg_backend_pid() AND classid::bigint = %s AND objid::bigint = %s)",
        [lock[0], lock[1] & 0xFFFFFFFF],
    )
    if not mine:
        raise EnvironmentProblem(
            "a pooler hands out another session for each transaction",
            where=where,
            next_step="connect to PostgreSQL itself, or to a pool in session mode",
        )


def _one(connection: psycopg.Connection[Any], statement: Any, values: list[int]) -> Any:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(statement, values or None).fetchone()


def _signed(key: int) -> int:
    """An oid, which has 32 bits, as the signed integer that the lock functions take."""
    return key - (1 << 32) if key >= 1 << 31 else key
