"""The ledger of partitions: made on demand, twice at once too, and what it says is detached."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from airside.partitions import ensure
from airside.partitions.ledger import Event, detached, ensure_ledger, range_details, record
from airside.schema.core import Database, RangePartitions, partitioned
from airside.server import Server
from psycopg import sql
from sqlalchemy import Column, DateTime, MetaData, Table

MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
POLICY = RangePartitions("at", "month", "Events {year}_{month:02}", start=date(2026, 1, 1))
METADATA = MetaData()
Table("events", METADATA, Column("at", DateTime(timezone=True)), info=partitioned(POLICY))


def test_the_ledger_is_made_once_by_many(server: Server, database: str) -> None:
    def make(_: int) -> None:
        with server.connect(database, autocommit=True) as connection:
            ensure_ledger(connection)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(make, range(6)))


def test_only_what_we_detached_and_nobody_took_is_detached(server: Server, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE events (at timestamptz) PARTITION BY RANGE (at)")
        connection.execute(
            """CREATE TABLE "Events 2026_03" PARTITION OF events FOR VALUES FROM ('2026-03-01 00:00+00')
            TO ('2026-04-01 00:00+00')"""
        )
        row = connection.execute("SELECT '\"Events 2026_03\"'::regclass::oid::bigint").fetchone()
        assert row is not None
        ensure_ledger(connection)
        names = {"parent": ("public", "events"), "leaf": ("public", "Events 2026_03"), "leaf_oid": row[0]}
        details = range_details("FOR VALUES ...", MARCH, APRIL)

        record(connection, "detaching", **names, details=details)
        assert detached(connection) == ()  # it is still attached
        connection.execute('ALTER TABLE events DETACH PARTITION "Events 2026_03"')
        (found,) = detached(connection)  # also where a killed run could not write the second line
        assert (found.oid, found.name, found.parent, found.lower, found.upper) == (
            row[0],
            "Events 2026_03",
            "public.events",
            MARCH,
            APRIL,
        )
        record(connection, "detached", **names, details=details)
        assert len(detached(connection)) == 1

        connection.execute('ALTER TABLE "Events 2026_03" RENAME TO mine')
        assert detached(connection) == ()  # somebody took it over
        connection.execute('ALTER TABLE mine RENAME TO "Events 2026_03"')
        record(connection, "attached", **names)
        assert detached(connection) == ()  # detached again by hand: not ours


@pytest.mark.parametrize("event", ["moved", "archived", "drained", "converted"])
def test_what_we_did_something_else_with_since_is_no_detached_leaf(server: Server, database: str, event: Event) -> None:
    """It was detached once, came back, went to an archive table, and somebody detached it from that."""
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE events_1 (at timestamptz)")
        row = connection.execute("SELECT 'events_1'::regclass::oid::bigint").fetchone()
        assert row is not None
        ensure_ledger(connection)
        names = {"parent": ("public", "events"), "leaf": ("public", "events_1"), "leaf_oid": row[0]}
        record(connection, "detached", **names, details=range_details("FOR VALUES ...", MARCH, APRIL))
        record(connection, "unlinked", **names)
        assert len(detached(connection)) == 1
        record(connection, event, **names)
        assert detached(connection) == ()


@pytest.mark.parametrize("since", [MARCH, datetime(2026, 3, 31, 23, 59, tzinfo=UTC)])
def test_ensure_covers_any_time_asked_for(server: Server, database: str, since: datetime) -> None:
    declared = Database(database, METADATA)
    with server.connect(database, autocommit=True) as connection:
        owner = sql.Identifier(declared.roles.owner)
        connection.execute(sql.SQL("CREATE ROLE {}").format(owner))
        connection.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(owner))
        connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(sql.Identifier(database), owner))
        connection.execute("CREATE TABLE events (at timestamptz) PARTITION BY RANGE (at)")
        connection.execute(sql.SQL("ALTER TABLE events OWNER TO {}").format(owner))
    try:
        assert ensure(server, declared, since, APRIL) == ("Events 2026_03",)
        assert ensure(server, declared, since, datetime(2026, 4, 1, 0, 0, 1, tzinfo=UTC)) == ("Events 2026_04",)
        assert ensure(server, declared, since, APRIL) == ()
    finally:
        with server.connect(database, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP OWNED BY {}").format(owner))
            connection.execute(sql.SQL("DROP ROLE {}").format(owner))
