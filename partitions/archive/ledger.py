"""The ledger of archives, `airside.archives`: what went where, how it was proven, and what has become of it.

Everything here works on a connection that acts as the owner role of its database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg
from psycopg import errors
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from ...schema.core.errors import Refused
from ...schema.core.sql import query

QUERIES = Path(__file__).parent / "queries"

HOLD = timedelta(days=30)
"""How long a restored partition, which is past its retention, is left alone by the next runs."""

Target = Literal["tables", "parquet", "database"]
State = Literal["copied", "verified", "dropped", "restored", "failed"]

_FROM: Mapping[State, tuple[State, ...]] = {
    "verified": ("copied",),
    "dropped": ("verified",),
    "restored": ("verified", "dropped", "restored"),
    "failed": ("copied", "verified"),
    "copied": (),
}
_MADE_BY_ANOTHER = (errors.UniqueViolation, errors.DuplicateSchema, errors.DuplicateTable, errors.DuplicateObject)
_SECRETS = ("password", "passwd", "secret", "token", "key", "credential", "signature", "sig")


@dataclass(frozen=True, slots=True)
class NewArchive:
    """An archive to be recorded.

    `leaf` and `leaf_oid` name the partition (or the table) whose rows were copied, in the schema `leaf_schema` (that
    of the table where it is None); `lower` and `upper` are the bounds
    of its period in UTC, None where it has none. `location` is a URL or an archive table; credentials in it are left
    out. `digest` is the row digest, `sha256` that of the manifest, `size` in bytes. Until `grace_until` nothing is
    dropped.
    """

    schema: str
    table: str
    leaf: str
    leaf_oid: int
    target: Target
    location: str
    rows: int
    lower: datetime | None = None
    upper: datetime | None = None
    digest: str | None = None
    sha256: str | None = None
    size: int | None = None
    state: State = "copied"
    grace_until: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    leaf_schema: str | None = None


@dataclass(frozen=True, slots=True)
class Archive:
    """A line of the ledger; see NewArchive."""

    id: int
    source_schema: str
    source_table: str
    leaf_schema: str
    leaf: str
    leaf_oid: int
    lower_bound: datetime | None
    upper_bound: datetime | None
    target: Target
    location: str
    row_count: int
    digest: str | None
    manifest_sha256: str | None
    size_bytes: int | None
    state: State
    grace_until: datetime | None
    archived_by: str
    archived_at: datetime
    changed_at: datetime
    details: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The table the rows came from, without `public`."""
        return self.source_table if self.source_schema == "public" else f"{self.source_schema}.{self.source_table}"


def ensure_archives(connection: psycopg.Connection[Any]) -> None:
    """Create the tool's schema and the ledger where they are missing. The connection is in autocommit mode."""
    if exists(connection):
        return
    for statement in (
        "CREATE SCHEMA IF NOT EXISTS airside",
        query(QUERIES, "create_archives"),
        query(QUERIES, "create_archives_key"),
    ):
        try:
            connection.execute(statement)
        except _MADE_BY_ANOTHER:
            # IF NOT EXISTS looks before another transaction has committed; now it has
            connection.execute(statement)


