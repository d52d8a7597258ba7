"""Foreign keys of what is moved: added to copies, and taken off and put back around a swap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString, cast

import psycopg
from psycopg import errors, sql
from psycopg.rows import class_row

from ...schema.core.errors import Refused
from ...schema.core.patience import Patience
from ...schema.core.sql import query
from ..actions import Table
from .mirror import QUERIES
from .offenders import without_match

_NOT_VALID = " NOT VALID"
_PARTITIONED_NOT_VALID = 180000


@dataclass(frozen=True, slots=True)
class KeyOut:
    """A foreign key of the table: `schema.table`, with its oid, is what it refers to."""

    name: str
    definition: str
    validated: bool
    oid: int
    schema: str
    table: str


@dataclass(frozen=True, slots=True)
class KeyIn:
    """A foreign key that refers to the table: `schema.table`, with its oid, has it."""

    name: str
    definition: str
    validated: bool
    oid: int
    schema: str
    table: str
    partitioned: bool
    comment: str | None
    referred: list[str]


def keys_out(connection: psycopg.Connection[Any], oid: int) -> tuple[KeyOut, ...]:
    with connection.cursor(row_factory=class_row(KeyOut)) as cursor:
        return tuple(cursor.execute(query(QUERIES, "keys_out"), {"oid": oid}).fetchall())


def keys_in(connection: psycopg.Connection[Any], oid: int) -> tuple[KeyIn, ...]:
    """Raises Refused for those that cannot be taken off and put back without reading a table under a lock."""
    with connection.cursor(row_factory=class_row(KeyIn)) as cursor:
        found = tuple(cursor.execute(query(QUERIES, "keys_in"), {"oid": oid}).fetchall())
    for key in found:
        if key.partitioned and connection.info.server_version < _PARTITIONED_NOT_VALID:
            raise Refused(
                f"the foreign key {key.name} of the partitioned table {key.table} refers to it; before PostgreSQL 18"
                " such a key cannot be put back without reading the whole table under a lock",
                where=f"{key.schema}.{key.table}",
                next_step=f"drop the key in a maintenance window (ALTER TABLE {key.table} DROP CONSTRAINT {key.name}),"
                " run the command again, and add the key again",
            )
    return found


def add_to_copy(
    connection: psycopg.Connection[Any],
    copy: tuple[str, str],
    keys: tuple[KeyOut, ...],
    patience: Patience,
    original: Table,
) -> None:
    """Give a copy the keys of the original, validated without keeping anybody waiting. Repeating it does no harm.

    Raises Refused where rows have no match: the copy then does without the key, as it would keep such rows of the
    original from being changed.
    """
    name = sql.Identifier(*copy)
    row = connection.execute(
        "SELECT array_agg(conname::text), array_agg(conname::text) FILTER (WHERE convalidated)"
        " FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass(%s) AND contype = 'f'",
        [name.as_string(connection)],
    ).fetchone()
    there, valid = (set[str](column or ()) for column in row) if row else (set[str](), set[str]())
    for key in keys:
        if key.name not in there:
            adding = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                name, sql.Identifier(key.name), _not_valid(key.definition)
            )
            patience.transaction(
                connection, lambda adding=adding: connection.execute(adding), what=f"adding {key.name}", where=copy[1]
            )
        if key.validated and key.name not in valid:
            try:
                _validate(connection, copy, key.name, patience)
            except errors.ForeignKeyViolation:
                refusal = without_match(connection, copy, key.name, (original.schema, original.name))
                dropping = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, sql.Identifier(key.name))
                patience.transaction(
                    connection,
                    lambda dropping=dropping: connection.execute(dropping),
                    what=f"dropping {key.name}",
                    where=copy[1],
                )
                raise refusal from None


def taking_off(keys: tuple[KeyIn, ...]) -> Iterator[sql.Composable]:
    for key in keys:
        yield sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
            sql.Identifier(key.schema, key.table), sql.Identifier(key.name)
        )


def putting_back(keys: tuple[KeyIn, ...]) -> Iterator[sql.Composable]:
    """As they were but NOT VALID, which holds for every change from now on."""
    for key in keys:
        table, name = sql.Identifier(key.schema, key.table), sql.Identifier(key.name)
        yield sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(table, name, _not_valid(key.definition))
        if key.comment is not None:
            yield sql.SQL("COMMENT ON CONSTRAINT {} ON {} IS {}").format(name, table, sql.Literal(key.comment))


def validate(connection: psycopg.Connection[Any], keys: tuple[tuple[str, str, str], ...], patience: Patience) -> None:
    """Validate the keys (schema, table, name) that are there and not valid; readers and writers go on.

    Raises Refused where rows have no match.
    """
    for schema, table, name in keys:
        row = connection.execute(
            "SELECT convalidated FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conname = %s"
            " AND conrelid = to_regclass(%s)",
            [name, sql.Identifier(schema, table).as_string(connection)],
        ).fetchone()
        if row is not None and not row[0]:
            try:
                _validate(connection, (schema, table), name, patience)
            except errors.ForeignKeyViolation:
                raise without_match(connection, (schema, table), name, (schema, table)) from None


def _validate(connection: psycopg.Connection[Any], table: tuple[str, str], name: str, patience: Patience) -> None:
    validating = sql.SQL("ALTER TABLE {} VALIDATE CONSTRAINT {}").format(sql.Identifier(*table), sql.Identifier(name))
    patience.transaction(connection, lambda: connection.execute(validating), what=f"validating {name}", where=table[1])


def _not_valid(definition: str) -> sql.SQL:
    text = definition if definition.endswith(_NOT_VALID) else definition + _NOT_VALID
    # what PostgreSQL itself has printed
    return sql.SQL(cast("LiteralString", text))
