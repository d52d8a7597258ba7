"""What archive_old_bookings() moves, and that it loses and doubles nothing while everybody goes on working."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from airside.schema.flight_services.booking_service_db import database
from psycopg import errors

from .declared import Connection, ServerLike, acting_as, empty_database, one, refused, rolled_back, update
from .flight_services import (
    DECEMBER,
    NOVEMBER,
    add_booking,
    add_passenger,
    add_trip,
    at_once,
    partitioned_database,
)

OWNER = database.roles.owner
CUTOFF = datetime(2026, 1, 1, tzinfo=UTC)
CHILDREN = ("booking_passengers", "booking_flights", "booking_ancillaries")


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[str]:
    with partitioned_database(server, database) as name:
        yield name


@pytest.fixture
def db(server: ServerLike, template: str) -> Iterator[Connection]:
    with rolled_back(server, template) as connection:
        yield connection


@pytest.fixture
def clone(server: ServerLike, template: str) -> Iterator[str]:
    with empty_database(server, OWNER, template=template) as name:
        yield name


def archive(db: Connection, cutoff: datetime = CUTOFF, batch: int = 1000) -> int:
    return one(db, "SELECT archive_old_bookings(%s, %s)", cutoff, batch)


def places(db: Connection, booking: uuid.UUID) -> set[str]:
    tables = ("bookings", "bookings_archive")
    return {table for table in tables if one(db, f"SELECT count(*) FROM {table} WHERE id = %s", booking)}


def row_of(db: Connection, table: str, booking: uuid.UUID) -> dict[str, object]:
    key = "id" if table.startswith("bookings") else "booking_id"
    return one(db, f"SELECT to_jsonb(t) - 'archived_at' FROM {table} AS t WHERE {key} = %s", booking)


def test_001_08_a_booking_is_moved_whole(db: Connection) -> None:
    booking, other = add_trip(db, "BK1", status="COMPLETED"), add_trip(db, "BK2", DECEMBER, status="CONFIRMED")
    before = {table: row_of(db, table, booking) for table in ("bookings", *CHILDREN)}
    with acting_as(db, OWNER):
        assert archive(db) == 1
        assert archive(db) == 0
    assert places(db, booking) == {"bookings_archive"}
    assert places(db, other) == {"bookings"}
    assert {table: row_of(db, f"{table}_archive", booking) for table in before} == before
    for table in CHILDREN:
        assert one(db, f"SELECT array_agg(booking_id) FROM {table}") == [other]
    assert one(db, "SELECT archived_at = now() FROM booking_registry WHERE booking_id = %s", booking)
    assert one(db, "SELECT count(*) FROM booking_audit_log WHERE booking_id = %s", booking) == 1


@pytest.mark.parametrize(
    ("status", "moved"),
    [
        ("PENDING_PAYMENT", 0),
        ("CONFIRMED", 0),
        ("CHECKED_IN", 0),
        ("COMPLETED", 1),
        ("CANCELLED", 1),
        ("FAILED", 1),
        ("REFUNDED", 1),
    ],
)
def test_001_08_only_what_came_to_an_end_is_moved(db: Connection, status: str, moved: int) -> None:
    add_trip(db, status=status)
    assert archive(db) == moved


def test_001_08_a_trip_is_as_old_as_the_later_of_booking_and_departure(db: Connection) -> None:
    add_trip(db, "BK1", status="COMPLETED", created_at=CUTOFF)
    add_trip(db, "BK2", CUTOFF, status="COMPLETED")
    assert archive(db) == 0
    assert archive(db, CUTOFF + timedelta(seconds=1)) == 2


def test_001_08_two_years_are_the_default(db: Connection) -> None:
    now = datetime.now(UTC)
    db.execute("CREATE TABLE older PARTITION OF bookings FOR VALUES FROM (MINVALUE) TO ('2025-11-01 00:00:00+00')")
    for reference, days in (("BK1", 729), ("BK2", 732)):
        departs = min(now - timedelta(days=days), now)
        add_trip(db, reference, departs, status="COMPLETED", created_at=departs)
    assert one(db, "SELECT archive_old_bookings()") == 1
    assert one(db, "SELECT booking_reference FROM bookings_archive") == "BK2"


def test_001_08_a_batch_takes_the_oldest_first(db: Connection) -> None:
    for number in range(5):
        add_trip(db, f"BK{number}", NOVEMBER + timedelta(days=9 * (5 - number)), status="COMPLETED")
    assert [archive(db, batch=2), archive(db, batch=2)] == [2, 2]
    assert one(db, "SELECT array_agg(booking_reference) FROM bookings") == ["BK0"]
    assert archive(db, batch=2) == 1


@pytest.mark.parametrize("departs", [NOVEMBER, DECEMBER])
def test_001_08_a_reference_in_the_archive_stays_taken(db: Connection, departs: datetime) -> None:
    add_trip(db, "BK1", status="COMPLETED")
    archive(db)
    with refused(db, errors.UniqueViolation, "uq_booking_registry_reference"):
        add_booking(db, "BK1", departs)


def test_001_08_what_somebody_works_on_is_left_for_the_next_run(server: ServerLike, clone: str) -> None:
    with server.connect(clone) as agent, server.connect(clone, autocommit=True) as db:
        first, second = add_trip(db, "BK1", status="COMPLETED"), add_trip(db, "BK2", status="COMPLETED")
        update(agent, "bookings", first, status="CONFIRMED")
        assert archive(db) == 1
        agent.commit()
        assert archive(db) == 0
        assert places(db, first) == {"bookings"}
        assert places(db, second) == {"bookings_archive"}
        add_passenger(agent, first)
        update(db, "bookings", first, status="COMPLETED")
        assert archive(db) == 0
        agent.commit()
        assert archive(db) == 1
        assert one(db, "SELECT count(*) FROM booking_passengers_archive WHERE booking_id = %s", first) == 2


def test_001_08_of_two_runs_at_once_one_does_nothing(server: ServerLike, clone: str) -> None:
    with server.connect(clone) as first, server.connect(clone, autocommit=True) as second:
        for number in range(4):
            add_trip(first, f"BK{number}", status="COMPLETED")
        first.commit()
        assert archive(first, batch=2) == 2
        assert archive(second) == 0
        first.commit()
        assert archive(second) == 2


def test_001_08_nothing_is_lost_or_doubled_while_statuses_flip(server: ServerLike, clone: str) -> None:
    with server.connect(clone, autocommit=True) as db:
        bookings = [
            add_trip(db, f"BK{number}", NOVEMBER if number % 2 else DECEMBER, status="COMPLETED")
            for number in range(60)
        ]
        known = dict.fromkeys(bookings, "COMPLETED")
        passengers = dict.fromkeys(bookings, 1)
        archivers_done = threading.Event()
        flipping = 3

        def work(connection: Connection, number: int) -> int:
            connection.commit()
            connection.autocommit = True
            if number >= flipping:
                return archive_all(connection, 6)
            mine, chance = bookings[number::flipping], random.Random(number)
            flips = 0
            while flips == 0 or not archivers_done.is_set():
                flips += flip(connection, chance.choice(mine), chance)
            return flips

        def flip(connection: Connection, booking: uuid.UUID, chance: random.Random) -> int:
            status = chance.choice(["COMPLETED", "CONFIRMED", "CHECKED_IN"])
            if update(connection, "bookings", booking, status=status):
                known[booking] = status
            departs = one(connection, "SELECT departure_datetime FROM booking_registry WHERE booking_id = %s", booking)
            try:
                add_passenger(connection, booking, departs)
                passengers[booking] += 1
            except errors.ForeignKeyViolation:
                pass
            return 1

        def archive_all(connection: Connection, rounds: int) -> int:
            moved = 0
            try:
                for _ in range(rounds):
                    moved += archive(connection, batch=4)
                    time.sleep(0.02)
            finally:
                archivers_done.set()
            return moved

        outcomes = at_once(server, clone, flipping + 2, work)
        moved = sum(outcome for outcome in outcomes[flipping:] if isinstance(outcome, int))
        assert 0 < moved < len(bookings)
        assert min(outcome for outcome in outcomes[:flipping] if isinstance(outcome, int)) > 0
        assert_nothing_lost(db, known, passengers)
        assert one(db, "SELECT count(*) FROM bookings_archive") == moved
        # and the rest follows when everybody has gone home
        db.execute("UPDATE bookings SET status = 'COMPLETED'")
        while archive(db):
            pass
        assert one(db, "SELECT count(*) FROM bookings") == 0
        assert_nothing_lost(db, dict.fromkeys(bookings, "COMPLETED"), passengers)


def assert_nothing_lost(db: Connection, known: dict[uuid.UUID, str], passengers: dict[uuid.UUID, int]) -> None:
    """Every booking is in exactly one place, with its last status and all of its children."""
    for booking, status in known.items():
        [place] = places(db, booking)
        assert one(db, f"SELECT status FROM {place} WHERE id = %s", booking) == status
        suffix = place.removeprefix("bookings")
        wanted = {"booking_passengers": passengers[booking], "booking_flights": 1, "booking_ancillaries": 1}
        for table, count in wanted.items():
            here = one(db, f"SELECT count(*) FROM {table}{suffix} WHERE booking_id = %s", booking)
            both = f"(SELECT booking_id FROM {table} UNION ALL SELECT booking_id FROM {table}_archive) AS both_places"
            everywhere = one(db, f"SELECT count(*) FROM {both} WHERE booking_id = %s", booking)
            assert here == everywhere == count, (table, booking)
        archived = one(db, "SELECT archived_at IS NOT NULL FROM booking_registry WHERE booking_id = %s", booking)
        assert archived == (place == "bookings_archive")
