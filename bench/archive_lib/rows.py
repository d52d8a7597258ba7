"""Rows with children into archive tables: the declared function in batches, and the naive way in one transaction.

The naive way is INSERT ... SELECT and DELETE, table by table, with nothing locked and nothing verified: as fast as it
gets, and it loses rows when somebody else works at the same time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from airside.migrations.rights import ensure_roles
from airside.partitions.create import create_missing
from airside.schema.core.archival import family
from airside.schema.core.build import build
from airside.schema.core.retention import retention_rules
from airside.schema.flight_services.booking_service_db import database
from airside.server import Server
from psycopg import sql

CUTOFF = datetime(2026, 10, 1, tzinfo=UTC)
SEED = "airside_bench_archive"
ROWS_A_BOOKING = 4

_LOAD = """
INSERT INTO bookings (id, booking_reference, pnr, user_id, gds_provider, origin_airport, destination_airport,
    departure_datetime, arrival_datetime, flight_type, base_fare, taxes, fees, total_amount, currency, status,
    payment_status, contact_email, contact_phone, created_at)
SELECT gen_random_uuid(), 'BK' || n, 'PNR' || n % 1000, gen_random_uuid(), 'AMADEUS', 'JFK', 'LAX',
    TIMESTAMPTZ '2025-11-02' + n * interval '300 days' / {bookings}, TIMESTAMPTZ '2025-11-03' + n * interval '300 days'
    / {bookings}, 'ROUND_TRIP', 100, 20, 5, 125, 'USD', 'COMPLETED', 'CAPTURED', 'person' || n || '@example.org',
    '+49 30 ' || n, TIMESTAMPTZ '2025-10-01'
FROM generate_series(1, {bookings}) AS n;
INSERT INTO booking_registry (booking_id, booking_reference, departure_datetime, created_at)
SELECT id, booking_reference, departure_datetime, created_at FROM bookings;
INSERT INTO booking_passengers (booking_id, booking_departure_datetime, passenger_type, first_name, last_name,
    date_of_birth, passport_number, ticket_number)
SELECT id, departure_datetime, 'ADULT', 'First', 'Last', '1990-01-01', 'P1234567', booking_reference FROM bookings;
INSERT INTO booking_flights (booking_id, booking_departure_datetime, segment_number, airline_code, airline_name,
    flight_number, departure_airport, departure_datetime, arrival_airport, arrival_datetime, cabin_class, booking_class)
SELECT id, departure_datetime, 1, 'UA', 'United', 'UA1', 'JFK', departure_datetime, 'LAX', arrival_datetime,
    'ECONOMY', 'Y' FROM bookings;
INSERT INTO booking_ancillaries (booking_id, booking_departure_datetime, passenger_id, flight_id, ancillary_type,
    description, price)
SELECT b.id, b.departure_datetime, p.id, f.id, 'MEAL', 'Vegan', 9
FROM bookings AS b
INNER JOIN booking_passengers AS p ON p.booking_id = b.id
INNER JOIN booking_flights AS f ON f.booking_id = b.id;
"""


def measure(server: Server, rows: int, batch: int) -> list[dict[str, Any]]:
    """Seconds and rows a second of both ways, on copies of one database."""
    with _seeded(server, rows // ROWS_A_BOOKING):
        found: list[dict[str, Any]] = []
        for name, work in (("one transaction", _naive), (f"airside, {batch} a batch", _airside)):
            with _copy(server) as connection:
                started = time.perf_counter()
                work(connection, batch)
                seconds = time.perf_counter() - started
                _all_moved(connection, rows // ROWS_A_BOOKING)
            found.append({"way": name, "seconds": round(seconds, 2), "rows_a_second": round(rows / seconds)})
        found[1]["ratio"] = round(found[0]["seconds"] / found[1]["seconds"], 2)
    return found


def _airside(connection: psycopg.Connection[Any], batch: int) -> None:
    while connection.execute("SELECT archive_old_bookings(%s, %s)", [CUTOFF, batch]).fetchone() != (0,):
        pass


def _naive(connection: psycopg.Connection[Any], _batch: int) -> None:
    table = database.metadata.tables["bookings"]
    [rule] = retention_rules(table.info)
    members = family(database.metadata, table, rule).members
    of_old = sql.SQL("SELECT id FROM bookings WHERE departure_datetime < {}").format(sql.Literal(CUTOFF))
    with connection.transaction():
        for member in members:
            columns = sql.SQL(", ").join(map(sql.Identifier, member.columns))
            connection.execute(
                sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} WHERE {} IN ({})").format(
                    sql.Identifier(str(member.archive)),
                    columns,
                    columns,
                    sql.Identifier(member.table),
                    sql.Identifier("booking_id" if member.links else "id"),
                    of_old,
                )
            )
        for member in reversed(members):
            if member.links:
                connection.execute(
                    sql.SQL("DELETE FROM {} WHERE booking_id IN ({})").format(sql.Identifier(member.table), of_old)
                )
        connection.execute(
            sql.SQL("UPDATE booking_registry SET archived_at = now() WHERE booking_id IN ({})").format(of_old)
        )
        connection.execute(sql.SQL("DELETE FROM bookings WHERE departure_datetime < {}").format(sql.Literal(CUTOFF)))


def _all_moved(connection: psycopg.Connection[Any], bookings: int) -> None:
    for table in ("bookings", "booking_passengers", "booking_flights", "booking_ancillaries"):
        for name, count in ((table, 0), (f"{table}_archive", bookings)):
            found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
            if found != (count,):
                raise SystemExit(f"{name} has {found} rows instead of {count}")


@contextmanager
def _seeded(server: Server, bookings: int) -> Iterator[None]:
    with server.connect("postgres", autocommit=True) as admin:
        ensure_roles(admin, database)
        _drop(admin, SEED)
        owner = sql.Identifier(database.roles.owner)
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(SEED), owner))
        with server.connect(SEED, autocommit=True) as connection:
            connection.execute(sql.SQL("SET ROLE {}").format(owner))
            build(connection, database)
            create_missing(connection, database, datetime(2025, 11, 1, tzinfo=UTC))
            connection.execute("RESET ROLE")
            # without its triggers, which would take most of the time
            connection.execute("SET session_replication_role = replica")
            for statement in _LOAD.split(";")[:-1]:
                connection.execute(sql.SQL(statement).format(bookings=sql.Literal(bookings)))  # pyright: ignore
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
        try:
            yield
        finally:
            _drop(admin, SEED)


@contextmanager
def _copy(server: Server) -> Iterator[psycopg.Connection[Any]]:
    name = f"{SEED}_copy"
    with server.connect("postgres", autocommit=True) as admin:
        _drop(admin, name)
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                *map(sql.Identifier, (name, database.roles.owner, SEED))
            )
        )
        admin.execute("CHECKPOINT")
        try:
            with server.connect(name, autocommit=True) as connection:
                connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(database.roles.owner)))
                yield connection
        finally:
            _drop(admin, name)


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
