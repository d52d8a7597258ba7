"""A primary key that builds its index, or proves its columns NOT NULL, under ACCESS EXCLUSIVE."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..impact import constraints, impacts
from ..model import Context, Finding, Rule, Step

NAME = "primary-key-scan"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    for impact in impacts(step):
        for command, constraint, table in constraints(impact, pg_query_pb2.CONSTR_PRIMARY):
            new_column = command.subtype == pg_query_pb2.AT_AddColumn
            if not table.shut:
                continue
            if constraint.indexname and table.scanned:
                yield impact.finding(
                    NAME,
                    table,
                    f"PRIMARY KEY USING INDEX reads {table} whole while nobody can use it: its columns allow NULL",
                    "make them NOT NULL first, by way of a validated CHECK",
                )
            elif not constraint.indexname and table.read and not (new_column and table.rewritten):
                yield impact.finding(
                    NAME,
                    table,
                    f"PRIMARY KEY builds its index on {table} while nobody can use it",
                    "make the columns NOT NULL by way of a validated CHECK, CREATE UNIQUE INDEX CONCURRENTLY,"
                    " then ADD CONSTRAINT ... PRIMARY KEY USING INDEX",
                )


RULE = Rule(NAME, "A primary key reads the whole table while nobody can use it.", _judge)
