"""The database that the canary's copies are made from: rows for each revision, and the revisions behind it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from ...server import Server
from .emptied import Refusal, empty, empty_for
from .rows import fill
from .workload import Table, grow, tables_of

Prepared = Callable[[Server, str], AbstractContextManager[Callable[[], None]]]
"""Gets ready to run a revision on a database, and gives what runs it. That raises TrialFailed."""


class TrialFailed(Exception):
    """A revision did not run. `statement` is the one that was refused, empty where that is not known."""

    def __init__(self, said: Refusal, statement: str = "") -> None:
        self.said = said
        self.statement = statement
        super().__init__(said.message)


@dataclass(frozen=True, slots=True)
class Trial:
    """One revision to try: its source, and the tables of others (`schema.table`) that it locks or writes to.

    `without_rows` are tables whose made-up rows it is known to refuse, with the reason.
    """

    revision: str
    where: str
    tables: tuple[str, ...]
    prepared: Prepared
    without_rows: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Ground:
    """A scratch database as it is before a revision, with `rows` in each table that it locks, where possible."""

    server: Server
    database: str
    rows: int
    tables: tuple[Table, ...] = ()
    impossible: dict[str, str] = field(default_factory=dict[str, str])
    _few: set[str] = field(default_factory=set[str])

    def prepare(self, trial: Trial) -> None:
        """Fill and multiply. What was not possible is in `impossible`, with the reason."""
        self.impossible.clear()
        self._few.clear()
        with self.server.connect(self.database) as connection:
            refused = fill(connection)
            self.tables = tables_of(connection, trial.tables)
            for name, reason in trial.without_rows:
                for table in self.tables:
                    if str(table) == name and name not in refused:
                        empty(connection, table.schema, table.name)
                        self.impossible[f"rows in {name}"] = reason
            for table in self.tables:
                reason = refused.get(str(table)) or grow(connection, table, self.rows)
                if reason is not None:
                    self.impossible.setdefault(f"{self.rows} rows in {table}", reason)

    def shrink(self, failed: TrialFailed) -> bool:
        """Whether rows that a revision refused are gone: first those that were multiplied, then all of a table."""
        if not failed.said.is_of_rows:
            return False
        with self.server.connect(self.database) as connection:
            try:
                gone = empty_for(connection, failed.said, failed.statement)
            except psycopg.Error:
                return False
            if not gone.keys() & self._few:
                fill(connection)
            again = gone.keys() <= self._few and all(f"rows in {name}" in self.impossible for name in gone)
            for name, reason in gone.items():
                self.impossible[f"rows in {name}" if name in self._few else f"{self.rows} rows in {name}"] = reason
            self._few |= gone.keys()
        return bool(gone) and not again

    def thin_out(self, connection: psycopg.Connection[Any]) -> None:
        """Leave a copy with few rows in each table."""
        for table in self.tables:
            empty(connection, table.schema, table.name)
        fill(connection)

    def advance(self, trial: Trial) -> None:
        """Apply the revision to it. Raises TrialFailed."""
        with trial.prepared(self.server, self.database) as run:
            run()
