"""Whole partitions into an archive table: out of the one parent and into the other in one transaction.

Nothing is copied: it takes milliseconds and writes no rows to the WAL. Readers of both tables see each row in exactly
one of them at every moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from ...schema.core.errors import LockNotAcquired, NotProvisioned, Refused
from ...schema.core.locks import WantedLock
from ...schema.core.patience import Patience
from ...schema.core.sql import query
from ..actions import Detach, Table
from ..closure import locks_of
from ..ledger import ensure_ledger, range_details
from ..ledger import record as record_partition
from ..planner import parent_of, table_of
from ..state import Leaf, read_ladders
from ..survey import foreign_keys
from .attaching import attach_locks, explained, keep_range
from .columns import read_columns, settle
from .due import DueLeaf
from .ledger import Archive, NewArchive, advance, archives, ensure_archives, record
from .like import add_foreign_keys, missing_indexes
from .source import Content, content

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class MovedLeaf:
    """A partition that went to `archive` with its `rows`; `number` is that of the ledger. `unfinished` says why foreign
    keys of its former table are still on it; the next run drops them."""

    table: str
    leaf: str
    archive: str
    rows: int
    number: int
    unfinished: LockNotAcquired | None = None


def why_it_stays(connection: psycopg.Connection[Any], due: DueLeaf) -> str | None:
    """Why a partition cannot leave its table now, in words; None when it can."""
    if due.leaf.pending:
        return "a detach of it is pending; airside partitions expire finishes that"
    if due.leaf.kind != "r":
        return "it is partitioned itself, or a foreign table"
    with connection.cursor(row_factory=dict_row) as cursor:
        keys = cursor.execute(query(QUERIES, "leaf_references"), {"parent": due.ladder.oid}).fetchall()
    for key in keys:
        who = f"{key['table']} ({key['name']})"
        if not key["indexed"]:
            return f"{who} refers to its table without an index: a detach would read all of it under a lock"
        if _refers(connection, due.leaf, key):
            return f"rows of {who} refer to it"
    return None


def _refers(connection: psycopg.Connection[Any], leaf: Leaf, key: dict[str, Any]) -> bool:
    same = sql.SQL(" AND ").join(
        sql.SQL("f.{} = l.{}").format(sql.Identifier(mine), sql.Identifier(theirs))
        for mine, theirs in zip(key["columns"], key["referred"], strict=True)
    )
    row = connection.execute(
        sql.SQL("SELECT EXISTS (SELECT FROM {} AS l INNER JOIN {} AS f ON {})").format(
            sql.Identifier(leaf.schema, leaf.name), sql.Identifier(key["schema"], key["table"]), same
        )
    ).fetchone()
    return row is not None and bool(row[0])


def still_there(connection: psycopg.Connection[Any], due: DueLeaf) -> bool:
    """Whether a partition is one of its table still; another run may have been faster."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = %s AND inhparent = %s)",
        [due.leaf.oid, due.ladder.oid],
    ).fetchone()
    return row is not None and bool(row[0])


def move_leaf(connection: psycopg.Connection[Any], due: DueLeaf, patience: Patience) -> MovedLeaf:
    """Move a partition to its archive table.

    The connection is in autocommit mode and acts as the owner. Raises Refused where the partition does not fit there
    or cannot leave, NotProvisioned without an archive table, and LockNotAcquired.
    """
    if reason := why_it_stays(connection, due):
        raise Refused(f"{due.leaf.name} stays: {reason}", where=due.ladder.name, next_step="airside archive plan")
    archive = archive_parent(connection, due)
    require_fit(connection, due, archive)
    ensure_archives(connection)
    ensure_ledger(connection)
    prove_range(connection, due, patience)
    rows = _rows(connection, due.leaf)
    try:
        number = patience.transaction(
            connection,
            lambda: _swap(connection, due, archive, rows, patience),
            what=f"move {due.leaf.name}",
            where=due.ladder.name,
            bounded=True,
            locks=(*leaving_locks(connection, due), WantedLock(archive.oid, "ShareUpdateExclusiveLock")),
        )
    except psycopg.errors.InvalidObjectDefinition as error:
        raise Refused(
            f"{archive.name} does not take {due.leaf.name}: {error.diag.message_primary}",
            where=due.ladder.name,
            next_step="detach what is in its place there",
        ) from error
    unfinished = None
    try:
        drop_leftover_keys(connection, archive.oid, patience)
    except LockNotAcquired as error:
        unfinished = error
    return MovedLeaf(due.ladder.name, due.leaf.name, archive.name, rows, number, unfinished)


