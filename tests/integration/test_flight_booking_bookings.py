"""What the bookings of `flight_booking` refuse, keep and archive. The numbers are the rows of the list of defects."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

import pytest
from airside.schema.flight_booking.booking_db import database
from psycopg import errors, sql

from . import rights
from .declared import (
    STILL_REFERENCED,
    Connection,
    ServerLike,
    acting_as,
    empty_database,
    insert,
    one,
    refused,
    rolled_back,
    update,
    wait_until_blocked,
)
from .flight_booking import (
    LAST_YEAR,
    THIS_YEAR,
    add_booking,
    add_passenger,
    add_seat,
    add_segment,
    at_once,
    partition_of,
    partitioned_database,
    personal_values,
)

APP, OWNER = database.roles.app, database.roles.owner
ANCIENT = datetime(2024, 6, 1, tzinfo=UTC)
CUTOFF = datetime(2025, 1, 1, tzinfo=UTC)
ARCHIVE = "SELECT archive_old_bookings(%s, %s)"
MOVED = ("bookings", "booking_segments", "passengers", "passenger_segments")


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
    """A database of its own, for what needs several connections."""
    with empty_database(server, OWNER, template=template) as name:
        yield name


def add_trip(db: Connection, created_at: datetime, **values: object) -> uuid.UUID:
    """A booking with a passenger, a flight, a seat on it, and an entry in its history."""
    booking = add_booking(db, created_at, **values)
    add_seat(db, add_passenger(db, booking, created_at), add_segment(db, booking, created_at))
    insert(db, "booking_history", booking_id=booking, action="created")
    return booking


def count(db: Connection, table: str) -> int:
    return one(db, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))


def counts(db: Connection, suffix: str = "") -> list[int]:
    return [count(db, table + suffix) for table in MOVED]


def test_000_01_bookings_stand_in_the_year_of_their_purchase(db: Connection) -> None:
    assert partition_of(db, "bookings", add_booking(db, datetime(2024, 1, 1, tzinfo=UTC))) == "bookings_2024"
    assert partition_of(db, "bookings", add_booking(db, datetime(2025, 1, 1, tzinfo=UTC))) == "bookings_2025"
    db.execute("SET LOCAL TimeZone = 'America/New_York'")
    last = add_booking(db, datetime(2024, 12, 31, 23, 59, tzinfo=UTC))
    assert partition_of(db, "bookings", last) == "bookings_2024"


def test_000_03_a_reference_belongs_to_one_booking_over_all_partitions(db: Connection) -> None:
    first = add_booking(db, LAST_YEAR, booking_reference="ABC123")
    second = add_booking(db, LAST_YEAR, booking_reference="DEF456")
    for year in (LAST_YEAR, THIS_YEAR):
        with refused(db, errors.UniqueViolation, "uq_booking_registry_reference"):
            add_booking(db, year, booking_reference="ABC123")
    with refused(db, errors.UniqueViolation, "uq_booking_registry_reference"):
        update(db, "bookings", second, booking_reference="ABC123")
    update(db, "bookings", first, booking_reference="XYZ789")
    update(db, "bookings", second, booking_reference="ABC123")


@pytest.mark.parametrize("outcome", ["commit", "rollback"])
def test_000_03_a_reference_belongs_to_one_booking_also_at_once(server: ServerLike, clone: str, outcome: str) -> None:
    with server.connect(clone) as first, server.connect(clone) as second, ThreadPoolExecutor(1) as pool:
        add_booking(first, LAST_YEAR, booking_reference="ABC123")
        other = pool.submit(add_booking, second, THIS_YEAR, booking_reference="ABC123")
        wait_until_blocked(first, second)
        first.commit() if outcome == "commit" else first.rollback()
        if outcome == "commit":
            with pytest.raises(errors.UniqueViolation) as caught:
                other.result(timeout=10)
            assert caught.value.diag.constraint_name == "uq_booking_registry_reference"
        else:
            other.result(timeout=10)
            second.commit()
            assert count(first, "bookings") == 1


def test_000_03_twenty_bookings_with_one_reference_are_one(server: ServerLike, clone: str) -> None:
    years = cycle([ANCIENT, LAST_YEAR, THIS_YEAR])
    done = at_once(server, clone, 20, lambda db: add_booking(db, next(years), booking_reference="ABC123"))
    assert sum(isinstance(booking, uuid.UUID) for booking in done) == 1
    assert sum(isinstance(error, errors.UniqueViolation) for error in done) == 19


def test_000_03_a_booking_that_is_sent_again_stands_once(db: Connection) -> None:
    """The primary key alone would take the same id again a second later, and the same reference with it."""
    booking = add_booking(db, LAST_YEAR, booking_reference="ABC123")
    for again in ("ABC123", "DEF456"):
        for moment in (LAST_YEAR + timedelta(seconds=1), THIS_YEAR):
            with refused(db, errors.UniqueViolation):
                add_booking(db, moment, id=booking, booking_reference=again)
    assert one(db, "SELECT booking_reference FROM booking_registry WHERE booking_id = %s", booking) == "ABC123"


def test_000_04_x_01_a_booking_that_changes_its_partition_takes_everything_along(db: Connection) -> None:
    booking = add_trip(db, LAST_YEAR, booking_reference="ABC123")
    with acting_as(db, APP):
        assert update(db, "bookings", booking, created_at=THIS_YEAR) == 1
    assert partition_of(db, "bookings", booking) == f"bookings_{THIS_YEAR.year}"
    for table in ("booking_segments", "passengers"):
        assert one(db, f"SELECT booking_created_at FROM {table}") == THIS_YEAR
    assert counts(db) == [1, 1, 1, 1]
    entry = db.execute("SELECT booking_id, booking_reference, created_at, archived_at FROM booking_registry").fetchall()
    assert entry == [(booking, "ABC123", THIS_YEAR, None)]
    assert count(db, "booking_history") == 1
    with refused(db, errors.UniqueViolation, "uq_booking_registry_reference"):
        add_booking(db, LAST_YEAR, booking_reference="ABC123")
    assert update(db, "bookings", booking, created_at=ANCIENT, booking_reference="DEF456") == 1
    add_booking(db, LAST_YEAR, booking_reference="ABC123")


@pytest.mark.parametrize("add", [add_segment, add_passenger])
def test_000_04_children_belong_to_a_booking_that_exists(db: Connection, add: Callable[..., uuid.UUID]) -> None:
    booking = add_booking(db, LAST_YEAR)
    for stranger, moment in ((uuid.uuid4(), LAST_YEAR), (booking, THIS_YEAR)):
        with refused(db, errors.ForeignKeyViolation):
            add(db, stranger, moment)
    with refused(db, errors.ForeignKeyViolation, "fk_booking_history_booking"):
        insert(db, "booking_history", booking_id=uuid.uuid4(), action="created")


def test_000_04_segments_are_numbered_once(db: Connection) -> None:
    booking = add_booking(db)
    add_segment(db, booking, order=1)
    add_segment(db, booking, order=2)
    with refused(db, errors.UniqueViolation, "uq_booking_segments_order"):
        add_segment(db, booking, order=2)


@pytest.mark.parametrize("add", [add_segment, add_passenger])
def test_000_12_x_02_a_booking_keeps_what_hangs_on_it(db: Connection, add: Callable[..., uuid.UUID]) -> None:
    booking = add_booking(db)
    add(db, booking)
    for statement in (
        sql.SQL("DELETE FROM bookings"),
        sql.SQL("DELETE FROM {}").format(sql.Identifier(partition_of(db, "bookings", booking))),
    ):
        with pytest.raises(STILL_REFERENCED) as refusal, db.transaction():
            db.execute(statement)
        # the constraint that is named is the partition's copy; the table is the one that refers to it
        assert refusal.value.diag.table_name in ("booking_segments", "passengers")


def test_000_12_the_app_deletes_no_travel_record(db: Connection) -> None:
    add_trip(db, THIS_YEAR)
    for table in (*MOVED, "booking_registry", "booking_history", "bookings_archive"):
        with refused(db, errors.InsufficientPrivilege), acting_as(db, APP):
            db.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def test_nobody_changes_the_history(db: Connection) -> None:
    add_trip(db, THIS_YEAR)
    rights.assert_append_only(db, database, "booking_history")
    assert count(db, "booking_history") == 1


def test_000_10_the_archive_takes_a_booking_with_all_that_hangs_on_it(db: Connection) -> None:
    old, new = add_trip(db, ANCIENT), add_trip(db, THIS_YEAR)
    before = db.execute("SELECT * FROM bookings WHERE id = %s", [old]).fetchall()
    with acting_as(db, OWNER):
        assert one(db, ARCHIVE, CUTOFF, 1000) == 1
        assert one(db, ARCHIVE, CUTOFF, 1000) == 0
    assert counts(db) == counts(db, "_archive") == [1, 1, 1, 1]
    assert one(db, "SELECT id FROM bookings") == new
    archived = db.execute("SELECT * FROM bookings_archive").fetchall()
    assert [row[:-1] for row in archived] == before
    assert count(db, "booking_history") == 2
    found = db.execute("SELECT booking_id FROM booking_registry WHERE archived_at IS NOT NULL").fetchall()
    assert found == [(old,)]


def test_000_10_seven_years_are_the_default(db: Connection) -> None:
    add_trip(db, ANCIENT)
    assert one(db, "SELECT archive_old_bookings()") == 0


def test_000_10_a_batch_begins_with_the_oldest(db: Connection) -> None:
    bookings = [add_trip(db, ANCIENT + timedelta(days=day)) for day in (2, 0, 1)]
    assert one(db, ARCHIVE, CUTOFF, 2) == 2
    assert one(db, "SELECT id FROM bookings") == bookings[0]
    assert one(db, ARCHIVE, CUTOFF, 2) == 1


def test_000_10_an_archived_reference_stays_taken(db: Connection) -> None:
    add_trip(db, ANCIENT, booking_reference="ABC123")
    db.execute(ARCHIVE, [CUTOFF, 10])
    with refused(db, errors.UniqueViolation, "uq_booking_registry_reference"):
        add_booking(db, booking_reference="ABC123")


def test_000_10_archive_tables_follow_the_columns_of_the_live_ones(db: Connection) -> None:
    columns = (
        "SELECT column_name, data_type, is_nullable, character_maximum_length FROM information_schema.columns"
        " WHERE table_name = %s ORDER BY ordinal_position"
    )
    for table in MOVED:
        live = db.execute(columns, [table]).fetchall()
        archive = db.execute(columns, [table + "_archive"]).fetchall()
        assert archive == [*live, ("archived_at", "timestamp with time zone", "NO", None)]


def test_000_10_the_app_archives_nothing(db: Connection) -> None:
    with refused(db, errors.InsufficientPrivilege), acting_as(db, APP):
        db.execute(ARCHIVE, [CUTOFF, 10])


def test_000_10_a_booking_that_somebody_changes_is_left_for_the_next_run(server: ServerLike, clone: str) -> None:
    with server.connect(clone) as desk, server.connect(clone) as job:
        booking, other = add_trip(desk, ANCIENT), add_trip(desk, ANCIENT)
        desk.commit()
        update(desk, "bookings", booking, status="cancelled")
        assert one(job, ARCHIVE, CUTOFF, 10) == 1
        job.commit()
        desk.commit()
        assert one(desk, "SELECT status FROM bookings") == "cancelled"
        assert one(desk, "SELECT id FROM bookings_archive") == other
        assert one(job, ARCHIVE, CUTOFF, 10) == 1


def test_000_10_one_run_at_a_time(server: ServerLike, clone: str) -> None:
    with server.connect(clone) as first, server.connect(clone) as second:
        add_trip(first, ANCIENT)
        add_trip(first, ANCIENT)
        first.commit()
        assert one(first, ARCHIVE, CUTOFF, 1) == 1
        assert one(second, ARCHIVE, CUTOFF, 1) == 0
        first.commit()
        second.commit()
        assert one(second, ARCHIVE, CUTOFF, 1) == 1


def test_000_10_a_seat_that_is_given_while_the_archive_runs_is_not_lost(server: ServerLike, clone: str) -> None:
    """Without a lock on the passengers ON DELETE CASCADE would take away what the move had not seen.

    Nobody waits either: a booking with a passenger that somebody works on is left for the next run.
    """
    with server.connect(clone) as desk, server.connect(clone, autocommit=True) as job:
        booking = add_booking(desk, ANCIENT)
        passenger, segment = add_passenger(desk, booking, ANCIENT), add_segment(desk, booking, ANCIENT)
        desk.commit()
        add_seat(desk, passenger, segment)
        assert one(job, ARCHIVE, CUTOFF, 10) == 0
        desk.commit()
        assert one(job, ARCHIVE, CUTOFF, 10) == 1
        desk.rollback()
        assert counts(desk) == [0, 0, 0, 0]
        assert counts(desk, "_archive") == [1, 1, 1, 1]


def test_000_10_nothing_is_lost_or_doubled_while_statuses_flip(server: ServerLike, clone: str) -> None:
    with server.connect(clone) as connection:
        trips = [
            (booking, add_passenger(connection, booking, ANCIENT), add_segment(connection, booking, ANCIENT))
            for booking in (add_booking(connection, ANCIENT) for _ in range(60))
        ]
    over = threading.Event()
    desks = 3

    def flip(desk: int) -> tuple[dict[uuid.UUID, str], int]:
        """Change bookings of its own and give seats, until the archive is done; the statuses that were committed."""
        dice = random.Random(desk)
        mine, last, seats = trips[desk::desks], dict[uuid.UUID, str](), 0
        with server.connect(clone, autocommit=True) as connection:
            while not over.is_set():
                booking, passenger, segment = dice.choice(mine)
                status = dice.choice(["pending", "confirmed", "cancelled", "completed"])
                if update(connection, "bookings", booking, status=status):
                    last[booking] = status
                try:
                    add_seat(connection, passenger, segment)
                    seats += 1
                except (errors.UniqueViolation, errors.ForeignKeyViolation):
                    pass
        return last, seats

    with ThreadPoolExecutor(desks) as pool, server.connect(clone, autocommit=True) as job:
        work = [pool.submit(flip, desk) for desk in range(desks)]
        try:
            while count(job, "bookings"):
                one(job, ARCHIVE, CUTOFF, 5)
                time.sleep(0.01)
        finally:
            over.set()
        done = [flipped.result(timeout=20) for flipped in work]
        given = sum(seats for _, seats in done)
        assert given > 0
        assert counts(job) == [0, 0, 0, 0]
        assert counts(job, "_archive") == [60, 60, 60, given]
        assert count(job, "booking_registry") == 60
        found = dict(job.execute("SELECT id, status FROM bookings_archive").fetchall())
        for last, _ in done:
            assert {booking: found[booking] for booking in last} == last


def fill_trip(db: Connection, user: uuid.UUID, created_at: datetime) -> None:
    booking = add_booking(db, created_at, user_id=user, contact_phone="secret", special_requests="secret")
    add_passenger(
        db,
        booking,
        created_at,
        title="secret",
        date_of_birth=date(1990, 1, 1),
        gender="secret",
        nationality="GBR",
        passport_number="secret",
        passport_expiry=date(2030, 1, 1),
        passport_country="GBR",
        known_traveler_number="secret",
        seat_preference="window",
        meal_preference="secret",
        special_needs="secret",
        frequent_flyer_number="secret",
    )


def test_000_11_nothing_is_left_of_a_person_in_bookings_and_archive(db: Connection) -> None:
    user = uuid.uuid4()
    fill_trip(db, user, ANCIENT)
    db.execute(ARCHIVE, [CUTOFF, 10])
    fill_trip(db, user, THIS_YEAR)
    before = personal_values(db, database, leave_out="booking_history")
    assert all(before.values()), "a personal column that the test forgot"
    with acting_as(db, APP):
        assert one(db, "SELECT anonymize_user_bookings(%s)", user) == 1
    after = personal_values(db, database, leave_out="booking_history")
    assert not {name for name, values in after.items() if values & before[name]}
    assert one(db, "SELECT total_amount FROM bookings") == 100


def test_000_11_erasing_leaves_others_alone(db: Connection) -> None:
    fill_trip(db, uuid.uuid4(), THIS_YEAR)
    before = personal_values(db, database)
    assert one(db, "SELECT anonymize_user_bookings(%s)", uuid.uuid4()) == 0
    assert personal_values(db, database) == before


@pytest.mark.parametrize("zone", ["Etc/GMT-14", "UTC", "Etc/GMT+12"])
def test_000_18_a_passenger_is_two_weeks_old_at_the_purchase_wherever_the_session_is(db: Connection, zone: str) -> None:
    db.execute("SELECT set_config('TimeZone', %s, true)", [zone])
    booked = datetime(2026, 3, 20, 23, tzinfo=UTC)
    booking = add_booking(db, booked)
    add_passenger(db, booking, booked, created_at=booked, date_of_birth=date(2026, 3, 6))
    with refused(db, errors.CheckViolation, "valid_passenger_age"):
        add_passenger(db, booking, booked, created_at=booked, date_of_birth=date(2026, 3, 7))
