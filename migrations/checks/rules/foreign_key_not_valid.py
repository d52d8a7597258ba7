"""A foreign key that is added and validated at once."""

from __future__ import annotations

from collections.abc import Iterator, Set

from postgast import pg_query_pb2

from ..impact import Impact, Table, constraints, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import default_of, names, relation

NAME = "foreign-key-not-valid"


def _judge(step: Step, context: Context) -> Iterator[Finding]:
    filled: set[str] = set()
    for impact in impacts(step):
        yield from _of_new_tables(impact, filled)
        filled.update(item.relation for item in impact.effect.touched if item.created and item.written)
        for command, constraint, table in constraints(impact, pg_query_pb2.CONSTR_FOREIGN):
            new_column = command.subtype == pg_query_pb2.AT_AddColumn
            if constraint.skip_validation or not constraint.is_enforced or not table.read:
                continue
            # a new column without a default holds nothing that could be wrong
            if new_column and not table.observed and default_of(command.column) is None:
                continue
            if new_column and table.rewritten:
                continue
            yield impact.finding(
                NAME,
                table,
                f"every row of {table} is compared with {relation(constraint.pktable)}"
                f" while nobody can write to {_both(impact, table, relation(constraint.pktable))}",
                _safe(table, context.major),
            )


def _of_new_tables(impact: Impact, filled: Set[str]) -> Iterator[Finding]:
    """A table that the step made and filled is nobody's yet, but the one it refers to is."""
    for command in impact.commands:
        for constraint in command.constraints:
            if constraint.contype != pg_query_pb2.CONSTR_FOREIGN or constraint.skip_validation:
                continue
            new = [name for name in filled if names(command.relation, name)]
            for referenced in impact.named(relation(constraint.pktable)):
                if new and referenced.scanned:
                    yield impact.finding(
                        NAME,
                        referenced,
                        f"every row of the new {new[0]} is compared with {referenced} while nobody can write to that",
                        "ADD CONSTRAINT ... FOREIGN KEY ... NOT VALID before it is filled",
                    )


def _both(impact: Impact, table: Table, referenced: str) -> str:
    others = [item for item in impact.named(referenced) if item.relation != table.relation]
    return "either" if others else "it"


def _safe(table: Table, major: int) -> str:
    if table.own.kind == "p" and major < 18:
        return "add it NOT VALID to each partition, VALIDATE each, then to the parent, which takes them over"
    return "ADD CONSTRAINT ... FOREIGN KEY ... NOT VALID, commit, then VALIDATE CONSTRAINT"


RULE = Rule(NAME, "A foreign key compares every row while nobody can write to both tables.", _judge)
