"""A flight search in a timetable of years reads what it returns and no more.

20,000 instances, or two million with --soak.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from airside.schema.flight_booking.flight_db import database
from airside.schema.flight_booking.flight_db.models import FLIGHT_INSTANCES

from .declared import Connection, ServerLike
from .flight_booking import NOW, SEARCH, nodes, partitioned_database

pytestmark = pytest.mark.soak

EVE = date(2026, 6, 30)
"""The last day of a quarter."""

AIRPORTS = """
INSERT INTO airports (iata_code, icao_code, name, city, country, timezone)
SELECT code, 'K' || code, code, code, 'XXX', CASE code WHEN '000' THEN 'America/New_York' ELSE 'Asia/Tokyo' END
FROM (SELECT lpad(number::text, 3, '0') AS code FROM generate_series(0, 999) AS number) AS codes
"""
AIRLINE = "INSERT INTO airlines (iata_code, icao_code, name, country) VALUES ('XA', 'XAA', 'Air', 'XXX')"
AIRCRAFT = """
INSERT INTO aircraft_types (iata_code, icao_code, manufacturer, model, capacity)
VALUES ('77W', 'B77W', 'Maker', 'One', '{"economy": 300}')
"""
# From each of the first 300 airports to the next and back.
ROUTES = """
INSERT INTO routes (origin_airport_id, destination_airport_id)
SELECT ends.origin, ends.destination
FROM airports AS one
INNER JOIN airports AS next ON next.iata_code::integer = one.iata_code::integer + 1
CROSS JOIN LATERAL (VALUES (one.id, next.id), (next.id, one.id)) AS ends (origin, destination)
WHERE one.iata_code < '300'
"""
# Twice a day on every route, at 2 and at 20 o'clock UTC; each day of the week has flights of its own.
TIMETABLE = """
INSERT INTO flights (
    flight_number, airline_id, route_id, aircraft_type_id, departure_time, arrival_time, days_of_week, effective_from
)
SELECT 'XA' || row_number() OVER (), a.id, r.id, t.id, departure, '23:59', ARRAY[weekday], '2024-01-01'
FROM routes AS r
CROSS JOIN (VALUES (time '02:00'), (time '20:00')) AS departures (departure)
CROSS JOIN generate_series(1, 7) AS weekday
CROSS JOIN airlines AS a
CROSS JOIN aircraft_types AS t
"""
INSTANCES = """
INSERT INTO flight_instances (flight_id, departure_datetime, arrival_datetime)
SELECT f.id, departure.at, departure.at + interval '3 hours'
FROM generate_series(%(first)s::date, %(last)s::date, '1 day') AS day
INNER JOIN flights AS f ON extract(isodow FROM day) = ANY(f.days_of_week)
CROSS JOIN LATERAL (VALUES ((day::date + f.departure_time) AT TIME ZONE 'UTC')) AS departure (at)
INNER JOIN routes AS r ON r.id = f.route_id
INNER JOIN airports AS origin ON origin.id = r.origin_airport_id
INNER JOIN airports AS destination ON destination.id = r.destination_airport_id
WHERE greatest(origin.iata_code, destination.iata_code) <= %(farthest)s
"""
FOUND = """
SELECT to_char(fi.departure_datetime AT TIME ZONE 'UTC', 'MM-DD HH24')
FROM ({}) AS found
INNER JOIN flight_instances AS fi ON fi.id = found.id
ORDER BY fi.departure_datetime
"""
CHILD_INDEXES = """
SELECT child.relid::regclass::text, i.indexrelid::regclass::text
FROM pg_partition_tree('flight_instances') AS child
INNER JOIN pg_index AS i ON i.indrelid = child.relid
INNER JOIN pg_inherits AS h ON h.inhrelid = i.indexrelid
WHERE h.inhparent = 'idx_flight_instances_route_date'::regclass
"""


@pytest.fixture(scope="module")
def flights(request: pytest.FixtureRequest, server: ServerLike) -> Iterator[Connection]:
    """Departures on all or on a few of the routes, written through their triggers and foreign keys."""
    soak = bool(request.config.getoption("--soak"))
    upper = FLIGHT_INSTANCES.children(NOW)[-1].upper
    assert upper is not None
    days = {"first": FLIGHT_INSTANCES.start, "last": upper.date() - timedelta(days=1)}
    with partitioned_database(server, database) as name, server.connect(name, autocommit=True) as db:
        for statement in (AIRPORTS, AIRLINE, AIRCRAFT, ROUTES, TIMETABLE):
            db.execute(statement.encode())
        written = db.execute(INSTANCES, days | {"farthest": "300" if soak else "003"})
        assert written.rowcount >= (2_000_000 if soak else 20_000)
        db.execute("ANALYZE")
        yield db


@pytest.mark.parametrize(
    ("day", "origin", "destination", "departures", "quarters"),
    [
        # a day of New York begins at 4 o'clock UTC in summer, one of Tokyo at 15 o'clock of the day before
        pytest.param(EVE, "000", "001", ["06-30 20", "07-01 02"], {"2026_q2", "2026_q3"}, id="into the next quarter"),
        pytest.param(date(2026, 7, 1), "001", "000", ["06-30 20", "07-01 02"], {"2026_q2", "2026_q3"}, id="back"),
        pytest.param(EVE, "001", "000", ["06-29 20", "06-30 02"], {"2026_q2"}, id="within a quarter"),
    ],
)
def test_a_search_among_many_reads_the_index_of_the_route_in_the_partitions_of_the_day(
    flights: Connection, day: date, origin: str, destination: str, departures: list[str], quarters: set[str]
) -> None:
    asked = {"origin": origin, "destination": destination, "day": day}
    found = flights.execute(FOUND.format(SEARCH).encode(), asked).fetchall()
    assert [row[0] for row in found] == departures
    row = flights.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + SEARCH, asked).fetchone()
    assert row is not None
    plan = row[0][0]["Plan"]
    assert [node for node in nodes(plan) if "Seq Scan" in node["Node Type"]] == []
    # the other partitions stand in the plan, pruned once the airport's day is known
    scans = [node for node in nodes(plan) if node.get("Relation Name", "").startswith("flight_instances")]
    indexes = dict(flights.execute(CHILD_INDEXES).fetchall())
    assert {place(node) for node in scans if node["Actual Loops"]} == {
        ("Index Scan", indexes[f"flight_instances_{quarter}"]) for quarter in quarters
    }
    assert sum(node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in scans) == len(found)


def place(scan: dict[str, Any]) -> tuple[str, str]:
    return scan["Node Type"], scan.get("Index Name", "")
