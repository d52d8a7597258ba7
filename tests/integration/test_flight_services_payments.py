"""What `payment_service_db` refuses, keeps and forgets. The numbers are the rows of the systems' list of defects."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from airside.schema.flight_services.payment_service_db import database
from psycopg import IsolationLevel, errors

from .declared import (
    STILL_REFERENCED,
    Connection,
    ServerLike,
    acting_as,
    delete,
    empty_database,
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
    add_attempt,
    add_payment,
    add_refund,
    assert_erased,
    at_once,
    partitioned_database,
    personal_values,
)

APP, OWNER = database.roles.app, database.roles.owner
REFUNDED = "SELECT coalesce(sum(amount), 0) FROM refunds WHERE status NOT IN ('FAILED', 'CANCELLED')"


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


def test_001_26_x_04_a_payment_beyond_the_ladder_is_refused_clearly(db: Connection) -> None:
    with pytest.raises(errors.CheckViolation, match=NO_PARTITION):
        add_payment(db, created=datetime(2101, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC"])
def test_001_26_a_month_begins_at_midnight_utc_whatever_the_session_says(db: Connection, zone: str) -> None:
    db.execute("SELECT set_config('TimeZone', %s, true)", [zone])
    december = datetime(2025, 12, 1, tzinfo=UTC)
    late, early = add_payment(db, "P1", december - timedelta(seconds=1)), add_payment(db, "P2", december)
    place = "SELECT tableoid::regclass::text FROM payments WHERE id = %s"
    assert one(db, place, late) == "payments_2025_11"
    assert one(db, place, early) == "payments_2025_12"


@pytest.mark.parametrize("created", [NOVEMBER, DECEMBER])
def test_001_02_a_reference_pays_once_in_all_months(db: Connection, created: datetime) -> None:
    add_payment(db, "PAY1", NOVEMBER)
    with refused(db, errors.UniqueViolation, "uq_payment_registry_reference"):
        add_payment(db, "PAY1", created)


@pytest.mark.parametrize("created", [NOVEMBER, DECEMBER])
def test_001_02_a_second_charge_with_one_idempotency_key_is_refused(db: Connection, created: datetime) -> None:
    add_payment(db, "PAY1", NOVEMBER, idempotency_key="key")
    with refused(db, errors.UniqueViolation, "uq_payment_registry_idempotency"):
        add_payment(db, "PAY2", created, idempotency_key="key")
    add_payment(db, "PAY3", created)
    add_payment(db, "PAY4", created)


def test_001_02_a_payment_given_a_taken_reference_or_key_is_refused(db: Connection) -> None:
    add_payment(db, "PAY1", NOVEMBER, idempotency_key="key")
    second = add_payment(db, "PAY2", DECEMBER)
    with refused(db, errors.UniqueViolation, "uq_payment_registry_reference"):
        update(db, "payments", second, payment_reference="PAY1")
    with refused(db, errors.UniqueViolation, "uq_payment_registry_idempotency"):
        update(db, "payments", second, idempotency_key="key")
    assert update(db, "payments", second, payment_reference="PAY3", idempotency_key="other") == 1
    add_payment(db, "PAY2", NOVEMBER)


@pytest.mark.parametrize("created", [NOVEMBER + timedelta(days=1), DECEMBER])
def test_001_02_one_payment_is_not_written_twice_under_its_own_id(db: Connection, created: datetime) -> None:
    payment = add_payment(db, "PAY1", NOVEMBER, idempotency_key="key")
    with refused(db, errors.UniqueViolation):
        add_payment(db, "PAY1", created, id=payment, idempotency_key="key")
    assert one(db, "SELECT count(*) FROM payments") == 1


def test_001_02_a_repeated_insert_may_do_nothing(db: Connection) -> None:
    payment = add_payment(db, "PAY1", NOVEMBER, idempotency_key="key")
    again = "INSERT INTO payments SELECT * FROM payments WHERE id = %s ON CONFLICT (id, created_at) DO NOTHING"
    assert db.execute(again, [payment]).rowcount == 0


def test_001_02_of_many_charges_at_once_with_one_key_one_is_made(server: ServerLike, clone: str) -> None:
    def charge(db: Connection, number: int) -> uuid.UUID:
        return add_payment(db, f"PAY{number}", NOVEMBER if number % 2 else DECEMBER, idempotency_key="key")

    outcomes = at_once(server, clone, 12, charge, errors.UniqueViolation)
    assert sum(isinstance(outcome, uuid.UUID) for outcome in outcomes) == 1
    with server.connect(clone) as db:
        assert one(db, "SELECT count(*) FROM payments") == 1
        assert one(db, "SELECT count(*) FROM payment_registry") == 1


@pytest.mark.parametrize("charged", [True, False])
def test_001_02_a_second_charge_waits_for_the_first(server: ServerLike, clone: str, charged: bool) -> None:
    with server.connect(clone) as first, server.connect(clone) as second:
        add_payment(first, "PAY1", NOVEMBER, idempotency_key="key")
        outcome: list[object] = []

        def charge() -> None:
            try:
                outcome.append(add_payment(second, "PAY2", DECEMBER, idempotency_key="key"))
            except errors.UniqueViolation as error:
                outcome.append(error)

        thread = threading.Thread(target=charge)
        thread.start()
        wait_until_blocked(first, second)
        first.commit() if charged else first.rollback()
        thread.join(timeout=10)
        assert isinstance(outcome[0], errors.UniqueViolation if charged else uuid.UUID)


def test_001_03_refunds_and_attempts_belong_to_a_payment_of_that_moment(db: Connection) -> None:
    payment = add_payment(db)
    with refused(db, errors.ForeignKeyViolation):
        add_refund(db, uuid.uuid4(), 1)
    with refused(db, errors.ForeignKeyViolation):
        add_refund(db, payment, 1, payment_created_at=DECEMBER)
    with refused(db, errors.ForeignKeyViolation):
        add_attempt(db, payment, payment_created_at=DECEMBER)


@pytest.mark.parametrize("role", [APP, OWNER, None])
def test_001_07_nothing_about_money_is_ever_deleted(db: Connection, role: str | None) -> None:
    payment = add_payment(db)
    rows = {"payments": payment, "refunds": add_refund(db, payment, 1), "payment_attempts": add_attempt(db, payment)}
    for table, row in rows.items():
        with refused(db, errors.InsufficientPrivilege):
            if role is None:
                delete(db, table, row)
            else:
                with acting_as(db, role):
                    delete(db, table, row)


def test_001_07_a_refunded_payment_cannot_be_detached_away(db: Connection) -> None:
    add_refund(db, add_payment(db), 1)
    with refused(db, STILL_REFERENCED):
        db.execute("ALTER TABLE payments DETACH PARTITION payments_2025_11")


@pytest.mark.parametrize(
    ("table", "column", "value", "constraint"),
    [
        ("payments", "amount", 0, "valid_amount"),
        ("payments", "status", "LOST", "valid_status"),
        ("payments", "payment_gateway", "CASH", "ck_payments_gateway"),
        ("payments", "payment_method_type", "COINS", "ck_payments_method"),
        ("payments", "card_brand", "DINERS", "ck_payments_brand"),
        ("payments", "card_last4", "41111", None),
        ("payments", "card_last4", "41x1", "ck_payments_last4"),
        ("payments", "fraud_score", 101, "ck_payments_fraud_score"),
        ("payments", "fraud_status", "MAYBE", "ck_payments_fraud_status"),
        ("payments", "three_d_secure_status", "MAYBE", "ck_payments_3ds"),
        ("refunds", "amount", -1, "valid_refund_amount"),
        ("refunds", "status", "LOST", "valid_refund_status"),
        ("refunds", "reason", "MOOD", "ck_refunds_reason"),
        ("refunds", "requested_by_type", "CAT", "ck_refunds_by_type"),
        ("payment_attempts", "attempt_number", 0, "valid_attempt_number"),
    ],
)
def test_001_14_values_outside_their_list_or_range_are_refused(
    db: Connection, table: str, column: str, value: object, constraint: str | None
) -> None:
    payment = add_payment(db)
    rows = {"payments": payment, "refunds": add_refund(db, payment, 1), "payment_attempts": add_attempt(db, payment)}
    error = errors.CheckViolation if constraint else errors.StringDataRightTruncation
    with refused(db, error, constraint):
        update(db, table, rows[table], **{column: value})


def test_001_15_an_attempt_has_one_number(db: Connection) -> None:
    payment = add_payment(db)
    add_attempt(db, payment, 1)
    add_attempt(db, payment, 2, success=True)
    with refused(db, errors.UniqueViolation, "idx_attempts_payment_id"):
        add_attempt(db, payment, 1)


def test_001_15_refunds_are_in_the_currency_of_the_payment_and_at_most_the_payment(db: Connection) -> None:
    payment = add_payment(db)
    with refused(db, errors.CheckViolation):
        add_refund(db, payment, 10, currency="EUR")
    with refused(db, errors.CheckViolation):
        add_refund(db, payment, 101)
    first, second = add_refund(db, payment, 60), add_refund(db, payment, 40)
    with refused(db, errors.CheckViolation):
        add_refund(db, payment, 1)
    with refused(db, errors.CheckViolation):
        update(db, "refunds", second, amount=41)
    update(db, "refunds", first, status="FAILED")
    third = add_refund(db, payment, 60, status="CANCELLED")
    add_refund(db, payment, 60)
    for row, status in ((first, "PENDING"), (third, "COMPLETED")):
        with refused(db, errors.CheckViolation):
            update(db, "refunds", row, status=status)
    assert one(db, REFUNDED) == 100


def test_001_15_a_refund_cannot_be_given_to_a_smaller_payment(db: Connection) -> None:
    large, small = add_payment(db, "PAY1"), add_payment(db, "PAY2", amount=5)
    refund = add_refund(db, large, 50)
    with refused(db, errors.CheckViolation):
        update(db, "refunds", refund, payment_id=small)


@pytest.mark.parametrize("level", [IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ])
def test_001_15_refunds_never_exceed_their_payment_when_twenty_come_at_once(
    server: ServerLike, clone: str, level: IsolationLevel
) -> None:
    with server.connect(clone, autocommit=True) as db:
        payment = add_payment(db, amount=100)

        def refund(connection: Connection, number: int) -> str:
            connection.isolation_level = level
            # the snapshot is taken before anybody has refunded anything
            assert one(connection, REFUNDED) <= 100
            add_refund(connection, payment, 30)
            return "refunded"

        outcomes = at_once(server, clone, 20, refund, errors.CheckViolation, errors.SerializationFailure)
        refunded = outcomes.count("refunded")
        assert one(db, REFUNDED) == refunded * 30 <= 100
        assert refunded == 3 if level is IsolationLevel.READ_COMMITTED else 1 <= refunded <= 3


def test_001_19_a_payment_may_be_completed_or_cancelled(db: Connection) -> None:
    for number, status in enumerate(["COMPLETED", "CANCELLED", "PARTIALLY_REFUNDED"]):
        add_payment(db, f"PAY{number}", status=status)


def test_001_28_the_payments_of_a_person_lose_the_person_and_keep_the_money(db: Connection) -> None:
    def pay(reference: str, created: datetime, user: uuid.UUID) -> None:
        payment = add_payment(
            db, reference, created, user_id=user, payment_token="tok", card_brand="VISA", card_last4="4242",
            card_exp_month=7, card_exp_year=2077, risk_factors='["foreign_ip"]', ip_address="192.0.2.77",
            user_agent="a",
        )  # fmt: skip
        more: dict[str, Any] = {"payment_created_at": created}
        add_refund(db, payment, 10, reason_details="ada is ill", requested_by=user, **more)
        add_attempt(db, payment, gateway_response_message="declined for ada", **more)

    pay("PAY1", NOVEMBER, USER)
    pay("PAY2", DECEMBER, USER)
    before = personal_values(db, database)
    pay("PAY3", NOVEMBER, OTHER)
    others = {cell: value for cell, value in personal_values(db, database).items() if cell not in before}
    with acting_as(db, APP):
        assert one(db, "SELECT anonymize_user_payments(%s)", USER) == 2
        assert one(db, "SELECT anonymize_user_payments(gen_random_uuid())") == 0
    after = personal_values(db, database)
    assert_erased(before, after, database)
    assert after == others
    assert one(db, "SELECT sum(amount) FROM payments") == Decimal(300)


def test_the_app_does_its_work_with_its_own_rights(db: Connection) -> None:
    with acting_as(db, APP):
        payment = add_payment(db, idempotency_key="key")
        add_attempt(db, payment, success=True)
        update(db, "payments", payment, status="CAPTURED", idempotency_key="other")
        update(db, "refunds", add_refund(db, payment, 100), status="COMPLETED")


def test_the_registry_follows_the_payment(db: Connection) -> None:
    payment = add_payment(db, "PAY1", idempotency_key="key")
    update(db, "payments", payment, payment_reference="PAY9")
    rows = db.execute("SELECT payment_id, payment_reference, idempotency_key, created_at FROM payment_registry")
    assert rows.fetchall() == [(payment, "PAY9", "key", NOVEMBER)]
