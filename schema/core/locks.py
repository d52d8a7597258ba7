"""Waiting for locks without making others wait: short timeouts, many tries, and a word on who blocks."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

RETRIED_SQLSTATES = frozenset({"55P03", "40P01"})
"""lock_not_available and deadlock_detected: nothing happened, so the same work may be tried again."""


LockMode = Literal[
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
]
"""The modes of table locks, weakest first, as `pg_locks` spells them."""

_MODES: tuple[LockMode, ...] = get_args(LockMode)
_CONFLICTS: Mapping[LockMode, str] = {
    "AccessShareLock": "       *",
    "RowShareLock": "      **",
    "RowExclusiveLock": "    ****",
    "ShareUpdateExclusiveLock": "   *****",
    "ShareLock": "  ** ***",
    "ShareRowExclusiveLock": "  ******",
    "ExclusiveLock": " *******",
    "AccessExclusiveLock": "********",
}
"""Table 13.2 of the PostgreSQL manual."""


@dataclass(frozen=True, slots=True)
class WantedLock:
    """A lock on the table `oid` that a statement is going to ask for."""

    oid: int
    mode: LockMode

    @property
    def conflicts(self) -> tuple[LockMode, ...]:
        """The modes in which nobody else may hold the table."""
        signs = zip(_MODES, _CONFLICTS[self.mode], strict=True)
        return tuple(mode for mode, sign in signs if sign == "*")


@dataclass(frozen=True, slots=True)
class LockBudget:
    """How long one try may wait for locks, and how long to go on trying. Both in seconds.

    A transaction shares `timeout` among its statements, so that nobody who queues behind it waits longer than that;
    never a longer timeout, always more tries.
    """

    timeout: float = 0.2
    deadline: float = 600.0

    def pauses(self, *, first: float = 0.1, longest: float = 2.0) -> Iterator[float]:
        """Growing, jittered pauses between tries, in seconds, until the deadline has passed.

        They grow to ten timeouts and no further: others queue behind us for a tenth of the time at most, and a gap
        between two long transactions is not slept through.
        """
        end = time.monotonic() + self.deadline
        longest = max(first, min(longest, 10 * self.timeout))
        pause = first
        while time.monotonic() < end:
            yield min(pause * random.uniform(0.5, 1.5), max(end - time.monotonic(), 0.0))
            pause = min(pause * 1.5, longest)


@dataclass(frozen=True, slots=True)
class Blocker:
    """A session in the way: `transaction_age` in seconds, `statement_start` as a timestamp with time zone."""

    pid: int
    application: str
    username: str
    state: str
    transaction_age: float
    statement_start: str
    statement: str

    def __str__(self) -> str:
        who = f"pid {self.pid} ({self.application or 'no application name'}, {self.username})"
        return (
            f"{who}, {self.state}, transaction open for {self.transaction_age:.1f} s,"
            f" statement of {self.statement_start}: {self.statement}"
        )
