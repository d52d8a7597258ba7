"""What the seats and payments of `flight_booking` refuse and hide. The numbers are rows of the list of defects."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from airside.schema.flight_booking.inventory_db import database as inventory_db
from airside.schema.flight_booking.payment_db import database as payment_db
from psycopg import errors
from psycopg.types.json import Jsonb

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
from .flight_booking import (
    NOW,
    Template,
    add_hold,
    add_inventory,
    add_payment,
    add_refund,
    add_seat_configuration,
    at_once,
    personal_values,
    templates,
)

KEY = "k" * 32


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[Template]:
    with templates(server) as made:
        yield made


@pytest.fixture
def seats(server: ServerLike, template: Template) -> Iterator[Connection]:
    with rolled_back(server, template(inventory_db)) as connection:
        yield connection


@pytest.fixture
def payments(server: ServerLike, template: Template) -> Iterator[Connection]:
    with rolled_back(server, template(payment_db)) as connection:
        yield connection


def test_000_07_a_token_is_encrypted_and_read_with_a_bound_key(payments: Connection) -> None:
    method = insert(payments, "payment_methods", user_id=uuid.uuid4(), type="credit_card", card_last_four="4242")
    store = "UPDATE payment_methods SET payment_token_encrypted = encrypt_payment_token(%s, %s) WHERE id = %s"
    read = "SELECT pgp_sym_decrypt(payment_token_encrypted, %s) FROM payment_methods WHERE id = %s"
    stored = "SELECT payment_token_encrypted FROM payment_methods WHERE id = %s"
    with acting_as(payments, payment_db.roles.app):
        payments.execute(store, ["tok_secret", KEY, method])
        first = one(payments, stored, method)
        payments.execute(store, ["tok_secret", KEY, method])
        assert one(payments, read, KEY, method) == "tok_secret"
        assert one(payments, stored, method) != first
        assert b"tok_secret" not in first
        with refused(payments, errors.ExternalRoutineInvocationException):
            one(payments, read, "another key", method)
    for key in ("", None):
        with refused(payments, errors.InvalidParameterValue):
            payments.execute(store, ["tok_secret", key, method])


def test_000_07_neither_a_key_nor_a_card_number_has_a_place(payments: Connection) -> None:
    columns = {f"{table.name}.{column.name}" for table in payment_db.metadata.sorted_tables for column in table.columns}
    assert not {name for name in columns if "number" in name or name.endswith(("pan", "key"))}
    assert one(payments, "SELECT pronargdefaults FROM pg_proc WHERE proname = 'encrypt_payment_token'") == 0
    own = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    assert one(payments, f"SELECT count(*) FROM pg_db_role_setting WHERE setdatabase = {own}") == 0
    with refused(payments, errors.CheckViolation, "ck_payment_methods_last_four"):
        insert(payments, "payment_methods", user_id=uuid.uuid4(), type="credit_card", card_last_four="424a")


def test_000_11_nothing_is_left_of_a_person_in_the_seats(seats: Connection) -> None:
    gone, kept = uuid.uuid4(), uuid.uuid4()
    add_hold(seats, booking_id=gone, passenger_name="secret")
    add_hold(seats, booking_id=kept, passenger_name="other")
    with acting_as(seats, inventory_db.roles.app):
        assert one(seats, "SELECT anonymize_booking_seats(%s)", [gone]) == 1
    assert personal_values(seats, inventory_db) == {"seat_reservations.passenger_name": {"other"}}


def test_000_11_nothing_is_left_of_a_person_in_the_payments(payments: Connection) -> None:
    user = uuid.uuid4()
    method = insert(
        payments,
        "payment_methods",
        user_id=user,
        type="credit_card",
        card_last_four="4242",
        card_brand="visa",
        card_expiry_month=1,
        card_expiry_year=2030,
        billing_address=Jsonb({"city": "secret"}),
        payment_token_encrypted=b"secret",
        is_default=True,
    )
    payment = add_payment(
        payments, user_id=user, payment_method_id=method, metadata=Jsonb({"ip": "x"}), failure_reason="secret"
    )
    add_refund(payments, payment, 10, notes="secret")
    assert all(personal_values(payments, payment_db).values()), "a personal column that the test forgot"
    with acting_as(payments, payment_db.roles.app):
        payments.execute("SELECT anonymize_user_payments(%s)", [user])
    assert not any(personal_values(payments, payment_db).values())
    assert one(payments, "SELECT amount FROM transactions") == 100


def test_000_13_seats_name_flights_of_another_database(seats: Connection) -> None:
    add_inventory(seats)
    with refused(seats, STILL_REFERENCED):
        configuration = add_seat_configuration(seats)
        add_hold(seats, seat_configuration_id=configuration)
        delete(seats, "seat_configurations", configuration)


def test_000_21_expired_holds_give_their_seats_back(seats: Connection) -> None:
    instance, seat = uuid.uuid4(), add_seat_configuration(seats)
    past = {"reserved_at": NOW - timedelta(hours=2), "expires_at": NOW - timedelta(hours=1)}
    place = {"flight_instance_id": instance, "seat_configuration_id": seat}
    add_hold(seats, **place, **past)
    kept = {
        add_hold(seats, reserved_at=NOW, expires_at=NOW + timedelta(hours=1)),
        add_hold(seats, **past, status="occupied"),
        add_hold(seats, **past, status="blocked"),
        add_hold(seats),
    }
    with refused(seats, errors.UniqueViolation, "uq_seat_reservations_seat"):
        add_hold(seats, **place)
    with acting_as(seats, inventory_db.roles.app):
        assert one(seats, "SELECT release_expired_seat_holds()") == 1
        assert one(seats, "SELECT release_expired_seat_holds()") == 0
    assert {row[0] for row in seats.execute("SELECT id FROM seat_reservations")} == kept
    add_hold(seats, **place)


def test_000_21_a_hold_that_is_paid_in_time_is_not_released(server: ServerLike, template: Template) -> None:
    with (
        empty_database(server, inventory_db.roles.owner, template=template(inventory_db)) as name,
        server.connect(name) as payer,
        ThreadPoolExecutor(1) as pool,
        server.connect(name) as job,
    ):
        hold = add_hold(payer, reserved_at=NOW - timedelta(hours=2), expires_at=NOW - timedelta(hours=1))
        payer.commit()
        update(payer, "seat_reservations", hold, status="occupied")
        released = pool.submit(one, job, "SELECT release_expired_seat_holds()")
        wait_until_blocked(payer, job)
        payer.commit()
        assert released.result(timeout=10) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"available_seats": -1},
        {"reserved_seats": -1},
        {"blocked_seats": -1},
        {"total_seats": 9},
        {"available_seats": 99},
        {"reserved_seats": 1},
        {"available_seats": 5, "reserved_seats": 3, "blocked_seats": 3},
    ],
)
def test_000_22_seats_are_never_negative_nor_more_than_there_are(seats: Connection, change: dict[str, int]) -> None:
    inventory = add_inventory(seats)
    with refused(seats, errors.CheckViolation, "ck_inventory_seats"):
        update(seats, "inventory", inventory, **change)


def test_000_22_twenty_buyers_of_ten_seats_get_ten(server: ServerLike, template: Template) -> None:
    with empty_database(server, inventory_db.roles.owner, template=template(inventory_db)) as name:
        with server.connect(name) as connection:
            add_inventory(connection)
        buy = "UPDATE inventory SET available_seats = available_seats - 1, reserved_seats = reserved_seats + 1"
        done = at_once(server, name, 20, lambda db: db.execute(buy).rowcount)
        assert sum(isinstance(error, errors.CheckViolation) for error in done) == 10
        with server.connect(name) as connection:
            assert one(connection, "SELECT (available_seats, reserved_seats)::text FROM inventory") == "(0,10)"


def test_000_23_a_transaction_of_a_gateway_stands_once(payments: Connection) -> None:
    add_payment(payments, gateway_transaction_id="tx_1")
    add_payment(payments, gateway_transaction_id="tx_1", gateway="paypal")
    add_payment(payments)
    add_payment(payments)
    with refused(payments, errors.UniqueViolation, "uq_transactions_gateway_txn"):
        add_payment(payments, gateway_transaction_id="tx_1")


def test_000_23_a_user_has_one_default_method(payments: Connection) -> None:
    user = uuid.uuid4()
    for default in (False, False, True):
        insert(payments, "payment_methods", user_id=user, type="paypal", is_default=default)
    with refused(payments, errors.UniqueViolation, "uq_payment_methods_default"):
        insert(payments, "payment_methods", user_id=user, type="paypal", is_default=True)


def test_000_23_refunds_add_up_to_no_more_than_was_paid(payments: Connection) -> None:
    payment, small = add_payment(payments), add_payment(payments, amount=5)
    add_refund(payments, payment, 60)
    failed = add_refund(payments, payment, 60, status="failed")
    last = add_refund(payments, payment, 40)
    for change in (
        lambda: add_refund(payments, payment, 1),
        lambda: add_refund(payments, small, 1, currency="USD"),
        lambda: update(payments, "refunds", failed, status="pending"),
        lambda: update(payments, "refunds", last, refund_amount=41),
        lambda: update(payments, "refunds", last, currency="USD"),
        lambda: update(payments, "refunds", last, original_transaction_id=small),
    ):
        with refused(payments, errors.CheckViolation):
            change()
    update(payments, "refunds", last, status="failed")
    add_refund(payments, payment, 40)
    with refused(payments, errors.ForeignKeyViolation, "fk_refunds_transaction"):
        add_refund(payments, uuid.uuid4(), 1)


def test_000_23_twenty_refunds_at_once_give_back_what_was_paid(server: ServerLike, template: Template) -> None:
    with empty_database(server, payment_db.roles.owner, template=template(payment_db)) as name:
        with server.connect(name) as connection:
            payment = add_payment(connection)
        done = at_once(server, name, 20, lambda db: add_refund(db, payment, 10))
        assert sum(isinstance(refund, uuid.UUID) for refund in done) == 10
        assert sum(isinstance(error, errors.CheckViolation) for error in done) == 10
        with server.connect(name) as connection:
            assert one(connection, "SELECT sum(refund_amount) FROM refunds") == 100


def test_what_was_paid_or_refunded_keeps_its_method_and_payment(payments: Connection) -> None:
    method = insert(payments, "payment_methods", user_id=uuid.uuid4(), type="paypal")
    payment = add_payment(payments, payment_method_id=method)
    add_refund(payments, payment, 1)
    for table, row in (("payment_methods", method), ("transactions", payment)):
        with refused(payments, STILL_REFERENCED):
            delete(payments, table, row)
