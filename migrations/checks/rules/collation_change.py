"""A column, or a whole database, that sorts in another order."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import Table, column_of, impacts
from ..model import Context, Finding, Rule, Step, about
from ..trees import Command

NAME = "collation-change"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, table in impact.altered(pg_query_pb2.AT_AlterColumnType):
            if not _collates_anew(step, command, table):
                continue
            message = f"{command.name} of {table} sorts in another order"
            if table.scanned:
                message += "; its indexes are built anew while nobody can use the table"
            yield impact.finding(
                NAME,
                table,
                message,
                "leave the column as it is: CREATE INDEX CONCURRENTLY on (column COLLATE ...), ORDER BY ... COLLATE",
                "error" if table.scanned else "warning",
            )
        for kind in ("alter_collation_stmt", "alter_database_refresh_coll_stmt"):
            for _node in impact.of_kind(kind):
                yield about(
                    NAME,
                    impact.effect,
                    "REFRESH VERSION says that every index is in the new order, and rebuilds none",
                    "REINDEX CONCURRENTLY the indexes on text first, then REFRESH VERSION",
                    severity="warning",
                )


def only_collates(step: Step, command: Command, table: Table) -> bool:
    """Whether the column keeps its type and gets another collation."""
    before, after = (column_of(catalog, table.relation, command.name) for catalog in (step.before, step.after))
    return _collates_anew(step, command, table) and before.get("type") == after.get("type")


def _collates_anew(step: Step, command: Command, table: Table) -> bool:
    before, after = (column_of(catalog, table.relation, command.name) for catalog in (step.before, step.after))
    if not before or not after:
        return command.column.HasField("coll_clause")
    return before.get("collation") != after.get("collation")


RULE = Rule(NAME, "Text sorts in another order, and indexes on it with it.", _judge)
