"""The ones that are compared: each brings the same twelve partitions and ends the same seven."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from airside.partitions.run import expire
from airside.partitions.run import roll as roll_partitions
from airside.schema.core import RangePartitions
from airside.schema.core.database import Roles
from airside.schema.core.partitioning import step
from airside.schema.core.patience import Patience
from airside.server import Server
from psycopg import sql

from .scene import CREATED, DATABASE, ENDED, EXISTING, Scene, declared


@dataclass(frozen=True)
class Tool:
    """`prepare` is done to its copy of the database beforehand, `run` is measured."""

    name: str
    run: Callable[[Server, Scene], None]
    prepare: Callable[[Server, Scene], None] = lambda _server, _scene: None


def airside(server: Server, scene: Scene) -> None:
    """What `partitions roll` and `partitions expire --grace 0` do, with their usual lock budget."""
    database = declared(scene.policy)
    roll(server, scene.policy)
    with as_owner(server) as connection:
        expire(connection, database, patience=Patience(), grace=timedelta(0)).raise_worst()


def roll(server: Server, policy: RangePartitions) -> None:
    """What `partitions roll` does."""
    with as_owner(server) as connection:
        roll_partitions(connection, declared(policy), patience=Patience()).raise_worst()


@contextmanager
def as_owner(server: Server) -> Generator[psycopg.Connection[Any]]:
    with server.connect(DATABASE, autocommit=True, application_name="airside partitions") as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(Roles.of(DATABASE).owner)))
        yield connection


def nothing(_server: Server, _scene: Scene) -> None:
    """What the clients see of each other."""
    time.sleep(3)


def naive(server: Server, scene: Scene) -> None:
    """What most scripts do: PARTITION OF in one transaction, DROP TABLE in another."""
    with server.connect(DATABASE) as connection:
        for number in range(CREATED):
            lower = step(scene.month, "month", 2 + number)
            child = scene.policy.child(lower, step(lower, "month", 1))
            connection.execute(
                sql.SQL("CREATE TABLE {} PARTITION OF bookings FOR VALUES FROM ({}) TO ({})").format(
                    sql.Identifier(child.name), sql.Literal(child.lower), sql.Literal(child.upper)
                )
            )
        connection.commit()
        for number in range(ENDED):
            lower = step(scene.first, "month", number)
            connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(scene.policy.child_name(lower))))


def partman_prepare(server: Server, scene: Scene) -> None:
    """As its documentation says: create_parent makes the next partition and a DEFAULT one."""
    with server.connect(DATABASE, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman")
        last = step(scene.first, "month", EXISTING - 1)
        # the last one is made by create_parent, which without anything to make makes no DEFAULT either
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(scene.policy.child_name(last))))
        connection.execute(
            "SELECT partman.create_parent('public.bookings', 'booked_at', 'native', 'monthly', p_premake => 1,"
            " p_start_partition => %s)",
            [str(step(scene.first, "month", EXISTING - 2))],
        )
        connection.execute(
            "UPDATE partman.part_config SET premake = %s, retention = %s, retention_keep_table = false",
            [scene.ahead, f"{scene.kept} months"],
        )


def partman(server: Server, _scene: Scene) -> None:
    with server.connect(DATABASE, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SELECT partman.run_maintenance()")


def partsmith(server: Server, scene: Scene) -> None:
    from pg_partsmith import (
        CreateAhead,
        DropAfter,
        KeepNewest,
        LifecyclePolicy,
        PartitionGranularity,
        RangePartitioning,
        TablePartitionConfig,
        TimeBoundaries,
    )
    from pg_partsmith.sync.toolkit import PartitionToolkit
    from sqlalchemy import create_engine

    logging.getLogger("pg_partsmith").setLevel(logging.CRITICAL)
    engine = create_engine(server.sqlalchemy_url(DATABASE))
    config = TablePartitionConfig(
        schema="public",
        table_name="bookings",
        scheme=RangePartitioning(key="booked_at", boundaries=TimeBoundaries(granularity=PartitionGranularity.MONTH)),
        lifecycle=LifecyclePolicy(
            creation=CreateAhead(count=scene.ahead + 1),
            retention=KeepNewest(count=scene.kept + 1),
            drop=DropAfter(grace=timedelta(0)),
        ),
    )
    try:
        # a step that got no lock is an issue of its run, and a scheduler runs it again
        for _ in range(20):
            result = PartitionToolkit.from_engine(engine).maintainer.run_maintenance_safe(config)
            if not result.issues:
                return
        raise RuntimeError(str(result.issues))
    finally:
        engine.dispose()


TOOLS = (
    Tool("Airside", airside),
    Tool("pg_partman 4.7", partman, partman_prepare),
    Tool("pg-partsmith 1.10", partsmith),
    Tool("naive DDL", naive),
)
BASELINE = Tool("no maintenance", nothing)
