"""Which data a statement would lose, and whether there is any."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, cast

import psycopg
from postgast import pg_query_pb2
from psycopg import sql

from ..schema.core.errors import DataLossRefused
from ..schema.core.sql import ScriptStatement

LossKind = Literal["table", "column", "narrowing", "sequence"]

_MARKER = re.compile(r"--\s*airside:\s*data-loss\s+(table|column|narrowing|sequence)\s+(\S.*?)\s*$")
_PART = re.compile(r'"((?:[^"]|"")*)"|([^."]+)')


@dataclass(frozen=True, slots=True)
class PotentialLoss:
    """Rows of a table, values of a column, or a sequence's position that a statement would lose if there are any."""

    kind: LossKind
    identity: tuple[str, ...]

    @property
    def name(self) -> str:
        return ".".join(self.identity)


def potential_losses(statement: ScriptStatement) -> tuple[PotentialLoss, ...]:
    """What the file marks (`-- airside: data-loss column public.users.note`) and what the statement itself says."""
    return tuple(dict.fromkeys([*declared_losses(statement), *parsed_losses(statement)]))


def declared_losses(statement: ScriptStatement) -> Iterable[PotentialLoss]:
    """The losses marked in the comments above the statement."""
    for comment in statement.comments:
        match = _MARKER.match(comment)
        if match:
            parts = tuple((m[1].replace('""', '"') if m[2] is None else m[2]) for m in _PART.finditer(match.group(2)))
            yield PotentialLoss(cast("LossKind", match.group(1)), parts)


def parsed_losses(statement: ScriptStatement) -> Iterable[PotentialLoss]:
    """The losses that the statement itself shows: DROP TABLE, TRUNCATE, DROP COLUMN."""
    node = statement.tree
    kind = node.WhichOneof("node")
    if kind == "drop_stmt" and node.drop_stmt.remove_type == pg_query_pb2.OBJECT_TABLE:
        for item in node.drop_stmt.objects:
            yield PotentialLoss("table", _in_schema([part.string.sval for part in item.list.items]))
    elif kind == "truncate_stmt":
        for item in node.truncate_stmt.relations:
            yield PotentialLoss("table", _relation(item.range_var))
    elif kind == "alter_table_stmt" and node.alter_table_stmt.objtype == pg_query_pb2.OBJECT_TABLE:
        relation = _relation(node.alter_table_stmt.relation)
        for item in node.alter_table_stmt.cmds:
            if item.alter_table_cmd.subtype == pg_query_pb2.AT_DropColumn:
                yield PotentialLoss("column", (*relation, item.alter_table_cmd.name))


def _relation(relation: pg_query_pb2.RangeVar) -> tuple[str, ...]:
    return _in_schema([relation.schemaname, relation.relname] if relation.schemaname else [relation.relname])


def _in_schema(parts: list[str]) -> tuple[str, ...]:
    # migrations run with the default search_path, whose one writable schema is public
    return tuple(parts) if len(parts) > 1 else ("public", *parts)


def refuse_losses(
    connection: psycopg.Connection[Any], losses: Iterable[PotentialLoss], *, allowed: frozenset[str], where: str
) -> None:
    """Lock what would be lost and raise DataLossRefused when there is any data in it that `allowed` does not name.

    Runs in the caller's transaction, so that no row can arrive between the look and the drop. The look is taken as
    the login role with `row_security = off`: a forced policy must not hide rows from it.
    """
    for loss in losses:
        if loss.name in allowed or (loss.kind != "table" and ".".join(loss.identity[:-1]) in allowed):
            continue
        if _exists(connection, loss) and _has_data(connection, loss):
            what = {"table": "rows", "sequence": "its position"}.get(loss.kind, "values")
            raise DataLossRefused(
                f"{loss.kind} {loss.name} still holds {what}; nothing was changed",
                where=where,
                next_step=f"move the data, or run again with --allow-data-loss {loss.name}",
            )


def _exists(connection: psycopg.Connection[Any], loss: PotentialLoss) -> bool:
    table = sql.Identifier(*loss.identity[:2]).as_string(connection)
    row = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
    if row is None or row[0] is None:
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
