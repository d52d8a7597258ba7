"""What is past its time: rows by the rules of the declaration, and whole partitions by their policies."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql

from ...schema.core.archival import Family, family
from ...schema.core.archival_sql import due_condition, moment_literal, table_name
from ...schema.core.database import Database
from ...schema.core.errors import MissingRight, NotProvisioned
from ...schema.core.partitioning import RangePartitions
from ...schema.core.retention import Retention, retention_rules
from ..state import Ladder, Leaf, read_ladders
from .ledger import held

COUNTING = 10.0
"""How long a count may take, in seconds, before PostgreSQL's estimate has to do."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows are due and when the oldest ended (UTC); an estimate, with no oldest, where counting took long."""

    rows: int
    exact: bool
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class DueRows:
    """A rule of a table and what is due by it: rows older than `cutoff`."""

    chosen: Family
    cutoff: datetime
    count: Count

    @property
    def rule(self) -> Retention:
        return self.chosen.rule

    @property
    def table(self) -> str:
        root = self.chosen.root
        return root.table if root.schema == "public" else f"{root.schema}.{root.table}"

    @property
    def destination(self) -> str:
        """Where rows go; empty where they go nowhere."""
        return self.chosen.root.archive or ""

    @property
    def along(self) -> tuple[str, ...]:
        """The tables whose rows go with them."""
        return (*(member.table for member in self.chosen.members[1:]), *self.chosen.cascades)


@dataclass(frozen=True, slots=True)
class DueLeaf:
    """A partition that is past its retention and that its policy archives; `archive` is the table it moves to, None
    where it goes to files."""

    ladder: Ladder
    leaf: Leaf
    cutoff: datetime
    archive: str | None


def row_rules(database: Database, *, only: str | None = None) -> tuple[Family, ...]:
    """The rules of a declaration, in the order of its tables; `only` of one table. Raises DeclarationError."""
    return tuple(
        family(database.metadata, table, rule)
        for table in database.metadata.sorted_tables
        if only in (None, table.name, table.fullname)
        for rule in retention_rules(table.info)
    )


def due_rows(
    connection: psycopg.Connection[Any],
    database: Database,
    chosen: Family,
    now: datetime,
    *,
    counting: float = COUNTING,
) -> DueRows:
    """What is due by one rule at `now`. Raises NotProvisioned where the table is missing, and MissingRight."""
    cutoff = chosen.rule.age.before(now)
    with every_row(connection, database, chosen):
        count = count_due(connection, chosen, cutoff, counting)
    return DueRows(chosen, cutoff, count)


def due_leaves(
    connection: psycopg.Connection[Any], database: Database, now: datetime, *, only: str | None = None
) -> tuple[DueLeaf, ...]:
    """The partitions that end at or before their cutoff and are to be archived, the oldest of each table first.

    Those that were restored and are held for a while are left out.
    """
    return tuple(_due_leaves(read_ladders(connection, database), held(connection, now), now, only))


def _due_leaves(
    ladders: tuple[Ladder, ...], kept: frozenset[int], now: datetime, only: str | None
) -> Iterator[DueLeaf]:
    for ladder in ladders:
        policy = ladder.policy
        if not isinstance(policy, RangePartitions) or policy.at_end != "archive" or only not in (None, ladder.name):
            continue
        cutoff = policy.cutoff(now)
        if cutoff is None:
            continue
        for leaf in ladder.leaves:
            if leaf.end is not None and leaf.end <= cutoff and not leaf.is_default and leaf.oid not in kept:
                yield DueLeaf(ladder, leaf, cutoff, policy.archive)


@contextmanager
def every_row(connection: psycopg.Connection[Any], database: Database, chosen: Family) -> Generator[None]:
    """Within the block no policy hides rows. Where policies bind the owner too, the login role works instead.

    Raises MissingRight where policies bind that role as well, and NotProvisioned where a table is missing.
    """
    names = [table_name(member) for member in chosen.members]
    rows = connection.execute(
        "SELECT to_regclass(name) IS NULL, (SELECT c.relforcerowsecurity FROM pg_catalog.pg_class AS c"
        " WHERE c.oid = to_regclass(name)) FROM unnest(%s::text[]) AS name",
        [names],
    ).fetchall()
    for name, (missing, _) in zip(names, rows, strict=True):
        if missing:
            raise NotProvisioned(f"{name} does not exist", where=database.name, next_step="airside upgrade")
    if not any(forced for _, forced in rows):
        yield
        return
    connection.execute("RESET ROLE")
    connection.execute("SET row_security = off")
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise MissingRight(
            f"policies hide rows of {names[0]} from {connection.info.user}",
            where=database.name,
            next_step="connect as a superuser or as a role with BYPASSRLS",
        ) from error
    finally:
        if not connection.closed:
            connection.execute("RESET row_security")
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))


def count_due(
    connection: psycopg.Connection[Any], chosen: Family, cutoff: datetime, counting: float = COUNTING
) -> Count:
    """How many rows are older than `cutoff`; counted, or estimated after `counting` seconds."""
    name, column = table_name(chosen.root), chosen.rule.column
    rows = trusted(f" FROM {name} WHERE {due_condition(chosen, moment_literal(cutoff))}")
    exact = sql.SQL("SELECT count(*), min({})").format(sql.Identifier(column)) + rows
    try:
        with connection.transaction():
            connection.execute(
                "SELECT pg_catalog.set_config('statement_timeout', %s, true)", [f"{max(round(counting * 1000), 1)}ms"]
            )
            found = connection.execute(exact).fetchone()
    except psycopg.errors.QueryCanceled:
        return Count(_estimate(connection, sql.SQL("SELECT") + rows), exact=False, oldest=None)
    assert found is not None
    return Count(int(found[0]), exact=True, oldest=_moment(found[1]))


def _estimate(connection: psycopg.Connection[Any], statement: sql.Composable) -> int:
    row = connection.execute(sql.SQL("EXPLAIN (FORMAT JSON) ") + statement).fetchone()
    plans = cast("Any", row)[0]
    plan = json.loads(plans) if isinstance(plans, str) else plans
    return int(plan[0]["Plan"]["Plan Rows"])


def _moment(value: object) -> datetime | None:
    match value:
        case datetime():
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        case date():
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        case _:
            return None


def trusted(text: str) -> sql.SQL:
    """SQL that was rendered from a declaration, whose conditions are code."""
    return sql.SQL(cast("LiteralString", text))
