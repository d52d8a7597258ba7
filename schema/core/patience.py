"""Doing work that needs locks under a LockBudget: short waits, many tries, and a report of what it took."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import sql

from .errors import LockNotAcquired
from .locks import RETRIED_SQLSTATES, LockBudget

_CANCELLED = "57014"

R = TypeVar("R")
Statement = LiteralString | sql.SQL | sql.Composed


@dataclass(slots=True)
class Waits:
    """What getting locks took: how many tries, how many of them in vain, and the longest try in seconds.

    Nobody queued behind one of our locks for longer than the longest try.
    """

    attempts: int = 0
    in_vain: int = 0
    longest: float = 0.0

    def add(self, other: Waits) -> None:
        self.attempts += other.attempts
        self.in_vain += other.in_vain
        self.longest = max(self.longest, other.longest)


@dataclass(slots=True)
class Patience:
    """A budget in use on one database. Everything that it runs adds to `waits`.

    A statement that needs several locks waits for each of them up to the lock timeout, holding those it has. What
    runs `bounded` is therefore also cut off (statement_timeout) when a try has taken `stall` seconds in all, and tried
    again: that is how long anybody can be kept waiting by it.

    After `breaker` budgets were used up in a row, every further attempt is refused at once: a database that busy is
    left alone until somebody has looked (one success closes it again).
    """

    budget: LockBudget = field(default_factory=lambda: LockBudget(timeout=0.05))
    breaker: int = 3
    waits: Waits = field(default_factory=Waits)
    observer: Callable[[int, psycopg.Error], None] | None = None
    _used_up: int = 0
    _until: float = 0.0

    @property
    def stall(self) -> float:
        """How long one bounded try may take, in seconds."""
        return 2 * self.budget.timeout

    def transaction(
        self,
        connection: psycopg.Connection[Any],
        work: Callable[[], R],
        *,
        what: str,
        where: str,
        bounded: bool = False,
    ) -> R:
        """The result of `work`, run in a transaction whose statements wait for locks no longer than the budget says.

        The connection is in autocommit mode and outside a transaction. `work` is run again from its beginning after
        55P03 and 40P01 (and when it was cut off), so it must have no effect besides the transaction. A bounded one has
        its locks in its first statement; before a later one that takes further locks it calls `share`.
        Raises LockNotAcquired.
        """

        def attempt() -> R:
            with connection.transaction():
                self._begin(connection, bounded=bounded, local=True)
                return work()

        return self._tried(attempt, what, where, bounded=bounded)

    def statement(
        self,
        connection: psycopg.Connection[Any],
        statement: Statement,
        *,
        what: str,
        where: str,
        again: bool = True,
        bounded: bool = False,
        settled: Callable[[], bool] | None = None,
    ) -> None:
        """Run one statement outside a transaction (CONCURRENTLY); with `again` False it is tried only once.

        What it leaves behind when it is cut off is for the caller to look at: `settled` is asked then, and True ends
        the trying. Raises LockNotAcquired.
        """

        def attempt() -> None:
            self._begin(connection, bounded=bounded, local=False)
            try:
                connection.execute(statement)
            finally:
                if not connection.closed:
                    connection.execute("RESET lock_timeout; RESET statement_timeout")

        def cautious() -> None:
            try:
                attempt()
            except psycopg.Error as error:
                if settled is None or not self._is_retried(error, bounded=bounded) or not settled():
                    raise
                self.waits.in_vain += 1

        self._tried(cautious, what, where, once=not again, bounded=bounded)

    def share(self, connection: psycopg.Connection[Any]) -> None:
        """Leave the next statement of a bounded transaction what is left of its try, and at least a millisecond."""
        left = max(self._until - time.monotonic(), 0.001)
        _set_timeouts(connection, lock=min(left, self.budget.timeout), statement=left, local=True)

    def _begin(self, connection: psycopg.Connection[Any], *, bounded: bool, local: bool) -> None:
        self._until = time.monotonic() + self.stall
        _set_timeouts(connection, lock=self.budget.timeout, statement=self.stall if bounded else None, local=local)

    def _is_retried(self, error: psycopg.Error, *, bounded: bool) -> bool:
        if error.sqlstate in RETRIED_SQLSTATES:
            return True
        # somebody's pg_cancel_backend has the same code, and comes at any time
        return bounded and error.sqlstate == _CANCELLED and time.monotonic() >= self._until

    def _tried(
        self, attempt: Callable[[], R], what: str, where: str, *, once: bool = False, bounded: bool = False
    ) -> R:
        if self._used_up >= self.breaker:
            raise LockNotAcquired(
                f"{what}: not tried, after {self._used_up} lock budgets were used up in a row",
                where=where,
                next_step="see who holds locks (pg_stat_activity), then run the command again",
            )
        cut_off = 0
        for pause in self.budget.pauses():
            started = time.monotonic()
            self.waits.attempts += 1
            try:
                result = attempt()
            except psycopg.Error as error:
                if not self._is_retried(error, bounded=bounded):
                    raise
                cut_off += error.sqlstate == _CANCELLED
                self.waits.in_vain += 1
                if self.observer is not None:
                    self.observer(self.waits.attempts, error)
                if once:
                    break
            else:
                self._used_up = 0
                return result
            finally:
                self.waits.longest = max(self.waits.longest, time.monotonic() - started)
            time.sleep(pause)
        if not once:
            self._used_up += 1
        work = f" ({cut_off} of them cut off at work after {self.stall * 1000:.0f} ms)" if cut_off else ""
        raise LockNotAcquired(
            f"{what}: no lock in {self.waits.in_vain} tries{work}, the last of them after {self.budget.deadline:.0f} s",
            where=where,
            next_step="run the command again when the table is less busy"
            + (", or let others wait longer: --lock-timeout" if cut_off else ""),
        )


def _set_timeouts(connection: psycopg.Connection[Any], *, lock: float, statement: float | None, local: bool) -> None:
    """In seconds; without `statement` its timeout stays as it is."""
    lock_timeout, statement_timeout = (None if s is None else f"{max(round(s * 1000), 1)}ms" for s in (lock, statement))
    connection.execute(
        "SELECT pg_catalog.set_config('lock_timeout', %s, %s), pg_catalog.set_config('statement_timeout',"
        " coalesce(%s, pg_catalog.current_setting('statement_timeout')), %s)",
        [lock_timeout, local, statement_timeout, local],
    )
