"""What a move to a second database leaves that was cut off: a partition closed to writers, and how it is opened again.

Until the move is at its end all rows are in the partition, so opening it loses nothing; the next move begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from ...schema.core.patience import Patience
from ...schema.core.sql import query
from .fence import unfence
from .ledger import advance, archives
from .source import FENCE, LEASE, QUERIES, Source, attached, leased
from .union import drop_unused


@dataclass(frozen=True, slots=True)
class Closed:
    """A partition that still is one, and that nobody but a run of ours can open to writers again."""

    parent_schema: str
    parent: str
    parent_oid: int
    schema: str
    name: str
    oid: int

    @property
    def table(self) -> str:
        """The partitioned table, without `public`."""
        return self.parent if self.parent_schema == "public" else f"{self.parent_schema}.{self.parent}"

    @property
    def source(self) -> Source:
        return Source(self.parent_schema, self.parent, self.schema, self.name, self.oid)


def closed(connection: psycopg.Connection[Any], *, only: str | None = None) -> tuple[Closed, ...]:
    """The partitions (`only` of one table) that a run which was cut off left closed to writers. Takes no lock."""
    with connection.cursor(row_factory=class_row(Closed)) as cursor:
        found = cursor.execute(query(QUERIES, "closed"), {"fence": FENCE, "lease": LEASE}).fetchall()
    return tuple(item for item in found if only in (None, item.table, f"{item.parent_schema}.{item.parent}"))


def reopen(connection: psycopg.Connection[Any], found: Closed, patience: Patience) -> bool:
    """Let writers in again, and forget the copy; False where another run has done something with it meanwhile.

    The connection is in autocommit mode and acts as the owner. Raises LockNotAcquired.
    """
    source = found.source
    with leased(connection, source.oid, patience.budget, where=source.where):
        if not attached(connection, source):
            return False
        unfence(connection, source, patience)
        for line in archives(connection, leaf_oid=source.oid, states=("copied",), target="database"):
            advance(connection, line.id, "failed", details={"reason": "cut off"})
        drop_unused(connection, source.schema, source.leaf)
    return True
