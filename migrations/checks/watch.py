"""Locks of statements that run outside a transaction (CONCURRENTLY), seen from a second connection.

They are gone when the statement ends, and on a small table it ends in a millisecond. So other sessions stand in its
way first: one with a lock that conflicts with its own kind, so that what it asks for can be read, then one with an old
snapshot and the weakest lock on every table, for which CONCURRENTLY waits before its last step, then one that uses
partitions only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql

from ...schema.core.sql import query
from .effects import Lock

QUERIES = Path(__file__).parent / "queries"
_PATIENCE = 2.0
_SURELY_WAITING = 3
_TABLES = (
    "SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c"
    " INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid WHERE c.relkind IN ('r', 'p')"
    " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'airside') AND n.nspname !~ '^pg_'"
)
# the second half of DETACH CONCURRENTLY asks for the partition when nobody uses the parent any more
_PARTITIONS = _TABLES + " AND c.relkind = 'r' AND c.relispartition"


class Watch:
    """Watches the session `pid` from `start` to `stop`, which gives the strongest lock by relation."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], pid: int, *, delay: bool) -> None:
        self._pid = pid
        self._connect = connect
        self._delay = delay
        self._seen: dict[int, Lock] = {}
        self._ended = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Returns when the reader stands in the way."""
        self._thread.start()
        self._ready.wait(_PATIENCE)

    def stop(self) -> dict[int, Lock]:
        self._ended.set()
        self._thread.join()
        return self._seen

    def _run(self) -> None:
        with suppress(psycopg.Error), ExitStack() as opened:
            poller = opened.enter_context(self._connect())
            poller.autocommit = True
            # VACUUM FULL of everything locks the catalogs that are read here
            poller.execute("SET lock_timeout = 100")
            obstacles = self._obstacles(opened) if self._delay else []
            self._ready.set()
            self._poll(poller, obstacles)
        self._ready.set()

    def _obstacles(self, opened: ExitStack) -> list[psycopg.Connection[Any]]:
        first, second, third = (opened.enter_context(self._connect()) for _ in range(3))
        # locks are held by transactions, however connections are made
        first.autocommit = second.autocommit = third.autocommit = False
        tables, partitions = first.execute(_TABLES).fetchall(), first.execute(_PARTITIONS).fetchall()
        # the catalogs that were read would stay locked, and a statement may wait for them with others locked already
        first.rollback()
        _lock(first, tables, "SHARE UPDATE EXCLUSIVE")
        second.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _lock(second, tables, "ACCESS SHARE")
        _lock(third, partitions, "ACCESS SHARE")
        return [first, second, third]

    def _poll(self, poller: psycopg.Connection[Any], obstacles: list[psycopg.Connection[Any]]) -> None:
        began = time.monotonic()
        waiting = 0
        while not self._ended.is_set():
            rows = self._locks(poller)
            for relation, mode in rows:
                if relation is not None:
                    self._seen[relation] = max(self._seen.get(relation, Lock.ACCESS_SHARE), Lock.of(mode))
            waiting = waiting + 1 if any(relation is None for relation, _ in rows) else 0
            if obstacles and (waiting >= _SURELY_WAITING or time.monotonic() - began > _PATIENCE):
                obstacles.pop(0).rollback()
                waiting = 0
            self._ended.wait(0.001)

    def _locks(self, poller: psycopg.Connection[Any]) -> Sequence[tuple[int | None, str]]:
        try:
            rows = poller.execute(query(QUERIES, "locks_of"), {"pid": self._pid}).fetchall()
        except psycopg.errors.LockNotAvailable:
            return [(None, "")]
        return cast("list[tuple[int | None, str]]", rows)


def _lock(connection: psycopg.Connection[Any], tables: Sequence[tuple[str, str]], mode: LiteralString) -> None:
    if tables:
        names = sql.SQL(", ").join(sql.Identifier(*table) for table in tables)
        connection.execute(sql.SQL("LOCK TABLE ONLY {} IN {} MODE").format(names, sql.SQL(mode)))
