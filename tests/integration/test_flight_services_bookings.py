"""What `booking_service_db` refuses, keeps and forgets. The numbers are the rows of the systems' list of defects."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from airside.schema.flight_services.booking_service_db import database
from psycopg import errors

from . import rights
from .declared import (
    STILL_REFERENCED,
    Connection,
    ServerLike,
    acting_as,
    delete,
    empty_database,
    insert,
    one,
    refused,
    rolled_back,
    update,
    wait_until_blocked,
)
from .flight_services import (
    DECEMBER,
    NO_PARTITION,
    NOVEMBER,
    OTHER,
    USER,
    add_ancillary,
    add_booking,
    add_flight,
    add_passenger,
    add_trip,
    assert_erased,
    at_once,
    partitioned_database,
    personal_values,
)

APP, OWNER = database.roles.app, database.roles.owner
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


def partition_of(db: Connection, booking: uuid.UUID) -> str:
    return one(db, "SELECT tableoid::regclass::text FROM bookings WHERE id = %s", booking)


def move(db: Connection, booking: uuid.UUID, departs: datetime) -> int:
    return update(db, "bookings", booking, departure_datetime=departs, arrival_datetime=departs + timedelta(hours=6))


def test_001_26_x_04_a_booking_beyond_the_ladder_is_refused_clearly(db: Connection) -> None:
    booking = add_booking(db)
    for far in (datetime(2101, 1, 1, tzinfo=UTC), datetime(2025, 10, 31, tzinfo=UTC)):
        with pytest.raises(errors.CheckViolation, match=NO_PARTITION), db.transaction():
            add_booking(db, "BK2", far)
        with pytest.raises(errors.CheckViolation, match=NO_PARTITION), db.transaction():
            move(db, booking, far)


def test_001_01_people_book_eighteen_months_ahead(db: Connection) -> None:
    add_booking(db, departs=datetime.now(UTC) + timedelta(days=540))


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC"])
def test_001_26_a_month_begins_at_midnight_utc_whatever_the_session_says(db: Connection, zone: str) -> None:
    db.execute("SELECT set_config('TimeZone', %s, true)", [zone])
    december = datetime(2025, 12, 1, tzinfo=UTC)
    late, early = add_booking(db, "BK1", december - timedelta(seconds=1)), add_booking(db, "BK2", december)
    assert (partition_of(db, late), partition_of(db, early)) == ("bookings_2025_11", "bookings_2025_12")


@pytest.mark.parametrize("departs", [NOVEMBER, DECEMBER])
def test_001_02_a_reference_is_given_once_in_all_months(db: Connection, departs: datetime) -> None:
    add_booking(db, "BK1", NOVEMBER)
    with refused(db, errors.UniqueViolation, "uq_booking_registry_reference"):
        add_booking(db, "BK1", departs)


def test_001_02_a_booking_given_a_taken_reference_is_refused_and_an_old_one_is_free(db: Connection) -> None:
    add_booking(db, "BK1", NOVEMBER)
    second = add_booking(db, "BK2", DECEMBER)
    with refused(db, errors.UniqueViolation, "uq_booking_registry_reference"):
        update(db, "bookings", second, booking_reference="BK1")
    update(db, "bookings", second, booking_reference="BK3")
    add_booking(db, "BK2", NOVEMBER)


@pytest.mark.parametrize("departs", [NOVEMBER + timedelta(days=1), DECEMBER])
def test_001_02_one_booking_is_not_written_twice_under_its_own_id(db: Connection, departs: datetime) -> None:
    booking = add_booking(db, "BK1", NOVEMBER)
    for reference in ("BK1", "BK2"):
        with refused(db, errors.UniqueViolation):
            add_booking(db, reference, departs, id=booking)
    assert one(db, "SELECT count(*) FROM bookings") == 1
    assert one(db, "SELECT booking_reference FROM booking_registry") == "BK1"


def test_001_02_of_many_bookings_at_once_with_one_reference_one_is_made(server: ServerLike, clone: str) -> None:
    def book(db: Connection, number: int) -> uuid.UUID:
        return add_booking(db, "BK1", NOVEMBER if number % 2 else DECEMBER)

    outcomes = at_once(server, clone, 12, book, errors.UniqueViolation)
    assert sum(isinstance(outcome, uuid.UUID) for outcome in outcomes) == 1
    with server.connect(clone) as db:
        assert one(db, "SELECT count(*) FROM bookings") == one(db, "SELECT count(*) FROM booking_registry") == 1


@pytest.mark.parametrize("booked", [True, False])
def test_001_02_a_second_booking_waits_for_the_first(server: ServerLike, clone: str, booked: bool) -> None:
    with server.connect(clone) as first, server.connect(clone) as second:
        add_booking(first, "BK1", NOVEMBER)
        outcome: list[object] = []

        def book() -> None:
            try:
                outcome.append(add_booking(second, "BK1", DECEMBER))
            except errors.UniqueViolation as error:
                outcome.append(error)

        thread = threading.Thread(target=book)
        thread.start()
        wait_until_blocked(first, second)
        first.commit() if booked else first.rollback()
        thread.join(timeout=10)
        assert isinstance(outcome[0], errors.UniqueViolation if booked else uuid.UUID)


@pytest.mark.parametrize("role", [APP, OWNER])
def test_001_03_x_01_a_booking_moved_across_a_month_takes_everything_along(db: Connection, role: str) -> None:
    booking, other = add_trip(db, "BK1"), add_trip(db, "BK2")
    with acting_as(db, role):
        assert move(db, booking, DECEMBER) == 1
    assert partition_of(db, booking) == "bookings_2025_12"
    assert partition_of(db, other) == "bookings_2025_11"
    for table in CHILDREN:
        rows = db.execute(
            f"SELECT booking_departure_datetime, count(*) FROM {table} WHERE booking_id = %s GROUP BY 1", [booking]
        )
        assert rows.fetchall() == [(DECEMBER, 1)]
    known = db.execute(
        "SELECT booking_reference, departure_datetime FROM booking_registry WHERE booking_id = %s", [booking]
    )
    assert known.fetchall() == [("BK1", DECEMBER)]
    assert one(db, "SELECT count(*) FROM booking_audit_log WHERE booking_id = %s", booking) == 1
    assert move(db, booking, NOVEMBER) == 1
    assert move(db, booking, NOVEMBER + timedelta(hours=1)) == 1


def test_001_03_a_move_that_also_takes_a_taken_reference_is_refused(db: Connection) -> None:
    booking = add_trip(db, "BK1")
    add_trip(db, "BK2", DECEMBER)
    with refused(db, errors.UniqueViolation, "uq_booking_registry_reference"):
        update(
            db,
            "bookings",
            booking,
            booking_reference="BK2",
            departure_datetime=DECEMBER,
            arrival_datetime=DECEMBER + timedelta(hours=1),
        )
    assert partition_of(db, booking) == "bookings_2025_11"


def test_001_03_children_belong_to_a_booking_of_that_departure(db: Connection) -> None:
    booking = add_booking(db)
    with refused(db, errors.ForeignKeyViolation):
        add_passenger(db, booking, DECEMBER)
    with refused(db, errors.ForeignKeyViolation):
        add_flight(db, uuid.uuid4())


def test_001_04_updated_at_moves_by_itself_in_every_partition(db: Connection) -> None:
    for reference, departs in (("BK1", NOVEMBER), ("BK2", DECEMBER)):
        booking = add_booking(db, reference, departs, updated_at=NOVEMBER)
        update(db, "bookings", booking, pnr="XYZ789")
        assert one(db, "SELECT updated_at = now() FROM bookings WHERE id = %s", booking)


def test_001_06_a_passport_is_good_until_the_flight_has_left(db: Connection) -> None:
    booking = add_booking(db)
    with refused(db, errors.CheckViolation, "valid_passport_expiry"):
        add_passenger(db, booking, passport_expiry_date=NOVEMBER.date())
    passenger = add_passenger(db, booking, passport_expiry_date=NOVEMBER.date() + timedelta(days=1))
    # expired by now, and still the passenger can be worked with, and the trip put off
    assert update(db, "booking_passengers", passenger, title="DR") == 1
    assert move(db, booking, DECEMBER) == 1


@pytest.mark.parametrize("table", ["bookings", *CHILDREN])
def test_001_07_the_application_deletes_nothing_of_a_booking(db: Connection, table: str) -> None:
    add_trip(db)
    with refused(db, errors.InsufficientPrivilege), acting_as(db, APP):
        db.execute(f"DELETE FROM {table}")


def test_001_07_x_02_a_booking_with_children_stays_for_everybody(db: Connection) -> None:
    booking = add_trip(db)
    with refused(db, STILL_REFERENCED):
        delete(db, "bookings", booking)
    for table in ("booking_passengers", "booking_flights"):
        with refused(db, STILL_REFERENCED):
            db.execute(f"DELETE FROM {table}")
    with refused(db, STILL_REFERENCED):
        db.execute("ALTER TABLE bookings DETACH PARTITION bookings_2025_11")


@pytest.mark.parametrize(
    ("table", "values", "constraint"),
    [
        ("bookings", {"fees": 6}, "ck_bookings_total"),
        ("bookings", {"total_amount": 99}, "ck_bookings_total"),
        ("bookings", {"base_fare": -100, "total_amount": -80}, "valid_amount"),
        ("bookings", {"status": "LOST"}, "valid_status"),
        ("bookings", {"payment_status": "OWED"}, "valid_payment_status"),
        ("bookings", {"gds_provider": "FAX"}, "ck_bookings_gds"),
        ("bookings", {"flight_type": "CIRCLE"}, "ck_bookings_flight_type"),
        ("bookings", {"arrival_datetime": NOVEMBER}, "ck_bookings_times"),
        ("bookings", {"ticketed": True}, "ck_bookings_ticketed"),
        ("booking_passengers", {"passenger_type": "DOG"}, "valid_passenger_type"),
        ("booking_passengers", {"passport_expiry_date": date(1980, 1, 1)}, "valid_passport_expiry"),
        ("booking_passengers", {"ticket_status": "EATEN"}, "ck_booking_passengers_ticket_status"),
        ("booking_flights", {"segment_number": 0}, "valid_segment"),
        ("booking_flights", {"flight_duration_minutes": 0}, "valid_duration"),
        ("booking_flights", {"arrival_datetime": NOVEMBER}, "ck_booking_flights_times"),
        ("booking_flights", {"cabin_class": "ROOF"}, "ck_booking_flights_cabin"),
        ("booking_flights", {"status": "LOST"}, "ck_booking_flights_status"),
        ("booking_ancillaries", {"price": -1}, "valid_price"),
        ("booking_ancillaries", {"quantity": 0}, "valid_quantity"),
        ("booking_ancillaries", {"ancillary_type": "MASSAGE"}, "ck_booking_ancillaries_type"),
        ("booking_ancillaries", {"status": "LOST"}, "ck_booking_ancillaries_status"),
    ],
)
def test_001_14_001_15_values_outside_their_list_or_range_are_refused(
    db: Connection, table: str, values: dict[str, Any], constraint: str
) -> None:
    add_trip(db)
    with refused(db, errors.CheckViolation, constraint):
        update(db, table, one(db, f"SELECT id FROM {table}"), **values)


@pytest.mark.parametrize(("column", "value"), [("action", "LOOKED_AT"), ("changed_by_type", "CAT")])
def test_001_14_the_audit_log_takes_known_actions_and_actors(db: Connection, column: str, value: str) -> None:
    booking = add_booking(db)
    with refused(db, errors.CheckViolation):
        insert(db, "booking_audit_log", **({"booking_id": booking, "action": "CREATED"} | {column: value}))


def test_001_15_an_ancillary_is_for_a_passenger_and_a_flight_of_its_own_booking(db: Connection) -> None:
    mine, other = add_booking(db, "BK1"), add_booking(db, "BK2")
    passenger, flight = add_passenger(db, mine), add_flight(db, mine)
    add_ancillary(db, mine, passenger_id=passenger, flight_id=flight)
    add_ancillary(db, mine)
    with refused(db, errors.ForeignKeyViolation, "fk_booking_ancillaries_passenger"):
        add_ancillary(db, other, passenger_id=passenger)
    with refused(db, errors.ForeignKeyViolation, "fk_booking_ancillaries_flight"):
        add_ancillary(db, other, flight_id=flight)


def test_001_15_segments_are_numbered_once_and_tickets_too(db: Connection) -> None:
    booking = add_booking(db)
    add_flight(db, booking)
    add_flight(db, booking, segment_number=2)
    with refused(db, errors.UniqueViolation, "uq_booking_flights_segment"):
        add_flight(db, booking, segment_number=1)
    add_passenger(db, booking, ticket_number="016-1")
    add_passenger(db, booking)
    add_passenger(db, booking)
    with refused(db, errors.UniqueViolation, "idx_passengers_ticket_number"):
        add_passenger(db, booking, ticket_number="016-1")


def test_001_19_premium_economy_is_flown(db: Connection) -> None:
    add_flight(db, add_booking(db), cabin_class="PREMIUM_ECONOMY")


def test_001_11_001_12_the_newest_bookings_of_a_user_come_from_one_index(db: Connection) -> None:
    db.execute(
        """
        INSERT INTO bookings (
            booking_reference, pnr, user_id, gds_provider, origin_airport, destination_airport, departure_datetime,
            arrival_datetime, flight_type, base_fare, taxes, total_amount, contact_email, contact_phone, status
        )
        SELECT
            'BK' || n, 'ABC123', md5((n % 200)::text)::uuid, 'SABRE', 'JFK', 'LAX', at, at + interval '1 hour',
            'ONE_WAY', 80, 20, 100, 'ada@example.org', '', 'CONFIRMED'
        FROM (SELECT n, timestamptz '2025-11-01 00:00+00' + n * interval '30 minutes' AS at
            FROM generate_series(1, 2000) AS n) AS made
        """
    )
    db.execute("ANALYZE bookings")
    statement = """
        EXPLAIN (FORMAT JSON) SELECT * FROM bookings
        WHERE user_id = md5('7')::uuid AND status = 'CONFIRMED' ORDER BY created_at DESC LIMIT 10
    """
    db.execute("SET LOCAL enable_seqscan = off")
    nodes = list(walk(one(db, statement)[0]["Plan"]))
    # of empty partitions any index is as good as another
    full = {"bookings_2025_11", "bookings_2025_12"}
    used = [node["Index Name"] for node in nodes if node.get("Relation Name") in full]
    parents = {
        row[0]
        for row in db.execute(
            "SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = ANY (%s::regclass[])", [used]
        )
    }
    assert len(used) == 2
    assert parents == {"idx_active_bookings"}
    assert "Sort" not in {node["Node Type"] for node in nodes}


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", []):
        yield from walk(below)


def test_001_12_an_address_is_found_in_any_case(db: Connection) -> None:
    db.execute("SET LOCAL enable_seqscan = off")
    plan = one(db, "EXPLAIN (FORMAT JSON) SELECT FROM bookings WHERE lower(contact_email) = 'john@example.com'")
    assert all(node["Node Type"] != "Seq Scan" for node in walk(plan[0]["Plan"]))


def test_001_29_nobody_changes_the_audit_log(db: Connection) -> None:
    add_trip(db)
    rights.assert_append_only(db, database, "booking_audit_log")
    assert one(db, "SELECT count(*) FROM booking_audit_log") == 1


def test_001_29_x_05_the_registry_and_the_log_outlive_everything(db: Connection) -> None:
    booking = add_booking(db, status="COMPLETED")
    insert(db, "booking_audit_log", booking_id=booking, action="CREATED")
    with refused(db, STILL_REFERENCED, "fk_booking_audit_log_booking"):
        db.execute("DELETE FROM booking_registry")
    assert one(db, "SELECT archive_old_bookings(now())") == 1
    db.execute("DELETE FROM bookings_archive")
    db.execute("SELECT anonymize_user_bookings(%s)", [USER])
    assert one(db, "SELECT count(*) FROM booking_audit_log") == 1


def test_001_28_the_bookings_of_a_person_lose_the_person_here_and_in_the_archive(db: Connection) -> None:
    def fill(reference: str, user: uuid.UUID, **values: object) -> uuid.UUID:
        booking = add_booking(db, reference, user_id=user, cancellation_reason="ada is ill", **values)
        add_passenger(
            db, booking, title="DR", middle_name="m", gender="OTHER", nationality="DE", passport_number="P1",
            passport_country="DE", passport_expiry_date=date(2090, 1, 1), frequent_flyer_airline="UA",
            frequent_flyer_number="1", ticket_number=f"016-{reference}",
        )  # fmt: skip
        add_ancillary(db, booking, description="12A for Ada")
        return booking

    old = fill("BK1", USER, status="COMPLETED")
    assert one(db, "SELECT archive_old_bookings(now())") == 1
    live = fill("BK2", USER)
    before = personal_values(db, database, without=("booking_audit_log",))
    fill("BK3", OTHER)
    others = {
        cell: value
        for cell, value in personal_values(db, database, without=("booking_audit_log",)).items()
        if cell not in before
    }
    with acting_as(db, APP):
        assert one(db, "SELECT anonymize_user_bookings(%s)", USER) == 2
        assert one(db, "SELECT anonymize_user_bookings(gen_random_uuid())") == 0
    after = personal_values(db, database, without=("booking_audit_log",))
    assert_erased(before, after, database, without=("booking_audit_log",))
    assert {cell: value for cell, value in after.items() if cell not in before} == others
    for table, booking in (("bookings", live), ("bookings_archive", old)):
        assert one(db, f"SELECT user_deleted AND total_amount = 100 FROM {table} WHERE id = %s", booking)


def test_the_app_does_its_work_with_its_own_rights(db: Connection) -> None:
    with acting_as(db, APP):
        booking = add_trip(db)
        update(db, "bookings", booking, status="CONFIRMED", booking_reference="BK9")
        move(db, booking, DECEMBER)
        update(db, "bookings", booking, status="CANCELLED", cancelled_at=NOVEMBER)
    with refused(db, errors.InsufficientPrivilege), acting_as(db, APP):
        db.execute("SELECT archive_old_bookings()")
