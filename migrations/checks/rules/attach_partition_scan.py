"""ATTACH PARTITION that reads the table to be attached under ACCESS EXCLUSIVE."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Touched
from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Step
from ..trees import Command, names, relation

NAME = "attach-partition-scan"
_SAFE = (
    "add a CHECK that says the bounds, NOT VALID, VALIDATE it, and the indexes of the parent CONCURRENTLY; then ATTACH,"
    " then drop the CHECK"
)


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, parent in impact.altered(pg_query_pb2.AT_AttachPartition):
            for table in _attached(impact, command):
                if not table.observed:
                    message = f"{table.relation} is read whole, unless a validated CHECK says the bounds"
                    yield impact.finding(NAME, table, message, _SAFE, "note")
                elif any(item.scanned for item in read_to_attach(impact, command)):
                    yield impact.finding(
                        NAME,
                        table,
                        f"{table.relation} is read whole before it is part of {parent.relation}, while nobody can"
                        " use it",
                        _SAFE,
                    )


def _attached(impact: Impact, command: Command) -> Iterator[Table]:
    return impact.named(relation(command.partition.name))


def read_to_attach(impact: Impact, command: Command) -> tuple[Touched, ...]:
    """The attached table, with its own partitions when it has some."""
    written = relation(command.partition.name)
    own = [item for item in impact.effect.touched if names(written, item.relation) and not item.created]
    if any(item.kind == "p" for item in own):
        return tuple(item for item in impact.effect.touched if item.root and not item.created)
    return tuple(own)


RULE = Rule(NAME, "A table is read whole, and nobody can use it, to become a partition.", _judge)
