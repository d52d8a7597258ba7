"""Rows that are past their time: moved, deleted or anonymised in batches, each a transaction that nobody waits for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import DataLossRefused, LockNotAcquired, StatementFailed
from ...schema.core.partitioning import RangePartitions
from ...schema.core.patience import Patience, Waits
from ...schema.core.sql import query
from ..state import read_ladders
from .due import DueRows, count_due, every_row
from .ledger import NewArchive, ensure_archives, record
from .live import Mover, mover, require_known
from .throttle import Throttle

QUERIES = Path(__file__).parent / "queries"

_TRIES_AFTER_A_MOVE = 20


@dataclass(slots=True)
class RowRun:
    """How to work: `batch` rows a transaction (default: the rule's), at most `limit` rows in all.

    `progress` is told how many rows each batch handled, `stop` is asked before each.
    """

    patience: Patience = field(default_factory=Patience)
    throttle: Throttle = field(default_factory=Throttle)
    batch: int | None = None
    limit: int | None = None
    progress: Callable[[int], None] = field(default=lambda _: None)
    stop: Callable[[], bool] = field(default=lambda: False)


@dataclass(frozen=True, slots=True)
class Handled:
    """What a run did by one rule: `rows` of the table itself, `left` that were due and are still there.

    `left` is estimated where counting takes long. `archive` is the number in the ledger, None where nothing was
    archived. Times are in seconds.
    """

    table: str
    then: str
    rows: int
    left: int
    batches: int
    seconds: float
    paused: float
    archive: int | None
    waits: Waits


def handle_rows(connection: psycopg.Connection[Any], database: Database, due: DueRows, run: RowRun) -> Handled:
    """Move, delete or anonymise the rows that are due by one rule, the oldest first, until none is left.

    The connection is in autocommit mode and acts as the owner. Rows that somebody works on, or whose children
    somebody works on, are left for the next run. Raises Refused (and its kinds) before anything is done where rows
    would be lost, MissingRight, NotProvisioned, and LockNotAcquired.
    """
    if due.rule.then == "archive":
        ensure_archives(connection)
    with every_row(connection, database, due.chosen):
        require_known(connection, due.chosen)
        return _Work(connection, due, run, mover(connection, due.chosen), _windows(connection, database, due)).done()


@dataclass(slots=True)
class _Work:
    connection: psycopg.Connection[Any]
    due: DueRows
    run: RowRun
    mover: Mover
    windows: tuple[datetime, ...]
    rows: int = 0
    batches: int = 0
    archive: int | None = None

    def done(self) -> Handled:
        began, paused = time.monotonic(), self.run.throttle.paused
        self.run.throttle.begin(self.connection)
        for until in self.windows:
            while self._more() and (handled := self._batch(until)):
                self.rows += handled
                self.batches += 1
                self.run.progress(handled)
                self.run.throttle.after(self.connection, handled)
        return Handled(
            table=self.due.table,
            then=self.due.rule.then,
            rows=self.rows,
            left=count_due(self.connection, self.due.chosen, self.due.cutoff).rows,
            batches=self.batches,
            seconds=time.monotonic() - began,
            paused=self.run.throttle.paused - paused,
            archive=self.archive,
            waits=self.run.patience.waits,
        )

    def _more(self) -> bool:
        return not self.run.stop() and (self.run.limit is None or self.rows < self.run.limit)

    def _batch(self, until: datetime) -> int:
        """How many rows one batch handled; none when no row is due that nobody works on."""
        wanted = self.run.throttle.batch(self.run.batch or self.due.rule.batch)
        if self.run.limit is not None:
            wanted = min(wanted, self.run.limit - self.rows)
        for pause in self.run.patience.budget.pauses(first=0.05, longest=0.5):
            handled = self._transaction(until, wanted)
            if handled or self.run.stop() or not self._other_run():
                return handled
            time.sleep(pause)
        raise LockNotAcquired(
            "another run is at work on the same rows",
            where=self.due.table,
            next_step="run the command again when that has ended",
        )

    def _transaction(self, until: datetime, wanted: int) -> int:
        what = f"{self.due.rule.then} rows of {self.due.table}"
        for _ in range(_TRIES_AFTER_A_MOVE):
            try:
                handled, self.archive = self.run.patience.transaction(
                    self.connection, lambda: self._call(until, wanted), what=what, where=self.due.table
                )
            except psycopg.errors.SerializationFailure:
                # a row went to another partition between being found and being locked
                continue
            except psycopg.Error as error:
                raise self._failed(error) from error
            else:
                return handled
        raise LockNotAcquired(
            f"{what}: rows keep moving between partitions", where=self.due.table, next_step="run the command again"
        )

    def _call(self, until: datetime, wanted: int) -> tuple[int, int | None]:
        """How many rows the function handled, and the number of the ledger's line that says so."""
        function = sql.SQL(".").join(map(sql.Identifier, self.mover.function.split(".")))
        row = self.connection.execute(sql.SQL("SELECT {}(%s, %s)").format(function), [until, wanted]).fetchone()
        handled = int(row[0]) if row is not None else 0
        if not handled or self.due.rule.then != "archive" or self.due.chosen.back:
            return handled, self.archive
        return handled, self._noted(handled)

    def _noted(self, handled: int) -> int:
        """Count the batch in the ledger, in its own transaction; the line is written with the first."""
        if self.archive is not None:
            values = {"number": self.archive, "rows": handled}
            if self.connection.execute(query(QUERIES, "grow_archive"), values).fetchone() is not None:
                return self.archive
        root = self.due.chosen.root
        row = self.connection.execute(
            "SELECT to_regclass(%s)::oid::bigint, now()",
            [sql.Identifier(root.schema, root.table).as_string(self.connection)],
        ).fetchone()
        assert row is not None
        return record(
            self.connection,
            NewArchive(
                schema=root.schema,
                table=root.table,
                leaf=root.table,
                leaf_oid=int(row[0]),
                target="tables",
                location=str(root.archive),
                rows=handled,
                upper=self.due.cutoff,
                state="verified",
                details=self._details(row[1]),
            ),
        )

    def _details(self, moment: datetime) -> Mapping[str, Any]:
        members = self.due.chosen.members
        return {
            "rows": True,
            "since": moment.isoformat(),
            "until": moment.isoformat(),
            "tables": {member.table: member.archive for member in members},
        }

    def _other_run(self) -> bool:
        """Whether another session is in the middle of a batch of the same rule."""
        with self.connection.transaction(force_rollback=True):
            row = self.connection.execute(
                "SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext(%s))", [self.mover.lock]
            ).fetchone()
        return row is not None and not row[0]

    def _failed(self, error: psycopg.Error) -> Exception:
        match error.sqlstate:
            case "22000":
                return DataLossRefused(
                    f"{error.diag.message_primary}: a trigger or a rule of the archive table keeps rows out",
                    where=self.due.table,
                    next_step="nothing was moved; look at the triggers of the archive tables",
                )
            case "23503" | "23001" | "23505" | "23514" | "23502":
                return StatementFailed(
                    f"a row cannot be moved: {error.diag.message_primary}",
                    where=self.due.table,
                    next_step="correct the row or the archive table; the batch was undone",
                )
            case _:
                return error


def _windows(connection: psycopg.Connection[Any], database: Database, due: DueRows) -> tuple[datetime, ...]:
    """The cutoffs to work with, one after the other: partition by partition where the rule goes by their key.

    Without an index on the key each batch reads a partition, instead of the whole table.
    """
    root = due.chosen.root
    for ladder in read_ladders(connection, database):
        policy = ladder.policy
        if (ladder.schema, ladder.table) == (root.schema, root.table) and isinstance(policy, RangePartitions):
            if policy.key != due.rule.column:
                break
            uppers = sorted(leaf.upper for leaf in ladder.leaves if leaf.upper is not None)
            return (*(upper for upper in uppers if upper < due.cutoff), due.cutoff)
    return (due.cutoff,)