def leaving_locks(connection: psycopg.Connection[Any], due: DueLeaf) -> tuple[WantedLock, ...]:
    """The locks that taking a partition out of its table at once asks for."""
    leaf = due.leaf
    leaving = Detach(
        parent_of(due.ladder), table_of(leaf), leaf.bound, leaf.lower, leaf.upper, due.cutoff, concurrently=False
    )
    return locks_of(leaving, foreign_keys(connection))


@dataclass(frozen=True, slots=True)
class Parent:
    """A partitioned table that takes partitions."""

    oid: int
    schema: str
    name: str
    row_security: bool

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)


def archive_parent(connection: psycopg.Connection[Any], due: DueLeaf) -> Parent:
    """The archive table of a policy. Raises NotProvisioned, and Refused where it is partitioned in another way."""
    found = partitioned_table(connection, due.ladder.schema, str(due.archive))
    if found is None:
        raise NotProvisioned(
            f"the archive table {due.archive} does not exist, or is not partitioned",
            where=due.ladder.name,
            next_step=f"declare it with the partition key of {due.ladder.name}, then airside upgrade",
        )
    parent, key = found
    if key != due.ladder.key_definition:
        raise Refused(
            f"{parent.name} is partitioned by {key}, {due.ladder.name} by {due.ladder.key_definition}",
            where=due.ladder.name,
            next_step="give both the same partition key",
        )
    return parent


def partitioned_table(connection: psycopg.Connection[Any], schema: str, name: str) -> tuple[Parent, str] | None:
    """A partitioned table and its key; None where there is none of this name."""
    row = connection.execute(
        "SELECT c.oid::bigint, n.nspname, c.relname, c.relrowsecurity, pg_catalog.pg_get_partkeydef(c.oid)"
        " FROM pg_catalog.pg_class AS c INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = %s AND c.relkind = 'p'",
        [schema, name],
    ).fetchone()
    return None if row is None else (Parent(int(row[0]), str(row[1]), str(row[2]), bool(row[3])), str(row[4]))


def require_fit(connection: psycopg.Connection[Any], due: DueLeaf, archive: Parent) -> None:
    """Raise Refused where ATTACH would refuse the partition, or build or check something while everybody waits."""
    rows = connection.execute(
        query(QUERIES, "shape_differences"), {"leaf": due.leaf.oid, "archive": archive.oid}
    ).fetchall()
    if rows:
        raise Refused(
            f"{due.leaf.name} does not fit under {archive.name}: {'; '.join(str(row[0]) for row in rows)}",
            where=due.ladder.name,
            next_step=f"give {archive.name} the columns, constraints and indexes of {due.ladder.name}",
        )


def prove_range(connection: psycopg.Connection[Any], due: DueLeaf, patience: Patience) -> None:
    """Give the partition a CHECK that implies its bound, so that no ATTACH scans it; readers and writers go on."""
    leaf, key = due.leaf, due.ladder.key
    if not leaf.checked and key is not None:
        keep_range(connection, patience, table_of(leaf), key, leaf.bound.removeprefix("FOR VALUES "))


def _rows(connection: psycopg.Connection[Any], leaf: Leaf) -> int:
    row = connection.execute(
        sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(leaf.schema, leaf.name))
    ).fetchone()
    return int(row[0]) if row is not None else 0


