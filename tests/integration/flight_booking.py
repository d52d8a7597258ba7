"""Rows of the five databases of `flight_booking`, and the databases with their partitions, for the tests."""

from __future__ import annotations

import itertools
import string
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from airside.partitions.create import create_missing
from airside.schema.core import Database
from airside.schema.core.info import personal_category
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from .declared import Connection, ServerLike, declared_database, insert, one, owner_connection

NOW = datetime.now(UTC)
LAST_YEAR = datetime(NOW.year - 1, 6, 1, 12, tzinfo=UTC)
THIS_YEAR = datetime(NOW.year, 1, 1, 12, tzinfo=UTC)
DIGITS = string.digits + string.ascii_uppercase
CURRENCY_AND_PRICE = {"price": 100, "currency": "EUR"}

# Scalar subqueries are known before the scan begins; joined, the airport's day would only filter what was read.
SEARCH = """
SELECT fi.id
FROM flight_instances AS fi
INNER JOIN flights AS f ON f.id = fi.flight_id
WHERE fi.route_id = (
        SELECT r.id
        FROM routes AS r
        INNER JOIN airports AS origin ON origin.id = r.origin_airport_id
        INNER JOIN airports AS destination ON destination.id = r.destination_airport_id
        WHERE origin.iata_code = %(origin)s AND destination.iata_code = %(destination)s
    )
    AND fi.departure_datetime >= (
        SELECT %(day)s::date::timestamp AT TIME ZONE timezone FROM airports WHERE iata_code = %(origin)s
    )
    AND fi.departure_datetime < (
        SELECT (%(day)s::date + 1)::timestamp AT TIME ZONE timezone FROM airports WHERE iata_code = %(origin)s
    )
    AND fi.status = 'scheduled'
ORDER BY fi.departure_datetime
"""

Template = Callable[[Database], str]

_numbers, _airlines = itertools.count(1), itertools.count()


@contextmanager
def partitioned_database(server: ServerLike, database: Database) -> Iterator[str]:
    """The name of a fresh database, built from its declaration, with the partitions that are due now."""
    with declared_database(server, database) as name:
        with owner_connection(server, database, name) as connection:
            create_missing(connection, database, NOW)
        yield name


@contextmanager
def templates(server: ServerLike) -> Iterator[Template]:
    """The name of each database with its partitions, built when it is first asked for."""
    made: dict[str, str] = {}
    with ExitStack() as stack:

        def of(database: Database) -> str:
            if database.name not in made:
                made[database.name] = stack.enter_context(partitioned_database(server, database))
            return made[database.name]

        yield of


def at_once(server: ServerLike, name: str, count: int, work: Callable[[Connection], object]) -> list[Any]:
    """Do the same on `count` connections at the same time; what each returned, or its error."""
    ready = threading.Barrier(count)

    def run(_: int) -> object:
        with server.connect(name) as connection:
            ready.wait(timeout=20)
            try:
                done = work(connection)
                connection.commit()
            except errors.Error as error:
                return error
            return done

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def add_user(db: Connection, **values: object) -> uuid.UUID:
    plain = {"email": f"ada{next(_numbers)}@example.org", "password_hash": "x", "first_name": "Ada", "last_name": "B"}
    return insert(db, "users", **(plain | values))


def add_airport(db: Connection, code: str, timezone: str = "UTC") -> uuid.UUID:
    plain = {"name": code, "city": code, "country": "XXX", "timezone": timezone}
    return insert(db, "airports", iata_code=code, icao_code=f"K{code}", **plain)


def add_route(db: Connection, origin: uuid.UUID, destination: uuid.UUID) -> uuid.UUID:
    return insert(db, "routes", origin_airport_id=origin, destination_airport_id=destination)


