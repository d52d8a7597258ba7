"""A domain's constraint that is tried on every table with a column of that domain."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import find_nodes, pg_query_pb2

from ..effects import Lock
from ..impact import Impact, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import default_of, type_name
from .serial_or_generated_column import filled_as

NAME = "domain-constraint-scan"
_TRIED = {"C": "the new CHECK of", "O": "NOT NULL of", "V": "VALIDATE CONSTRAINT of"}


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    domains = constrained_domains(step)
    for impact in impacts(step):
        yield from _altered(impact)
        yield from _added(impact, domains)


def _altered(impact: Impact) -> Iterator[Finding]:
    for node in impact.of_kind("alter_domain_stmt"):
        statement = node.alter_domain_stmt
        domain = ".".join(part.string.sval for part in statement.type_name)
        read = [table for table in impact.tables if table.scanned and (table.lock or Lock.SHARE) >= Lock.SHARE]
        if read and statement.subtype in _TRIED:
            message = (
                f"{_TRIED[statement.subtype]} domain {domain} is tried on every row of {', '.join(map(str, read))}"
                " while nobody can write there"
            )
            yield impact.finding(NAME, read[0], message, _safe(statement.subtype))


def _safe(subtype: str) -> str:
    if subtype == "V":
        return "commit first; a CHECK of the table instead of the domain's is validated without stopping writes"
    if subtype == "C":
        return "ADD CONSTRAINT ... NOT VALID, commit, then VALIDATE CONSTRAINT; or a CHECK of the table, NOT VALID"
    return "a CHECK (VALUE IS NOT NULL) NOT VALID, or NOT NULL for the columns of the tables, table by table"


def _added(impact: Impact, domains: frozenset[str]) -> Iterator[Finding]:
    for command, table in impact.altered(pg_query_pb2.AT_AddColumn):
        if table.rewritten and is_for_its_domain(command.column, domains):
            message = (
                f"the domain of {command.column.colname} has constraints: {table} is written anew"
                " while nobody can use it"
            )
            safe = "a column of the plain type with a CHECK that is added NOT VALID and validated later"
            yield impact.finding(NAME, table, message, safe)


def constrained_domains(step: Step) -> frozenset[str]:
    """The names of domains with a CHECK or NOT NULL."""
    return frozenset(
        key.identity[1]
        for catalog in (step.before, step.after)
        for key, item in catalog.items()
        if key.kind == "domain" and (item.properties.get("constraints") or item.properties.get("not_null"))
    )


def is_for_its_domain(column: pg_query_pb2.ColumnDef, domains: frozenset[str]) -> bool:
    """Whether nothing but the domain of a new column makes PostgreSQL write each row."""
    default = default_of(column)
    varies = default is not None and any(True for _ in find_nodes(default, pg_query_pb2.FuncCall))
    return type_name(column.type_name) in domains and not varies and filled_as(column) is None


RULE = Rule(NAME, "A domain's constraint reads every table that uses it while nobody can write there.", _judge)
