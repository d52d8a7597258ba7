"""Rows for the tables of a scratch database."""

from __future__ import annotations

import pytest
from airside.migrations.checks.rows import fill
from airside.migrations.replay import replayed
from airside.schema.core.registry import load_registry
from airside.server import Server

SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN code AS char(3) CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE TABLE people (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(20) NOT NULL UNIQUE, mood mood NOT NULL,
    born date NOT NULL CHECK (born < '2000-01-01'), country code NOT NULL, tags text[] NOT NULL, data jsonb NOT NULL
);
CREATE TABLE orders (
    id uuid, at timestamptz, person int NOT NULL REFERENCES people, total numeric(6,2) NOT NULL CHECK (total >= 0),
    first int, second int, CHECK (first <> second), PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE lines (
    order_id uuid, order_at timestamptz, n int, FOREIGN KEY (order_id, order_at) REFERENCES orders,
    PRIMARY KEY (order_id, order_at, n)
);
CREATE TABLE impossible (n int CHECK (n > 1 AND n < 1));
CREATE TABLE impossible_too (n int NOT NULL CHECK (n > 1 AND n < 1));
"""


def test_every_table_gets_rows_and_what_takes_none_is_named(server: Server, database: str) -> None:
    with server.connect(database) as connection:
        connection.execute(SCHEMA)
        refused = fill(connection)
        counts = {
            name: (connection.execute(f"SELECT count(*) FROM {name}").fetchone() or (0,))[0]
            for name in ("people", "orders", "lines", "impossible")
        }
        children = connection.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'orders'::regclass"
        ).fetchone()
    assert list(refused) == ["public.impossible_too"]
    assert "impossible_too" in refused["public.impossible_too"]
    assert all(counts.values())
    assert children == (3,)


def test_a_second_time_nothing_is_added(server: Server, database: str) -> None:
    with server.connect(database) as connection:
        connection.execute(SCHEMA)
        fill(connection)
        before = connection.execute("SELECT count(*) FROM people").fetchone()
        fill(connection)
        assert connection.execute("SELECT count(*) FROM people").fetchone() == before


@pytest.mark.parametrize("name", ["flight_schedule_pro", "global_travel_hub", "payment_db", "booking_service_db"])
def test_tables_with_triggers_policies_and_exclusions_get_rows_too(server: Server, name: str) -> None:
    entry = load_registry().one(name)
    try:
        with replayed(server, entry, entry.load()) as session, server.connect(session.database) as connection:
            assert fill(connection) == {}
    except Exception as error:
        if "pgcrypto" in str(error):
            pytest.skip("the server has no pgcrypto")
        raise
