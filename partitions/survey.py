"""Reading what a plan depends on: the catalog, the ledgers, and who refers to what. Nobody minds its locks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.rows import dict_row, scalar_row

from ..schema.core.database import Database
from ..schema.core.partitioning import RangePartitions, partition_policy
from ..schema.core.quote import qualified
from ..schema.core.sql import query
from .actions import ForeignKey, Table
from .archive.ledger import archives, held
from .closure import closures
from .crowded import crowded, draining
from .ledger import detached, has_ledger
from .partman.config import rolled_by_partman
from .planner import State, Unpartitioned
from .runway import Span, is_over, spans
from .state import QUERIES, Ladder, read_ladders
from .wanted import bound_literals


def survey(connection: psycopg.Connection[Any], database: Database, now: datetime, *, expiring: bool) -> State:
    """The state of the connected database; who refers to partitions past their retention only when `expiring`.

    The connection is in autocommit mode.
    """
    ladders = read_ladders(connection, database, detail=False)
    keys = foreign_keys(connection)
    left = detached(connection)
    declared = [ladder for ladder in ladders if ladder.policy is not None]
    by_partman = rolled_by_partman(connection)
    return State(
        ladders=ladders,
        unpartitioned=tuple(_unpartitioned(connection, database, ladders)),
        detached=left,
        foreign_keys=keys,
        crowded=crowded(connection, declared),
        draining=draining(connection, declared),
        taken=_taken(connection, declared),
        prepared=_prepared(connection),
        ended=_ended(connection, declared),
        held=held(connection, now),
        archived=frozenset(line.leaf_oid for line in archives(connection, states=("copied", "verified"))),
        referenced=dict(_referenced(connection, declared, keys, now)) if expiring else {},
        closures=closures(ladders, keys, left),
        elsewhere=frozenset(ladder.oid for ladder in declared if (ladder.schema, ladder.table) in by_partman),
    )


def foreign_keys(connection: psycopg.Connection[Any]) -> tuple[ForeignKey, ...]:
    """Every foreign key of the database that no partition inherits."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query(QUERIES, "foreign_keys")).fetchall()
    return tuple(
        ForeignKey(
            row["oid"],
            row["name"],
            Table(row["table_oid"], row["table_schema"], row["table_name"]),
            tuple(row["columns"]),
            Table(row["referred_oid"], row["referred_schema"], row["referred_name"]),
            tuple(row["referred_columns"]),
            row["indexed"],
        )
        for row in rows
    )


def _unpartitioned(
    connection: psycopg.Connection[Any], database: Database, ladders: Sequence[Ladder]
) -> Iterator[Unpartitioned]:
    there = {(ladder.schema, ladder.table) for ladder in ladders}
    for table in database.metadata.sorted_tables:
        name = (table.schema or "public", table.name)
        if partition_policy(table.info) is None or name in there:
            continue
        row = connection.execute("SELECT to_regclass(%s)::oid::bigint", [qualified(*name)]).fetchone()
        oid = row[0] if row is not None else None
        yield Unpartitioned(Table(oid or 0, *name), oid is not None)


def _taken(connection: psycopg.Connection[Any], ladders: Sequence[Ladder]) -> Mapping[tuple[str, str], int]:
    schemas = sorted({ladder.schema for ladder in ladders})
    rows = connection.execute(query(QUERIES, "relations"), {"schemas": schemas}).fetchall()
    return {(schema, name): oid for schema, name, oid in cast("list[tuple[str, str, int]]", rows)}


def _prepared(connection: psycopg.Connection[Any]) -> frozenset[int]:
    if not has_ledger(connection):
        return frozenset()
    with connection.cursor(row_factory=scalar_row) as cursor:
        return frozenset(cast("list[int]", cursor.execute(query(QUERIES, "prepared")).fetchall()))


def _ended(connection: psycopg.Connection[Any], ladders: Sequence[Ladder]) -> Mapping[int, datetime]:
    if not has_ledger(connection):
        return {}
    rows = connection.execute(query(QUERIES, "ended")).fetchall()
    named = dict(cast("list[tuple[str, datetime]]", rows))
    oids = {qualified(ladder.schema, ladder.table): ladder.oid for ladder in ladders}
    return {oids[name]: upper for name, upper in named.items() if name in oids}


def _referenced(
    connection: psycopg.Connection[Any], ladders: Sequence[Ladder], keys: Sequence[ForeignKey], now: datetime
) -> Iterator[tuple[int, str]]:
    """Why partitions past their retention cannot leave: rows of other tables refer to rows of theirs."""
    for ladder in ladders:
        incoming = [key for key in keys if key.referred.oid == ladder.oid and key.indexed]
        for span in _past(ladder, now) if incoming else ():
            for key in incoming:
                if refers(connection, ladder, span, key):
                    yield span.leaf.oid, f"rows of {key.table} refer to it ({qualified(key.name)})"
                    break


def _past(ladder: Ladder, now: datetime) -> tuple[Span, ...]:
    policy = ladder.policy
    cutoff = policy.cutoff(now) if isinstance(policy, RangePartitions) and policy.at_end != "keep" else None
    return tuple(span for span in spans(ladder) if cutoff is not None and is_over(span, cutoff))


def refers(connection: psycopg.Connection[Any], ladder: Ladder, span: Span, key: ForeignKey) -> bool:
    """Whether a row of the key's table refers to a row of the partition."""
    pairs = list(zip(key.columns, key.referred_columns, strict=True))
    same = [sql.SQL("f.{} = l.{}").format(sql.Identifier(mine), sql.Identifier(theirs)) for mine, theirs in pairs]
    # equal to the partition's key, so within its bound: an index may begin with it
    bounded = next((mine for mine, theirs in pairs if theirs == ladder.key), None)
    if bounded is not None and isinstance(ladder.policy, RangePartitions):
        same += [
            sql.SQL("f.{} {} {}").format(sql.Identifier(bounded), sql.SQL(operator), sql.SQL(cast("Any", literal)))
            for operator, literal in zip((">=", "<"), bound_literals(span.leaf.bound), strict=True)
            if literal.startswith("'")
        ]
    row = connection.execute(
        sql.SQL("SELECT EXISTS (SELECT FROM ONLY {} AS l INNER JOIN {} AS f ON {})").format(
            sql.Identifier(span.leaf.schema, span.leaf.name),
            sql.Identifier(key.table.schema, key.table.name),
            sql.SQL(" AND ").join(same),
        )
    ).fetchone()
    return row is not None and bool(row[0])
