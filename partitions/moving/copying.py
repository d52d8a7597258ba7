"""Copying what is there in short batches, while changes go on and are mirrored."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar, cast

import psycopg
from psycopg import errors, sql
from psycopg.rows import tuple_row

from ...schema.core.patience import Patience
from .mirror import Mirror

R = TypeVar("R")
Progress = Callable[[int, int], None]
"""Told how many of how many pages are copied."""

AIM = 0.02
"""How long a batch should take, in seconds: so long an UPDATE of one of its rows waits."""

_FIRST, _MOST = 16, 1024
_CHUNK = 500
_TRIES = 100


def copy(connection: psycopg.Connection[Any], mirrored: Mirror, patience: Patience, progress: Progress) -> int:
    """Copy the rows of the source to the target that are not there yet; how many were copied.

    Rows that somebody holds locked are passed over, for `repair` to find.
    """
    pages = _pages(connection, mirrored)
    page, step, rows = 0, _FIRST, 0
    while page < pages:
        started = time.monotonic()
        rows += _again_and_again(
            connection,
            lambda since=page, until=page + step: _batch(connection, mirrored, since, until),
            patience,
            where=str(mirrored.source),
        )
        page += step
        took = time.monotonic() - started
        step = min(max(int(step * AIM / max(took, AIM / 2)), 1), _MOST)
        progress(min(page, pages), pages)
    return rows


def _again_and_again(
    connection: psycopg.Connection[Any], work: Callable[[], R], patience: Patience, *, where: str
) -> R:
    """Whoever locks a row that is being moved to another partition is told to try again, also in READ COMMITTED."""
    for _ in range(_TRIES):
        with suppress(errors.SerializationFailure):
            return patience.transaction(connection, work, what="copying rows", where=where)
    return patience.transaction(connection, work, what="copying rows", where=where)


def _pages(connection: psycopg.Connection[Any], mirrored: Mirror) -> int:
    row = connection.execute(
        "SELECT pg_catalog.pg_relation_size(%s::oid) / current_setting('block_size')::bigint", [mirrored.source.oid]
    ).fetchone()
    return int(row[0]) if row else 0


def _batch(connection: psycopg.Connection[Any], mirrored: Mirror, since: int, until: int) -> int:
    # FOR SHARE: nobody changes a row between its being read and its copy being there
    return connection.execute(
        sql.SQL(
            "INSERT INTO {target} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM ONLY {source}"
            " WHERE ctid >= {since}::tid AND ctid < {until}::tid FOR SHARE SKIP LOCKED ON CONFLICT DO NOTHING"
        ).format(
            target=mirrored.to_table,
            source=mirrored.from_table,
            columns=mirrored.written,
            since=sql.Literal(f"({since},0)"),
            until=sql.Literal(f"({until},0)"),
        )
    ).rowcount


def repair(
    connection: psycopg.Connection[Any], mirrored: Mirror, patience: Patience, keys: Sequence[tuple[str, ...]]
) -> None:
    """Make the rows of these keys (as text) in the target those of the source."""
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        _again_and_again(
            connection,
            lambda chunk=chunk: _again(connection, mirrored, chunk),
            patience,
            where=str(mirrored.source),
        )


def _again(connection: psycopg.Connection[Any], mirrored: Mirror, keys: Sequence[tuple[str, ...]]) -> None:
    wanted = sql.SQL("({}) IN (SELECT {} FROM unnest({}) AS k ({}))").format(
        sql.SQL(", ").join(sql.SQL("r.{}").format(sql.Identifier(name)) for name in mirrored.key),
        sql.SQL(", ").join(
            sql.SQL("k.{}::{}").format(sql.Identifier(name), sql.SQL(cast("Any", mirrored.type_of(name))))
            for name in mirrored.key
        ),
        sql.SQL(", ").join(sql.SQL("%s::text[]") for _ in mirrored.key),
        sql.SQL(", ").join(map(sql.Identifier, mirrored.key)),
    )
    values = [list(column) for column in zip(*keys, strict=True)]
    parts = {"target": mirrored.to_table, "source": mirrored.from_table, "columns": mirrored.written, "wanted": wanted}
    for statement in (
        "SELECT count(*) FROM (SELECT FROM ONLY {source} AS r WHERE {wanted} FOR SHARE) AS locked",
        "DELETE FROM {target} AS r WHERE {wanted}",
        "INSERT INTO {target} ({columns}) OVERRIDING SYSTEM VALUE"
        " SELECT {columns} FROM ONLY {source} AS r WHERE {wanted} ON CONFLICT DO NOTHING",
    ):
        connection.execute(sql.SQL(statement).format(**parts), values)


def differences(connection: psycopg.Connection[Any], mirrored: Mirror, limit: int) -> list[tuple[str, ...]]:
    """Keys, as text, of rows that are not the same in source and target, in one snapshot."""
    key = [sql.Identifier(name) for name in mirrored.key]
    listed = sql.SQL(", ").join(key)
    statement = sql.SQL(
        "SELECT {keys} FROM (SELECT {key}, {digest} AS airside_digest FROM ONLY {source} AS r) AS a"
        " FULL JOIN (SELECT {key}, {digest} AS airside_digest FROM {target} AS r) AS b USING ({key})"
        " WHERE a.airside_digest IS DISTINCT FROM b.airside_digest LIMIT {limit}"
    ).format(
        keys=sql.SQL(", ").join(sql.SQL("{}::text").format(name) for name in key),
        key=listed,
        digest=digest_of_row(mirrored),
        source=mirrored.from_table,
        target=mirrored.to_table,
        limit=sql.Literal(limit),
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        return [tuple(map(str, row)) for row in cursor.execute(statement)]


def equal(connection: psycopg.Connection[Any], mirrored: Mirror) -> tuple[bool, int]:
    """Whether source and target hold the same rows in one snapshot, by number and digest; and how many the source."""
    total = sql.SQL("(SELECT (count(*), bit_xor({digest}), sum({digest}::numeric))::text FROM {table} AS r)")
    digest = digest_of_row(mirrored)
    source = sql.SQL("ONLY {}").format(mirrored.from_table)
    row = connection.execute(
        sql.SQL("SELECT {}, {}, (SELECT count(*) FROM {})").format(
            total.format(digest=digest, table=source), total.format(digest=digest, table=mirrored.to_table), source
        )
    ).fetchone()
    assert row is not None
    return row[0] == row[1], int(row[2])


def digest_of_row(mirrored: Mirror) -> sql.Composed:
    """The digest of a row called r, over all its columns."""
    row = sql.SQL(", ").join(sql.SQL("r.{}").format(sql.Identifier(column.name)) for column in mirrored.columns)
    how = "hash_record_extended(ROW({}), 0)" if mirrored.hashable else "hashtextextended(ROW({})::text, 0)"
    return sql.SQL(how).format(row)
