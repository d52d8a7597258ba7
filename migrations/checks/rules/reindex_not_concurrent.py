"""REINDEX without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Step, about
from ..trees import names, option, relation

NAME = "reindex-not-concurrent"
_SAFE = "REINDEX ... CONCURRENTLY, outside a transaction"
_WHOLE = {
    pg_query_pb2.REINDEX_OBJECT_SCHEMA: "schema",
    pg_query_pb2.REINDEX_OBJECT_DATABASE: "database",
    pg_query_pb2.REINDEX_OBJECT_SYSTEM: "system catalogs",
}


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for node in impact.of_kind("reindex_stmt"):
            statement = node.reindex_stmt
            if option(statement.params, "concurrently"):
                continue
            if statement.kind in _WHOLE:
                message = f"REINDEX blocks writes to each table of the {_WHOLE[statement.kind]} in turn"
                yield about(NAME, impact.effect, message, _SAFE)
            elif not step.before.major and statement.kind == pg_query_pb2.REINDEX_OBJECT_INDEX:
                message = f"REINDEX of {relation(statement.relation)} blocks writes to its table"
                yield about(NAME, impact.effect, message, _SAFE)
            for table in _rebuilt(impact, statement):
                message = f"REINDEX blocks writes to {table}, and reads that would use the index, until it is rebuilt"
                yield impact.finding(NAME, table, message, _SAFE)


def _rebuilt(impact: Impact, statement: pg_query_pb2.ReindexStmt) -> Iterator[Table]:
    written = relation(statement.relation)
    if statement.kind == pg_query_pb2.REINDEX_OBJECT_TABLE:
        yield from (table for table in impact.named(written) if table.read or not impact.effect.transactional)
    elif any(item.rewritten and names(written, item.relation) and not item.created for item in impact.effect.touched):
        yield from (table for table in impact.tables if table.scanned)


RULE = Rule(NAME, "Indexes are rebuilt while nobody can write to their table.", _judge)