def _swap(connection: psycopg.Connection[Any], due: DueLeaf, archive: Parent, rows: int, patience: Patience) -> int:
    leaf, parent = due.leaf, sql.Identifier(due.ladder.schema, due.ladder.table)
    name = sql.Identifier(leaf.schema, leaf.name)
    record_partition(
        connection,
        "moved",
        parent=(due.ladder.schema, due.ladder.table),
        leaf=(leaf.schema, leaf.name),
        leaf_oid=leaf.oid,
        details=range_details(leaf.bound, leaf.lower, leaf.upper) | {"to": archive.name},
    )
    number = record(
        connection,
        NewArchive(
            schema=due.ladder.schema,
            table=due.ladder.table,
            leaf=leaf.name,
            leaf_oid=leaf.oid,
            target="tables",
            location=archive.name,
            rows=rows,
            lower=leaf.lower,
            upper=leaf.upper,
            state="verified",
            details={"bound": leaf.bound},
        ),
    )
    exchange(connection, name, parent, archive.identifier, leaf.bound, patience)
    if archive.row_security:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))
    _grant_as(connection, leaf.oid, name, archive.oid)
    return number


def exchange(
    connection: psycopg.Connection[Any],
    leaf: sql.Identifier,
    old: sql.Identifier,
    new: sql.Identifier,
    bound: str,
    patience: Patience,
) -> None:
    """Take a partition from one parent to another, within the caller's transaction, which is a bounded one."""
    # the bound is printed in the session's time zone; with it in UTC the two texts mean the same
    connection.execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(old, leaf))
    patience.share(connection)
    connection.execute(
        sql.SQL("ALTER TABLE {} ATTACH PARTITION {} {}").format(new, leaf, sql.SQL(cast("LiteralString", bound)))
    )


def _grant_as(connection: psycopg.Connection[Any], leaf_oid: int, leaf: sql.Identifier, archive_oid: int) -> None:
    """Nobody may do more with the partition by its own name than with the archive table."""
    with connection.cursor(row_factory=dict_row) as cursor:
        mine = cursor.execute(query(QUERIES, "grants"), {"table": leaf_oid}).fetchall()
        theirs = cursor.execute(query(QUERIES, "grants"), {"table": archive_oid}).fetchall()
    allowed = {(grant["grantee"], grant["privilege"]) for grant in theirs}
    for grant in mine:
        if (grant["grantee"], grant["privilege"]) not in allowed:
            who = sql.SQL("PUBLIC") if grant["everybody"] else sql.Identifier(grant["grantee"])
            privilege = sql.SQL(cast("LiteralString", grant["privilege"]))
            connection.execute(sql.SQL("REVOKE {} ON {} FROM {}").format(privilege, leaf, who))


