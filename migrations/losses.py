"""Which data a statement would lose, and whether there is any."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, cast

import psycopg
from postgast import pg_query_pb2
from psycopg import sql
from psycopg.rows import class_row

from ..schema.core.errors import DataLossRefused
from ..schema.core.sql import ScriptStatement, query
from .ledger import QUERIES
from .narrowing import narrowed_columns

LossKind = Literal["table", "column", "narrowing", "sequence", "attribute"]

_MARKER = re.compile(r"--\s*airside:\s*data-loss\s+(table|column|narrowing|sequence|attribute)\s+(\S.*?)\s*$")
_PART = re.compile(r'"((?:[^"]|"")*)"|([^."]+)')


@dataclass(frozen=True, slots=True)
class _StoredColumn:
    relation: int
    number: int
    schema: str
    name: str
    column_name: str
    filenode: int
    root: int | None


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
            yield PotentialLoss("table", _relation(item.range_var, schema_of))
    elif kind == "alter_table_stmt" and node.alter_table_stmt.objtype == pg_query_pb2.OBJECT_TABLE:
        relation = _relation(node.alter_table_stmt.relation, schema_of)
        for item in node.alter_table_stmt.cmds:
            if item.alter_table_cmd.subtype == pg_query_pb2.AT_DropColumn:
                yield PotentialLoss("column", (*relation, item.alter_table_cmd.name))


def _relation(relation: pg_query_pb2.RangeVar, schema_of: SchemaOf) -> tuple[str, ...]:
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


def refuse_losses(
    connection: psycopg.Connection[Any], statement: ScriptStatement, *, allowed: frozenset[str], where: str
) -> None:
    """Lock what would be lost and raise DataLossRefused when there is any data in it that `allowed` does not name.

    Runs in the caller's transaction, so that no row can arrive between the look and the drop. The look is taken as
    the login role with `row_security = off`: a forced policy must not hide rows from it.
    """
    losses = potential_losses(statement, lambda name: _visible_schema(connection, name))
    losses = tuple(dict.fromkeys([*losses, *narrowings(connection, statement)]))
    held = [loss for loss in losses if _is_held(connection, loss, allowed)]
    if not held and reaches_further(statement.tree):
        held = [loss for loss in _taken_along(connection, statement, allowed) if _is_held(connection, loss, allowed)]
    if not held:
        return
    what = {"table": "rows", "sequence": "its position"}
    raise DataLossRefused(
        ", ".join(f"{loss.kind} {loss.name} still holds {what.get(loss.kind, 'values')}" for loss in held)
        + "; nothing was changed",
        where=where,
        next_step="move the data, or run again with "
        + " ".join(f"--allow-data-loss {shlex.quote(loss.name)}" for loss in held),
    )


def narrowings(connection: psycopg.Connection[Any], statement: ScriptStatement) -> Iterable[PotentialLoss]:
    """The columns that an ALTER COLUMN TYPE narrows."""
    node = statement.tree
    if node.WhichOneof("node") != "alter_table_stmt" or node.alter_table_stmt.objtype != pg_query_pb2.OBJECT_TABLE:
        return
    schema, name = _relation(node.alter_table_stmt.relation, lambda name: _visible_schema(connection, name))
    for column in narrowed_columns(connection, node.alter_table_stmt, (schema, name)):
        yield PotentialLoss("narrowing", (schema, name, column))


def _is_held(connection: psycopg.Connection[Any], loss: PotentialLoss, allowed: frozenset[str]) -> bool:
    if loss.name in allowed or (loss.kind != "table" and ".".join(loss.identity[:-1]) in allowed):
        return False
    if loss.kind == "attribute":
        users = connection.execute(query(QUERIES, "columns_of_type"), [_type_name(connection, loss)]).fetchall()
        return any(_has_data(connection, PotentialLoss("column", tuple(map(str, user)))) for user in users)
    return _exists(connection, loss) and _has_data(connection, loss)


def _visible_schema(connection: psycopg.Connection[Any], name: str) -> str:
    row = connection.execute(query(QUERIES, "visible_schema"), [sql.Identifier(name).as_string(connection)]).fetchone()
    return "public" if row is None else str(row[0])


def _taken_along(
    connection: psycopg.Connection[Any], statement: ScriptStatement, allowed: frozenset[str]
) -> Iterable[PotentialLoss]:
    """What is gone or emptied after the statement, found out by running it and taking it back."""
    before = _stored(connection)
    with connection.transaction(force_rollback=True):
        connection.execute(statement.sql.encode())
        after = {(column.relation, column.number): column.filenode for column in _stored(connection)}
    remaining = {relation for relation, _ in after}
    names = {column.relation: f"{column.schema}.{column.name}" for column in before}
    truncates = statement.tree.WhichOneof("node") == "truncate_stmt"
    losses: dict[PotentialLoss, None] = {}
    for column in before:
        of_root = column.root is not None and (column.root not in remaining or names.get(column.root) in allowed)
        if of_root:
            continue
        filenode = after.get((column.relation, column.number))
        table = (column.schema, column.name)
        if column.relation not in remaining or (truncates and filenode != column.filenode):
            losses[PotentialLoss("table", table)] = None
        elif filenode is None:
            losses[PotentialLoss("column", (*table, column.column_name))] = None
    return losses


def _stored(connection: psycopg.Connection[Any]) -> list[_StoredColumn]:
    with connection.cursor(row_factory=class_row(_StoredColumn)) as cursor:
        return cursor.execute(query(QUERIES, "stored_columns")).fetchall()


def _type_name(connection: psycopg.Connection[Any], loss: PotentialLoss) -> str:
    return sql.Identifier(*loss.identity[:2]).as_string(connection)


def _exists(connection: psycopg.Connection[Any], loss: PotentialLoss) -> bool:
    table = sql.Identifier(*loss.identity[:2]).as_string(connection)
    # rows of a temporary table are gone with the session anyway
    row = connection.execute(
        "SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass(%s) AND relpersistence <> 't'", [table]
    ).fetchone()
    if row is None:
        return False
    if loss.kind in ("table", "sequence"):
        return True
    return (
        connection.execute(
            "SELECT 1 FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(%s) AND attname = %s"
            " AND NOT attisdropped AND attgenerated = ''",
            [table, loss.identity[-1]],
        ).fetchone()
        is not None
    )


def _has_data(connection: psycopg.Connection[Any], loss: PotentialLoss) -> bool:
    table = sql.Identifier(*loss.identity[:2])
    if loss.kind == "sequence":
        look = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE is_called)").format(table)
    else:
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(table))
        condition = (
            sql.SQL("")
            if loss.kind == "table"
            else sql.SQL(" WHERE {} IS NOT NULL").format(sql.Identifier(loss.identity[-1]))
        )
        look = sql.SQL("SELECT EXISTS (SELECT FROM {}{})").format(table, condition)
    role = connection.execute("SELECT current_user").fetchone()
    connection.execute("RESET ROLE")
    connection.execute("SET LOCAL row_security = off")
    row = connection.execute(look).fetchone()
    connection.execute("SET LOCAL row_security = on")
    if role is not None:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(str(role[0]))))
    return row is not None and bool(row[0])