def exists(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT to_regclass('airside.archives_open_key')").fetchone()
    return row is not None and row[0] is not None


def record(connection: psycopg.Connection[Any], archive: NewArchive) -> int:
    """Write a line, in the caller's transaction if there is one; its id.

    Raises Refused when the leaf has an archive under way already.
    """
    try:
        row = connection.execute(
            query(QUERIES, "insert_archive"),
            {
                "source_schema": archive.schema,
                "source_table": archive.table,
                "leaf_schema": archive.leaf_schema or archive.schema,
                "leaf": archive.leaf,
                "leaf_oid": archive.leaf_oid,
                "lower_bound": archive.lower,
                "upper_bound": archive.upper,
                "target": archive.target,
                "location": without_credentials(archive.location),
                "row_count": archive.rows,
                "digest": archive.digest,
                "manifest_sha256": archive.sha256,
                "size_bytes": archive.size,
                "state": archive.state,
                "grace_until": archive.grace_until,
                "details": Jsonb(dict(archive.details)),
            },
        ).fetchone()
    except errors.UniqueViolation:
        raise Refused(
            f"{archive.leaf} has an archive already",
            where=f"{archive.schema}.{archive.leaf}",
            next_step="airside archive list shows it",
        ) from None
    assert row is not None
    return int(row[0])


def advance(
    connection: psycopg.Connection[Any],
    number: int,
    state: State,
    *,
    grace_until: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write what has become of archive `number`; `details` are merged into those there are.

    Raises Refused when its state does not allow it (another run was faster).
    """
    changed = connection.execute(
        query(QUERIES, "advance_archive"),
        {
            "number": number,
            "state": state,
            "grace_until": grace_until,
            "details": Jsonb(dict(details or {})),
            "expected": list(_FROM[state]),
        },
    ).rowcount
    if not changed:
        raise Refused(
            f"archive {number} cannot become {state}: its state is no longer {' or '.join(_FROM[state])}",
            where="airside.archives",
            next_step="airside archive list shows its state",
        )


def note(connection: psycopg.Connection[Any], number: int, details: Mapping[str, Any]) -> None:
    """Merge `details` into those of archive `number`; its state stays."""
    connection.execute(query(QUERIES, "note_archive"), {"number": number, "details": Jsonb(dict(details))})


def keep(connection: psycopg.Connection[Any], number: int, grace: timedelta) -> None:
    """Let the partition of archive `number` stay for `grace` from now on, or for as long as it was to stay anyway."""
    connection.execute(query(QUERIES, "keep_archived"), {"number": number, "grace": grace})


def archives(
    connection: psycopg.Connection[Any],
    *,
    table: tuple[str, str] | None = None,
    leaf_oid: int | None = None,
    states: Collection[State] | None = None,
    target: Target | None = None,
) -> tuple[Archive, ...]:
    """The lines of the ledger in the order of tables and periods; none where there is no ledger.

    `table` is (schema, table) of where the rows came from.
    """
    if not exists(connection):
        return ()
    with connection.cursor(row_factory=class_row(Archive)) as cursor:
        lines = cursor.execute(query(QUERIES, "archives")).fetchall()
    return tuple(
        found
        for found in lines
        if (table is None or (found.source_schema, found.source_table) == table)
        and (leaf_oid is None or found.leaf_oid == leaf_oid)
        and (states is None or found.state in states)
        and (target is None or found.target == target)
    )


def verified_archive(connection: psycopg.Connection[Any], leaf_oid: int) -> Archive | None:
    """The verified archive of exactly this leaf, which is what lets it be dropped once its grace period is over."""
    found = archives(connection, leaf_oid=leaf_oid, states=("verified",))
    return found[-1] if found else None


def without_credentials(location: str) -> str:
    """A location as it may be shown and recorded: no user with a password, no parameter that looks like a secret."""
    if "://" not in location:
        return location
    parts = urlsplit(location)
    user, at, host = parts.netloc.rpartition("@")
    if at:
        name = user.partition(":")[0]
        host = f"{name}@{host}" if name and ":" not in user else host
    given = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in given if not any(word in name.lower() for word in _SECRETS)]
    shown = parts.query if kept == given else urlencode(kept, quote_via=quote)
    query_part = f"?{shown}" if shown else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{host}{parts.path}{query_part}{fragment}"


def held(connection: psycopg.Connection[Any], now: datetime) -> frozenset[int]:
    """The oids of partitions that were restored and are kept for a while, although they are past their retention."""
    return frozenset(
        int(line.details["restored_oid"])
        for line in archives(connection, states=("restored",))
        if "restored_oid" in line.details and line.grace_until is not None and line.grace_until > now
    )
