"""Making the partitions of a database for provisioning and seeds: all of them, or an error."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from ..schema.core.database import Database
from ..schema.core.locks import LockBudget
from ..schema.core.partitioning import partition_policy
from ..schema.core.patience import Patience
from ..server import Server
from .actions import Create, steps
from .planner import plan_roll
from .run import roll
from .survey import survey

Span = tuple[datetime, datetime]


@contextmanager
def keeper(server: Server, database: Database) -> Generator[psycopg.Connection[Any]]:
    """A connection in autocommit mode that acts as the owner of `database`. Raises what `Server.connect` raises."""
    with server.connect(database.name, autocommit=True, application_name="airside partitions") as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))
        yield connection


def provide(server: Server, database: Database, now: datetime) -> tuple[str, ...]:
    """Create what a live database lacks, as its owner; the names of what was created. Raises what `roll` reports."""
    return _provide(server, database, now, None)


def ensure(server: Server, database: Database, since: datetime, until: datetime) -> tuple[str, ...]:
    """Create what a live database lacks for rows from `since` up to, not including, `until`; what was made.

    Retention is not asked. Raises what `provide` raises.
    """
    return _provide(server, database, until, (since, until))


def _provide(server: Server, database: Database, now: datetime, span: Span | None) -> tuple[str, ...]:
    if not any(partition_policy(table.info) for table in database.metadata.tables.values()):
        return ()
    with keeper(server, database) as connection:
        return _made(connection, database, now, span, LockBudget(timeout=0.05))


def missing(connection: psycopg.Connection[Any], database: Database, now: datetime) -> tuple[Create, ...]:
    """The partitions that the policies ask for at `now` and that the connected database lacks."""
    plan = plan_roll(survey(connection, database, now, expiring=False), now)
    return tuple(step for step in steps(plan) if isinstance(step, Create))


def create_missing(
    connection: psycopg.Connection[Any], database: Database, now: datetime, *, budget: LockBudget | None = None
) -> tuple[str, ...]:
    """Create what is missing at `now`; the names of what was created.

    The connection is in autocommit mode and acts as the owner. Raises what `roll` reports: LockNotAcquired, and
    Refused where a table of a partition's name is no partition.
    """
    return _made(connection, database, now, None, budget or LockBudget(timeout=0.05))


def _made(
    connection: psycopg.Connection[Any], database: Database, now: datetime, span: Span | None, budget: LockBudget
) -> tuple[str, ...]:
    report = roll(connection, database, patience=Patience(budget), now=now, span=span)
    report.raise_worst()
    return tuple(done.step.child.name for done in report.done if isinstance(done.step, Create))
