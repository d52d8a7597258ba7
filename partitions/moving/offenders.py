"""Old rows that break a constraint which was never checked against them: named, counted, and how to find them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, LiteralString, cast

import psycopg
from psycopg import errors, sql
from psycopg.rows import tuple_row

from ...schema.core.errors import Refused
from ...schema.core.sql import query
from ..actions import Table
from .mirror import QUERIES


@contextmanager
def naming_offenders(connection: psycopg.Connection[Any], parent: Table, holder: Table) -> Generator[None]:
    """Raise Refused instead of what PostgreSQL says of rows of `holder` that break a CHECK or NOT NULL of `parent`."""
    try:
        yield
    except errors.CheckViolation as error:
        name = str(error.diag.constraint_name)
        with connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(query(QUERIES, "check_condition"), {"oid": parent.oid, "name": name}).fetchone()
        if row is None:
            raise
        # what PostgreSQL itself has printed; NULL is no breach
        condition = sql.SQL("NOT ({})").format(sql.SQL(cast("LiteralString", row[0])))
        raise _broken(connection, holder, condition, f"against the CHECK {name} of {parent}") from None
    except errors.NotNullViolation as error:
        name = str(error.diag.column_name)
        condition = sql.SQL("{} IS NULL").format(sql.Identifier(name))
        raise _broken(connection, holder, condition, f"with NULL in {name}, which {parent} does not allow") from None


def without_match(
    connection: psycopg.Connection[Any], key_of: tuple[str, str], name: str, holder: tuple[str, str]
) -> Refused:
    """The error that rows of `holder` break the foreign key `name`, which the table `key_of` has."""
    values = {"table": sql.Identifier(*key_of).as_string(connection), "name": name}
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query(QUERIES, "key_columns"), values).fetchone()
    table = Table(0, *holder)
    if row is None:
        return Refused(f"rows break the foreign key {name}", where=str(table), next_step="run the command again")
    schema, referred, columns, theirs = row
    given = sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(sql.Identifier(column)) for column in columns)
    same = sql.SQL(" AND ").join(
        sql.SQL("r.{} = t.{}").format(sql.Identifier(other), sql.Identifier(mine))
        for mine, other in zip(columns, theirs, strict=True)
    )
    condition = sql.SQL("{} AND NOT EXISTS (SELECT FROM {} AS r WHERE {})").format(
        given, sql.Identifier(schema, referred), same
    )
    what = f"without a match in {Table(0, schema, referred)}, which the foreign key {name} asks for"
    return _broken(connection, table, condition, what)


def _broken(connection: psycopg.Connection[Any], holder: Table, condition: sql.Composable, what: str) -> Refused:
    rows = sql.SQL("FROM {} AS t WHERE {}").format(sql.Identifier(holder.schema, holder.name), condition)
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql.SQL("SELECT count(*) {}").format(rows)).fetchone()
    count = int(row[0]) if row else 0
    return Refused(
        f"{holder} has {count:,} {'row' if count == 1 else 'rows'} {what}",
        where=str(holder),
        next_step=f"mend or delete them (SELECT * {rows.as_string(connection)}), then run the command again;"
        " nothing is lost, and what was copied stays",
    )
