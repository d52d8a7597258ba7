"""A table made ready to become a partition, so that ATTACH builds, reads and checks nothing; and what ATTACH refuses.

Whatever is missing is made and checked beforehand, while nobody waits for it. The attach itself is bounded: it would
be cut off if it had anything to read.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.rows import scalar_row

from ...schema.core.errors import Refused
from ...schema.core.locks import WantedLock
from ...schema.core.partitioning import Child
from ...schema.core.patience import Patience
from ...schema.core.quote import qualified
from ...schema.core.sql import query
from ..actions import Attach, Table
from ..closure import locks_of
from ..shape import range_condition, shortened
from ..state import implies
from ..survey import foreign_keys
from ..wanted import bound_literals
from .like import add_foreign_keys, missing_indexes
from .period import Period
from .source import QUERIES


def make_ready(
    connection: psycopg.Connection[Any], patience: Patience, parent: Table, table: Table, period: Period
) -> None:
    """Give a detached table what a partition of `parent` for this period has: indexes, foreign keys, a CHECK of its
    range, all of them validated.

    Raises Refused when it is gone or has other columns, when what its rows refer to is gone, or when a row is not of
    the period; LockNotAcquired.
    """
    require_there(connection, table)
    _require_columns(connection, parent, table)
    name = sql.Identifier(table.schema, table.name)
    for statement in missing_indexes(connection, parent.oid, table.oid, name):
        # nobody uses it, and building an index takes its time
        connection.execute(statement)
    add_foreign_keys(connection, patience, parent.oid, table)
    keep_range(connection, patience, table, period.key, period.bound.as_string())


def require_there(connection: psycopg.Connection[Any], table: Table) -> None:
    """Raise Refused where the table of this name is not the one that is meant, or is gone."""
    row = connection.execute("SELECT to_regclass(%s)::oid::bigint", [qualified(table.schema, table.name)]).fetchone()
    if row is None or row[0] != table.oid:
        raise Refused(
            "the detached partition is gone, or another table has its name",
            where=str(table),
            next_step="run the command again; it looks at the database anew",
        )


def _require_columns(connection: psycopg.Connection[Any], parent: Table, table: Table) -> None:
    row = connection.execute(
        "SELECT string_agg(pg_catalog.quote_ident(p.attname) || ' ' || pg_catalog.format_type(p.atttypid, p.atttypmod),"
        " ', ' ORDER BY p.attnum) FROM pg_catalog.pg_attribute AS p WHERE p.attrelid = %s AND p.attnum > 0"
        " AND NOT p.attisdropped AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS own"
        " WHERE own.attrelid = %s AND own.attname = p.attname AND own.attnum > 0)",
        [parent.oid, table.oid],
    ).fetchone()
    if row is not None and row[0] is not None:
        raise Refused(
            f"the table changed since it was detached: it lacks {row[0]}",
            where=str(table),
            next_step=f"ALTER TABLE {table} ADD COLUMN what it lacks, then run the command again",
        )


def keep_range(connection: psycopg.Connection[Any], patience: Patience, table: Table, key: str, bound: str) -> None:
    """Give a table a CHECK that implies `bound` (`FROM (...) TO (...)`), unless it has one; readers and writers go on.

    Raises Refused when a row is not within it, LockNotAcquired.
    """
    with connection.cursor(row_factory=scalar_row) as cursor:
        checks = cast("list[str]", cursor.execute(query(QUERIES, "range_checks"), {"oid": table.oid}).fetchall())
    if implies(checks, key, bound_literals(bound), not_null=False):
        return
    name, constraint = sql.Identifier(table.schema, table.name), sql.Identifier(shortened(f"{table.name}_rng"))
    what, where = f"check the range of {table.name}", str(table)
    # one of this name was left by a run that was cut off before it was validated
    add = sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {c}, ADD CONSTRAINT {c} CHECK ({}) NOT VALID").format(
        name, range_condition(key, Child(table.name, bound)), c=constraint
    )
    locks = [WantedLock(table.oid, "AccessExclusiveLock")]
    patience.transaction(connection, lambda: connection.execute(add), what=what, where=where, bounded=True, locks=locks)
    validate = sql.SQL("ALTER TABLE {} VALIDATE CONSTRAINT {}").format(name, constraint)
    try:
        patience.transaction(connection, lambda: connection.execute(validate), what=what, where=where)
    except psycopg.errors.CheckViolation:
        raise Refused(
            f"it holds rows that are not of its period {bound}",
            where=where,
            next_step="move them away, then run the command again",
        ) from None


def attach_locks(connection: psycopg.Connection[Any], parent: Table, table: Table) -> tuple[WantedLock, ...]:
    """The locks that attaching a table asks for."""
    return locks_of(Attach(parent, table, Child(table.name, "")), foreign_keys(connection))


@contextmanager
def naming_misfits(where: str, *, instead: str) -> Generator[None]:
    """Say which constraint rows do not meet that come back into a table like the parent. Raises Refused."""
    try:
        yield
    except (psycopg.errors.CheckViolation, psycopg.errors.NotNullViolation) as error:
        raise Refused(
            f"a row is not what the table asks for by now: {error.diag.message_primary}", where=where, next_step=instead
        ) from None


@contextmanager
def explained(where: str) -> Generator[None]:
    """Say what ATTACH means by its errors: nothing has changed. Raises Refused."""
    try:
        yield
    except (psycopg.errors.UndefinedTable, psycopg.errors.WrongObjectType) as error:
        # of another parent, dropped, or attached already
        raise Refused(
            f"somebody was faster: {error.diag.message_primary}",
            where=where,
            next_step="run the command again; it looks at the database anew",
        ) from None
    except psycopg.errors.DatatypeMismatch as error:
        raise Refused(
            f"the table changed since it was detached: {error.diag.message_primary}",
            where=where,
            next_step="give the detached table the same columns and constraints, or use --as NAME",
        ) from None
    except psycopg.errors.InvalidObjectDefinition as error:
        raise Refused(
            f"it does not fit among the partitions that there are: {error.diag.message_primary}",
            where=where,
            next_step="detach what is in its place",
        ) from None
    except psycopg.errors.CheckViolation as error:
        raise Refused(
            f"rows of its period are somewhere else: {error.diag.message_primary}",
            where=where,
            next_step="move them into it by hand (from the DEFAULT partition), then run the command again",
        ) from None
