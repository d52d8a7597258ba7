"""The ledger: which revision ran when, by whom, how long, with which checksum and to which catalog."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.rows import class_row, tuple_row

from ..schema.core.errors import ChecksumMismatch, RevisionVanished
from ..schema.core.sql import query
from .sqlfile import checksum, sibling

QUERIES = Path(__file__).parent / "queries"
SCHEMA = "airside"
VERSION = importlib.metadata.version("airside")


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the ledger. `duration_ms` is in milliseconds; `fingerprint` stands at the end of a run."""

    id: int
    revision: str
    direction: str
    checksum: str
    applied_by: str
    applied_at: datetime
    duration_ms: int
    fingerprint: str | None


def ensure_ledger(connection: psycopg.Connection[Any]) -> None:
    """Create the tool's schema and ledger where they are missing, in a transaction of their own."""
    row = connection.execute("SELECT to_regclass('airside.ledger')").fetchone()
    if row is not None and row[0] is not None:
        return
    connection.execute("CREATE SCHEMA IF NOT EXISTS airside")
    connection.execute(query(QUERIES, "create_ledger"))


def exists(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT to_regclass('airside.ledger')").fetchone()
    return row is not None and row[0] is not None


def record(
    connection: psycopg.Connection[Any],
    revision: str,
    direction: str,
    digest: str,
    duration_ms: int,
    fingerprint: str | None,
) -> None:
    connection.execute(
        query(QUERIES, "insert_ledger"), [revision, direction, digest, duration_ms, fingerprint, VERSION]
    )


def record_sql(revision: str, direction: str, digest: str) -> str:
    """The same as a statement for offline scripts."""
    return (
        sql.SQL(
            "INSERT INTO airside.ledger (revision, direction, checksum, duration_ms, airside_version)"
            " VALUES ({}, {}, {}, 0, {})"
        )
        .format(*map(sql.Literal, (revision, direction, digest, VERSION)))
        .as_string(None)
    )


def entries(connection: psycopg.Connection[Any]) -> list[LedgerEntry]:
    """The whole ledger, oldest first."""
    with connection.cursor(row_factory=class_row(LedgerEntry)) as cursor:
        return cursor.execute(query(QUERIES, "ledger")).fetchall()


def applied_checksums(connection: psycopg.Connection[Any]) -> dict[str, str]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        return dict(cursor.execute(query(QUERIES, "applied_checksums")).fetchall())


def verify(script: ScriptDirectory, heads: Sequence[str], recorded: Mapping[str, str], *, target: str) -> None:
    """Every applied revision still has its file, unchanged.

    `heads` are the revisions the database is at. Raises RevisionVanished or ChecksumMismatch naming the revision.
    """
    known = {revision.revision: revision for revision in script.walk_revisions()}
    for revision in heads:
        if revision not in known:
            raise RevisionVanished(
                f"the database is at revision {revision}, which has no file",
                where=target,
                next_step="restore the file from version control, or deploy the release that has it",
            )
    applied = (
        {revision.revision for revision in script.iterate_revisions(tuple(heads), "base", inclusive=True)}
        if heads
        else set[str]()
    )
    for revision in sorted(applied):
        stub = known[revision].path
        digest = recorded.get(revision)
        if digest is not None and digest != checksum(stub):
            changed = sibling(stub, "up")
            raise ChecksumMismatch(
                f"revision {revision} was edited after it was applied",
                where=str(changed if changed.is_file() else stub),
                next_step=f"restore the file and write a new revision, or accept it: airside stamp {target} {heads[0]}",
            )
    for revision in sorted(recorded.keys() - known.keys()):
        latest = recorded[revision]
        raise RevisionVanished(
            f"revision {revision} was applied (checksum {latest[:12]}) and has no file",
            where=target,
            next_step="restore the file from version control",
        )
