"""Going slowly: rows a second, the lag of standbys, the load of the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from ...schema.core.errors import MissingRight
from ...schema.core.sql import query

QUERIES = Path(__file__).parent / "queries"

_LOOK_AGAIN = 0.5


@dataclass(slots=True)
class Throttle:
    """When to pause between batches; None is no limit.

    `max_lag` is in seconds, of the standby that has replayed least (without a standby there is no lag). `max_load` is
    a number of statements that other clients have running. `paused` adds up the seconds of pauses. A pause ends early
    when `stop` says so.
    """

    rows_per_second: float | None = None
    max_lag: float | None = None
    max_load: int | None = None
    stop: Callable[[], bool] = field(default=lambda: False)
    observer: Callable[[str], None] = field(default=lambda _: None)
    paused: float = 0.0
    _began: float | None = None
    _rows: int = 0

    def batch(self, wanted: int) -> int:
        """How many rows a batch may have: no more than two seconds are good for."""
        if self.rows_per_second is None:
            return wanted
        return max(min(wanted, int(self.rows_per_second * 2)), 1)

    def begin(self, connection: psycopg.Connection[Any]) -> None:
        """From here on rows are counted against the time. Raises MissingRight where the load is hidden from us."""
        if self._began is not None:
            return
        self._began = time.monotonic()
        if (self.max_lag is None and self.max_load is None) or _sees_all(connection):
            return
        if self.max_load is not None:
            raise MissingRight(
                f"what other sessions do is hidden from {connection.info.user}",
                next_step=f"GRANT pg_read_all_stats TO {connection.info.user}, or leave --max-load out",
            )
        if _number(connection, "standbys"):
            self.observer(f"the lag of standbys is hidden from {connection.info.user} (GRANT pg_read_all_stats)")
        self.max_lag = None

    def after(self, connection: psycopg.Connection[Any], rows: int) -> None:
        """Pause as long as it takes after a batch of `rows`, before the next."""
        self._rows += rows
        if self.rows_per_second is not None and self._began is not None:
            due = self._began + self._rows / self.rows_per_second
            self._sleep(lambda: due - time.monotonic())
        self._until(lambda: self._lag(connection), self.max_lag, "standby is {:.1f} s behind")
        self._until(lambda: self._load(connection), self.max_load, "{:.0f} other statements are running")

    def _until(self, measured: Callable[[], float], limit: float | None, text: str) -> None:
        if limit is None:
            return
        while not self.stop() and (found := measured()) > limit:
            self.observer(text.format(found))
            self._sleep(_once(_LOOK_AGAIN))

    def _sleep(self, left: Callable[[], float]) -> None:
        began = time.monotonic()
        while not self.stop() and (seconds := left()) > 0:
            time.sleep(min(seconds, _LOOK_AGAIN))
        self.paused += time.monotonic() - began

    def _lag(self, connection: psycopg.Connection[Any]) -> float:
        return _number(connection, "replay_lag")

    def _load(self, connection: psycopg.Connection[Any]) -> float:
        return _number(connection, "active_sessions")


def _once(seconds: float) -> Callable[[], float]:
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()


def _number(connection: psycopg.Connection[Any], name: str) -> float:
    # of other users' sessions a role sees little: the owner role less than who logged in
    with connection.transaction():
        connection.execute("SET LOCAL ROLE NONE")
        row = connection.execute(query(QUERIES, name)).fetchone()
    return float(row[0]) if row is not None and row[0] is not None else 0.0


def _sees_all(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT pg_catalog.pg_has_role(session_user, 'pg_read_all_stats', 'USAGE')").fetchone()
    return row is not None and bool(row[0])