def add_flight(db: Connection, route: uuid.UUID, **values: object) -> uuid.UUID:
    """A flight of a new airline on a new aircraft type."""
    number = next(_airlines) % 1296
    code = DIGITS[number // 36] + DIGITS[number % 36]
    airline = insert(db, "airlines", iata_code=code, icao_code=f"X{code}", name="Air", country="XXX")
    aircraft = insert(
        db,
        "aircraft_types",
        iata_code=code,
        icao_code=code,
        manufacturer="Maker",
        model="One",
        capacity=Jsonb({"economy": 150}),
    )
    plain: dict[str, object] = {
        "flight_number": f"{code}1",
        "airline_id": airline,
        "route_id": route,
        "aircraft_type_id": aircraft,
        "departure_time": time(8),
        "arrival_time": time(10),
        "effective_from": date(2026, 1, 1),
    }
    return insert(db, "flights", **(plain | values))


def add_instance(db: Connection, flight: uuid.UUID, departure: datetime, **values: object) -> uuid.UUID:
    plain = {"departure_datetime": departure, "arrival_datetime": departure + timedelta(hours=2)}
    return insert(db, "flight_instances", **({"flight_id": flight} | plain | values))


def reference() -> str:
    return f"R{next(_numbers):05}"


def add_booking(db: Connection, created_at: datetime = THIS_YEAR, **values: object) -> uuid.UUID:
    plain: dict[str, object] = {
        "user_id": uuid.uuid4(),
        "booking_reference": reference(),
        "total_amount": 100,
        "currency": "EUR",
        "contact_email": "ada@example.org",
        "created_at": created_at,
    }
    return insert(db, "bookings", **(plain | values))


def add_segment(
    db: Connection, booking: uuid.UUID, booked: datetime = THIS_YEAR, order: int = 1, **values: object
) -> uuid.UUID:
    plain: dict[str, object] = {
        "flight_instance_id": uuid.uuid4(),
        "segment_order": order,
        "departure_airport": "BER",
        "arrival_airport": "JFK",
        "departure_datetime": NOW,
        "arrival_datetime": NOW + timedelta(hours=9),
        "class": "economy",
    }
    keys = {"booking_id": booking, "booking_created_at": booked}
    return insert(db, "booking_segments", **(plain | CURRENCY_AND_PRICE | keys | values))


def add_passenger(db: Connection, booking: uuid.UUID, booked: datetime = THIS_YEAR, **values: object) -> uuid.UUID:
    plain: dict[str, object] = {"first_name": "Ada", "last_name": "B"}
    return insert(db, "passengers", **(plain | {"booking_id": booking, "booking_created_at": booked} | values))


def add_seat(db: Connection, passenger: uuid.UUID, segment: uuid.UUID) -> uuid.UUID:
    return insert(db, "passenger_segments", passenger_id=passenger, booking_segment_id=segment)


def add_inventory(db: Connection, **values: object) -> uuid.UUID:
    plain = {"flight_instance_id": uuid.uuid4(), "class": "economy", "total_seats": 10, "available_seats": 10}
    return insert(db, "inventory", **(plain | CURRENCY_AND_PRICE | values))


def add_seat_configuration(db: Connection) -> uuid.UUID:
    place = {"row_number": next(_numbers), "seat_letter": "A"}
    return insert(db, "seat_configurations", **({"aircraft_type_id": uuid.uuid4(), "class": "economy"} | place))


def add_hold(db: Connection, **values: object) -> uuid.UUID:
    """A reserved seat, of a new configuration unless one is given."""
    if "seat_configuration_id" not in values:
        values["seat_configuration_id"] = add_seat_configuration(db)
    return insert(db, "seat_reservations", **({"flight_instance_id": uuid.uuid4()} | values))


def add_payment(db: Connection, **values: object) -> uuid.UUID:
    plain: dict[str, object] = {
        "booking_id": uuid.uuid4(),
        "user_id": uuid.uuid4(),
        "transaction_type": "payment",
        "amount": 100,
        "currency": "EUR",
        "gateway": "stripe",
    }
    return insert(db, "transactions", **(plain | values))


def add_refund(db: Connection, payment: uuid.UUID, amount: int, **values: object) -> uuid.UUID:
    plain = {"refund_amount": amount, "currency": "EUR", "refund_reason": "cancellation"}
    return insert(db, "refunds", **({"original_transaction_id": payment} | plain | values))


def partition_of(db: Connection, table: str, row: object) -> str:
    return one(db, sql.SQL("SELECT tableoid::regclass::text FROM {} WHERE id = %s").format(sql.Identifier(table)), row)


def personal_values(db: Connection, database: Database, *, leave_out: str = "") -> dict[str, set[Any]]:
    """What stands in every column that is declared personal, NULL left out: `{table.column: values}`."""
    found: dict[str, set[Any]] = {}
    for table in database.metadata.sorted_tables:
        for column in table.columns:
            if personal_category(column.info) and table.name != leave_out:
                statement = sql.SQL("SELECT {column}::text FROM {} WHERE {column} IS NOT NULL").format(
                    sql.Identifier(table.name), column=sql.Identifier(column.name)
                )
                found[f"{table.name}.{column.name}"] = {row[0] for row in db.execute(statement)}
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of a plan, as EXPLAIN (FORMAT JSON) shows it."""
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
