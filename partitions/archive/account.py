"""What PostgreSQL says of a table in one scan: rows, the digest of the rows, and statistics of every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from .columns import Column, row_digest


@dataclass(frozen=True, slots=True)
class Account:
    """`values` are statistics by column, as PostgreSQL prints them; `awkward` the columns whose native carrier cannot
    hold all their values.
    """

    rows: int
    digest: str
    values: Mapping[str, Mapping[str, str | None]]
    awkward: frozenset[str]


def account(
    connection: psycopg.Connection[Any],
    table: sql.Composable,
    columns: Sequence[Column],
    awkward: frozenset[str] = frozenset(),
) -> Account:
    """Ask for everything at once. The session has SETTINGS; columns in `awkward` are measured as text."""
    doubtful = [(column, condition) for column in columns if (condition := column.awkward()) is not None]
    measures = [(column.name, name, value) for column in columns for name, value in column.measured(awkward).items()]
    parts: list[sql.Composable] = [sql.SQL("count(*)"), row_digest(columns)]
    parts += [sql.SQL("count(*) FILTER (WHERE {})").format(condition) for _, condition in doubtful]
    parts += [value for _, _, value in measures]
    # an array has no limit of columns
    row = connection.execute(
        sql.SQL("SELECT ARRAY[{}] FROM ONLY {} AS t").format(
            sql.SQL(", ").join(sql.SQL("({})::text").format(part) for part in parts), table
        )
    ).fetchone()
    assert row is not None
    values: list[str | None] = row[0]
    counts, measured = values[2 : 2 + len(doubtful)], values[2 + len(doubtful) :]
    by_column: dict[str, dict[str, str | None]] = {column.name: {} for column in columns}
    for (column, name, _), value in zip(measures, measured, strict=True):
        by_column[column][name] = value
    found = frozenset(column.name for (column, _), count in zip(doubtful, counts, strict=True) if count != "0")
    return Account(int(values[0] or 0), str(values[1]), by_column, found)
