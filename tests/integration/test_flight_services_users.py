"""What `user_service_db` refuses, keeps and forgets. The numbers are the rows of the systems' list of defects."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from airside.schema.flight_services.user_service_db import database
from psycopg import errors

from .declared import (
    STILL_REFERENCED,
    Connection,
    ServerLike,
    acting_as,
    declared_database,
    delete,
    empty_database,
    one,
    refused,
    rolled_back,
    update,
)
from .flight_services import (
    add_card,
    add_session,
    add_traveler,
    add_user,
    assert_erased,
    at_once,
    personal_values,
)

APP, OWNER = database.roles.app, database.roles.owner
TODAY = datetime.now(UTC).date()


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
    with empty_database(server, OWNER, template=template) as name:
        yield name


def as_time_goes_by(db: Connection, table: str, row: object, **values: object) -> None:
    """Write what only time can do: no trigger looks."""
    db.execute("SET LOCAL session_replication_role = replica")
    assert update(db, table, row, **values) == 1
    db.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize("gender", ["MALE", "FEMALE", "OTHER", "PREFER_NOT_TO_SAY", None])
def test_001_05_every_listed_gender_fits(db: Connection, gender: str | None) -> None:
    user = add_user(db, gender=gender)
    add_traveler(db, user, gender=gender)


def test_001_06_an_expired_card_can_still_be_deleted_and_undefaulted(db: Connection) -> None:
    user = add_user(db)
    card = add_card(db, user, card_exp_year=TODAY.year, card_exp_month=TODAY.month, is_default=True)
    as_time_goes_by(db, "user_payment_methods", card, card_exp_year=2020)
    assert update(db, "user_payment_methods", card, is_default=False) == 1
    assert update(db, "user_payment_methods", card, deleted_at=datetime.now(UTC)) == 1
    assert update(db, "user_payment_methods", card, billing_name="Ada") == 1


def test_001_06_an_expired_card_cannot_be_added(db: Connection) -> None:
    user = add_user(db)
    last = TODAY.replace(day=1) - timedelta(days=1)
    with refused(db, errors.CheckViolation, "valid_expiry"):
        add_card(db, user, card_exp_year=last.year, card_exp_month=last.month)
    card = add_card(db, user, card_exp_year=TODAY.year, card_exp_month=TODAY.month)
    with refused(db, errors.CheckViolation, "valid_expiry"):
        update(db, "user_payment_methods", card, card_exp_year=2020)
    add_card(db, user, payment_gateway="PAYPAL")


@pytest.mark.parametrize(
    "expiry", [{"card_exp_year": 2099}, {"card_exp_month": 1}, {"card_exp_year": 2099, "card_exp_month": 13}]
)
def test_001_06_half_an_expiry_is_none(db: Connection, expiry: dict[str, int]) -> None:
    with pytest.raises((errors.CheckViolation, errors.DatetimeFieldOverflow)), db.transaction():
        add_card(db, add_user(db), **expiry)


def test_001_06_an_expired_passport_does_not_lock_its_traveller(db: Connection) -> None:
    user = add_user(db)
    with refused(db, errors.CheckViolation, "valid_passport_expiry"):
        add_traveler(db, user, passport_expiry_date=TODAY)
    traveler = add_traveler(db, user, passport_expiry_date=TODAY + timedelta(days=2))
    as_time_goes_by(db, "user_travelers", traveler, passport_expiry_date=date(2020, 1, 1))
    assert update(db, "user_travelers", traveler, meal_preference="VEGAN") == 1


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Pacific/Kiritimati"])
def test_001_06_a_passport_is_as_valid_in_every_time_zone(db: Connection, zone: str) -> None:
    db.execute("SELECT set_config('TimeZone', %s, true)", [zone])
    utc = one(db, "SELECT (now() AT TIME ZONE 'UTC')::date")
    user = add_user(db)
    add_traveler(db, user, passport_expiry_date=utc + timedelta(days=1))
    with refused(db, errors.CheckViolation, "valid_passport_expiry"):
        add_traveler(db, user, passport_expiry_date=utc)


def test_001_09_an_address_is_free_again_after_a_soft_delete(db: Connection) -> None:
    first = add_user(db)
    with refused(db, errors.UniqueViolation, "idx_users_email"):
        add_user(db)
    update(db, "users", first, status="DELETED", deleted_at=datetime.now(UTC))
    assert add_user(db) != first
    with refused(db, errors.UniqueViolation, "idx_users_email"):
        update(db, "users", first, status="ACTIVE", deleted_at=None)


@pytest.mark.parametrize("email", ["Ada@example.org", "ADA@EXAMPLE.ORG"])
def test_001_09_addresses_that_differ_in_case_are_one(db: Connection, email: str) -> None:
    with refused(db, errors.CheckViolation, "ck_users_email_lower"):
        add_user(db, email=email)


@pytest.mark.parametrize("deleted", [{"status": "DELETED"}, {"deleted_at": datetime(2026, 1, 1, tzinfo=UTC)}])
def test_001_09_deleted_is_both_a_status_and_a_date(db: Connection, deleted: dict[str, Any]) -> None:
    with refused(db, errors.CheckViolation, "ck_users_deleted"):
        add_user(db, **deleted)


def test_001_13_a_user_with_a_card_is_not_deleted_and_one_without_goes_with_sessions(db: Connection) -> None:
    paying, other = add_user(db), add_user(db, "bob")
    add_card(db, paying)
    add_session(db, other)
    add_traveler(db, other)
    with refused(db, STILL_REFERENCED):
        delete(db, "users", paying)
    assert delete(db, "users", other) == 1
    assert one(db, "SELECT (SELECT count(*) FROM user_sessions) + (SELECT count(*) FROM user_travelers)") == 0


@pytest.mark.parametrize(
    ("table", "column", "value", "constraint"),
    [
        ("users", "email", "not an address", "email_format"),
        ("users", "phone", "call me", "phone_format"),
        ("users", "gender", "X", "ck_users_gender"),
        ("users", "status", "GONE", "ck_users_status"),
        ("users", "role", "ROOT", "ck_users_role"),
        ("user_sessions", "device_type", "FRIDGE", "ck_user_sessions_device_type"),
        ("user_sessions", "expires_at", datetime(2000, 1, 1, tzinfo=UTC), "valid_expiration"),
        ("user_travelers", "gender", "X", "ck_user_travelers_gender"),
        ("user_travelers", "seat_preference", "ROOF", "ck_user_travelers_seat"),
        ("user_payment_methods", "payment_gateway", "CASH", "ck_user_payment_methods_gateway"),
        ("user_payment_methods", "card_brand", "DINERS", "ck_user_payment_methods_brand"),
        ("user_payment_methods", "card_last4", "12a4", "ck_user_payment_methods_last4"),
    ],
)
def test_001_14_values_outside_their_list_or_range_are_refused(
    db: Connection, table: str, column: str, value: object, constraint: str
) -> None:
    user = add_user(db)
    rows = {"users": user, "user_sessions": add_session(db, user), "user_travelers": add_traveler(db, user)}
    rows["user_payment_methods"] = add_card(db, user)
    with refused(db, errors.CheckViolation, constraint):
        update(db, table, rows[table], **{column: value})


def test_one_main_traveller_and_one_default_card_a_user(db: Connection) -> None:
    user = add_user(db)
    add_traveler(db, user, is_primary=True)
    add_traveler(db, user)
    with refused(db, errors.UniqueViolation, "idx_travelers_primary"):
        add_traveler(db, user, is_primary=True)
    card = add_card(db, user, is_default=True)
    with refused(db, errors.UniqueViolation, "idx_payment_methods_default"):
        add_card(db, user, is_default=True)
    update(db, "user_payment_methods", card, deleted_at=datetime.now(UTC))
    add_card(db, user, is_default=True)


def test_001_21_sessions_go_30_days_after_they_expired(db: Connection) -> None:
    user = add_user(db)
    for days in (-1, 0, 29):
        add_session(db, user, timedelta(days=days))
    old = [add_session(db, user, timedelta(days=days)) for days in (31, 60, 400)]
    with acting_as(db, APP):
        assert one(db, "SELECT cleanup_expired_sessions(2)") == 2
        assert one(db, "SELECT cleanup_expired_sessions()") == 1
        assert one(db, "SELECT cleanup_expired_sessions()") == 0
    assert one(db, "SELECT count(*) FROM user_sessions") == 3
    assert one(db, "SELECT count(*) FROM user_sessions WHERE id = ANY (%s)", old) == 0


def test_001_21_cleaners_share_the_work_and_wait_for_nobody(server: ServerLike, clone: str) -> None:
    with server.connect(clone) as held:
        user = add_user(held)
        sessions = [add_session(held, user, timedelta(days=40)) for _ in range(50)]
        held.commit()
        update(held, "user_sessions", sessions[0], city="Ulm")
        removed = at_once(server, clone, 4, lambda db, _: one(db, "SELECT cleanup_expired_sessions(20)"))
        assert sum(removed) == 49
        held.commit()
        assert one(held, "SELECT cleanup_expired_sessions()") == 1


def fill(db: Connection, name: str) -> uuid.UUID:
    """A user with a value in every personal column."""
    user = add_user(
        db, name, password_hash=f"{name}hash", last_name=f"{name}last", phone="+49301234", gender="OTHER",
        date_of_birth=date(1977, 7, 7), country_code="DE", address_line1=f"{name} 1", address_line2=f"{name} 2",
        city=f"{name}town", state_province="BY", postal_code="80331", last_login_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    add_session(
        db, user, refresh_token_hash="r", device_id="d", user_agent="a", ip_address="192.0.2.77", country_code="DE",
        city="Ulm",
    )  # fmt: skip
    add_traveler(
        db, user, middle_name="m", gender="OTHER", nationality="DE", passport_number="P1", passport_country="DE",
        passport_expiry_date=date(2090, 1, 1), frequent_flyer_programs='[{"airline": "UA"}]', meal_preference="HALAL",
        seat_preference="AISLE", special_assistance="wheelchair",
    )  # fmt: skip
    add_card(
        db, user, card_brand="VISA", card_last4="4242", card_exp_month=7, card_exp_year=2077, billing_name=name,
        billing_country="DE", billing_postal_code="80331", is_default=True,
    )  # fmt: skip
    return user


def test_001_28_an_erased_person_leaves_nothing_personal(db: Connection) -> None:
    user = fill(db, "ada")
    before = personal_values(db, database)
    fill(db, "bob")
    others = {cell: value for cell, value in personal_values(db, database).items() if cell not in before}
    with acting_as(db, APP):
        db.execute("SELECT anonymize_user(%s)", [user])
    after = personal_values(db, database)
    assert_erased(before, after, database)
    assert {cell: value for cell, value in after.items() if cell not in before} == others
    assert one(db, "SELECT status FROM users WHERE id = %s", user) == "DELETED"
    db.execute("SELECT anonymize_user(%s)", [user])
    add_user(db, "ada")


def test_001_28_an_unknown_person_cannot_be_erased(db: Connection) -> None:
    with refused(db, errors.NoDataFound):
        db.execute("SELECT anonymize_user(gen_random_uuid())")
