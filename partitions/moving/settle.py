"""Waiting until nobody is left who cannot see the copies."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row, tuple_row

from ...schema.core.errors import LockNotAcquired
from ...schema.core.patience import Patience
from ...schema.core.sql import query
from .mirror import QUERIES


@dataclass(frozen=True, slots=True)
class _Older:
    id: str
    pid: int
    application: str
    username: str
    state: str
    transaction_age: float


def settle(connection: psycopg.Connection[Any], patience: Patience, *, where: str) -> None:
    """Wait until every transaction has ended that may have a snapshot from before now.

    A transaction under REPEATABLE READ that began before rows were copied does not see the copies, and would miss
    them if it were sent to the target. Nothing is locked while waiting. Raises LockNotAcquired.
    """
    with connection.cursor(row_factory=tuple_row) as cursor:
        horizon = cursor.execute("SELECT pg_catalog.pg_current_xact_id()::xid::text").fetchone()
        older = [row[0] for row in cursor.execute(query(QUERIES, "older_transactions"))]
    assert horizon is not None
    end = time.monotonic() + patience.budget.deadline
    pause = 0.02
    while left := _still_there(connection, older, horizon[0]):
        if time.monotonic() > end:
            oldest = max(left, key=lambda session: session.transaction_age)
            raise LockNotAcquired(
                f"a transaction from before the copy is still open: pid {oldest.pid}"
                f" ({oldest.application or 'no application name'}, {oldest.username}), {oldest.state},"
                f" for {oldest.transaction_age:.0f} s",
                where=where,
                next_step="run the command again when it has ended; what was copied stays, and is kept up to date",
            )
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)
        older = [session.id for session in left]


def _still_there(connection: psycopg.Connection[Any], ids: list[str], horizon: str) -> list[_Older]:
    if not ids:
        return []
    with connection.transaction():
        # who may look into other sessions is the login role, if anybody
        connection.execute("SET LOCAL ROLE NONE")
        with connection.cursor(row_factory=class_row(_Older)) as cursor:
            return cursor.execute(query(QUERIES, "still_older"), {"ids": ids, "horizon": horizon}).fetchall()
