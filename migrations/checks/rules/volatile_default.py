"""ADD COLUMN with a default that differs from row to row."""

from __future__ import annotations

from collections.abc import Iterator

import postgast
from postgast import pg_query_pb2

from ..impact import Table, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import default_of
from .domain_constraint_scan import constrained_domains, is_for_its_domain
from .serial_or_generated_column import filled_as

NAME = "volatile-default"
_KNOWN = frozenset(
    {
        "clock_timestamp",
        "gen_random_bytes",
        "gen_random_uuid",
        "nextval",
        "random",
        "timeofday",
        "uuid_generate_v1",
        "uuid_generate_v1mc",
        "uuid_generate_v4",
        "uuidv4",
        "uuidv7",
    }
)


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    domains = constrained_domains(step)
    for impact in impacts(step):
        for command, table in impact.altered(pg_query_pb2.AT_AddColumn):
            default = default_of(command.column)
            if default is None or filled_as(command.column) or is_for_its_domain(command.column, domains):
                continue
            if _is_written(table, default):
                yield impact.finding(
                    NAME,
                    table,
                    f"the default of {command.column.colname} is another one for each row: {table} is written anew"
                    " while nobody can use it",
                    "ADD COLUMN without a default, ALTER COLUMN ... SET DEFAULT for new rows, fill the old in batches",
                )


def _is_written(table: Table, default: pg_query_pb2.Node) -> bool:
    if table.observed:
        return table.rewritten
    calls = postgast.find_nodes(default, pg_query_pb2.FuncCall)
    return any(call.funcname[-1].string.sval in _KNOWN for call in calls)


RULE = Rule(NAME, "A default that differs from row to row rewrites the table.", _judge)
