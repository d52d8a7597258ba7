"""A new partition, for which the DEFAULT partition is read under ACCESS EXCLUSIVE."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Touched
from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Severity, Step
from .attach_partition_scan import read_to_attach

_MADE_UP = re.compile(r"_airside_\d+$")
"""Partitions that a parent without any gets for the check."""
NAME = "default-partition-scan"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        if not adds_partition(impact):
            continue
        for item in _read(impact):
            severity: Severity = "error" if item.rows else "warning"
            yield impact.finding(
                NAME,
                Table(item),
                f"{item.relation}, the DEFAULT partition, is read whole for rows that belong to the new one, while"
                f" nobody can use it{'' if item.rows else ' (it is empty here)'}",
                "add a CHECK to the DEFAULT partition that rules the new bounds out, NOT VALID, and VALIDATE it first",
                severity,
            )


def adds_partition(impact: Impact) -> bool:
    """Whether the statement makes a partition, new or of a table that is there."""
    made = any(node.create_stmt.HasField("partbound") for node in impact.of_kind("create_stmt"))
    return made or any(command.subtype == pg_query_pb2.AT_AttachPartition for command in impact.commands)


def _read(impact: Impact) -> Iterator[Touched]:
    attached = {
        item.relation
        for command in impact.commands
        if command.subtype == pg_query_pb2.AT_AttachPartition
        for item in read_to_attach(impact, command)
    }
    for table in impact.tables:
        for item in table.all:
            if item.scanned and item.root and item.relation not in attached and not _MADE_UP.search(item.relation):
                yield item


RULE = Rule(NAME, "The DEFAULT partition is read whole, and nobody can use it, for a new partition.", _judge)
