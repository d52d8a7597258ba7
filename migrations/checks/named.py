"""The relations that a statement names, read from its tree. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from postgast import pg_query_pb2

_TABLE = pg_query_pb2.OBJECT_TABLE
_ON_TABLE = (pg_query_pb2.OBJECT_TRIGGER, pg_query_pb2.OBJECT_POLICY, pg_query_pb2.OBJECT_RULE)
_TARGETS = {
    "index_stmt": "relation",
    "create_trig_stmt": "relation",
    "rule_stmt": "relation",
    "create_policy_stmt": "table",
    "alter_policy_stmt": "table",
    "insert_stmt": "relation",
    "update_stmt": "relation",
    "delete_stmt": "relation",
    "merge_stmt": "relation",
    "copy_stmt": "relation",
    "cluster_stmt": "relation",
}
"""Statements about one table, and the field that names it."""
_SEVERAL = {"truncate_stmt": "relations", "lock_stmt": "relations"}


class Named(NamedTuple):
    """A table (`r`) or materialized view (`m`) as `schema.name`; `new` when the statement itself makes it."""

    name: str
    kind: str = "r"
    new: bool = False


def named(node: pg_query_pb2.Node) -> Iterator[Named]:
    """The tables that a statement alters, reads for a constraint, writes to, makes or drops.

    A name without a schema is taken for one in `public`.
    """
    kind = node.WhichOneof("node") or ""
    statement = getattr(node, kind, None)
    if kind in _TARGETS:
        yield from _of(getattr(statement, _TARGETS[kind]))
    elif kind == "alter_table_stmt" and node.alter_table_stmt.objtype == _TABLE:
        yield from _of(node.alter_table_stmt.relation)
        yield from _of_commands(node.alter_table_stmt.cmds)
    elif kind in ("create_stmt", "create_table_as_stmt"):
        yield from _made(node)
        yield from _referenced(node.create_stmt.table_elts)
    elif kind == "rename_stmt" and node.rename_stmt.relation.relname:
        yield from _of(node.rename_stmt.relation)
    elif kind == "drop_stmt":
        yield from _dropped(node.drop_stmt)
    elif kind in _SEVERAL:
        for item in getattr(statement, _SEVERAL[kind]):
            yield from _of(item.range_var)
    elif kind == "vacuum_stmt":
        for item in node.vacuum_stmt.rels:
            yield from _of(item.vacuum_relation.relation)
    elif kind == "reindex_stmt" and node.reindex_stmt.kind == pg_query_pb2.REINDEX_OBJECT_TABLE:
        yield from _of(node.reindex_stmt.relation)
    elif kind == "refresh_mat_view_stmt":
        yield from (item._replace(kind="m") for item in _of(node.refresh_mat_view_stmt.relation))


def brought(node: pg_query_pb2.Node, made: Set[str]) -> Iterable[str]:
    """The tables that are its transaction's own after a statement: those it made, and renamed ones of `made`."""
    kind = node.WhichOneof("node")
    if kind in ("create_stmt", "create_table_as_stmt"):
        yield from (item.name for item in _made(node))
    elif kind == "rename_stmt" and node.rename_stmt.rename_type == _TABLE:
        for item in _of(node.rename_stmt.relation):
            if item.name in made:
                yield f"{item.name.rpartition('.')[0]}.{node.rename_stmt.newname}"


def _made(node: pg_query_pb2.Node) -> Iterator[Named]:
    if node.WhichOneof("node") == "create_stmt":
        yield from (item._replace(new=True) for item in _of(node.create_stmt.relation))
        # a partition's parent is there already
        for parent in node.create_stmt.inh_relations:
            yield from _of(parent.range_var)
        return
    into = node.create_table_as_stmt
    kind = "m" if into.objtype == pg_query_pb2.OBJECT_MATVIEW else "r"
    yield from (item._replace(kind=kind, new=True) for item in _of(into.into.rel))


def _of_commands(commands: Iterable[pg_query_pb2.Node]) -> Iterator[Named]:
    for item in commands:
        definition = getattr(item.alter_table_cmd, "def")
        kind = definition.WhichOneof("node")
        if kind == "partition_cmd":
            yield from _of(definition.partition_cmd.name)
        elif kind == "constraint":
            yield from _of(definition.constraint.pktable)
        elif kind == "column_def":
            yield from _referenced(definition.column_def.constraints)


def _referenced(elements: Iterable[pg_query_pb2.Node]) -> Iterator[Named]:
    for element in elements:
        kind = element.WhichOneof("node")
        if kind == "constraint":
            yield from _of(element.constraint.pktable)
        elif kind == "column_def":
            yield from _referenced(element.column_def.constraints)


def _dropped(statement: pg_query_pb2.DropStmt) -> Iterator[Named]:
    kind = {_TABLE: "r", pg_query_pb2.OBJECT_MATVIEW: "m"}.get(statement.remove_type)
    for item in statement.objects:
        parts = [part.string.sval for part in item.list.items]
        if kind is not None:
            yield Named(_qualified(parts[-2:]), kind)
        elif statement.remove_type in _ON_TABLE:
            # the last part is the trigger's or policy's own name
            yield Named(_qualified(parts[-3:-1]))


def _of(relation: pg_query_pb2.RangeVar) -> Iterator[Named]:
    if relation.relname:
        own = [relation.schemaname] if relation.schemaname else []
        yield Named(_qualified([*own, relation.relname]), new=relation.relpersistence == "t")


def _qualified(parts: Sequence[str]) -> str:
    return ".".join(parts if len(parts) > 1 else ["public", *parts])
