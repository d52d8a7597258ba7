"""Generated data of flight_booking: five databases agree, no seat is sold twice, money adds up, times make sense."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from airside.seeds.generated.run import Run
from airside.seeds.reference.aircraft import aircraft_types
from airside.seeds.reference.identity import reference_id

from .seeded import UNTIL, Seeded, seeded

SPANS = {
    "a day": (2000, timedelta(days=1)),
    "a busy month": (10000, timedelta(days=30)),
    "three years": (5000, timedelta(days=1100)),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    with seeded(tmp_path_factory.mktemp("cache"), "flight_booking", 300) as filled:
        yield filled


def test_nobody_refers_to_what_another_database_lacks(made: Seeded) -> None:
    compared = made.compared()
    assert [(str(one.reference), one.example) for one in compared if one.orphans] == []
    assert all(one.keys for one in compared)


def test_every_step_makes_rows(made: Seeded) -> None:
    empty = [
        digest.table
        for digests in made.digests().values()
        for digest in digests
        if not digest.rows and not digest.table.endswith("_archive")
    ]
    assert empty == []


def test_seats_of_passengers_are_the_reserved_ones(made: Seeded) -> None:
    flown = made.rows(
        "booking_db",
        "SELECT s.flight_instance_id, p.seat_number, s.class, s.booking_id FROM passenger_segments p"
        " JOIN booking_segments s ON s.id = p.booking_segment_id"
        " WHERE s.status <> 'cancelled' AND p.seat_number IS NOT NULL",
    )
    reserved = made.rows(
        "inventory_db",
        "SELECT r.flight_instance_id, c.row_number || c.seat_letter, c.class, r.booking_id FROM seat_reservations r"
        " JOIN seat_configurations c ON c.id = r.seat_configuration_id WHERE r.booking_id IS NOT NULL",
    )
    assert len(flown) > 1000
    assert sorted(flown) == sorted(reserved)


def test_seats_are_those_of_the_aircraft_that_flies(made: Seeded) -> None:
    flies = dict(
        made.rows(
            "flight_db",
            "SELECT i.id, f.aircraft_type_id FROM flight_instances i JOIN flights f ON f.id = i.flight_id",
        )
    )
    taken = made.rows(
        "inventory_db",
        "SELECT r.flight_instance_id, c.aircraft_type_id FROM seat_reservations r"
        " JOIN seat_configurations c ON c.id = r.seat_configuration_id",
    )
    assert [instance for instance, aircraft in taken if flies[instance] != aircraft] == []


def test_the_inventory_counts_what_is_reserved(made: Seeded) -> None:
    wrong = made.value(
        "inventory_db",
        "SELECT count(*) FROM inventory i LEFT JOIN ("
        "  SELECT r.flight_instance_id, c.class,"
        "    count(*) FILTER (WHERE r.status <> 'blocked') AS reserved,"
        "    count(*) FILTER (WHERE r.status = 'blocked') AS blocked"
        "  FROM seat_reservations r JOIN seat_configurations c ON c.id = r.seat_configuration_id GROUP BY 1, 2"
        ") s USING (flight_instance_id, class)"
        " WHERE (i.reserved_seats, i.blocked_seats) <> (coalesce(s.reserved, 0), coalesce(s.blocked, 0))",
    )
    assert wrong == 0
    assert made.value("inventory_db", "SELECT sum(reserved_seats) FROM inventory") > 1000


def test_the_inventory_has_the_seats_of_the_aircraft(made: Seeded) -> None:
    capacity = {reference_id("aircraft type", one.iata): one.capacity for one in aircraft_types()}
    flies = made.rows(
        "flight_db",
        "SELECT i.id, f.aircraft_type_id FROM flight_instances i JOIN flights f ON f.id = i.flight_id",
    )
    expected = {(instance, name): seats for instance, kind in flies for name, seats in capacity[kind].items()}
    found = made.rows("inventory_db", "SELECT flight_instance_id, class, total_seats FROM inventory")
    assert {(instance, name): seats for instance, name, seats in found} == expected


def test_the_timetable_is_kept(made: Seeded) -> None:
    """Local times, weekdays and seasons of the master schedule, durations of the routes."""
    wrong = made.value(
        "flight_db",
        "SELECT count(*) FROM ("
        "  SELECT f.*, i.departure_datetime AT TIME ZONE a.timezone AS local,"
        "    i.arrival_datetime - i.departure_datetime AS lasts, r.duration_minutes"
        "  FROM flight_instances i JOIN flights f ON f.id = i.flight_id JOIN routes r ON r.id = i.route_id"
        "  JOIN airports a ON a.id = r.origin_airport_id"
        ") s WHERE local::time <> departure_time OR lasts <> make_interval(mins => duration_minutes)"
        " OR extract(isodow FROM local)::int <> ALL (days_of_week)"
        " OR local::date NOT BETWEEN effective_from AND effective_until",
    )
    assert wrong == 0


def test_every_flight_of_the_timetable_has_its_route(made: Seeded) -> None:
    """The routes, airlines and aircraft that the generator names are in the reference data."""
    expected = made.drawn("flight_db", made.run, "SELECT pg_temp.flights()")
    assert made.value("flight_db", "SELECT count(*) FROM flights") == expected
    largest = Run(3_000_000, 1, UNTIL - timedelta(days=365), UNTIL)
    routes = {(o, d) for o, d in made.rows("flight_db", _ROUTES)}
    legs = made.drawn("flight_db", largest, "SELECT array_agg(DISTINCT ARRAY[origin, destination]) FROM pg_temp.leg")
    assert len(legs) == 78
    assert {tuple(leg) for leg in legs} <= routes


_ROUTES = (
    "SELECT o.iata_code, d.iata_code FROM routes r JOIN airports o ON o.id = r.origin_airport_id"
    " JOIN airports d ON d.id = r.destination_airport_id"
)


def test_money_adds_up(made: Seeded) -> None:
    segments = made.value(
        "booking_db",
        "SELECT count(*) FROM bookings b WHERE total_amount <>"
        " (SELECT sum(price) FROM booking_segments s WHERE s.booking_id = b.id)",
    )
    assert segments == 0
    state = dict(made.rows("booking_db", "SELECT id, payment_status FROM bookings"))
    paid = made.rows(
        "payment_db",
        "SELECT t.booking_id, t.status, t.amount, r.refund_amount, r.refund_type FROM transactions t"
        " LEFT JOIN refunds r ON r.original_transaction_id = t.id"
        " WHERE transaction_type = 'payment' AND t.status <> 'failed'",
    )
    refunded = {booking for booking, _, _, back, kind in paid if back is not None and kind != "partial"}
    assert {booking for booking, status in state.items() if status == "refunded"} == refunded
    assert {b for b, status in state.items() if status != "failed"} == {booking for booking, *_ in paid}
    assert {b for b, status in state.items() if status == "pending"} == {b for b, s, *_ in paid if s == "pending"}
    assert all(back <= amount for _, _, amount, back, _ in paid if back is not None)
    assert set(state.values()) >= {"paid", "refunded", "failed"}


def test_things_happen_in_order(made: Seeded) -> None:
    """Users join before they book, book before they fly, come back after they arrived, and nothing has a date after
    the span but flights."""
    joined = dict(made.rows("user_db", "SELECT id, created_at FROM users"))
    booked = made.rows("booking_db", "SELECT user_id, created_at, updated_at FROM bookings")
    assert all(joined[user] <= at <= changed <= UNTIL for user, at, changed in booked)
    early = made.value(
        "booking_db",
        "SELECT count(*) FROM booking_segments a LEFT JOIN booking_segments b"
        " ON b.booking_id = a.booking_id AND b.segment_order = 2"
        " WHERE a.segment_order = 1 AND (a.created_at >= a.departure_datetime"
        " OR b.departure_datetime < a.arrival_datetime + interval '12 hours')",
    )
    assert early == 0
    latest = made.value("payment_db", "SELECT max(coalesce(completed_at, created_at)) FROM transactions")
    assert latest <= UNTIL
    assert made.value("booking_db", "SELECT max(created_at) FROM booking_history") <= UNTIL
    assert made.value("booking_db", "SELECT max(check_in_time) FROM passenger_segments") < UNTIL
    assert made.value("booking_db", "SELECT max(departure_datetime) FROM booking_segments") > UNTIL


def test_flights_that_the_airline_cancelled_carry_nobody(made: Seeded) -> None:
    cancelled = {row[0] for row in made.rows("flight_db", "SELECT id FROM flight_instances WHERE status = 'cancelled'")}
    taken = {row[0] for row in made.rows("inventory_db", "SELECT flight_instance_id FROM seat_reservations")}
    segments = made.rows("booking_db", "SELECT flight_instance_id, status FROM booking_segments")
    assert cancelled
    assert not cancelled & taken
    assert {status for instance, status in segments if instance in cancelled} <= {"cancelled"}


def test_rows_are_spread_over_partitions(made: Seeded) -> None:
    assert set(made.counts("booking_db", "bookings")) == {"bookings_2025", "bookings_2026"}
    assert len(made.counts("flight_db", "flight_instances")) >= 6
    assert len(made.counts("user_db", "users")) == 4


@pytest.mark.parametrize("span", SPANS)
def test_no_seat_is_given_twice_however_busy_it_is(made: Seeded, span: str) -> None:
    scale, length = SPANS[span]
    run = Run(scale, 3, UNTIL - length, UNTIL)
    taken = (
        "SELECT count(*) - count(DISTINCT (departure, seat_row, side)) FROM ("
        " SELECT departure1 AS departure, seat_row, side1 AS side FROM pg_temp.facts(0, pg_temp.bookings())"
        " UNION ALL SELECT departure2, seat_row, side2 FROM pg_temp.facts(0, pg_temp.bookings())"
        " WHERE departure2 IS NOT NULL) s"
    )
    assert made.drawn("booking_db", run, taken) == 0
    assert made.drawn("booking_db", run, "SELECT count(*) FROM pg_temp.facts(0, pg_temp.bookings())") == 3 * scale


def test_some_users_and_routes_get_more_than_others(made: Seeded) -> None:
    run = Run(5000, 1, UNTIL - timedelta(days=365), UNTIL)
    busiest = made.drawn(
        "booking_db",
        run,
        "SELECT max(c) FROM (SELECT count(*) AS c FROM pg_temp.facts(0, pg_temp.bookings()) GROUP BY person) s",
    )
    # three on average; nobody is in the air all year
    assert 15 < busiest < 100
    summer, winter = (
        made.drawn(
            "booking_db",
            Run(5000, 1, datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
            query,
        )
        for query in (
            "SELECT count(*) FROM pg_temp.facts(0, pg_temp.bookings()) WHERE date_part('month', departs1) = 7",
            "SELECT count(*) FROM pg_temp.facts(0, pg_temp.bookings()) WHERE date_part('month', departs1) = 2",
        )
    )
    assert summer > 1.5 * winter


def test_the_same_rows_in_other_batches(made: Seeded) -> None:
    """The last one here: it makes everything anew."""
    before = made.digests()
    assert made.again(batch=333) == before
