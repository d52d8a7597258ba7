"""Carrying plans out: plan, do, look again, until nothing new is to be done. Failures of one table stop no other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import errors
from psycopg.rows import scalar_row

from ..schema.core.database import Database
from ..schema.core.errors import AirsideError, EnvironmentProblem, LockNotAcquired, Refused, StatementFailed
from ..schema.core.patience import Patience
from ..schema.core.sql import query
from .actions import Action, Detach, Refuse, Skip, Step, steps
from .closure import Closure
from .lease import leased
from .ledger import ensure_ledger, has_ledger
from .perform import Performer
from .planner import GRACE, State, plan_drain, plan_expire, plan_roll
from .report import Done, Failure, Report
from .state import QUERIES
from .survey import survey

Planner = Callable[[State], tuple[Action, ...]]
Observer = Callable[["Step | Done | Failure"], None]

_CLOCKS_DIFFER = timedelta(hours=1)
_AT_ONCE = 30
"""Tables that are made in one transaction, which reads the parent all the while."""


def _silent(_: Step | Done | Failure) -> None: ...


def roll(
    connection: psycopg.Connection[Any],
    database: Database,
    *,
    patience: Patience,
    now: datetime | None = None,
    span: tuple[datetime, datetime] | None = None,
    observer: Observer = _silent,
) -> Report:
    """Make the partitions that the policies ask for at `now` (the server's time), or those for rows of `span`.

    The connection is in autocommit mode and acts as the owner of the tables. Every step is a transaction of its own;
    a run that is cut off is simply run again. Raises what PostgreSQL raises when the connection breaks.
    """
    moment = now or server_time(connection)
    run = _Run(connection, database, patience, moment, lambda state: plan_roll(state, moment, span=span), observer)
    return run.work(expiring=False)


def expire(
    connection: psycopg.Connection[Any],
    database: Database,
    *,
    patience: Patience,
    grace: timedelta = GRACE,
    now: datetime | None = None,
    observer: Observer = _silent,
) -> Report:
    """End the partitions that are past their retention at `now` (the server's time), and drop those detached for
    `grace`.

    Like `roll`. Raises EnvironmentProblem when the clocks of server and client differ by more than an hour: rows are
    not ended by a clock that may be wrong.
    """
    moment = now or trusted_time(connection)
    run = _Run(connection, database, patience, moment, lambda state: plan_expire(state, moment, grace), observer)
    return run.work(expiring=True)


def drain(
    connection: psycopg.Connection[Any],
    database: Database,
    *,
    patience: Patience,
    now: datetime | None = None,
    observer: Observer = _silent,
) -> Report:
    """Move the rows of DEFAULT partitions into partitions of their own, also those that no policy expects.

    Like `roll`, which does the same for rows that stand in its way.
    """
    moment = now or server_time(connection)
    run = _Run(connection, database, patience, moment, lambda state: plan_drain(state, moment), observer)
    return run.work(expiring=False)


def server_time(connection: psycopg.Connection[Any]) -> datetime:
    with connection.cursor(row_factory=scalar_row) as cursor:
        moment = cursor.execute("SELECT pg_catalog.clock_timestamp()").fetchone()
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def trusted_time(connection: psycopg.Connection[Any]) -> datetime:
    """The server's time. Raises EnvironmentProblem when ours is another."""
    moment = server_time(connection)
    if abs(moment - datetime.now(UTC)) > _CLOCKS_DIFFER:
        raise EnvironmentProblem(
            f"the server's clock says {moment:%Y-%m-%d %H:%M}, ours {datetime.now(UTC):%Y-%m-%d %H:%M} (UTC)",
            where=connection.info.dbname,
            next_step="correct the clock that is wrong; rows are not ended by it",
        )
    return moment


@dataclass(slots=True)
class _Run:
    connection: psycopg.Connection[Any]
    database: Database
    patience: Patience
    now: datetime
    planner: Planner
    observer: Observer
    report: Report = field(default_factory=Report)

    def work(self, *, expiring: bool) -> Report:
        state = self._look(expiring=expiring)
        parents = {ladder.oid for ladder in state.declared(children_first=True)}
        plan = self.planner(state)
        for closure in state.closures:
            mine = parents.intersection(closure.parents)
            if not mine:
                continue
            if not any(step.parent.oid in mine for step in steps(plan)):
                self._words(plan, mine)
                continue
            try:
                with leased(self.connection, closure.key, self.patience.budget, where=self._name(state, closure)):
                    self._closure(mine, expiring=expiring)
            except LockNotAcquired as error:
                self._failed(Failure(self._name(state, closure), None, error))
        # tables that are no partitioned ones belong to no closure
        self._words(plan, {action.parent.oid for action in plan} - {ladder.oid for ladder in state.ladders})
        self.report.waits.add(self.patience.waits)
        return self.report

    def _look(self, *, expiring: bool) -> State:
        return survey(self.connection, self.database, self.now, expiring=expiring)

    def _name(self, state: State, closure: Closure) -> str:
        return ", ".join(sorted(ladder.name for ladder in state.ladders if ladder.oid in closure.parents)[:3])

    def _closure(self, parents: set[int], *, expiring: bool) -> None:
        ensure_ledger(self.connection)
        notice_attached(self.connection)
        tried: set[Step] = set()
        while True:
            state = self._look(expiring=expiring)
            plan = self.planner(state)
            # what failed is left to the next run, also where it has left a table behind and so is another step now
            failed = {str(failure.step) for failure in self.report.failed}
            new = [
                step
                for step in steps(plan)
                if step.parent.oid in parents and step not in tried and str(step) not in failed
            ]
            if not new:
                self._words(plan, parents)
                return
            performer = Performer(self.connection, self.patience, state.foreign_keys)
            for number, step in enumerate(new):
                tried.add(step)
                performer.make_ahead(new[number : number + _AT_ONCE])
                self._do(step, performer)

    def _do(self, step: Step, performer: Performer) -> None:
        self.observer(step)
        started, before = time.monotonic(), self.patience.waits.attempts
        try:
            result = performer.do(step)
        except AirsideError as error:
            self._failed(Failure(str(step.parent), step, error))
        except psycopg.Error as error:
            if self.connection.broken:
                raise
            if isinstance(step, Detach) and isinstance(error, errors.ForeignKeyViolation):
                # a row that came since it was planned
                why = error.diag.message_detail or "referred to"
                self.report.skipped.append(Skip(step.parent, str(step.leaf), why))
                return
            self._failed(Failure(str(step.parent), step, _explained(error, step)))
        else:
            done = Done(step, time.monotonic() - started, self.patience.waits.attempts - before, result)
            self.report.done.append(done)
            self.observer(done)

    def _failed(self, failure: Failure) -> None:
        self.report.failed.append(failure)
        self.observer(failure)

    def _words(self, plan: tuple[Action, ...], parents: set[int]) -> None:
        for action in plan:
            if action.parent.oid not in parents:
                continue
            if isinstance(action, Skip) and action not in self.report.skipped:
                self.report.skipped.append(action)
            elif isinstance(action, Refuse) and action not in self.report.refused:
                self.report.refused.append(action)


def notice_attached(connection: psycopg.Connection[Any]) -> None:
    """Write down which leaves of ours somebody attached again, so that they are not taken for ours any more."""
    if has_ledger(connection):
        connection.execute(query(QUERIES, "notice_attached"))


def _explained(error: psycopg.Error, step: Step) -> AirsideError:
    what = error.diag.message_primary or str(error).splitlines()[0]
    if isinstance(error, errors.DependentObjectsStillExist):
        return Refused(
            f"{what}: {' '.join((error.diag.message_detail or '').split())}",
            where=str(step.parent),
            next_step="drop what depends on it, then run the command again",
        )
    return StatementFailed(
        f"{step}: PostgreSQL refused it: {what} [{error.sqlstate}]",
        where=str(step.parent),
        next_step="see why, then run the command again; what was done before stands",
    )
