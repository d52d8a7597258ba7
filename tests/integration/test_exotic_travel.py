"""What `exotic_travel_prod` refuses, keeps and hides. The numbers are the rows of the systems' list of defects."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from airside.schema.exotic_travel.exotic_travel_prod import database
from psycopg import errors

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
JANUARY = date(2027, 1, 1)


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


def add_user(db: Connection, name: str = "ada", **values: object) -> int:
    return insert(db, "users", **({"name": name, "email": f"{name}@example.org", "password_hash": "x"} | values))


def add_destination(db: Connection, **values: object) -> int:
    plain = {"name": "Reef", "description": "Blue", "country": "Palau", "city": "Koror"}
    return insert(db, "destinations", **(plain | {"price": 100, "duration": 5, "max_guests": 2} | values))


def add_booking(db: Connection, user: int, destination: int, first: int = 0, last: int = 5, **values: object) -> int:
    """A booking from `first` to `last`, in days of January."""
    plain = {
        "user_id": user,
        "destination_id": destination,
        "start_date": JANUARY + timedelta(days=first),
        "end_date": JANUARY + timedelta(days=last),
        "guests": 2,
        "total_price": 500,
    }
    return insert(db, "bookings", **(plain | values))


def add_review(db: Connection, user: int, destination: int, rating: int, **values: object) -> int:
    return insert(db, "reviews", user_id=user, destination_id=destination, rating=rating, **values)


def cancel(db: Connection, booking: int) -> int:
    return update(db, "bookings", booking, status="cancelled", cancelled_at=datetime.now(UTC))


def rating_of(db: Connection, destination: int) -> tuple[Decimal, int]:
    row = db.execute("SELECT rating, review_count FROM destinations WHERE id = %s", [destination]).fetchone()
    assert row is not None
    return row[0], row[1]


def test_003_01_overlapping_trips_are_refused(db: Connection) -> None:
    user, reef, atoll = add_user(db), add_destination(db), add_destination(db, name="Atoll")
    add_booking(db, user, reef, 0, 5, status="confirmed")
    for first, last in ((0, 5), (1, 6), (2, 3), (4, 9)):
        with refused(db, errors.ExclusionViolation, "idx_bookings_no_overlap"):
            add_booking(db, user, reef, first, last)
    add_booking(db, user, reef, 5, 9)
    add_booking(db, user, atoll, 0, 5)


@pytest.mark.parametrize("status", ["cancelled", "completed"])
def test_003_01_a_trip_that_is_over_frees_its_dates(db: Connection, status: str) -> None:
    user, reef = add_user(db), add_destination(db)
    booking = add_booking(db, user, reef)
    cancel(db, booking) if status == "cancelled" else update(db, "bookings", booking, status=status)
    again = add_booking(db, user, reef)
    with refused(db, errors.ExclusionViolation, "idx_bookings_no_overlap"):
        update(db, "bookings", booking, status="confirmed", cancelled_at=None)
    assert again != booking


def test_003_01_the_second_of_two_concurrent_bookings_is_refused(server: ServerLike, clone: str) -> None:
    with server.connect(clone) as first, server.connect(clone) as second:
        user, reef = add_user(first), add_destination(first)
        first.commit()
        add_booking(first, user, reef, 0, 5)
        outcome: list[BaseException | int] = []

        def book() -> None:
            try:
                outcome.append(add_booking(second, user, reef, 2, 7))
            except errors.ExclusionViolation as error:
                outcome.append(error)

        thread = threading.Thread(target=book)
        thread.start()
        wait_until_blocked(first, second)
        first.commit()
        thread.join(timeout=10)
        assert isinstance(outcome[0], errors.ExclusionViolation)


def test_003_02_what_was_booked_or_reviewed_keeps_its_user_and_destination(db: Connection) -> None:
    user, reader, reef, atoll = add_user(db), add_user(db, "bob"), add_destination(db), add_destination(db)
    booking = add_booking(db, user, reef)
    add_review(db, reader, atoll, 4)
    for table, row in (("users", user), ("destinations", reef), ("users", reader), ("destinations", atoll)):
        with refused(db, STILL_REFERENCED):
            delete(db, table, row)
    add_review(db, user, reef, 5, booking_id=booking)
    with refused(db, STILL_REFERENCED, "reviews_booking_id_fkey"):
        delete(db, "bookings", booking)


def test_003_03_reviews_rate_their_destination(db: Connection) -> None:
    ada, bob, reef = add_user(db), add_user(db, "bob"), add_destination(db)
    first = add_review(db, ada, reef, 5)
    second = add_review(db, bob, reef, 2)
    assert rating_of(db, reef) == (Decimal("3.50"), 2)
    update(db, "reviews", second, rating=4)
    assert rating_of(db, reef) == (Decimal("4.50"), 2)
    delete(db, "reviews", first)
    assert rating_of(db, reef) == (Decimal("4.00"), 1)
    delete(db, "reviews", second)
    assert rating_of(db, reef) == (Decimal("0.00"), 0)


def test_003_03_moving_a_review_updates_both_destinations(db: Connection) -> None:
    user, reef, atoll = add_user(db), add_destination(db), add_destination(db)
    review = add_review(db, user, reef, 5)
    update(db, "reviews", review, destination_id=atoll)
    assert rating_of(db, reef) == (Decimal("0.00"), 0)
    assert rating_of(db, atoll) == (Decimal("5.00"), 1)


def test_003_03_a_helpful_vote_leaves_the_destination_alone(server: ServerLike, clone: str) -> None:
    version = "SELECT xmin::text FROM destinations"
    with server.connect(clone, autocommit=True) as db:
        user, reef = add_user(db), add_destination(db)
        review = add_review(db, user, reef, 5)
        before = one(db, version)
        update(db, "reviews", review, helpful_count=1)
        assert one(db, version) == before
        update(db, "reviews", review, rating=4)
        assert one(db, version) != before


def test_003_03_two_concurrent_reviews_are_both_counted(server: ServerLike, clone: str) -> None:
    with server.connect(clone) as first, server.connect(clone) as second:
        ada, bob, reef = add_user(first), add_user(first, "bob"), add_destination(first)
        first.commit()
        add_review(first, ada, reef, 5)
        thread = threading.Thread(target=add_review, args=(second, bob, reef, 1))
        thread.start()
        wait_until_blocked(first, second)
        first.commit()
        thread.join(timeout=10)
        second.commit()
        assert rating_of(first, reef) == (Decimal("3.00"), 2)


def test_003_03_reviews_that_change_places_at_once_end_right_and_do_not_deadlock(
    server: ServerLike, clone: str
) -> None:
    with server.connect(clone) as first, server.connect(clone) as second:
        ada, bob, reef, atoll = add_user(first), add_user(first, "bob"), add_destination(first), add_destination(first)
        to_atoll, to_reef = add_review(first, ada, reef, 5), add_review(first, bob, atoll, 1)
        first.commit()
        update(first, "reviews", to_atoll, destination_id=atoll)
        thread = threading.Thread(target=update, args=(second, "reviews", to_reef), kwargs={"destination_id": reef})
        thread.start()
        wait_until_blocked(first, second)
        first.commit()
        thread.join(timeout=10)
        second.commit()
        assert rating_of(first, reef) == (Decimal("1.00"), 1)
        assert rating_of(first, atoll) == (Decimal("5.00"), 1)


def test_003_04_one_review_per_booking_and_one_without(db: Connection) -> None:
    user, reef = add_user(db), add_destination(db)
    booking = add_booking(db, user, reef)
    add_review(db, user, reef, 5)
    add_review(db, user, reef, 4, booking_id=booking)
    for again in (None, booking):
        with refused(db, errors.UniqueViolation, "reviews_user_id_destination_id_booking_id_key"):
            add_review(db, user, reef, 3, booking_id=again)


def audit(db: Connection) -> list[Any]:
    return db.execute(
        "SELECT user_id, action, resource_type, resource_id, old_values, new_values FROM audit_logs ORDER BY id"
    ).fetchall()


def test_003_05_changes_of_users_and_bookings_are_written_down(db: Connection) -> None:
    user, reef = add_user(db), add_destination(db)
    with acting_as(db, APP, current_user_id=user, current_role="user"):
        booking = add_booking(db, user, reef)
        cancel(db, booking)
    inserted, booked, cancelled = audit(db)
    assert inserted[:4] == (None, "insert", "users", user)
    assert booked[:5] == (user, "insert", "bookings", booking, None)
    assert cancelled[:4] == (user, "update", "bookings", booking)
    assert (cancelled[4]["status"], cancelled[5]["status"]) == ("pending", "cancelled")
    delete(db, "bookings", booking)
    assert audit(db)[-1][1] == "delete"
    assert audit(db)[-1][5] is None


def test_003_05_the_audit_log_survives_its_user(db: Connection) -> None:
    user = add_user(db)
    delete(db, "users", user)
    assert [(row[1], row[3]) for row in audit(db)] == [("insert", user), ("delete", user)]


def test_003_05_nobody_changes_the_audit_log(db: Connection) -> None:
    add_user(db)
    rights.assert_append_only(db, database, "audit_logs")
    assert len(audit(db)) == 1


def test_003_05_the_app_writes_the_audit_log_only_through_changes(db: Connection) -> None:
    with (
        refused(db, errors.InsufficientPrivilege),
        acting_as(db, APP, current_user_id=1, current_role="admin"),
    ):
        insert(db, "audit_logs", action="forged", resource_type="users")


def test_003_06_no_index_repeats_another(db: Connection) -> None:
    assert rights.redundant_indexes(db) == []
    with refused(db, errors.UniqueViolation, "idx_users_email"):
        add_user(db)
        add_user(db)


def test_003_07_every_foreign_key_has_an_index(db: Connection) -> None:
    assert rights.unindexed_foreign_keys(db) == []


def test_003_07_one_payment_pays_one_booking(db: Connection) -> None:
    user, reef = add_user(db), add_destination(db)
    add_booking(db, user, reef, 0, 2, payment_intent_id="pi_1")
    add_booking(db, user, reef, 2, 4)
    add_booking(db, user, reef, 4, 6)
    with refused(db, errors.UniqueViolation, "uq_bookings_payment_intent"):
        add_booking(db, user, reef, 6, 8, payment_intent_id="pi_1")


@pytest.mark.parametrize(
    ("table", "column", "value", "constraint"),
    [
        ("users", "role", "root", "ck_users_role"),
        ("destinations", "price", -1, "ck_destinations_price"),
        ("destinations", "duration", 0, "ck_destinations_duration"),
        ("destinations", "max_guests", 0, "ck_destinations_max_guests"),
        ("destinations", "rating", 6, "ck_destinations_rating"),
        ("destinations", "review_count", -1, "ck_destinations_review_count"),
        ("bookings", "status", "lost", "ck_bookings_status"),
        ("bookings", "payment_status", "owed", "ck_bookings_payment_status"),
        ("bookings", "status", "cancelled", "ck_bookings_cancelled"),
        ("bookings", "end_date", JANUARY, "chk_booking_dates"),
        ("bookings", "guests", 0, "chk_booking_guests"),
        ("bookings", "total_price", 0, "chk_booking_price"),
        ("reviews", "rating", 0, "reviews_rating_check"),
        ("reviews", "rating", 6, "reviews_rating_check"),
        ("reviews", "helpful_count", -1, "ck_reviews_helpful"),
    ],
)
def test_003_08_values_outside_their_list_or_range_are_refused(
    db: Connection, table: str, column: str, value: object, constraint: str
) -> None:
    user, reef = add_user(db), add_destination(db)
    rows = {"users": user, "destinations": reef}
    rows |= {"bookings": add_booking(db, user, reef), "reviews": add_review(db, user, reef, 3)}
    with refused(db, errors.CheckViolation, constraint):
        update(db, table, rows[table], **{column: value})


def test_003_09_a_booking_fits_its_destination(db: Connection) -> None:
    user, reef, hut = add_user(db), add_destination(db, max_guests=4), add_destination(db, max_guests=1)
    with refused(db, errors.CheckViolation, "chk_booking_max_guests"):
        add_booking(db, user, reef, guests=5)
    booking = add_booking(db, user, reef, guests=4)
    for change in ({"guests": 5}, {"destination_id": hut}):
        with refused(db, errors.CheckViolation, "chk_booking_max_guests"):
            update(db, "bookings", booking, **change)


def test_003_09_an_inactive_destination_takes_no_new_bookings(db: Connection) -> None:
    user, reef = add_user(db), add_destination(db)
    booking = add_booking(db, user, reef)
    update(db, "destinations", reef, active=False)
    with refused(db, errors.CheckViolation, "chk_booking_active"):
        add_booking(db, user, reef, 5, 9)
    assert update(db, "bookings", booking, guests=1) == 1


def test_003_09_the_price_of_a_booking_is_a_snapshot(db: Connection) -> None:
    user, reef = add_user(db), add_destination(db)
    booking = add_booking(db, user, reef, total_price=500)
    update(db, "destinations", reef, price=999)
    assert one(db, "SELECT total_price FROM bookings WHERE id = %s", booking) == 500


COUNT_BOOKINGS = "SELECT count(*) FROM bookings"
COUNT_AUDIT = "SELECT count(*) FROM audit_logs"


@pytest.mark.parametrize("role", [APP, READONLY])
def test_003_10_bookings_are_seen_by_their_user_and_by_staff(db: Connection, role: str) -> None:
    ada, bob, reef = add_user(db), add_user(db, "bob"), add_destination(db)
    add_booking(db, ada, reef, 0, 2)
    add_booking(db, ada, reef, 2, 4)
    add_booking(db, bob, reef, 4, 6)
    seen: list[int] = []
    for who, as_role in ((ada, "user"), (bob, "user"), (bob, "moderator"), (bob, "admin")):
        with acting_as(db, role, current_user_id=who, current_role=as_role):
            seen.append(one(db, COUNT_BOOKINGS))
    with acting_as(db, role):
        seen.append(one(db, COUNT_BOOKINGS))
    assert seen == [2, 1, 3, 3, 0]


def test_003_10_nobody_books_or_cancels_for_another(db: Connection) -> None:
    ada, bob, reef = add_user(db), add_user(db, "bob"), add_destination(db)
    booking = add_booking(db, ada, reef)
    with acting_as(db, APP, current_user_id=bob, current_role="user"):
        assert cancel(db, booking) == 0
    for change in ("insert", "give away"):
        with (
            refused(db, errors.InsufficientPrivilege),
            acting_as(db, APP, current_user_id=ada, current_role="user"),
        ):
            if change == "insert":
                add_booking(db, bob, reef, 5, 9)
            else:
                update(db, "bookings", booking, user_id=bob)


@pytest.mark.parametrize("role", [APP, READONLY])
def test_003_10_the_audit_log_is_seen_by_administrators(db: Connection, role: str) -> None:
    user = add_user(db)
    for as_role, rows in (("user", 0), ("moderator", 0), ("admin", 1)):
        with acting_as(db, role, current_user_id=user, current_role=as_role):
            assert one(db, COUNT_AUDIT) == rows


def test_003_14_cancelling_stale_pending_bookings_frees_their_dates(db: Connection) -> None:
    user, reef = add_user(db), add_destination(db)
    add_booking(db, user, reef, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    with acting_as(db, APP, current_role="admin"):
        db.execute(
            "UPDATE bookings SET status = 'cancelled', cancelled_at = now()"
            " WHERE status = 'pending' AND created_at < now() - interval '30 minutes'"
        )
    assert add_booking(db, user, reef) > 0


@pytest.mark.parametrize("email", ["Ada@example.org", "ADA@EXAMPLE.ORG"])
def test_003_15_addresses_that_differ_in_case_are_one(db: Connection, email: str) -> None:
    with refused(db, errors.CheckViolation, "ck_users_email_lower"):
        add_user(db, email=email)


def test_003_15_what_has_a_default_is_never_null(db: Connection) -> None:
    nullable = db.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_default IS NOT NULL AND is_nullable = 'YES'"
    ).fetchall()
    assert nullable == []


def test_003_15_updated_at_moves_by_itself(db: Connection) -> None:
    user, reef = add_user(db), add_destination(db)
    rows = {"users": user, "destinations": reef}
    rows |= {"bookings": add_booking(db, user, reef), "reviews": add_review(db, user, reef, 3)}
    for table, row in rows.items():
        update(db, table, row, updated_at=datetime(2000, 1, 1, tzinfo=UTC))
        assert one(db, f"SELECT updated_at = now() FROM {table} WHERE id = %s", row)


@pytest.mark.parametrize("actor", ["the person", "an administrator", "the owner"])
def test_003_16_an_erased_person_leaves_bookings_without_a_name(db: Connection, actor: str) -> None:
    user = add_user(db, "ada", phone="+49 30")
    reef = add_destination(db)
    booking = add_booking(
        db, user, reef, special_requests="ada is blind", payment_intent_id="pi_ada", status="confirmed"
    )
    update(db, "bookings", booking, status="cancelled", cancelled_at=JANUARY, cancellation_reason="ada is ill")
    add_review(db, user, reef, 5, comment="ada was here")
    role, settings = {
        "the person": (APP, {"current_user_id": user, "current_role": "user"}),
        "an administrator": (APP, {"current_user_id": 0, "current_role": "admin"}),
        "the owner": (OWNER, {}),
    }[actor]
    with acting_as(db, role, **settings):
        db.execute("SELECT anonymize_user(%s)", [user])
    tables = ("users", "bookings", "reviews", "audit_logs")
    everything = " ".join(one(db, f"SELECT json_agg(t)::text FROM {table} AS t") for table in tables)
    assert not re.search(r"ada\b|pi_ada|\+49 30", everything)
    assert one(db, "SELECT email FROM users WHERE id = %s", user) == f"deleted-{user}@anonymized.invalid"
    assert rating_of(db, reef) == (Decimal("5.00"), 1)


def test_003_16_an_unknown_person_cannot_be_erased(db: Connection) -> None:
    with refused(db, errors.NoDataFound):
        db.execute("SELECT anonymize_user(4711)")


def test_x_05_x_08_the_audit_log_holds_no_personal_value(db: Connection) -> None:
    user, reef = add_user(db, "secretname", phone="secretphone", password_hash="secrethash"), add_destination(db)
    booking = add_booking(db, user, reef, special_requests="secretwish", payment_intent_id="secretintent")
    update(db, "bookings", booking, status="cancelled", cancelled_at=JANUARY, cancellation_reason="secretreason")
    update(db, "users", user, name="secretother")
    assert len(audit(db)) == 4
    assert "secret" not in one(db, "SELECT json_agg(a)::text FROM audit_logs AS a")


def test_the_audit_writer_has_a_pinned_search_path(db: Connection) -> None:
    assert db.execute("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND proname !~ '^pg_'").fetchall() == [
        ("write_audit_log", ["search_path=pg_catalog, public"])
    ]


def test_roles_have_their_rights_and_no_more(db: Connection) -> None:
    rights.assert_table_rights(db, database)
    rights.assert_no_delete(db, database)
    rights.assert_no_ddl(db, database)
    rights.assert_closed_to_public(db, database)


def test_readonly_calls_nothing_that_writes(db: Connection) -> None:
    with refused(db, errors.InsufficientPrivilege), acting_as(db, READONLY):
        db.execute("SELECT anonymize_user(1)")


def test_the_app_does_its_work_with_its_own_rights(db: Connection) -> None:
    with acting_as(db, APP, current_role="admin"):
        user, reef = add_user(db), add_destination(db)
        booking = add_booking(db, user, reef)
        review = add_review(db, user, reef, 4, booking_id=booking)
        assert rating_of(db, reef) == (Decimal("4.00"), 1)
        assert delete(db, "reviews", review) == 1
