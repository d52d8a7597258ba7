"""Merging the rows of a set into a table: add, update in place what nobody else changed, delete nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from .tables import ReferenceTable

# a row may wait for another one to give up a unique value; what still waits then is kept back
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows of a set: `added`, `updated`, and `kept` where the database has its own.

    `rows` is the size of the set.
    """

    table: str
    rows: int
    added: int
    updated: int
    kept: int

    @property
    def changed(self) -> bool:
        return bool(self.added or self.updated)


def merge(
    connection: psycopg.Connection[Any], table: ReferenceTable, rows: Iterable[tuple[Any, ...]], *, write: bool
) -> Merged:
    """Merge `rows` into the table, or only look with `write` false. The connection is in a transaction of its own."""
    _stage(connection, table, rows)
    statements = _Statements(table)
    added = updated = 0
    states = _states(connection, statements)
    first = states
    if write:
        for _ in range(_ROUNDS):
            if not states.get("new") and not states.get("changed"):
                break
            connection.execute(statements.apply, {"table_name": table.name})
            added += states.get("new", 0)
            updated += states.get("changed", 0)
            states = _states(connection, statements)
        connection.execute(statements.remember, {"table_name": table.name})
    else:
        added, updated = states.get("new", 0), states.get("changed", 0)
    connection.execute("DROP TABLE pg_temp.incoming")
    return Merged(table.name, sum(first.values()), added, updated, states.get("kept", 0))


def _stage(connection: psycopg.Connection[Any], table: ReferenceTable, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = _names(("id", *table.key, *table.columns))
    connection.execute(
        sql.SQL("CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            columns, sql.Identifier("public", table.name)
        )
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY pg_temp.incoming ({}) FROM STDIN").format(columns)) as copy,
    ):
        for row in rows:
            copy.write_row(row)
    connection.execute("ANALYZE pg_temp.incoming")


def _states(connection: psycopg.Connection[Any], statements: _Statements) -> dict[str, int]:
    found = connection.execute(statements.count, {"table_name": statements.table.name}).fetchall()
    return {str(state): int(number) for state, number in found}


class _Statements:
    """The statements for one table. Each row of the set is new, same, changed or kept (see `_JUDGED`)."""

    def __init__(self, table: ReferenceTable) -> None:
        self.table = table
        parts = {
            "target": sql.Identifier("public", table.name),
            "all": _names(("id", *table.key, *table.columns)),
            "incoming": _names(("id", *table.key, *table.columns), "i"),
            "key": _names(table.key),
            "mine": _names(table.key, "i"),
            "theirs": _names(table.key, "t"),
            "ours": _names(table.columns, "i"),
            "present": _names(table.columns, "t"),
            "blocked": sql.SQL(" OR ").join(
                sql.SQL(
                    "EXISTS (SELECT FROM {target} AS t WHERE t.{column} = i.{column} AND ({theirs}) <> ({mine}))"
                ).format(
                    target=sql.Identifier("public", table.name),
                    column=sql.Identifier(column),
                    theirs=_names(table.key, "t"),
                    mine=_names(table.key, "i"),
                )
                for column in ("id", *table.others)
            ),
            "same_key": sql.SQL(" AND ").join(
                sql.SQL("t.{0} = i.{0}").format(sql.Identifier(column)) for column in table.key
            ),
            "assign": sql.SQL(", ").join(
                sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in table.columns
            ),
        }
        parts["judged"] = _JUDGED.format(**parts)
        self.count = _COUNT.format(**parts)
        self.apply = _APPLY.format(**parts)
        self.remember = _REMEMBER.format(**parts)


def _names(columns: Iterable[str], alias: str | None = None) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(alias, column) if alias else sql.Identifier(column) for column in columns)


_JUDGED = sql.SQL("""
    SELECT {incoming}, CASE
        WHEN t.id IS NOT NULL AND ROW({present}) IS NOT DISTINCT FROM ROW({ours}) THEN 'same'
        WHEN {blocked} THEN 'kept'
        WHEN t.id IS NULL THEN 'new'
        WHEN hashtextextended(ROW({present})::text COLLATE "C", 0) = k.digest THEN 'changed'
        ELSE 'kept' END AS state
    FROM pg_temp.incoming AS i
    LEFT JOIN {target} AS t ON {same_key}
    LEFT JOIN airside.reference_rows AS k ON k.table_name = %(table_name)s AND k.row_key = ROW({mine})::text""")

_COUNT = sql.SQL("SELECT state, count(*) FROM ({judged}) AS judged GROUP BY state")

# the second look at the digest is for whoever changes a row at the same time
_APPLY = sql.SQL("""
    INSERT INTO {target} AS t ({all})
    SELECT {all} FROM ({judged}) AS judged WHERE state IN ('new', 'changed')
    ON CONFLICT ({key}) DO UPDATE SET {assign}
    WHERE hashtextextended(ROW({present})::text COLLATE "C", 0) = (
        SELECT k.digest FROM airside.reference_rows AS k
        WHERE k.table_name = %(table_name)s AND k.row_key = ROW({theirs})::text)""")

_REMEMBER = sql.SQL("""
    INSERT INTO airside.reference_rows AS k (table_name, row_key, digest)
    SELECT %(table_name)s, ROW({theirs})::text, hashtextextended(ROW({present})::text COLLATE "C", 0)
    FROM pg_temp.incoming AS i INNER JOIN {target} AS t ON {same_key}
    WHERE ROW({present}) IS NOT DISTINCT FROM ROW({ours})
    ON CONFLICT (table_name, row_key) DO UPDATE SET digest = excluded.digest WHERE k.digest <> excluded.digest""")
