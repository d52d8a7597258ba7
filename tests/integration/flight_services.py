"""Rows of the six databases of `flight_services`, for the tests of what they do."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from airside.partitions import create_missing
from airside.schema.core import Database
from airside.schema.core.info import personal_category
from psycopg import sql
from psycopg.rows import dict_row

from .declared import Connection, ServerLike, declared_database, insert, owner_connection

Outcome = TypeVar("Outcome")
Cell = tuple[str, str, uuid.UUID]

NO_PARTITION = r"no partition of relation \"\w+\" found for row"
NOVEMBER = datetime(2025, 11, 10, 8, tzinfo=UTC)
DECEMBER = datetime(2025, 12, 10, 8, tzinfo=UTC)
USER = uuid.UUID("11111111-1111-4111-8111-111111111111")
OTHER = uuid.UUID("22222222-2222-4222-8222-222222222222")


@contextmanager
def partitioned_database(server: ServerLike, database: Database) -> Iterator[str]:
    """The name of a fresh database with the partitions that its policies ask for today."""
    with declared_database(server, database) as name:
        with owner_connection(server, database, name) as connection:
            create_missing(connection, database, datetime.now(UTC))
        yield name


def add_user(db: Connection, name: str = "ada", **values: object) -> uuid.UUID:
    plain = {"email": f"{name}@example.org", "password_hash": "x", "first_name": name, "last_name": "l"}
    return insert(db, "users", **(plain | values))


def add_session(db: Connection, user: uuid.UUID, expired: timedelta = timedelta(days=-1), **values: object) -> Any:
    """A session that expired `expired` ago."""
    expires = datetime.now(UTC) - expired
    plain = {"token_hash": str(uuid.uuid4()), "created_at": expires - timedelta(days=30), "expires_at": expires}
    return insert(db, "user_sessions", user_id=user, **(plain | values))


def add_traveler(db: Connection, user: uuid.UUID, **values: object) -> Any:
    plain = {"first_name": "f", "last_name": "l", "date_of_birth": date(1990, 1, 1)}
    return insert(db, "user_travelers", user_id=user, **(plain | values))


def add_card(db: Connection, user: uuid.UUID, **values: object) -> Any:
    return insert(
        db, "user_payment_methods", user_id=user, **({"payment_gateway": "STRIPE", "payment_token": "t"} | values)
    )


def add_search(db: Connection, age: timedelta = timedelta(0), **values: object) -> Any:
    plain = {"origin_airport": "JFK", "destination_airport": "LAX", "departure_date": date(2027, 1, 1)}
    return insert(db, "search_history", **(plain | {"created_at": datetime.now(UTC) - age} | values))


def add_booking(db: Connection, reference: str = "BK1", departs: datetime = NOVEMBER, **values: object) -> uuid.UUID:
    plain = {
        "booking_reference": reference,
        "pnr": "ABC123",
        "user_id": USER,
        "gds_provider": "SABRE",
        "origin_airport": "JFK",
        "destination_airport": "LAX",
        "departure_datetime": departs,
        "arrival_datetime": departs + timedelta(hours=6),
        "flight_type": "ONE_WAY",
        "base_fare": 80,
        "taxes": 15,
        "fees": 5,
        "total_amount": 100,
        "contact_email": "ada@example.org",
        "contact_phone": "+4930",
        "created_at": NOVEMBER - timedelta(days=30),
    }
    return insert(db, "bookings", **(plain | values))


def add_passenger(db: Connection, booking: uuid.UUID, departs: datetime = NOVEMBER, **values: object) -> Any:
    plain = {"passenger_type": "ADULT", "first_name": "f", "last_name": "l", "date_of_birth": date(1990, 1, 1)}
    return insert(db, "booking_passengers", booking_id=booking, booking_departure_datetime=departs, **(plain | values))


def add_flight(db: Connection, booking: uuid.UUID, departs: datetime = NOVEMBER, **values: object) -> Any:
    plain = {
        "segment_number": 1,
        "airline_code": "UA",
        "airline_name": "United",
        "flight_number": "UA1",
        "departure_airport": "JFK",
        "departure_datetime": departs,
        "arrival_airport": "LAX",
        "arrival_datetime": departs + timedelta(hours=6),
        "cabin_class": "ECONOMY",
        "booking_class": "Y",
    }
    return insert(db, "booking_flights", booking_id=booking, booking_departure_datetime=departs, **(plain | values))


def add_ancillary(db: Connection, booking: uuid.UUID, departs: datetime = NOVEMBER, **values: object) -> Any:
    plain = {"ancillary_type": "MEAL", "description": "Vegan", "price": 9}
    return insert(db, "booking_ancillaries", booking_id=booking, booking_departure_datetime=departs, **(plain | values))


def add_trip(db: Connection, reference: str = "BK1", departs: datetime = NOVEMBER, **values: object) -> uuid.UUID:
    """A booking with a passenger, a flight, an ancillary of both, and a row of the audit log."""
    booking = add_booking(db, reference, departs, **values)
    passenger, flight = add_passenger(db, booking, departs), add_flight(db, booking, departs)
    add_ancillary(db, booking, departs, passenger_id=passenger, flight_id=flight)
    insert(db, "booking_audit_log", booking_id=booking, action="CREATED")
    return booking


def add_payment(db: Connection, reference: str = "PAY1", created: datetime = NOVEMBER, **values: object) -> uuid.UUID:
    plain = {
        "payment_reference": reference,
        "booking_id": OTHER,
        "user_id": USER,
        "payment_gateway": "STRIPE",
        "amount": 100,
        "payment_method_type": "CARD",
        "created_at": created,
    }
    return insert(db, "payments", **(plain | values))


def add_refund(db: Connection, payment: uuid.UUID, amount: int, **values: object) -> Any:
    plain = {
        "refund_reference": uuid.uuid4().hex[:20],
        "amount": amount,
        "currency": "USD",
        "reason": "OTHER",
        "payment_created_at": NOVEMBER,
    }
    return insert(db, "refunds", payment_id=payment, **(plain | values))


def add_attempt(db: Connection, payment: uuid.UUID, number: int = 1, **values: object) -> Any:
    plain = {"attempt_number": number, "success": False, "payment_created_at": NOVEMBER}
    return insert(db, "payment_attempts", payment_id=payment, **(plain | values))


def add_review(db: Connection, **values: object) -> Any:
    plain = {"booking_id": uuid.uuid4(), "user_id": USER, "review_type": "AIRLINE", "airline_code": "UA"}
    return insert(db, "reviews", **(plain | {"overall_rating": 4} | values))


def add_vote(db: Connection, review: uuid.UUID, vote: str = "HELPFUL", **values: object) -> Any:
    return insert(db, "review_votes", review_id=review, vote=vote, **({"user_id": uuid.uuid4()} | values))


def at_once(
    server: ServerLike, name: str, count: int, work: Callable[[Connection, int], Outcome], *errors: type[Exception]
) -> list[Outcome | Exception]:
    """What `count` connections get that all begin `work` at the same moment, those of `errors` included."""
    start = threading.Barrier(count)

    def run(number: int) -> Outcome | Exception:
        with server.connect(name) as connection:
            start.wait(timeout=30)
            try:
                outcome = work(connection, number)
                connection.commit()
            except errors as error:
                return error
            return outcome

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def personal_values(db: Connection, database: Database, *, without: tuple[str, ...] = ()) -> dict[Cell, object]:
    """Every value of a personal column that is not NULL, by table, column and id of the row."""
    cells: dict[Cell, object] = {}
    for table in database.metadata.tables.values():
        columns = [column.name for column in table.columns if personal_category(column.info)]
        if not columns or table.name in without:
            continue
        cursor = db.cursor(row_factory=dict_row)
        for row in cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table.name))):
            cells |= {(table.name, column, row["id"]): row[column] for column in columns if row[column] is not None}
    return cells


def assert_erased(
    before: dict[Cell, object], after: dict[Cell, object], database: Database, *, without: tuple[str, ...] = ()
) -> None:
    """Every personal column had a value, and none of the values is left."""
    declared = {
        (table.name, column.name)
        for table in database.metadata.tables.values()
        for column in table.columns
        if personal_category(column.info) and table.name not in without
    }
    assert declared == {(table, column) for table, column, _ in before}
    assert [cell for cell, value in before.items() if after.get(cell) == value] == []
