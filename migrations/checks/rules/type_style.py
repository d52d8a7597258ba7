"""Types that are regretted later."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect
from ..model import Context, Finding, Rule, Step, about
from ..places import alterations, definition, statements

NAME = "type-style"
_BETTER = {
    "bpchar": ("char(n) pads with blanks that comparisons ignore", "text, with a CHECK of its length"),
    "money": ("money depends on lc_monetary of whoever reads it", "numeric, and a column for the currency"),
    "json": ("json keeps text as it came: no equality, no index", "jsonb"),
    "timestamp": ("timestamp without time zone means another moment in each time zone", "timestamptz"),
    "timetz": ("time with time zone has an offset but no date to know it by", "timestamptz, or time"),
    "serial": ("serial leaves the sequence's rights and ownership to you", "bigint GENERATED ALWAYS AS IDENTITY"),
    "serial2": ("smallserial ends at 32,767", "bigint GENERATED ALWAYS AS IDENTITY"),
    "smallserial": ("smallserial ends at 32,767", "bigint GENERATED ALWAYS AS IDENTITY"),
    "serial4": ("serial ends at 2,147,483,647", "bigint GENERATED ALWAYS AS IDENTITY"),
    "bigserial": ("bigserial leaves the sequence's rights and ownership to you", "bigint GENERATED ALWAYS AS IDENTITY"),
    "float4": ("float4 keeps six digits", "numeric or double precision"),
}


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, column in _columns(step):
        name = column.type_name.names[-1].string.sval if column.type_name.names else ""
        if name in _BETTER:
            why, better = _BETTER[name]
            yield about(NAME, effect, f"{column.colname}: {why}", better, severity="note")


def _columns(step: Step) -> Iterator[tuple[Effect, pg_query_pb2.ColumnDef]]:
    for effect, tree in statements(step, "create_stmt"):
        if tree.create_stmt.relation.relpersistence != "t":
            for item in tree.create_stmt.table_elts:
                if item.WhichOneof("node") == "column_def":
                    yield effect, item.column_def
    for effect, command, _ in alterations(step):
        if command.subtype in (pg_query_pb2.AT_AddColumn, pg_query_pb2.AT_AlterColumnType):
            column = pg_query_pb2.ColumnDef()
            column.CopyFrom(definition(command).column_def)
            column.colname = column.colname or command.name
            yield effect, column


RULE = Rule(NAME, "A column has a type that is often regretted.", judge, "note")
