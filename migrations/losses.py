"""Whether there is any of the data that a statement would lose."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from postgast import pg_query_pb2
from psycopg import sql
from psycopg.rows import class_row

from ..schema.core.errors import DataLossRefused
from ..schema.core.sql import ScriptStatement, query
from .ledger import QUERIES
from .narrowing import narrowed_columns
from .potential import PotentialLoss, named_relation, potential_losses, reaches_further


@dataclass(frozen=True, slots=True)
class _StoredColumn:
    relation: int
    number: int
    schema: str
    name: str
    column_name: str
    filenode: int
    root: int | None


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
    schema, name = named_relation(node.alter_table_stmt.relation, lambda name: _visible_schema(connection, name))
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
