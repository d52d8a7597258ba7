"""Which columns an ALTER COLUMN TYPE narrows, whether the file marks it or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from postgast import pg_query_pb2
from psycopg import sql

from ..schema.core.plan import keeps_every_value
from ..schema.core.sql import query
from .ledger import QUERIES


def narrowed_columns(
    connection: psycopg.Connection[Any], statement: pg_query_pb2.AlterTableStmt, table: tuple[str, str]
) -> Iterator[str]:
    """Names of columns whose new type cannot hold every value of the one they have now."""
    for item in statement.cmds:
        command = item.alter_table_cmd
        if command.subtype != pg_query_pb2.AT_AlterColumnType:
            continue
        wanted = getattr(command, "def").column_def.type_name
        relation = sql.Identifier(*table).as_string(connection)
        names = [part.string.sval for part in wanted.names]
        parameters = {
            "relation": relation,
            "attribute": command.name,
            "wanted": sql.Identifier(*names).as_string(connection),
        }
        row = connection.execute(query(QUERIES, "column_type"), parameters).fetchone()
        if row is None or row[1] is None:
            continue
        present, base, is_enum = str(row[0]), str(row[1]), bool(row[2])
        modifiers = [str(item.a_const.ival.ival) for item in wanted.typmods if item.HasField("a_const")]
        target = base + (f"({','.join(modifiers)})" if modifiers else "") + "[]" * len(wanted.array_bounds)
        enums = frozenset({present.removesuffix("[]")} if is_enum else ())
        if not keeps_every_value(present, target, enums=enums):
            yield command.name
