"""Doing work that needs locks under a LockBudget: short waits, many tries, and a report of what it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, LiteralString, TypeVar, cast

import psycopg
from psycopg import sql

from .errors import LockNotAcquired
from .locks import RETRIED_SQLSTATES, LockBudget, WantedLock
from .watch import Seen, Watch

_CANCELLED = "57014"
_PATIENT = 4
"""How many pauses to wait for a long transaction before asking for its lock all the same."""

# a client that was cut off from the server holds its locks for no more than five seconds
_UNHURRIED = {"synchronous_commit": "off", "idle_in_transaction_session_timeout": "5s"}
_OURS = ("lock_timeout", "statement_timeout", "synchronous_commit", "idle_in_transaction_session_timeout")

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
    again: that is how long anybody can be kept waiting by it. It also commits without waiting for the disk or a standby
    (synchronous_commit = off): its locks are gone sooner, and what a crash of the server takes back is taken back as a
    whole, together with everything that came after it.

    Before a try whose locks are known (`locks`) it is looked who holds them, without asking for any: while a long
    transaction is in the way, asking would only make others queue behind us. It is asked when nobody is in the way,
    when those who are come and go, and now and then all the same.

    After `breaker` budgets were used up in a row, every further attempt is refused at once: a database that busy is
    left alone until somebody has looked (one success closes it again).
    """

    budget: LockBudget = field(default_factory=lambda: LockBudget(timeout=0.05))
    breaker: int = 3
    waits: Waits = field(default_factory=Waits)
    observer: Callable[[int, psycopg.Error], None] | None = None
    _used_up: int = 0
    _until: float = 0.0
    _seen: Seen = field(default_factory=Seen)

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
        locks: Sequence[WantedLock] = (),
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

        return self._tried(attempt, what, where, bounded=bounded, watch=Watch(connection, locks, self._seen))

    def script(
        self,
        connection: psycopg.Connection[Any],
        statements: Sequence[sql.Composable],
        *,
        what: str,
        where: str,
        bounded: bool = False,
        locks: Sequence[WantedLock] = (),
    ) -> None:
        """Run statements as one transaction, sent and committed in one message: no lock waits for the network.

        Like `transaction`, with the locks in the last statement. Raises LockNotAcquired.
        """

        def attempt() -> None:
            self._until = time.monotonic() + self.stall
            settings = _settings({**self._settings(bounded=bounded), **_UNHURRIED}, local=True)
            # several statements cannot be prepared
            connection.execute(sql.SQL(";\n").join([settings, *statements]), prepare=False)

        self._tried(attempt, what, where, bounded=bounded, watch=Watch(connection, locks, self._seen))

    def statement(
        self,
        connection: psycopg.Connection[Any],
        statement: Statement,
        *,
        what: str,
        where: str,
        again: bool = True,
        bounded: bool = False,
        locks: Sequence[WantedLock] = (),
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
                    for name in _OURS:
                        connection.execute(sql.SQL("RESET {}").format(sql.Identifier(name)))

        def cautious() -> None:
            try:
                attempt()
            except psycopg.Error as error:
                if settled is None or not self._is_retried(error, bounded=bounded) or not settled():
                    raise
                self.waits.in_vain += 1

        watch = Watch(connection, locks, self._seen)
        self._tried(cautious, what, where, once=not again, bounded=bounded, watch=watch)

    def share(self, connection: psycopg.Connection[Any]) -> None:
        """Leave the next statement of a bounded transaction what is left of its try, and at least a millisecond."""
        left = max(self._until - time.monotonic(), 0.001)
        lock = min(left, self.budget.timeout)
        settings = {"lock_timeout": _milliseconds(lock), "statement_timeout": _milliseconds(left)}
        connection.execute(_settings(settings, local=True))

    def _begin(self, connection: psycopg.Connection[Any], *, bounded: bool, local: bool) -> None:
        self._until = time.monotonic() + self.stall
        connection.execute(_settings(self._settings(bounded=bounded), local=local))

    def _settings(self, *, bounded: bool) -> Mapping[str, str]:
        lock = {"lock_timeout": _milliseconds(self.budget.timeout)}
        return lock if not bounded else {**lock, "statement_timeout": _milliseconds(self.stall), **_UNHURRIED}

    def _is_retried(self, error: psycopg.Error, *, bounded: bool) -> bool:
        if error.sqlstate in RETRIED_SQLSTATES:
            return True
        # somebody's pg_cancel_backend has the same code, and comes at any time
        return bounded and error.sqlstate == _CANCELLED and time.monotonic() >= self._until

    def _tried(
        self,
        attempt: Callable[[], R],
        what: str,
        where: str,
        *,
        watch: Watch,
        once: bool = False,
        bounded: bool = False,
    ) -> R:
        if self._used_up >= self.breaker:
            raise LockNotAcquired(
                f"{what}: not tried, after {self._used_up} lock budgets were used up in a row",
                where=where,
                next_step="see who holds locks (pg_stat_activity), then run the command again",
            )
        cut_off = 0
        for pause in self.budget.pauses():
            promising = watch.wait(_PATIENT * pause)
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
            if promising:
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


def _milliseconds(seconds: float) -> str:
    return f"{max(round(seconds * 1000), 1)}ms"


def _settings(settings: Mapping[str, str], *, local: bool) -> sql.SQL:
    return _rendered(tuple(settings.items()), local)


@lru_cache(maxsize=256)
def _rendered(settings: tuple[tuple[str, str], ...], local: bool) -> sql.SQL:
    calls = [
        sql.SQL("pg_catalog.set_config({}, {}, {})").format(sql.Literal(name), sql.Literal(value), sql.Literal(local))
        for name, value in settings
    ]
    return sql.SQL(cast("LiteralString", sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls)).as_string(None)))
