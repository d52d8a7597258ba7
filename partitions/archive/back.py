"""What went to archive tables comes back: rows with all that hangs on them, or a whole partition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.archival import Family, returning
from ...schema.core.archival_sql import moment_literal, table_name
from ...schema.core.database import Database
from ...schema.core.errors import Refused
from ...schema.core.patience import Patience
from ...schema.core.retention import retention_rules
from ...schema.core.sql import query
from ...server import Server
from ..run import roll
from .due import DueRows, count_due, every_row, trusted
from .files import closure_lease
from .leaves import partitioned_table, restore_leaf
from .ledger import HOLD, Archive
from .restored import Restored
from .rows import QUERIES, RowRun, handle_rows
from .session import archiver


def restore_from_tables(
    server: Server,
    database: Database,
    archive: Archive,
    *,
    patience: Patience,
    observer: Callable[[int], None] = lambda _: None,
    hold: timedelta = HOLD,
) -> Restored:
    """Bring back what one run moved to archive tables.

    A partition is held for `hold`; rows are due again at once, so that the next run would take them. Rows of another
    run that worked in between at the same time come along. Raises Refused where it is not there any more, and what
    `handle_rows` and `restore_leaf` raise.
    """
    with archiver(server, database) as connection:
        if not archive.details.get("rows"):
            live = partitioned_table(connection, archive.source_schema, archive.source_table)
            with closure_lease(connection, database, live[0].oid if live else 0, patience):
                rows = restore_leaf(connection, archive, patience, until=datetime.now(UTC) + hold)
            return Restored(f"{archive.leaf_schema}.{archive.leaf}", rows, archive.name)
        chosen = _returning(database, archive)
        until = datetime.fromisoformat(str(archive.details["until"])) + timedelta(microseconds=1)
        with every_row(connection, database, chosen):
            count = count_due(connection, chosen, until)
            span = _span(connection, database, archive, chosen, until)
        if not count.rows or span is None:
            raise Refused(
                "none of its rows is in the archive any more", where=archive.name, next_step="airside archive list"
            )
        # of other tables, partitions may be missing that went to their own archive; that is no failure of this one
        roll(connection, database, patience=patience, span=(span[0], span[1] + timedelta(microseconds=1)))
        rows = _back(connection, database, DueRows(chosen, until, count), patience, observer)
        values = {"number": archive.id, "until": str(archive.details["until"])}
        connection.execute(query(QUERIES, "end_row_archive"), values)
    return Restored(archive.name, rows, None)


def _returning(database: Database, archive: Archive) -> Family:
    key = archive.source_table if archive.source_schema == "public" else archive.name
    table = database.metadata.tables.get(key)
    rules = [rule for rule in retention_rules(table.info) if rule.then == "archive"] if table is not None else []
    if table is None or not rules:
        raise Refused(
            f"no rule of {archive.name} archives rows any more",
            where=archive.name,
            next_step="bring them back with SQL, or declare the rule again",
        )
    chosen = returning(database.metadata, table, rules[0])
    since = moment_literal(datetime.fromisoformat(str(archive.details["since"])))
    return replace(chosen, rule=replace(chosen.rule, where=f"{chosen.rule.column} >= {since}"))


def _span(
    connection: psycopg.Connection[Any], database: Database, archive: Archive, chosen: Family, until: datetime
) -> tuple[datetime, datetime] | None:
    """From when to when the rows are by the column of their rule, for the partitions that they need."""
    table = database.metadata.tables[archive.source_table if archive.source_schema == "public" else archive.name]
    [column] = [rule.column for rule in retention_rules(table.info) if rule.then == "archive"][:1]
    row = connection.execute(
        sql.SQL(
            "SELECT min({column})::timestamptz, max({column})::timestamptz FROM {} WHERE {} BETWEEN {} AND {}"
        ).format(
            trusted(table_name(chosen.root)),
            sql.Identifier(chosen.rule.column),
            sql.Literal(datetime.fromisoformat(str(archive.details["since"]))),
            sql.Literal(until),
            column=sql.Identifier(column),
        )
    ).fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def _back(
    connection: psycopg.Connection[Any],
    database: Database,
    due: DueRows,
    patience: Patience,
    observer: Callable[[int], None],
) -> int:
    done = handle_rows(connection, database, due, RowRun(patience=patience, progress=observer))
    if done.left:
        raise Refused(
            f"{done.left} rows stay in the archive: somebody works on them",
            where=due.table,
            next_step="run the command again",
        )
    return done.rows
