"""What `flight_schedule_pro` refuses, keeps and replaces. The numbers are the rows of the systems' list of defects."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from airside.schema.flight_schedule.flight_schedule_pro import database
from psycopg import errors
from psycopg.types.json import Jsonb

from . import rights
from .declared import (
    STILL_REFERENCED,
    Connection,
    ServerLike,
    acting_as,
    declared_database,
    delete,
    empty_database,
    insert,
    one,
    refused,
    rolled_back,
    update,
    wait_until_blocked,
)

APP, READONLY, OWNER = database.roles.app, database.roles.readonly, database.roles.owner
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[str]:
    with declared_database(server, database) as name:
        yield name


@pytest.fixture
def db(server: ServerLike, template: str) -> Iterator[Connection]:
    with rolled_back(server, template) as connection:
        yield connection


@pytest.fixture
def clone(server: ServerLike, template: str) -> Iterator[str]:
    """A database of its own, for what needs two connections."""
    with empty_database(server, OWNER, template=template) as name:
        yield name


def add_user(db: Connection, name: str, role: str = "STUDENT", **values: object) -> uuid.UUID:
    plain = {"cognito_user_id": f"cognito-{name}", "email": f"{name}@example.org", "role": role}
    return insert(db, "users", **(plain | {"first_name": name, "last_name": name} | values))


def add_booking(
    db: Connection, student: uuid.UUID, instructor: uuid.UUID, minutes_after_noon: int = 0, **values: object
) -> uuid.UUID:
    plain = {
        "student_id": student,
        "instructor_id": instructor,
        "departure_airport": "KJFK",
        "arrival_airport": "KLAX",
        "departure_latitude": 40,
        "departure_longitude": -73,
        "arrival_latitude": 33,
        "arrival_longitude": -118,
        "scheduled_datetime": NOON + timedelta(minutes=minutes_after_noon),
        "training_level": "STUDENT_PILOT",
    }
    return insert(db, "bookings", **(plain | values))


def add_people(db: Connection, suffix: str = "") -> tuple[uuid.UUID, uuid.UUID]:
    """A student and an instructor."""
    return add_user(db, f"stu{suffix}"), add_user(db, f"ins{suffix}", "INSTRUCTOR")


def add_options(db: Connection, booking: uuid.UUID, count: int = 3) -> list[uuid.UUID]:
    return [
        insert(db, "reschedule_options", booking_id=booking, suggested_datetime=NOON + timedelta(days=day))
        for day in range(1, count + 1)
    ]


def add_ranking(db: Connection, booking: uuid.UUID, user: uuid.UUID, **values: object) -> uuid.UUID:
    return insert(db, "preference_rankings", **({"booking_id": booking, "user_id": user, "deadline": NOON} | values))


def test_004_01_ids_need_no_extension(db: Connection) -> None:
    assert add_user(db, "ada").version == 4
    extensions = db.execute("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'").fetchall()
    assert extensions == [("btree_gist",)]


def test_004_02_updated_at_moves_by_itself(db: Connection) -> None:
    student, instructor = add_people(db)
    rows = {"users": student, "bookings": add_booking(db, student, instructor)}
    rows["availability_patterns"] = insert(
        db, "availability_patterns", user_id=student, day_of_week=0, start_time="08:00", end_time="18:00"
    )
    for table, row in rows.items():
        update(db, table, row, updated_at=datetime(2000, 1, 1, tzinfo=UTC))
        assert one(db, f"SELECT updated_at = now() FROM {table} WHERE id = %s", row)


def test_004_03_flights_and_the_audit_log_keep_their_people(db: Connection) -> None:
    student, instructor = add_people(db)
    add_booking(db, student, instructor)
    auditor = add_user(db, "auditor", "ADMIN")
    insert(db, "audit_log", entity_type="user", entity_id=auditor, action="LOGIN", user_id=auditor)
    for person in (student, instructor, auditor):
        with refused(db, STILL_REFERENCED):
            delete(db, "users", person)


def test_004_03_what_is_only_for_one_person_goes_with_the_person(db: Connection) -> None:
    ada = add_user(db, "ada")
    insert(db, "availability_patterns", user_id=ada, day_of_week=0, start_time="08:00", end_time="18:00")
    insert(db, "availability_overrides", user_id=ada, override_date=NEW_YEAR)
    insert(db, "notifications", user_id=ada, type="CONFIRMATION", title="t", message="m")
    assert delete(db, "users", ada) == 1
    for table in ("availability_patterns", "availability_overrides", "notifications"):
        assert one(db, f"SELECT count(*) FROM {table}") == 0


def test_004_03_a_ranking_keeps_its_user(db: Connection) -> None:
    student, instructor = add_people(db)
    booking = add_booking(db, student, instructor)
    add_ranking(db, booking, student)
    update(db, "bookings", booking, student_id=add_user(db, "substitute"))
    with refused(db, STILL_REFERENCED, "fk_preference_rankings_user"):
        delete(db, "users", student)


def test_004_03_what_belongs_to_a_flight_goes_with_it(db: Connection) -> None:
    student, instructor = add_people(db)
    booking = add_booking(db, student, instructor)
    first, *_ = add_options(db, booking)
    add_ranking(db, booking, student, option1_id=first)
    insert(db, "notifications", user_id=student, booking_id=booking, type="CONFIRMATION", title="t", message="m")
    assert delete(db, "bookings", booking) == 1
    for table in ("reschedule_options", "preference_rankings", "notifications"):
        assert one(db, f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize("column", ["email", "cognito_user_id"])
def test_an_account_is_there_once(db: Connection, column: str) -> None:
    add_user(db, "ada", **{column: "one@example.org"})
    with refused(db, errors.UniqueViolation, f"users_{column}_key"):
        add_user(db, "bob", **{column: "one@example.org"})


def test_004_03_the_original_of_a_rescheduled_flight_stays(db: Connection) -> None:
    student, instructor = add_people(db)
    original = add_booking(db, student, instructor, status="CANCELLED")
    add_booking(db, student, instructor, original_booking_id=original)
    with refused(db, STILL_REFERENCED, "fk_bookings_original"):
        delete(db, "bookings", original)


def test_004_04_a_ranking_exists_before_it_is_submitted_and_then_ranks_something(db: Connection) -> None:
    student, instructor = add_people(db)
    booking = add_booking(db, student, instructor)
    first, *_ = add_options(db, booking)
    ranking = add_ranking(db, booking, student)
    with refused(db, errors.CheckViolation, "ck_preference_rankings_ranked"):
        update(db, "preference_rankings", ranking, submitted_at=NOON)
    assert update(db, "preference_rankings", ranking, submitted_at=NOON, option2_id=first) == 1


def test_004_05_regenerating_options_keeps_deadlines_and_writes_down_what_was_ranked(db: Connection) -> None:
    student, instructor = add_people(db)
    booking = add_booking(db, student, instructor)
    other = add_booking(db, student, instructor, 60)
    options, kept = add_options(db, booking), add_options(db, other, 1)
    ranking = add_ranking(
        db, booking, student, option1_id=options[0], unavailable_option_ids=[options[2]], submitted_at=NOON
    )
    proposals = [
        {"suggested_datetime": "2027-02-01T12:00:00Z", "weather_forecast": {"wind": 3}, "ai_confidence_score": 0.9},
        {"suggested_datetime": "2027-02-02T12:00:00Z"},
    ]
    with acting_as(db, APP):
        assert one(db, "SELECT regenerate_reschedule_options(%s, %s)", booking, Jsonb(proposals)) == 2
    assert db.execute(
        "SELECT option1_id, unavailable_option_ids, submitted_at, deadline FROM preference_rankings WHERE id = %s",
        [ranking],
    ).fetchone() == (None, [], None, NOON)
    assert db.execute(
        "SELECT suggested_datetime, weather_forecast, ai_confidence_score::float FROM reschedule_options"
        " WHERE booking_id = %s ORDER BY 1",
        [booking],
    ).fetchall() == [
        (datetime(2027, 2, 1, 12, tzinfo=UTC), {"wind": 3}, 0.9),
        (datetime(2027, 2, 2, 12, tzinfo=UTC), None, None),
    ]
    assert one(db, "SELECT array_agg(id) FROM reschedule_options WHERE booking_id = %s", other) == kept
    logged: Any = one(db, "SELECT metadata FROM audit_log WHERE action = 'OPTIONS_REGENERATED'")
    assert {option["id"] for option in logged["options"]} == {str(option) for option in options}
    assert [row["option1_id"] for row in logged["rankings"]] == [str(options[0])]


def test_004_05_options_that_are_ranked_do_not_vanish(db: Connection) -> None:
    student, instructor = add_people(db)
    booking = add_booking(db, student, instructor)
    first, *_ = add_options(db, booking)
    add_ranking(db, booking, student, option1_id=first)
    with refused(db, STILL_REFERENCED, "fk_preference_rankings_option1"):
        delete(db, "reschedule_options", first)


@pytest.mark.parametrize("pair", [(1, 2), (1, 3), (2, 3)])
def test_004_06_the_same_option_is_ranked_once(db: Connection, pair: tuple[int, int]) -> None:
    student, instructor = add_people(db)
    booking = add_booking(db, student, instructor)
    first, *_ = add_options(db, booking)
    with refused(db, errors.CheckViolation, "ck_preference_rankings_distinct"):
        add_ranking(db, booking, student, **{f"option{number}_id": first for number in pair})


@pytest.mark.parametrize("number", [1, 2, 3])
def test_004_06_the_option_of_another_booking_is_refused(db: Connection, number: int) -> None:
    student, instructor = add_people(db)
    booking, other = add_booking(db, student, instructor), add_booking(db, student, instructor, 60)
    foreign, *_ = add_options(db, other)
    with refused(db, errors.ForeignKeyViolation, f"fk_preference_rankings_option{number}"):
        add_ranking(db, booking, student, **{f"option{number}_id": foreign})


def test_004_06_only_the_two_people_of_the_booking_rank_once_each(db: Connection) -> None:
    student, instructor = add_people(db)
    stranger = add_user(db, "stranger")
    booking = add_booking(db, student, instructor)
    add_ranking(db, booking, student)
    add_ranking(db, booking, instructor)
    with refused(db, errors.CheckViolation):
        add_ranking(db, booking, stranger)
    with refused(db, errors.UniqueViolation, "idx_preference_rankings_booking"):
        add_ranking(db, booking, student)


@pytest.mark.parametrize(("start", "end"), [("18:00", "08:00"), ("08:00", "08:00"), ("08:00", None), (None, "08:00")])
def test_004_07_an_override_has_both_times_in_order_or_none(db: Connection, start: str | None, end: str | None) -> None:
    ada = add_user(db, "ada")
    with refused(db, errors.CheckViolation, "ck_availability_overrides_times"):
        insert(db, "availability_overrides", user_id=ada, override_date=NEW_YEAR, start_time=start, end_time=end)


@pytest.mark.parametrize("times", [{}, {"start_time": "08:00", "end_time": "18:00"}])
def test_004_07_the_same_override_is_there_once(db: Connection, times: dict[str, str]) -> None:
    ada, bob = add_user(db, "ada"), add_user(db, "bob")
    insert(db, "availability_overrides", user_id=ada, override_date=NEW_YEAR, **times)
    insert(db, "availability_overrides", user_id=bob, override_date=NEW_YEAR, **times)
    with refused(db, errors.UniqueViolation, "idx_availability_overrides_user_date"):
        insert(db, "availability_overrides", user_id=ada, override_date=NEW_YEAR, is_blocked=False, **times)


@pytest.mark.parametrize("who", ["student", "instructor", "aircraft"])
def test_004_08_nobody_and_nothing_flies_twice_at_once(db: Connection, who: str) -> None:
    student, instructor = add_people(db)
    others = add_people(db, "2")
    booking = add_booking(db, student, instructor, aircraft_id="N1", duration_minutes=90)
    clash: dict[str, Any] = {"student": others[0], "instructor": others[1], "aircraft": "N2"}
    clash[who] = {"student": student, "instructor": instructor, "aircraft": "N1"}[who]

    def book(minutes_after_noon: int) -> uuid.UUID:
        return add_booking(db, clash["student"], clash["instructor"], minutes_after_noon, aircraft_id=clash["aircraft"])

    for minutes_after_noon in (-59, 0, 30, 89):
        with refused(db, errors.ExclusionViolation, f"ex_bookings_{who}"):
            book(minutes_after_noon)
    book(-60)
    book(90)
    update(db, "bookings", booking, status="CANCELLED")
    again = book(0)
    with refused(db, errors.ExclusionViolation, f"ex_bookings_{who}"):
        update(db, "bookings", booking, status="CONFIRMED")
    update(db, "bookings", again, status="COMPLETED")
    assert update(db, "bookings", booking, status="CONFIRMED") == 1


def test_004_08_flights_without_an_aircraft_do_not_clash(db: Connection) -> None:
    add_booking(db, *add_people(db))
    add_booking(db, *add_people(db, "2"))


def test_004_08_student_and_instructor_are_two_people(db: Connection) -> None:
    student, instructor = add_people(db)
    with refused(db, errors.CheckViolation, "ck_bookings_people"):
        add_booking(db, instructor, instructor)
    booking = add_booking(db, student, instructor)
    with refused(db, errors.CheckViolation, "ck_bookings_people"):
        update(db, "bookings", booking, student_id=instructor)


def test_004_08_the_second_of_two_concurrent_bookings_is_refused(server: ServerLike, clone: str) -> None:
    with server.connect(clone) as first, server.connect(clone) as second:
        student, instructor = add_people(first)
        colleague = add_user(first, "colleague")
        first.commit()
        add_booking(first, student, instructor)
        outcome: list[BaseException | uuid.UUID] = []

        def book() -> None:
            try:
                outcome.append(add_booking(second, colleague, instructor, 30))
            except errors.ExclusionViolation as error:
                outcome.append(error)

        thread = threading.Thread(target=book)
        thread.start()
        wait_until_blocked(first, second)
        first.commit()
        thread.join(timeout=10)
        assert isinstance(outcome[0], errors.ExclusionViolation)


@pytest.mark.parametrize(
    ("departure", "notified", "deadline"),
    [
        (NOON, NOON - timedelta(hours=2), NOON - timedelta(minutes=30)),
        (NOON, NOON - timedelta(hours=20), NOON - timedelta(hours=8)),
        (NOON, NOON - timedelta(hours=12, minutes=30), NOON - timedelta(minutes=30)),
    ],
)
def test_004_09_the_deadline_is_half_an_hour_before_departure_or_12_hours_after_the_notification(
    db: Connection, departure: datetime, notified: datetime, deadline: datetime
) -> None:
    for role in (APP, READONLY):
        with acting_as(db, role):
            assert one(db, "SELECT preference_deadline(%s, %s)", departure, notified) == deadline


def test_004_09_nothing_is_submitted_after_the_deadline(db: Connection) -> None:
    student, instructor = add_people(db)
    booking = add_booking(db, student, instructor)
    first, *_ = add_options(db, booking)
    ranking = add_ranking(db, booking, student, option1_id=first, deadline=NOON)
    with refused(db, errors.CheckViolation):
        update(db, "preference_rankings", ranking, submitted_at=NOON + timedelta(seconds=1))
    assert update(db, "preference_rankings", ranking, submitted_at=NOON) == 1


def test_004_11_no_index_repeats_another(db: Connection) -> None:
    assert rights.redundant_indexes(db) == []


def test_004_12_every_foreign_key_has_an_index(db: Connection) -> None:
    assert rights.unindexed_foreign_keys(db) == []


def test_004_13_unread_notifications_come_from_the_index_in_their_order(db: Connection) -> None:
    ada = add_user(db, "ada")
    db.execute("SET LOCAL enable_seqscan = off")
    db.execute("SET LOCAL enable_bitmapscan = off")
    plan = db.execute(
        "EXPLAIN SELECT * FROM notifications WHERE user_id = %s AND read = false ORDER BY created_at DESC LIMIT 20",
        [ada],
    ).fetchall()
    text = "\n".join(str(row[0]) for row in plan)
    assert "idx_notifications_user_read" in text
    assert "Sort" not in text


def test_004_13_each_option_comes_once_with_the_ranking_of_one_user(db: Connection) -> None:
    student, instructor = add_people(db)
    booking = add_booking(db, student, instructor)
    first, *rest = add_options(db, booking)
    add_ranking(db, booking, student, option1_id=first)
    add_ranking(db, booking, instructor, option1_id=rest[0])
    rows = db.execute(
        "SELECT ro.id, pr.option1_id FROM reschedule_options AS ro"
        " LEFT JOIN preference_rankings AS pr ON pr.booking_id = ro.booking_id AND pr.user_id = %s"
        " WHERE ro.booking_id = %s",
        [student, booking],
    ).fetchall()
    assert sorted(rows) == sorted((option, first) for option in (first, *rest))


@pytest.mark.parametrize(
    ("table", "column", "value", "constraint"),
    [
        ("users", "role", "PILOT", "ck_users_role"),
        ("users", "training_level", "ACE", "ck_users_training_level"),
        ("users", "email", "Ada@example.org", "ck_users_email_lower"),
        ("bookings", "status", "LOST", "ck_bookings_status"),
        ("bookings", "training_level", "ACE", "ck_bookings_training_level"),
        ("bookings", "duration_minutes", 0, "ck_bookings_duration"),
        ("bookings", "duration_minutes", 1441, "ck_bookings_duration"),
        ("bookings", "departure_latitude", 91, "ck_bookings_latitude"),
        ("bookings", "arrival_latitude", -91, "ck_bookings_latitude"),
        ("bookings", "departure_longitude", 181, "ck_bookings_longitude"),
        ("bookings", "arrival_longitude", -181, "ck_bookings_longitude"),
        ("reschedule_options", "ai_confidence_score", 9.99, "ck_reschedule_options_confidence"),
        ("reschedule_options", "ai_confidence_score", -0.01, "ck_reschedule_options_confidence"),
        ("notifications", "type", "SPAM", "ck_notifications_type"),
        ("availability_patterns", "day_of_week", 7, "ck_availability_patterns_day"),
        ("availability_patterns", "end_time", "02:00", "ck_availability_patterns_times"),
    ],
)
def test_004_14_values_outside_their_list_or_range_are_refused(
    db: Connection, table: str, column: str, value: object, constraint: str
) -> None:
    student, instructor = add_people(db)
    booking = add_booking(db, student, instructor)
    rows = {
        "users": student,
        "bookings": booking,
        "reschedule_options": add_options(db, booking, 1)[0],
        "notifications": insert(db, "notifications", user_id=student, type="ESCALATION", title="t", message="m"),
        "availability_patterns": insert(
            db, "availability_patterns", user_id=student, day_of_week=0, start_time="08:00", end_time="18:00"
        ),
    }
    with refused(db, errors.CheckViolation, constraint):
        update(db, table, rows[table], **{column: value})


def test_004_17_a_weekday_has_several_slots_each_once(db: Connection) -> None:
    ada = add_user(db, "ada")

    def add_pattern(start: str, end: str) -> None:
        insert(db, "availability_patterns", user_id=ada, day_of_week=1, start_time=start, end_time=end)

    add_pattern("08:00", "12:00")
    add_pattern("14:00", "18:00")
    with refused(db, errors.UniqueViolation, "idx_availability_patterns_user_day"):
        add_pattern("08:00", "12:00")


def test_004_19_moments_are_never_missing(db: Connection) -> None:
    moments = db.execute(
        "SELECT count(*), count(*) FILTER (WHERE is_nullable = 'NO' AND column_default = 'now()')"
        " FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name IN ('created_at', 'updated_at')"
    ).fetchone()
    assert moments == (11, 11)


def test_004_21_a_rescheduled_flight_is_cancelled_and_has_a_successor(db: Connection) -> None:
    student, instructor = add_people(db)
    original = add_booking(db, student, instructor)
    later = NOON + timedelta(minutes=30)
    with acting_as(db, APP):
        update(db, "bookings", original, status="CANCELLED", rescheduled_to_datetime=later)
        successor = add_booking(db, student, instructor, 30, original_booking_id=original)
    assert one(db, "SELECT status FROM bookings WHERE id = %s", successor) == "CONFIRMED"


@pytest.mark.parametrize("role", [APP, OWNER])
def test_004_22_an_erased_person_leaves_flights_without_a_name(db: Connection, role: str) -> None:
    student, instructor = add_user(db, "zoe"), add_user(db, "ins", "INSTRUCTOR")
    update(db, "users", student, phone_number="+49 30", training_level="PRIVATE_PILOT")
    booking = add_booking(db, student, instructor)
    insert(db, "notifications", user_id=student, type="CONFIRMATION", title="Dear zoe", message="zoe flies")
    insert(db, "notifications", user_id=instructor, type="CONFIRMATION", title="Dear ins", message="a flight")
    insert(db, "availability_overrides", user_id=student, override_date=NEW_YEAR, reason="zoe is ill")
    insert(db, "availability_patterns", user_id=student, day_of_week=0, start_time="08:00", end_time="18:00")
    with acting_as(db, role):
        db.execute("SELECT anonymize_user(%s)", [student])
    tables = ("users", "bookings", "notifications", "availability_overrides", "availability_patterns", "audit_log")
    everything = " ".join(str(one(db, f"SELECT json_agg(t)::text FROM {table} AS t")) for table in tables)
    assert "zoe" not in everything
    assert "+49 30" not in everything
    assert one(db, "SELECT email FROM users WHERE id = %s", student) == f"deleted-{student}@anonymized.invalid"
    assert one(db, "SELECT student_id FROM bookings WHERE id = %s", booking) == student
    assert one(db, "SELECT count(*) FROM notifications WHERE user_id = %s", instructor) == 1


def test_004_22_an_unknown_person_cannot_be_erased(db: Connection) -> None:
    with refused(db, errors.NoDataFound):
        db.execute("SELECT anonymize_user(gen_random_uuid())")


def test_nobody_changes_the_audit_log(db: Connection) -> None:
    with acting_as(db, APP):
        insert(db, "audit_log", entity_type="user", entity_id=uuid.uuid4(), action="LOGIN")
    rights.assert_append_only(db, database, "audit_log")
    assert one(db, "SELECT count(*) FROM audit_log") == 1


def test_roles_have_their_rights_and_no_more(db: Connection) -> None:
    rights.assert_table_rights(db, database)
    rights.assert_no_delete(db, database)
    rights.assert_no_ddl(db, database)
    rights.assert_closed_to_public(db, database)


def test_readonly_calls_nothing_that_writes(db: Connection) -> None:
    for call in ("anonymize_user(gen_random_uuid())", "regenerate_reschedule_options(gen_random_uuid(), '[]')"):
        with refused(db, errors.InsufficientPrivilege), acting_as(db, READONLY):
            db.execute(f"SELECT {call}".encode())


def test_the_app_does_its_work_with_its_own_rights(db: Connection) -> None:
    with acting_as(db, APP):
        student, instructor = add_people(db)
        booking = add_booking(db, student, instructor)
        first, second, _ = add_options(db, booking)
        ranking = add_ranking(db, booking, student)
        update(db, "preference_rankings", ranking, option1_id=second, option2_id=first, submitted_at=NOON)
        notification = insert(
            db, "notifications", user_id=student, booking_id=booking, type="CONFIRMATION", title="t", message="m"
        )
        assert delete(db, "notifications", notification) == 1
