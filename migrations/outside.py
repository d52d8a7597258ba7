"""Statements that PostgreSQL runs only outside a transaction. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from postgast import pg_query_pb2

_ONLY = frozenset({"vacuum_stmt", "createdb_stmt", "dropdb_stmt", "create_table_space_stmt", "drop_table_space_stmt"})

_WHOLE = frozenset(
    {
        pg_query_pb2.REINDEX_OBJECT_SCHEMA,
        pg_query_pb2.REINDEX_OBJECT_SYSTEM,
        pg_query_pb2.REINDEX_OBJECT_DATABASE,
    }
)
_WITHIN = frozenset(
    {pg_query_pb2.TRANS_STMT_SAVEPOINT, pg_query_pb2.TRANS_STMT_RELEASE, pg_query_pb2.TRANS_STMT_ROLLBACK_TO}
)


def runs_outside(node: pg_query_pb2.Node) -> bool:
    """Whether PostgreSQL refuses the statement in a transaction (25001)."""
    kind = node.WhichOneof("node") or ""
    if kind == "vacuum_stmt":
        # ANALYZE is the same node, and may run in one
        return node.vacuum_stmt.is_vacuumcmd
    if kind == "reindex_stmt" and node.reindex_stmt.kind in _WHOLE:
        return True
    # without a table CLUSTER takes all of them, each in a transaction of its own
    every_table = kind == "cluster_stmt" and not node.cluster_stmt.HasField("relation")
    return kind in _ONLY or kind == "alter_system_stmt" or every_table or is_concurrent(node)


def is_concurrent(node: pg_query_pb2.Node) -> bool:
    """CREATE, DROP or REINDEX ... CONCURRENTLY, or DETACH PARTITION ... CONCURRENTLY."""
    kind = node.WhichOneof("node")
    if kind == "index_stmt":
        return node.index_stmt.concurrent
    if kind == "drop_stmt":
        return node.drop_stmt.concurrent
    if kind == "reindex_stmt":
        return any(item.def_elem.defname == "concurrently" for item in node.reindex_stmt.params)
    if kind == "alter_table_stmt":
        return any(
            item.alter_table_cmd.HasField("def") and getattr(item.alter_table_cmd, "def").partition_cmd.concurrent
            for item in node.alter_table_stmt.cmds
        )
    return False


def one_transaction(nodes: Iterable[pg_query_pb2.Node]) -> bool:
    """Whether statements can be run as one transaction: none begins or ends one, none needs to be outside."""
    return not any(_begins_or_ends(node) or runs_outside(node) for node in nodes)


def _begins_or_ends(node: pg_query_pb2.Node) -> bool:
    return node.WhichOneof("node") == "transaction_stmt" and node.transaction_stmt.kind not in _WITHIN
