"""ALTER COLUMN TYPE that rewrites or reads the table, or whose meaning hangs on the session's time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postgast import find_nodes, pg_query_pb2

from ..impact import Impact, Table, column_of, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import Command
from .collation_change import only_collates

NAME = "type-change"
_OTHERS_THAT_READ = frozenset(
    {
        pg_query_pb2.AT_SetNotNull,
        pg_query_pb2.AT_AddConstraint,
        pg_query_pb2.AT_AddColumn,
        pg_query_pb2.AT_ValidateConstraint,
    }
)
_ZONED = {"timestamp without time zone", "timestamp with time zone"}
_PRECISION = re.compile(r"\(\d\)")
_SAFE = (
    "add a column of the new type, keep it in step by a trigger, fill it in batches, and let the next release use it"
)


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    zone_set = False
    for impact in impacts(step):
        zone_set = zone_set or any(
            node.variable_set_stmt.name.lower() == "timezone" for node in impact.of_kind("variable_set_stmt")
        )
        for command, table in impact.altered(pg_query_pb2.AT_AlterColumnType):
            if only_collates(step, command, table):
                continue
            if table.rewritten:
                message = f"the new type of {command.name} writes {table} anew while nobody can use it"
                yield impact.finding(NAME, table, message, _SAFE)
            elif table.scanned and not _reads_anyway(impact):
                message = (
                    f"the new type of {command.name} needs no new rows, but its indexes or CHECKs read {table} whole"
                    " while nobody can use it"
                )
                yield impact.finding(NAME, table, message, _safe_without_rewrite())
            elif not table.observed:
                message = f"whether the new type of {command.name} writes {table} anew shows when it runs"
                yield impact.finding(NAME, table, message, "airside check without --static", "note")
            elif not zone_set and _hangs_on_zone(step, command, table):
                yield impact.finding(
                    NAME,
                    table,
                    f"what the values of {command.name} mean afterwards, and whether {table} is rewritten, hangs on"
                    " the TimeZone of the session",
                    "SET LOCAL TimeZone = 'UTC' before it, if that is what the values are in",
                    "warning",
                )


def _safe_without_rewrite() -> str:
    return "drop such CHECKs and indexes first; build them anew with NOT VALID and VALIDATE, or CONCURRENTLY"


def _reads_anyway(impact: Impact) -> bool:
    return any(command.subtype in _OTHERS_THAT_READ for command in impact.commands)


def _hangs_on_zone(step: Step, command: Command, table: Table) -> bool:
    types = {str(column_of(catalog, table.relation, command.name).get("type")) for catalog in (step.before, step.after)}
    expression = command.column.raw_default
    told = any(call.funcname[-1].string.sval == "timezone" for call in find_nodes(expression, pg_query_pb2.FuncCall))
    return {_PRECISION.sub("", name) for name in types} == _ZONED and not told


RULE = Rule(NAME, "A new type rewrites the table, or reads it whole, while nobody can use it.", _judge)
