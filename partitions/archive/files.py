"""Whole partitions into files: copied and proven while they are attached, then detached, fenced, and proven again.

Whatever stops it on the way, the rows are in the table, or in the detached partition beside a file that holds them.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from ...schema.core.database import Database
from ...schema.core.partitioning import RangePartitions
from ...schema.core.patience import Patience
from ...schema.core.quote import qualified
from ...server import Server
from ..actions import Detach, Finalize
from ..closure import closures
from ..lease import leased
from ..ledger import Detached, detached, ensure_ledger
from ..perform import Performer
from ..planner import parent_of, table_of
from ..state import Ladder, read_ladders
from ..survey import foreign_keys
from .due import DueLeaf
from .leaves import still_there
from .ledger import Archive, archives, keep
from .source import Source

if TYPE_CHECKING:
    from .export import Observer


@dataclass(frozen=True, slots=True)
class Files:
    """Where files go, and how long a partition stays here after its file was proven."""

    server: Server
    database: Database
    url: str
    grace: timedelta
    patience: Patience
    observer: Observer | None = None

    def archive(self, connection: psycopg.Connection[Any], due: DueLeaf) -> Archive:
        """Archive a partition that is past its retention; the line of the ledger.

        The target is written before anything is detached, so that a full disk changes nothing. Raises what
        `export_leaf` raises, and LockNotAcquired.
        """
        source = Source.of(due.ladder, due.leaf)
        proven = None if due.leaf.pending else self._export(source)
        with closure_lease(connection, self.database, due.ladder.oid, self.patience):
            if still_there(connection, due):
                if proven is not None:
                    # an earlier run may have proven it and not got the lock: the grace begins with the detach
                    keep(connection, proven.id, self.grace)
                detach(connection, due, self.patience)
        return self._export(source)

    def finish(self, ladder: Ladder, leaf: Detached) -> Archive:
        """Archive a partition that an earlier run has detached, or that changed since its file was proven."""
        return self._export(Source.detached(ladder, leaf))

    def _export(self, source: Source) -> Archive:
        # whoever archives to tables needs no pyarrow
        from .export import export_leaf

        return export_leaf(
            self.server,
            self.database,
            source,
            self.url,
            patience=self.patience,
            observer=self.observer,
            grace=self.grace,
        )


def detach(connection: psycopg.Connection[Any], due: DueLeaf, patience: Patience) -> None:
    """Take a partition out of its table, concurrently where that is possible. Raises LockNotAcquired."""
    ensure_ledger(connection)
    parent, leaf = parent_of(due.ladder), table_of(due.leaf)
    bounds = (due.leaf.bound, due.leaf.lower, due.leaf.upper)
    performer = Performer(connection, patience, foreign_keys(connection))
    if due.leaf.pending:
        performer.do(Finalize(parent, leaf, *bounds))
        return
    concurrently = due.ladder.default is None
    performer.do(Detach(parent, leaf, *bounds, due.cutoff, concurrently=concurrently))


@contextmanager
def closure_lease(
    connection: psycopg.Connection[Any], database: Database, parent: int, patience: Patience
) -> Generator[None]:
    """Be the only run that works on a partitioned table and what hangs on it. Raises LockNotAcquired."""
    ladders = read_ladders(connection, database)
    for closure in closures(ladders, foreign_keys(connection), detached(connection)):
        if parent in closure.parents:
            where = next(ladder.name for ladder in ladders if ladder.oid == parent)
            with leased(connection, closure.key, patience.budget, where=where):
                yield
            return
    yield


def left_detached(
    connection: psycopg.Connection[Any], database: Database, *, only: str | None = None
) -> tuple[tuple[Ladder, Detached], ...]:
    """Partitions that runs which were cut off detached from tables (`only` of one) whose policy archives to files, and
    that have no proven archive, or have changed since (see `drop_archived`)."""
    ladders = [
        ladder
        for ladder in read_ladders(connection, database)
        if isinstance(ladder.policy, RangePartitions)
        and ladder.policy.at_end == "archive"
        and ladder.policy.archive is None
        and only in (None, ladder.name)
    ]
    proven = {
        line.leaf_oid
        for line in archives(connection, states=("verified",))
        # what is in a second database does not become a file
        if line.target != "parquet" or not line.details.get("changed")
    }
    names = {qualified(ladder.schema, ladder.table): ladder for ladder in ladders}
    return tuple(
        (names[leaf.parent], leaf) for leaf in detached(connection) if leaf.parent in names and leaf.oid not in proven
    )


def over(connection: psycopg.Connection[Any], now: datetime, *, only: str | None = None) -> tuple[Archive, ...]:
    """Archives in files or a second database (`only` of one table) whose grace period is over, and whose partition may
    be dropped."""
    return tuple(
        line
        for line in archives(connection, states=("verified",))
        if line.target != "tables"
        and line.grace_until is not None
        and line.grace_until <= now
        and only in (None, line.name)
    )
