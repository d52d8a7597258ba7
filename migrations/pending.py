"""No revision alters a table while the detach of one of its partitions is unfinished."""

from __future__ import annotations

from typing import Any

import psycopg
from postgast import pg_query_pb2
from psycopg import sql

from ..schema.core.errors import Refused
from ..schema.core.quote import qualified
from ..schema.core.sql import ScriptStatement, query
from .ledger import QUERIES


def refuse_pending_detach(connection: psycopg.Connection[Any], statement: ScriptStatement, *, where: str) -> None:
    """Raise Refused when the statement alters a table of which a partition is half detached.

    The partition does not get the change, as nobody sees it any more, and on PostgreSQL 18 its detach cannot be
    finished after that ("could not convert row type") until the change is undone.
    """
    relation = altered(statement.tree)
    if relation is None:
        return
    row = connection.execute(query(QUERIES, "pending_detaches"), {"relation": relation}).fetchone()
    if row is None:
        return
    leaf, parent = qualified(row[0], row[1]), qualified(row[2], row[3])
    raise Refused(
        f"the detach of {leaf} from {parent} was broken off, and could not be finished after this statement",
        where=where,
        next_step=f"finish it: airside partitions expire, or ALTER TABLE {parent} DETACH PARTITION {leaf} FINALIZE;"
        " then run the command again",
    )


def altered(node: pg_query_pb2.Node) -> str | None:
    """The table that an ALTER TABLE changes, as it is written; None for other statements and for FINALIZE itself."""
    kind = node.WhichOneof("node")
    if kind == "alter_table_stmt":
        commands = (item.alter_table_cmd.subtype for item in node.alter_table_stmt.cmds)
        if pg_query_pb2.AT_DetachPartitionFinalize in commands:
            return None
        relation = node.alter_table_stmt.relation
    elif kind == "rename_stmt":
        relation = node.rename_stmt.relation
    elif kind == "alter_object_schema_stmt":
        relation = node.alter_object_schema_stmt.relation
    else:
        return None
    parts = [part for part in (relation.schemaname, relation.relname) if part]
    return sql.Identifier(*parts).as_string(None) if parts else None
