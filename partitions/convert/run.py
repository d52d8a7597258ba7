"""Converting from the beginning to the end, or from where another run was cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.rows import dict_row
from sqlalchemy import Table as Declared

from ...schema.core.database import Database
from ...schema.core.errors import Refused, UsageError
from ...schema.core.locks import WantedLock
from ...schema.core.partitioning import PartitionPolicy, RangePartitions, partition_policy
from ...schema.core.patience import Patience
from ...schema.core.quote import qualified
from ...schema.core.sql import query
from ..closure import connected
from ..drain import agree, drain, unheard
from ..lease import leased
from ..ledger import ensure_ledger, has_ledger, record
from ..moving.copying import Progress, copy
from ..moving.foreign import add_to_copy, keys_in, keys_out, validate
from ..moving.mirror import Mirror, install, mirror, unfence
from ..shape import as_text, trusted
from ..state import Ladder, Leaf, read_ladders
from ..survey import foreign_keys
from .build import abandon, build, outdated, parts, place, statements
from .plain import QUERIES, Plain, read_plain
from .swap import Swap


@dataclass(frozen=True, slots=True)
class Converted:
    """What came of it: how many rows were moved (None: it was partitioned already), the number of partitions, and the
    plain table that was put aside, None when it has been dropped."""

    table: str
    rows: int | None
    partitions: int
    old: str | None
    rest: str | None = None


def convert(
    connection: psycopg.Connection[Any],
    database: Database,
    table: str,
    patience: Patience,
    *,
    now: datetime,
    progress: Progress = unheard,
) -> Converted:
    """Make `table` (`name`, or `schema.name`) what it is declared to be. Repeating it changes nothing.

    The connection is in autocommit mode and acts as the owner. Raises UsageError (no such declaration), Refused with
    all that stands in the way, LockNotAcquired, or what PostgreSQL raises; a run that was cut off goes on.
    """
    declared, policy = declaration(database, table)
    name = (declared.schema or "public", declared.name)
    ensure_ledger(connection)
    with leased(connection, _lease_key(connection, name), patience.budget, where=table):
        rows: int | None = None
        if _ladder(connection, name, policy) is None:
            rows = _move(connection, read_plain(connection, declared, policy), now, patience, progress)
        return _finish(connection, name, policy, rows, now, patience, progress)


def plan(connection: psycopg.Connection[Any], database: Database, table: str) -> tuple[str, ...]:
    """The statements of both ends, the partitions and the copying left out. Raises like `convert`."""
    declared, policy = declaration(database, table)
    if _ladder(connection, (declared.schema or "public", declared.name), policy) is not None:
        return ()
    plain = read_plain(connection, declared, policy)
    with connection.transaction():
        before = as_text(tuple(statements(connection, plain)))
    return (*before, *as_text(Swap(connection, plain, _mirror(connection, plain, plain.table.oid), ()).statements()))


def drop_old(
    connection: psycopg.Connection[Any], database: Database, table: str, patience: Patience
) -> tuple[str, ...]:
    """Drop the plain tables that conversions of `table` have put aside; their names."""
    declared, policy = declaration(database, table)
    name = (declared.schema or "public", declared.name)
    if _ladder(connection, name, policy) is None:
        raise Refused("it is not converted", where=table, next_step=f"airside partitions convert TARGET {table}")
    dropped: list[str] = []
    for old in _put_aside(connection, name):
        patience.transaction(
            connection,
            lambda old=old: _drop(connection, name, old),
            what=f"dropping {old['name']}",
            where=table,
            bounded=True,
        )
        dropped.append(qualified(old["schema"], old["name"]))
    return tuple(dropped)


def declaration(database: Database, table: str) -> tuple[Declared, PartitionPolicy]:
    """The declared table and its policy. Raises UsageError."""
    found = database.metadata.tables.get(table.removeprefix("public."))
    policy = partition_policy(found.info) if found is not None else None
    if found is None or policy is None:
        raise UsageError(
            f"no table {table} is declared to be partitioned",
            where=database.name,
            next_step="declare how: postgresql_partition_by=POLICY.clause, info=partitioned(POLICY)",
        )
    return found, policy


def _move(
    connection: psycopg.Connection[Any], plain: Plain, now: datetime, patience: Patience, progress: Progress
) -> int:
    if parts(connection, plain) and outdated(connection, plain):
        abandon(connection, plain, patience)
    if not parts(connection, plain):
        build(connection, plain, now, patience)
    new = connection.execute("SELECT to_regclass(%s)::oid::bigint", [qualified(*place(plain))]).fetchone()
    mirrored = _mirror(connection, plain, int(new[0]) if new else 0)
    install(connection, mirrored, patience)
    copy(connection, mirrored, patience, progress)
    found = parts(connection, plain)
    for part in found:
        add_to_copy(connection, (part.schema, part.name), plain.keys_out, patience, plain.table)
    _add_keys(connection, plain, patience)
    connection.execute(sql.SQL("ANALYZE {}").format(mirrored.to_table))
    rows = agree(connection, mirrored, patience)
    Swap(connection, plain, mirrored, found).run(rows, patience)
    return rows


def _mirror(connection: psycopg.Connection[Any], plain: Plain, shape_of: int) -> Mirror:
    return mirror(connection, plain.table, place(plain), shape_of)


def _add_keys(connection: psycopg.Connection[Any], plain: Plain, patience: Patience) -> None:
    """The foreign keys of the table itself take over those of its partitions, which are validated: nothing is read."""
    for key in plain.keys_out:
        adding = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
            sql.Identifier(*place(plain)), sql.Identifier(key.name), trusted(key.definition)
        )
        try:
            patience.transaction(
                connection,
                lambda adding=adding: connection.execute(adding),
                what=f"adding {key.name}",
                where=str(plain.table),
                bounded=True,
            )
        except errors.DuplicateObject:
            # by a run that was cut off
            continue


def _finish(
    connection: psycopg.Connection[Any],
    name: tuple[str, str],
    policy: PartitionPolicy,
    rows: int | None,
    now: datetime,
    patience: Patience,
    progress: Progress,
) -> Converted:
    """Validate the foreign keys that were put back; give what is in DEFAULT a place, and let DEFAULT go."""
    aside = _put_aside(connection, name)
    for old in aside:
        validate(connection, tuple((s, t, n) for s, t, n in old["keys"]), patience)
    ladder = _ladder(connection, name, policy)
    assert ladder is not None
    insisted = isinstance(policy, RangePartitions) and policy.default
    if aside and ladder.default is not None and not insisted:
        ladder = _without_default(connection, ladder, policy, now, patience, progress)
    rest = ladder.default.name if ladder.default else None
    old = qualified(aside[0]["schema"], aside[0]["name"]) if aside else None
    return Converted(ladder.name, rows, len(ladder.leaves), old, rest)


def _without_default(
    connection: psycopg.Connection[Any],
    ladder: Ladder,
    policy: PartitionPolicy,
    now: datetime,
    patience: Patience,
    progress: Progress,
) -> Ladder:
    if isinstance(policy, RangePartitions):
        drain(connection, ladder, patience, now=now, progress=progress)
    again = _ladder(connection, (ladder.schema, ladder.table), policy)
    assert again is not None
    if again.default is None:
        return again
    _drop_empty(connection, again, again.default, patience)
    return _ladder(connection, (ladder.schema, ladder.table), policy) or again


def _drop_empty(connection: psycopg.Connection[Any], ladder: Ladder, default: Leaf, patience: Patience) -> None:
    """Drop the DEFAULT partition unless it has got rows again."""
    parent, leaf = (sql.Identifier(*name) for name in ((ladder.schema, ladder.table), (default.schema, default.name)))
    keys = (*keys_in(connection, ladder.oid), *keys_out(connection, ladder.oid))
    oids = {ladder.oid, default.oid, *(key.oid for key in keys)}
    others = [sql.Identifier(*name) for name in sorted({(key.schema, key.table) for key in keys})]
    locking = sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(
        sql.SQL(", ").join(sql.SQL("ONLY {}").format(name) for name in (parent, leaf, *others))
    )
    ending = sql.SQL("ALTER TABLE {} DETACH PARTITION {}; DROP TABLE {}").format(parent, leaf, leaf)

    def work() -> None:
        connection.execute(locking)
        row = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(leaf)).fetchone()
        if row and not row[0]:
            connection.execute(ending)

    patience.transaction(
        connection,
        work,
        what=f"dropping {default.name}, which is empty",
        where=ladder.name,
        bounded=True,
        locks=[WantedLock(oid, "AccessExclusiveLock") for oid in sorted(oids)],
    )


def _drop(connection: psycopg.Connection[Any], name: tuple[str, str], old: Mapping[str, Any]) -> None:
    connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(old["schema"], old["name"])))
    unfence(connection, old["oid"])
    record(connection, "dropped", parent=name, leaf=(old["schema"], old["name"]), leaf_oid=old["oid"])


def _put_aside(connection: psycopg.Connection[Any], name: tuple[str, str]) -> list[dict[str, Any]]:
    if not has_ledger(connection):
        return []
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query(QUERIES, "converted"), {"parent": qualified(*name)}).fetchall()


def _ladder(connection: psycopg.Connection[Any], name: tuple[str, str], policy: PartitionPolicy) -> Ladder | None:
    for ladder in read_ladders(connection, detail=False):
        if (ladder.schema, ladder.table) == name:
            return replace(ladder, policy=policy)
    return None


def _lease_key(connection: psycopg.Connection[Any], name: tuple[str, str]) -> int:
    """That of the tables that hang together with it: the same that the other commands take."""
    row = connection.execute("SELECT to_regclass(%s)::oid::bigint", [qualified(*name)]).fetchone()
    if row is None or row[0] is None:
        raise UsageError("the table does not exist", where=qualified(*name), next_step="airside upgrade TARGET")
    edges = {(key.table.oid, key.referred.oid) for key in foreign_keys(connection)}
    (group,) = connected([row[0]], edges)
    return min(group)
