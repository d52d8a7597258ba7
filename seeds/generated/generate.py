"""Make the rows of a run in one database: batch by batch, each a transaction that also says how far it has come.

A run that was killed goes on where its last whole batch ended, and ends in the same rows.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.numeric import Int8

from ...schema.core.database import Database
from ...schema.core.errors import StatementFailed
from ...schema.core.sql import query
from ...server import Server
from .declaration import Driver, GeneratedSystem, Scope, Step
from .resume import require_same
from .run import QUERIES, Run, begin, recorded
from .session import count, enter, generator_session, scope_values


@dataclass(frozen=True, slots=True)
class Batch:
    """What was just committed: `rows` rows for `numbers` numbers of `driver`, which is at `done` of `total`.

    The first of each driver says, without rows, what an earlier run did.
    """

    database: str
    driver: str
    numbers: int
    done: int
    total: int
    rows: int


Observer = Callable[[Batch], None]


@dataclass(frozen=True, slots=True)
class Generated:
    """How many rows each step made here (those that triggers made are not among them), and whether all is done."""

    database: str
    rows: dict[str, int]
    complete: bool


def totals(server: Server, database: Database, system: GeneratedSystem, run: Run) -> dict[str, int]:
    """How far each driver of a database goes in a run; writes nothing."""
    with generator_session(server, database, system, run) as connection:
        return {driver.name: count(connection, driver.count) for driver in system.drivers_of(database.name)}


def generate(
    server: Server,
    database: Database,
    system: GeneratedSystem,
    run: Run,
    *,
    observer: Observer,
    stop: threading.Event,
) -> Generated:
    """Begin a run in a database, or go on with it, until all is done or `stop` is set.

    The partitions that the run needs exist. Raises Refused when the database holds another run, StatementFailed
    naming the step that PostgreSQL refused; whole batches stay.
    """
    recipe = system.recipe(database.name)
    drivers = system.drivers_of(database.name)
    with generator_session(server, database, system, run) as connection:
        begin(connection, run, recipe, [(driver.name, count(connection, driver.count)) for driver in drivers])
        progress = recorded(connection)
        require_same(database.name, progress, run, recipe)
        for entry in progress:
            observer(Batch(database.name, entry.driver, entry.next, entry.next, entry.total, 0))
        work = _Work(connection, database.name, system, _sequences(connection))
        for driver in drivers:
            while not stop.is_set() and (batch := work.batch(driver)) is not None:
                observer(batch)
        return Generated(database.name, dict(work.rows), all(entry.complete for entry in recorded(connection)))


@dataclass(frozen=True, slots=True)
class _Sequence:
    schema: str
    table: str
    column: str
    sequence: str


def _sequences(connection: psycopg.Connection[Any]) -> tuple[_Sequence, ...]:
    return tuple(_Sequence(*row) for row in connection.execute(query(QUERIES, "sequences")))


class _Work:
    """The steps of one database on one connection."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        database: str,
        system: GeneratedSystem,
        sequences: Sequence[_Sequence],
    ) -> None:
        self.rows: Counter[str] = Counter()
        self._connection = connection
        self._database = database
        self._steps = system.steps(database)
        self._sequences = sequences
        self._scope = system.scope
        self._values: tuple[str, ...] | None = None

    def batch(self, driver: Driver) -> Batch | None:
        """Make the next batch; None when there is none."""
        with self._connection.transaction():
            row = self._connection.execute(query(QUERIES, "claim"), {"driver": driver.name}).fetchone()
            lo, total = row or (0, 0)
            hi = min(lo + driver.batch, total)
            if lo >= hi:
                return None
            made = {step.name: self._run(step, lo, hi) for step in self._steps if step.driver == driver.name}
            for sequence in self._sequences:
                self._move_on(sequence)
            self._connection.execute(query(QUERIES, "advance"), {"driver": driver.name, "hi": hi})
        self.rows.update(made)
        return Batch(self._database, driver.name, hi - lo, hi, total, sum(made.values()))

    def _run(self, step: Step, lo: int, hi: int) -> int:
        if self._scope is None or not step.scoped:
            return self._insert(step, lo, hi)
        if self._values is None:
            self._values = scope_values(self._connection, self._scope)
        return sum(self._insert_as(self._scope, value, step, lo, hi) for value in self._values)

    def _insert_as(self, scope: Scope, value: str, step: Step, lo: int, hi: int) -> int:
        enter(self._connection, scope, value)
        return self._insert(step, lo, hi)

    def _insert(self, step: Step, lo: int, hi: int) -> int:
        try:
            # planned for these numbers: a generic plan would not know how many they are
            done = self._connection.execute(step.sql, {"lo": Int8(lo), "hi": Int8(hi)}, prepare=False)
        except psycopg.OperationalError:
            # the server went away or the statement was cancelled: nothing is wrong with the step
            raise
        except psycopg.Error as error:
            raise StatementFailed(
                f"step {step.name} failed for {step.driver} {lo} to {hi}: {error.diag.message_primary or error}",
                where=self._database,
                next_step="whole batches are kept; with the cause gone, go on with --append",
            ) from error
        return done.rowcount

    def _move_on(self, owned: _Sequence) -> None:
        """Rows bring their own ids; the sequence behind them must not give the same to the application."""
        self._connection.execute(
            sql.SQL(
                "SELECT pg_catalog.setval({sequence}, m.top) FROM (SELECT max({column}) AS top FROM {table}) AS m"
                " WHERE m.top > coalesce(pg_catalog.pg_sequence_last_value({sequence}), 0)"
            ).format(
                sequence=sql.SQL("{}::regclass").format(sql.Literal(owned.sequence)),
                column=sql.Identifier(owned.column),
                table=sql.Identifier(owned.schema, owned.table),
            )
        )