def drop_leftover_keys(connection: psycopg.Connection[Any], parent_oid: int, patience: Patience) -> None:
    """Drop the foreign keys that partitions brought from their former parent, each in a transaction of its own.

    Until then the rows that they refer to cannot be deleted, and dropping the partition would lock those tables.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        keys = cursor.execute(query(QUERIES, "leftover_keys"), {"parent": parent_oid}).fetchall()
    for key in keys:
        statement = sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}").format(
            sql.Identifier(key["schema"], key["table"]), sql.Identifier(key["name"])
        )
        patience.transaction(
            connection,
            lambda statement=statement: connection.execute(statement),
            what=f"drop {key['name']} of {key['table']}",
            where=str(key["table"]),
        )


def prove_moves(connection: psycopg.Connection[Any]) -> None:
    """Count partitions that were moved where they are now, and write number and digest of their rows into the ledger.

    Nobody waits for it: a count before the move would be one of rows that may still change, and one in its transaction
    would keep everybody waiting. What a killed run did not get to is counted by the next.
    """
    for line in archives(connection, states=("verified",), target="tables"):
        leaf = archived_leaf(connection, line) if line.digest is None else None
        if leaf is not None:
            found = moved_content(connection, leaf)
            values = {"number": line.id, "rows": found.rows, "digest": found.digest}
            connection.execute(query(QUERIES, "prove_move"), values)


def moved_content(connection: psycopg.Connection[Any], leaf: Leaf) -> Content:
    """What a partition in an archive table holds, under settings by which every value has one text."""
    with connection.transaction():
        settle(connection)
        return content(connection, sql.Identifier(leaf.schema, leaf.name), read_columns(connection, leaf.oid))


def finish_moves(connection: psycopg.Connection[Any], patience: Patience, *, only: str | None = None) -> None:
    """Finish what killed runs left of their moves (`only` of one table). Raises LockNotAcquired."""
    prove_moves(connection)
    moved = [line for line in archives(connection, states=("verified",), target="tables") if only in (None, line.name)]
    for schema, name in sorted({(line.source_schema, line.location) for line in moved if line.details.get("bound")}):
        found = partitioned_table(connection, schema, name)
        if found is not None:
            drop_leftover_keys(connection, found[0].oid, patience)


def restore_leaf(
    connection: psycopg.Connection[Any], archive: Archive, patience: Patience, *, until: datetime | None = None
) -> int:
    """Bring a partition back from its archive table, to be left alone by runs before `until`; how many rows it has.

    Its foreign keys are made and checked first, while it is still in the archive, so that ATTACH reads nothing. The
    connection is in autocommit mode and acts as the owner. Raises Refused where it is not there any more, or where
    rows that it refers to are gone, NotProvisioned, and LockNotAcquired.
    """
    leaf = _in_archive(connection, archive)
    name, where = sql.Identifier(leaf.schema, leaf.name), archive.name
    live = partitioned_table(connection, archive.source_schema, archive.source_table)
    if live is None:
        raise NotProvisioned(f"{archive.name} does not exist", where=archive.name, next_step="airside upgrade")
    parent, table = Table(live[0].oid, live[0].schema, live[0].name), table_of(leaf)
    cold = partitioned_table(connection, archive.source_schema, archive.location)
    _require_indexes(connection, parent, table)
    add_foreign_keys(connection, patience, parent.oid, table)
    if key := _key(connection, parent):
        keep_range(connection, patience, table, key, leaf.bound.removeprefix("FOR VALUES "))
    rows = _rows(connection, leaf)

    def back() -> None:
        record_partition(
            connection,
            "attached",
            parent=(archive.source_schema, archive.source_table),
            leaf=(leaf.schema, leaf.name),
            leaf_oid=leaf.oid,
            details=range_details(leaf.bound, archive.lower_bound, archive.upper_bound) | {"from": archive.location},
        )
        advance(connection, archive.id, "restored", grace_until=until, details={"restored_oid": leaf.oid})
        old = sql.Identifier(archive.source_schema, archive.location)
        exchange(connection, name, old, live[0].identifier, leaf.bound, patience)
        _grant_as(connection, leaf.oid, name, live[0].oid)

    locks = [*attach_locks(connection, parent, table), WantedLock(leaf.oid, "AccessExclusiveLock")]
    if cold is not None:
        locks.append(WantedLock(cold[0].oid, "AccessExclusiveLock"))
    with explained(where):
        patience.transaction(connection, back, what=f"restore {leaf.name}", where=where, bounded=True, locks=locks)
    return rows


def _key(connection: psycopg.Connection[Any], parent: Table) -> str | None:
    return next((ladder.key for ladder in read_ladders(connection, detail=False) if ladder.oid == parent.oid), None)


def _require_indexes(connection: psycopg.Connection[Any], parent: Table, table: Table) -> None:
    """Raise Refused where ATTACH would build an index while everybody waits."""
    missing = missing_indexes(connection, parent.oid, table.oid, sql.Identifier(table.schema, table.name))
    if missing:
        raise Refused(
            f"{table} lacks indexes that {parent} has got since: an attach would build them while everybody waits",
            where=str(table),
            next_step="; ".join(statement.as_string(connection) for statement in missing)
            + "; then run the command again",
        )


def _in_archive(connection: psycopg.Connection[Any], archive: Archive) -> Leaf:
    leaf = archived_leaf(connection, archive)
    if leaf is None:
        raise Refused(
            f"{archive.leaf} is not in {archive.location} any more",
            where=archive.name,
            next_step="airside archive list shows what there is",
        )
    return leaf


def archived_leaf(connection: psycopg.Connection[Any], archive: Archive) -> Leaf | None:
    """The partition of a line of the ledger; None where it is not in its archive table any more, or was none."""
    row = connection.execute(query(QUERIES, "archived_leaf"), {"leaf": archive.leaf_oid}).fetchone()
    if archive.target != "tables" or archive.details.get("bound") is None or row is None or row[3] != archive.location:
        return None
    return Leaf(archive.leaf_oid, str(row[0]), str(row[1]), str(row[2]), "r", False, False, 0.0, 0)
