"""Looking who holds a lock before asking for it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from .locks import WantedLock
from .sql import query

_QUERIES = Path(__file__).parent / "queries"
_POLL = 0.02
_SHARE = 10
_FRESH = 0.02
"""A look that found nobody is good for that long: a queue behind us is ended by the lock timeout in any case."""


@dataclass(slots=True)
class Seen:
    """What one watch tells the next: who was in the way, or for which locks nobody was, and when."""

    holders: set[str] = field(default_factory=set[str])
    free: frozenset[WantedLock] = frozenset()
    looked: float = 0.0


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks, on a connection outside a transaction, who is in the way of `locks`.

    Transactions that are still there at a second look are worth waiting for. Those that come and go are not: queueing
    behind them is the only way past them.
    """

    connection: psycopg.Connection[Any]
    locks: Sequence[WantedLock]
    seen: Seen

    def wait(self, longest: float) -> bool:
        """Wait until a try is promising, but no more than `longest` seconds; whether one is."""
        if not self.locks or self._was_free():
            return True
        started = time.monotonic()
        first = True
        while True:
            looked = time.monotonic()
            holders = self._holders()
            stayed = self.seen.holders & holders
            self.seen.holders = holders
            self.seen.free = frozenset() if holders else frozenset(self.locks)
            self.seen.looked = looked
            if not holders or not (stayed or first):
                return True
            if looked - started >= longest:
                return False
            first = False
            # a server with many locks takes time to list them
            time.sleep(max(_POLL, _SHARE * (time.monotonic() - looked)))

    def _was_free(self) -> bool:
        return self.seen.free.issuperset(self.locks) and time.monotonic() - self.seen.looked < _FRESH

    def _holders(self) -> set[str]:
        pairs = [(lock.oid, mode) for lock in self.locks for mode in lock.conflicts]
        with self.connection.cursor(row_factory=tuple_row) as cursor:
            rows = cursor.execute(
                query(_QUERIES, "holders"), {"oids": [oid for oid, _ in pairs], "modes": [mode for _, mode in pairs]}
            )
            return {str(row[0]) for row in rows}
