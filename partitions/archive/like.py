"""What a partition that comes back takes from its parent, and whether what was archived fits it still."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from ...schema.core.errors import MissingRight, Refused
from ...schema.core.patience import Patience
from ...schema.core.quote import qualified
from ...schema.core.sql import query
from ..actions import Table
from .columns import Column
from .source import QUERIES


def make_like(connection: psycopg.Connection[Any], parent: Table, leaf: sql.Identifier) -> None:
    """Make a table like the parent, without its indexes: they are built faster when the rows are there."""
    # an identity column belongs to the parent; PostgreSQL 17 refuses to attach a table with its own
    connection.execute(
        sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING IDENTITY EXCLUDING INDEXES)").format(
            leaf, sql.Identifier(parent.schema, parent.name)
        )
    )
    row = connection.execute("SELECT relrowsecurity FROM pg_catalog.pg_class WHERE oid = %s", [parent.oid]).fetchone()
    if row == (True,):
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(leaf))


def add_indexes(connection: psycopg.Connection[Any], parent_oid: int, leaf: sql.Identifier) -> None:
    """Give a table the indexes and the keys of the parent."""
    for statement in index_statements(connection, parent_oid, leaf):
        connection.execute(statement)


def index_statements(
    connection: psycopg.Connection[Any], parent_oid: int, leaf: sql.Identifier
) -> tuple[sql.Composed, ...]:
    """The statements that make indexes and keys like those of the parent."""
    indexes = connection.execute(query(QUERIES, "parent_indexes"), {"table_oid": parent_oid}).fetchall()
    return _index_statements(indexes, leaf)


def missing_indexes(
    connection: psycopg.Connection[Any], parent_oid: int, table_oid: int, leaf: sql.Identifier
) -> tuple[sql.Composed, ...]:
    """The statements that make those of the parent's indexes and keys which a table has no match for."""
    oids = {"parent_oid": parent_oid, "table_oid": table_oid}
    return _index_statements(connection.execute(query(QUERIES, "missing_indexes"), oids).fetchall(), leaf)


def _index_statements(
    indexes: Sequence[tuple[bool, bool, LiteralString]], leaf: sql.Identifier
) -> tuple[sql.Composed, ...]:
    forms = {
        (True, True): sql.SQL("ALTER TABLE {} ADD {}"),
        (True, False): sql.SQL("ALTER TABLE {} ADD {}"),
        (False, True): sql.SQL("CREATE UNIQUE INDEX ON {} {}"),
        (False, False): sql.SQL("CREATE INDEX ON {} {}"),
    }
    return tuple(
        forms[is_constraint, is_unique].format(leaf, sql.SQL(text)) for is_constraint, is_unique, text in indexes
    )


def add_foreign_keys(connection: psycopg.Connection[Any], patience: Patience, parent_oid: int, table: Table) -> None:
    """Give a table the foreign keys of the parent, validated beforehand: attaching then scans nothing.

    Raises Refused when what its rows refer to is gone, MissingRight when policies hide it, LockNotAcquired.
    """
    leaf, where = sql.Identifier(table.schema, table.name), qualified(table.schema, table.name)
    keys = connection.execute(
        query(QUERIES, "parent_keys"), {"parent_oid": parent_oid, "table_oid": table.oid}
    ).fetchall()
    for name, text, validated in keys:
        constraint = sql.Identifier(name)
        if validated is None:
            add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID").format(leaf, constraint, sql.SQL(text))
            patience.transaction(
                connection, lambda add=add: connection.execute(add), what=f"add foreign key {name}", where=where
            )
        if not validated:
            _validate(connection, sql.SQL("ALTER TABLE {} VALIDATE CONSTRAINT {}").format(leaf, constraint), where)


def _validate(connection: psycopg.Connection[Any], statement: sql.Composed, where: str) -> None:
    try:
        try:
            connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            # policies bind the owner of a table that is referred to (FORCE): the login role may see all its rows
            with connection.transaction():
                connection.execute("SET LOCAL ROLE NONE")
                connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise MissingRight(
            f"policies hide rows that a foreign key refers to: {error.diag.message_primary}",
            where=where,
            next_step="run the command as a superuser, or as a member of the owner with BYPASSRLS",
        ) from None
    except psycopg.errors.ForeignKeyViolation as error:
        raise Refused(
            f"what rows refer to is gone: {error.diag.message_detail or 'unknown'}",
            where=where,
            next_step="bring that back first; an archive in files can also be a table of its own: --as NAME",
        ) from None


def added_since(archived: Sequence[Column], now: Sequence[Column], where: str) -> tuple[str, ...]:
    """The columns that were added since. Raises Refused naming those that a partition cannot be made without."""
    changed = changes(archived, now)
    if changed:
        raise Refused(
            f"the table changed since it was archived: {'; '.join(changed)}",
            where=where,
            next_step="restore it as a table of its own (--as NAME) and move the rows by hand",
        )
    names = {column.name for column in archived}
    return tuple(column.name for column in now if column.name not in names)


def changes(archived: Sequence[Column], now: Sequence[Column]) -> tuple[str, ...]:
    """What of a table's columns makes that an archive cannot be one of its partitions again."""
    present = {column.name: column for column in now}
    known = {column.name for column in archived}
    gone = [f"column {column.name} was dropped" for column in archived if column.name not in present]
    other = [
        f"column {column.name} is {present[column.name].type} and was {column.type}"
        for column in archived
        if column.name in present and present[column.name].type != column.type
    ]
    wanting = [
        f"column {column.name} is new, not NULL and without a default"
        for column in now
        if column.name not in known and column.not_null and not (column.has_default or column.generated)
    ]
    return (*gone, *other, *wanting)
