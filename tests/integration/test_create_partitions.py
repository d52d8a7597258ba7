"""Partitions made at provisioning: twice at once, and where something else has the name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from airside.partitions import create_missing
from airside.schema.core import Database, RangePartitions, partitioned
from airside.schema.core.errors import Refused
from airside.server import Server
from sqlalchemy import Column, DateTime, MetaData, Table

POLICY = RangePartitions("at", "month", "events_{year}_{month:02}", start=date(2026, 1, 1), ahead=3)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
METADATA = MetaData()
Table("events", METADATA, Column("at", DateTime(timezone=True)), info=partitioned(POLICY))


@pytest.fixture
def declared(server: Server, database: str) -> Database:
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE events (at timestamptz) PARTITION BY RANGE (at)")
    return Database(database, METADATA)


def test_two_runs_at_once_make_each_partition_once(server: Server, declared: Database) -> None:
    def run(_: int) -> tuple[str, ...]:
        with server.connect(declared.name, autocommit=True) as connection:
            return create_missing(connection, declared, NOW)

    with ThreadPoolExecutor(4) as pool:
        made = [name for names in pool.map(run, range(4)) for name in names]
    assert sorted(made) == [child.name for child in POLICY.children(NOW)]
    with server.connect(declared.name, autocommit=True) as connection:
        attached = connection.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass"
        ).fetchone()
        assert attached == (14,)
        assert create_missing(connection, declared, NOW) == ()


def test_a_table_that_only_has_the_name_is_left_alone_and_named(server: Server, declared: Database) -> None:
    with server.connect(declared.name, autocommit=True) as connection:
        connection.execute("CREATE TABLE events_2026_03 (at timestamptz)")
        connection.execute("INSERT INTO events_2026_03 VALUES (now())")
        with pytest.raises(Refused, match=r"public\.events_2026_03 exists and is no partition"):
            create_missing(connection, declared, NOW)
        assert connection.execute("SELECT count(*) FROM events_2026_03").fetchone() == (1,)
