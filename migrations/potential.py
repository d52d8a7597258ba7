"""Which data a statement would lose by what it says, and by what is marked above it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, cast

from postgast import pg_query_pb2

from ..schema.core.sql import ScriptStatement

LossKind = Literal["table", "column", "narrowing", "sequence", "attribute"]

_MARKER = re.compile(r"--\s*airside:\s*data-loss\s+(table|column|narrowing|sequence|attribute)\s+(\S.*?)\s*$")
_PART = re.compile(r'"((?:[^"]|"")*)"|([^."]+)')


@dataclass(frozen=True, slots=True)
class PotentialLoss:
    """Rows of a table, values of a column, or a sequence's position that a statement would lose if there are any."""

    kind: LossKind
    identity: tuple[str, ...]

    @property
    def name(self) -> str:
        return ".".join(self.identity)


SchemaOf = Callable[[str], str]


def _public(_name: str) -> str:
    """Where a name without a schema is found unless a file sets the search_path."""
    return "public"


def potential_losses(statement: ScriptStatement, schema_of: SchemaOf = _public) -> tuple[PotentialLoss, ...]:
    """What the file marks (`-- airside: data-loss column public.users.note`) and what the statement itself says.

    `schema_of` tells the schema of a table that is named without one.
    """
    return tuple(dict.fromkeys([*declared_losses(statement), *parsed_losses(statement, schema_of)]))


def declared_losses(statement: ScriptStatement) -> Iterable[PotentialLoss]:
    """The losses marked in the comments above the statement."""
    for comment in statement.comments:
        match = _MARKER.match(comment)
        if match:
            parts = tuple((m[1].replace('""', '"') if m[2] is None else m[2]) for m in _PART.finditer(match.group(2)))
            yield PotentialLoss(cast("LossKind", match.group(1)), parts)


def parsed_losses(statement: ScriptStatement, schema_of: SchemaOf = _public) -> Iterable[PotentialLoss]:
    """The losses that the statement itself shows: DROP TABLE, TRUNCATE, DROP COLUMN."""
    node = statement.tree
    kind = node.WhichOneof("node")
    if kind == "drop_stmt" and node.drop_stmt.remove_type == pg_query_pb2.OBJECT_TABLE:
        for item in node.drop_stmt.objects:
            *schema, name = [part.string.sval for part in item.list.items][-2:]
            yield PotentialLoss("table", (*(schema or [schema_of(name)]), name))
    elif kind == "truncate_stmt":
        for item in node.truncate_stmt.relations:
            yield PotentialLoss("table", named_relation(item.range_var, schema_of))
    elif kind == "alter_table_stmt" and node.alter_table_stmt.objtype == pg_query_pb2.OBJECT_TABLE:
        relation = named_relation(node.alter_table_stmt.relation, schema_of)
        for item in node.alter_table_stmt.cmds:
            if item.alter_table_cmd.subtype == pg_query_pb2.AT_DropColumn:
                yield PotentialLoss("column", (*relation, item.alter_table_cmd.name))


def named_relation(relation: pg_query_pb2.RangeVar, schema_of: SchemaOf) -> tuple[str, ...]:
    return (relation.schemaname or schema_of(relation.relname), relation.relname)


def reaches_further(node: pg_query_pb2.Node) -> bool:
    """Whether the statement may take tables or columns along that it does not name."""
    kind = node.WhichOneof("node")
    cascade = pg_query_pb2.DROP_CASCADE
    if kind == "drop_stmt":
        return node.drop_stmt.behavior == cascade or node.drop_stmt.remove_type == pg_query_pb2.OBJECT_EXTENSION
    if kind == "truncate_stmt":
        return node.truncate_stmt.behavior == cascade
    if kind == "alter_table_stmt":
        return any(item.alter_table_cmd.behavior == cascade for item in node.alter_table_stmt.cmds)
    return kind == "drop_owned_stmt"
