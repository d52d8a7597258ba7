"""What a database holds: tables, partitions, rows, bytes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .output import Record

if TYPE_CHECKING:
    import psycopg

    from ..server import Server

_QUERIES = Path(__file__).parent / "queries"
_COUNTED_UP_TO = 32 * 1024 * 1024
"""Bytes of tables that are read for a count, in about a tenth of a second; of more, statistics have to say."""


@dataclass(frozen=True, slots=True)
class Contents:
    """`bytes` is the size of the whole database. `rows` is an estimate unless they were `counted`."""

    tables: int
    partitions: int
    rows: int
    counted: bool
    bytes: int


def contents(server: Server, database: str) -> Record:
    """What there is in a database; nothing of PostgreSQL's or Airside's own is counted."""
    from psycopg.rows import dict_row

    from ..schema.core.sql import query

    with server.connect(database, autocommit=True) as connection:
        with connection.cursor(row_factory=dict_row) as cursor:
            found: dict[str, Any] = cursor.execute(query(_QUERIES, "size")).fetchone() or {}
        # rows that a policy hides from this user would be missing in a count
        counted = found["heap"] <= _COUNTED_UP_TO and not found["hidden"]
        rows = _count(connection, found["roots"] or []) if counted else found["estimate"]
    return asdict(Contents(found["tables"], found["partitions"], rows, counted, found["bytes"]))


def _count(connection: psycopg.Connection[Any], tables: list[list[str]]) -> int:
    from psycopg import sql

    if not tables:
        return 0
    counts = [sql.SQL("(SELECT count(*) FROM {})").format(sql.Identifier(*table)) for table in tables]
    row = connection.execute(sql.SQL("SELECT {}").format(sql.SQL(" + ").join(counts))).fetchone()
    return int(row[0]) if row else 0
