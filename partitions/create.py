"""Create the partitions that the declared policies ask for, so that nobody waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import psycopg
from psycopg import sql

from ..schema.core.database import Database
from ..schema.core.errors import LockNotAcquired, Refused
from ..schema.core.locks import RETRIED_SQLSTATES, LockBudget
from ..schema.core.partitioning import Child, PartitionPolicy, RangePartitions, partition_policy
from ..server import Server

Wanted = Callable[[PartitionPolicy], Sequence[Child]]
"""Which partitions a policy is to have."""


def provide(server: Server, database: Database, now: datetime) -> tuple[str, ...]:
    """Create what a live database lacks, as its owner; the names of what was created. Raises LockNotAcquired."""
    return _provide(server, database, lambda policy: policy.children(now))


def ensure(server: Server, database: Database, since: datetime, until: datetime) -> tuple[str, ...]:
    """Create what a live database lacks for rows from `since` up to, not including, `until`; what was made.

    Retention is not asked. Raises what `provide` raises.
    """

    def wanted(policy: PartitionPolicy) -> Sequence[Child]:
        if isinstance(policy, RangePartitions):
            return policy.between(since, until)
        return policy.children(until)

    return _provide(server, database, wanted)


def _provide(server: Server, database: Database, wanted: Wanted) -> tuple[str, ...]:
    if not any(partition_policy(table.info) for table in database.metadata.tables.values()):
        return ()
    with server.connect(database.name, autocommit=True, application_name="airside partitions") as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))
        return _create_all(connection, tuple(_missing(connection, database, wanted)), LockBudget())


@dataclass(frozen=True, slots=True)
class Missing:
    """A partition that should exist and does not."""

    schema: str
    parent: str
    key: str
    child: Child


def missing(connection: psycopg.Connection[Any], database: Database, now: datetime) -> tuple[Missing, ...]:
    """The partitions that the policies ask for at `now` and that the connected database lacks, parents first."""
    return tuple(_missing(connection, database, lambda policy: policy.children(now)))


def _missing(connection: psycopg.Connection[Any], database: Database, wanted: Wanted) -> Iterator[Missing]:
    for table in database.metadata.sorted_tables:
        policy = partition_policy(table.info)
        if policy is None:
            continue
        schema = table.schema or "public"
        for child in wanted(policy):
            if not _exists(connection, schema, table.name, child.name):
                yield Missing(schema, table.name, policy.key, child)


def _exists(connection: psycopg.Connection[Any], schema: str, parent: str, child: str) -> bool:
    """Whether the partition is there. Raises Refused for something else of its name: rows may be in it."""
    names = [sql.Identifier(schema, name).as_string(connection) for name in (parent, child)]
    row = connection.execute(
        "SELECT to_regclass(%s), EXISTS (SELECT FROM pg_catalog.pg_inherits AS i"
        " WHERE i.inhparent = to_regclass(%s) AND i.inhrelid = to_regclass(%s))",
        [names[1], names[0], names[1]],
    ).fetchone()
    if row is None or row[0] is None:
        return False
    if not row[1]:
        raise Refused(
            f"{schema}.{child} exists and is no partition of {schema}.{parent}",
            where=f"{schema}.{parent}",
            next_step=f"attach it (ALTER TABLE {parent} ATTACH PARTITION ...) or rename it, then run the command again",
        )
    return True


def create_missing(
    connection: psycopg.Connection[Any], database: Database, now: datetime, *, budget: LockBudget | None = None
) -> tuple[str, ...]:
    """Create what is missing, each in a transaction of its own; the names of what was created.

    The connection is in autocommit mode and acts as the owner. A table is made like its parent and attached: unlike
    CREATE TABLE ... PARTITION OF, that lets readers and writers of the parent go on. Raises LockNotAcquired, and
    Refused where a table of a partition's name is no partition.
    """
    return _create_all(connection, missing(connection, database, now), budget or LockBudget())


def _create_all(
    connection: psycopg.Connection[Any], all_missing: Sequence[Missing], budget: LockBudget
) -> tuple[str, ...]:
    return tuple(wanted.child.name for wanted in all_missing if _create_within(connection, wanted, budget))


def _create_within(connection: psycopg.Connection[Any], wanted: Missing, budget: LockBudget) -> bool:
    """Whether it was made here, and not by another run at the same time."""
    for pause in budget.pauses():
        try:
            with connection.transaction():
                connection.execute(
                    "SELECT pg_catalog.set_config('lock_timeout', %s, true)", [f"{round(budget.timeout * 1000)}ms"]
                )
                _create(connection, wanted)
        except (psycopg.errors.DuplicateTable, psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            # it comes into being attached, in one transaction, so the other run has done it all
            return False
        except psycopg.Error as error:
            if error.sqlstate not in RETRIED_SQLSTATES:
                raise
            time.sleep(pause)
        else:
            return True
    raise LockNotAcquired(
        f"partition {wanted.child.name} could not be attached in {budget.deadline:.0f} s",
        where=f"{wanted.schema}.{wanted.parent}",
        next_step="run the command again when the table is less busy",
    )


def _create(connection: psycopg.Connection[Any], wanted: Missing) -> None:
    child = sql.Identifier(wanted.schema, wanted.child.name)
    parent = sql.Identifier(wanted.schema, wanted.parent)
    connection.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(child, parent))
    if wanted.child.lower is not None:
        # a CHECK that implies the bound spares the scan on a later detach and attach: it stays
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({key} IS NOT NULL AND {key} >= {} AND {key} < {})").format(
                child,
                sql.Identifier(f"{wanted.child.name}_rng"),
                sql.Literal(wanted.child.lower),
                sql.Literal(wanted.child.upper),
                key=sql.Identifier(wanted.key),
            )
        )
    if _has_policies(connection, wanted):
        # who reads a partition by its own name is not asked for the policies of its parent, and LIKE copies none
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(child))
    connection.execute(
        sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES {}").format(
            parent, child, sql.SQL(cast("Any", wanted.child.bound))
        )
    )


def _has_policies(connection: psycopg.Connection[Any], wanted: Missing) -> bool:
    row = connection.execute(
        "SELECT relrowsecurity FROM pg_catalog.pg_class WHERE oid = to_regclass(%s)",
        [sql.Identifier(wanted.schema, wanted.parent).as_string(connection)],
    ).fetchone()
    return row is not None and bool(row[0])
