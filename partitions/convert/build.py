"""The partitioned table that is to take the place of a plain one, made in a schema of its own under its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, LiteralString, cast

import psycopg
from psycopg import errors, sql
from psycopg.rows import class_row, scalar_row

from ...schema.core.errors import Refused
from ...schema.core.partitioning import Child, HashPartitions, RangePartitions, step
from ...schema.core.patience import Patience
from ...schema.core.quote import qualified
from ...schema.core.sql import query
from ..actions import Create, Table
from ..beside import Part
from ..crowded import periods
from ..moving.mirror import QUERIES as MOVING
from ..moving.mirror import unfence
from ..shape import making, read_shape, shortened, trusted
from ..state import QUERIES as PARTITIONS
from .plain import QUERIES, Plain

NEW = "airside_new"

_ATTACHED = "ALTER TABLE {} ATTACH PARTITION {} {}{}"


def place(plain: Plain) -> tuple[str, str]:
    """Where the new table is made: where no search_path leads, so that nobody takes it for the other."""
    return (NEW, plain.table.name)


def rest_name(plain: Plain) -> str:
    """The DEFAULT partition that takes what fits no other, while the table is converted."""
    return shortened(f"{plain.table.name}_default")


def parts(connection: psycopg.Connection[Any], plain: Plain) -> tuple[Part, ...]:
    """The partitions of the new table; none before `build`."""
    name = qualified(*place(plain))
    with connection.cursor(row_factory=class_row(Part)) as cursor:
        return tuple(cursor.execute(query(PARTITIONS, "beside"), {"parent": name}).fetchall())


def outdated(connection: psycopg.Connection[Any], plain: Plain) -> bool:
    """Whether the plain table got other columns since."""
    names = {"one": qualified(plain.table.schema, plain.table.name), "other": qualified(*place(plain))}
    row = connection.execute(query(MOVING, "same_columns"), names).fetchone()
    return row is not None and not row[0]


def build(connection: psycopg.Connection[Any], plain: Plain, now: datetime, patience: Patience) -> None:
    """Make the table and its partitions, all or nothing. Raises Refused where PostgreSQL will not have it."""
    held = periods(connection, plain.policy, plain.table) if isinstance(plain.policy, RangePartitions) else []
    children = children_for(plain, held, now)

    def work() -> None:
        for statement in statements(connection, plain):
            connection.execute(statement)
        oid = _oid(connection, place(plain))
        # partitions stand where the table will stand
        parent = Table(oid, plain.table.schema, plain.table.name)
        shape = replace(read_shape(connection, parent), options=plain.options)
        for child in children:
            create = Create(parent, child, plain.policy.key)
            for statement in making(create, shape, like=place(plain)):
                connection.execute(statement)
            values = sql.SQL("" if child.bound == "DEFAULT" else "FOR VALUES ")
            leaf = sql.Identifier(plain.table.schema, child.name)
            connection.execute(
                sql.SQL(_ATTACHED).format(sql.Identifier(*place(plain)), leaf, values, trusted(child.bound))
            )

    try:
        patience.transaction(connection, work, what="making the partitioned table", where=str(plain.table))
    except (errors.FeatureNotSupported, errors.InvalidTableDefinition, errors.DuplicateTable) as error:
        raise Refused(
            f"it cannot be converted: {error.diag.message_primary}",
            where=str(plain.table),
            next_step="see to that, then run it again; nothing has been changed",
        ) from error


def children_for(plain: Plain, held: Sequence[datetime], now: datetime) -> tuple[Child, ...]:
    """The partitions that its rows and the policy need, and a DEFAULT where there can be one."""
    policy = plain.policy
    rest = () if isinstance(policy, HashPartitions) else (Child(rest_name(plain), "DEFAULT"),)
    if not isinstance(policy, RangePartitions):
        return (*policy.children(now), *rest)
    wanted = {child.lower: child for child in policy.children(now)}
    for lower in held:
        wanted.setdefault(lower, policy.child(lower, step(lower, policy.period, 1)))
    return (*(wanted[lower] for lower in sorted(wanted, key=lambda at: at or datetime.min.replace(tzinfo=UTC))), *rest)


def statements(connection: psycopg.Connection[Any], plain: Plain) -> Iterator[sql.SQL | sql.Composed]:
    """What makes the table without its partitions."""
    target = sql.Identifier(*place(plain))
    yield sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(NEW))
    yield sql.SQL(
        "CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY INCLUDING CONSTRAINTS"
        " INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS) PARTITION BY {}"
    ).format(target, plain.identifier, sql.SQL(cast("LiteralString", plain.policy.clause)))
    for unique in plain.uniques:
        if unique.kind == "i":
            yield _index(plain, unique.definition)
        else:
            yield sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                target, sql.Identifier(unique.name), trusted(unique.definition)
            )
    for name, definition, remark in plain.indexes:
        yield _index(plain, definition)
        if remark is not None:
            yield sql.SQL("COMMENT ON INDEX {} IS {}").format(
                sql.Identifier(place(plain)[0], name), sql.Literal(remark)
            )
    values = {"oid": plain.table.oid, "target": qualified(*place(plain))}
    with connection.cursor(row_factory=scalar_row) as cursor:
        connection.execute("SELECT pg_catalog.set_config('search_path', '', true)")
        for text in cursor.execute(query(QUERIES, "carried_before"), values).fetchall():
            yield trusted(text)


def _index(plain: Plain, definition: str) -> sql.SQL:
    """The definition of an index, on the new table instead."""
    there, here = (qualified(*name) for name in ((plain.table.schema, plain.table.name), place(plain)))
    return trusted(definition.replace(f" ON {there} ", f" ON {here} ", 1))


def abandon(connection: psycopg.Connection[Any], plain: Plain, patience: Patience) -> None:
    """Take everything back: every row is in the plain table."""
    for part in parts(connection, plain):
        rows = connection.execute(
            "SELECT conname FROM pg_catalog.pg_constraint WHERE conrelid = %s AND contype = 'f'", [part.oid]
        ).fetchall()
        for (name,) in rows:
            dropping = sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}").format(
                part.identifier, sql.Identifier(name)
            )
            patience.transaction(
                connection, lambda dropping=dropping: connection.execute(dropping), what="dropping a key", where=name
            )

    def work() -> None:
        unfence(connection, plain.table.oid)
        if plain.forced:
            connection.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(plain.identifier))
        patience.share(connection)
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(*place(plain))))
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {}").format(sql.Identifier(NEW)))

    patience.transaction(connection, work, what="taking a conversion back", where=str(plain.table), bounded=True)


def _oid(connection: psycopg.Connection[Any], name: tuple[str, str]) -> int:
    row = connection.execute("SELECT to_regclass(%s)::oid::bigint", [qualified(*name)]).fetchone()
    return int(row[0]) if row and row[0] else 0
