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

    After `breaker` budgets were used up in a row, every further attempt is refused at once: a database that busy is
    left alone until somebody has looked (one success closes it again).
    """

    budget: LockBudget = field(default_factory=lambda: LockBudget(timeout=0.05))
    breaker: int = 3
    waits: Waits = field(default_factory=Waits)
    observer: Callable[[int, psycopg.Error], None] | None = None
    _used_up: int = 0

    def transaction(self, connection: psycopg.Connection[Any], work: Callable[[], R], *, what: str, where: str) -> R:
        """The result of `work`, run in a transaction whose statements wait for locks no longer than the budget says.

        The connection is in autocommit mode and outside a transaction. `work` is run again from its beginning after
        55P03 and 40P01, so it must have no effect besides the transaction. Raises LockNotAcquired.
        """

        def attempt() -> R:
            with connection.transaction():
                _set_lock_timeout(connection, self.budget, local=True)
                return work()

        return self._tried(attempt, what, where)

    def statement(
        self, connection: psycopg.Connection[Any], statement: Statement, *, what: str, where: str, again: bool = True
    ) -> None:
        """Run one statement outside a transaction (CONCURRENTLY); with `again` False it is tried only once.

        What it leaves behind when it is cut off is for the caller to look at. Raises LockNotAcquired.
        """

        def attempt() -> None:
            _set_lock_timeout(connection, self.budget, local=False)
            try:
                connection.execute(statement)
            finally:
                if not connection.closed:
                    connection.execute("RESET lock_timeout")

        self._tried(attempt, what, where, once=not again)

    def _tried(self, attempt: Callable[[], R], what: str, where: str, *, once: bool = False) -> R:
        if self._used_up >= self.breaker:
            raise LockNotAcquired(
                f"{what}: not tried, after {self._used_up} lock budgets were used up in a row",
                where=where,
                next_step="see who holds locks (pg_stat_activity), then run the command again",
            )
        for pause in self.budget.pauses():
            started = time.monotonic()
            self.waits.attempts += 1
            try:
                result = attempt()
            except psycopg.Error as error:
                if error.sqlstate not in RETRIED_SQLSTATES:
                    raise
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
        raise LockNotAcquired(
            f"{what}: no lock in {self.waits.in_vain} tries, the last of them after {self.budget.deadline:.0f} s",
            where=where,
            next_step="run the command again when the table is less busy",
        )


def _set_lock_timeout(connection: psycopg.Connection[Any], budget: LockBudget, *, local: bool) -> None:
    connection.execute(
        "SELECT pg_catalog.set_config('lock_timeout', %s, %s)", [f"{max(round(budget.timeout * 1000), 1)}ms", local]
    )
