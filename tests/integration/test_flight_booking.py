"""What the databases of `flight_booking` refuse, keep and hide. The numbers are the rows of the list of defects.

Seats and payments (`test_flight_booking_sales`) and bookings (`test_flight_booking_bookings`) have files of their own.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airside.partitions.create import missing
from airside.schema.core import Database
from airside.schema.core.partitioning import partition_policy
from airside.schema.flight_booking.booking_db import database as booking_db
from airside.schema.flight_booking.flight_db import database as flight_db
from airside.schema.flight_booking.inventory_db import database as inventory_db
from airside.schema.flight_booking.payment_db import database as payment_db
from airside.schema.flight_booking.user_db import database as user_db
from psycopg import errors
from psycopg.types.json import Jsonb
from sqlalchemy import DateTime, ForeignKeyConstraint, Numeric, Uuid

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
)
from .flight_booking import (
    NOW,
    SEARCH,
    Template,
    add_airport,
    add_booking,
    add_flight,
    add_hold,
    add_instance,
    add_inventory,
    add_passenger,
    add_payment,
    add_refund,
    add_route,
    add_segment,
    add_user,
    at_once,
    nodes,
    partition_of,
    personal_values,
    templates,
)

DATABASES = (user_db, flight_db, inventory_db, booking_db, payment_db)
HISTORIES = Path(__file__).parents[2] / "migrations" / "flight_booking"
DAY = date(2026, 3, 10)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[Template]:
    with templates(server) as made:
        yield made


@pytest.fixture(params=DATABASES, ids=lambda database: database.name)
def each(request: pytest.FixtureRequest, server: ServerLike, template: Template) -> Iterator[tuple[Connection, Any]]:
    with rolled_back(server, template(request.param)) as connection:
        yield connection, request.param


@pytest.fixture
def users(server: ServerLike, template: Template) -> Iterator[Connection]:
    with rolled_back(server, template(user_db)) as connection:
        yield connection


@pytest.fixture
def flights(server: ServerLike, template: Template) -> Iterator[Connection]:
    with rolled_back(server, template(flight_db)) as connection:
        yield connection


def test_000_01_instances_stand_in_the_quarter_of_their_departure(flights: Connection) -> None:
    flight = add_flight(flights, add_route(flights, add_airport(flights, "BER"), add_airport(flights, "JFK")))
    for departure, partition in (
        (datetime(2024, 1, 1, tzinfo=UTC), "flight_instances_2024_q1"),
        (datetime(2024, 3, 31, 23, 59, tzinfo=UTC), "flight_instances_2024_q1"),
        (datetime(2024, 4, 1, tzinfo=UTC), "flight_instances_2024_q2"),
    ):
        assert partition_of(flights, "flight_instances", add_instance(flights, flight, departure)) == partition


def test_000_01_flights_can_be_sold_eighteen_months_ahead(flights: Connection) -> None:
    flight = add_flight(flights, add_route(flights, add_airport(flights, "BER"), add_airport(flights, "JFK")))
    add_instance(flights, flight, NOW + timedelta(days=550))


def test_000_02_users_spread_over_four_partitions(users: Connection) -> None:
    found = {partition_of(users, "users", add_user(users)) for _ in range(200)}
    assert found == {"users_0", "users_1", "users_2", "users_3"}


def test_000_03_an_address_belongs_to_one_account_over_all_partitions(users: Connection) -> None:
    for _ in range(8):
        add_user(users)
    ada, bob = add_user(users, email="ada@example.org"), add_user(users, email="bob@example.org")
    for _ in range(8):
        with refused(users, errors.UniqueViolation, "user_email_registry_pkey"):
            add_user(users, email="ada@example.org")
    with refused(users, errors.UniqueViolation, "user_email_registry_pkey"):
        update(users, "users", bob, email="ada@example.org")
    update(users, "users", ada, email="ada.b@example.org")
    update(users, "users", bob, email="ada@example.org")
    assert one(users, "SELECT count(*) = 10 FROM user_email_registry JOIN users USING (email) WHERE user_id = id")


def test_000_03_an_address_belongs_to_one_account_also_at_once(server: ServerLike, template: Template) -> None:
    with empty_database(server, user_db.roles.owner, template=template(user_db)) as name:
        done = at_once(server, name, 8, lambda db: add_user(db, email="ada@example.org"))
        assert sum(isinstance(user, uuid.UUID) for user in done) == 1
        assert sum(isinstance(error, errors.UniqueViolation) for error in done) == 7


def test_000_03_an_address_is_free_when_its_account_is_gone(users: Connection) -> None:
    user = add_user(users, email="ada@example.org")
    users.execute("SELECT anonymize_user_data(%s)", [user])
    again = add_user(users, email="ada@example.org")
    delete(users, "users", again)
    add_user(users, email="ada@example.org")


def test_000_05_an_instance_has_the_route_of_its_flight(flights: Connection) -> None:
    berlin, york, tokyo = (add_airport(flights, code) for code in ("BER", "JFK", "HND"))
    west, east = add_route(flights, berlin, york), add_route(flights, berlin, tokyo)
    flight, other = add_flight(flights, west), add_flight(flights, east)
    instance = add_instance(flights, flight, NOW, route_id=east)
    route = "SELECT route_id FROM flight_instances WHERE id = %s"
    assert one(flights, route, instance) == west
    update(flights, "flights", flight, route_id=east)
    assert one(flights, route, instance) == east
    update(flights, "flights", flight, route_id=west)
    update(flights, "flight_instances", instance, flight_id=other)
    assert one(flights, route, instance) == east
    with refused(flights, errors.ForeignKeyViolation, "fk_flight_instances_flight"):
        update(flights, "flight_instances", instance, route_id=west)
    with refused(flights, STILL_REFERENCED):
        delete(flights, "flights", other)


@pytest.mark.parametrize("session", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_000_08_a_day_is_the_day_of_the_airport(flights: Connection, session: str) -> None:
    flights.execute("SELECT set_config('TimeZone', %s, true)", [session])
    berlin, york = add_airport(flights, "BER", "Europe/Berlin"), add_airport(flights, "JFK", "America/New_York")
    flight = add_flight(flights, add_route(flights, york, berlin))
    midnight = datetime(2026, 3, 10, 4, tzinfo=UTC)  # of New York, in summer
    first, last = (
        add_instance(flights, flight, departure) for departure in (midnight, midnight + timedelta(hours=23, minutes=59))
    )
    add_instance(flights, flight, midnight - timedelta(minutes=1))
    add_instance(flights, flight, midnight + timedelta(days=1))
    add_instance(flights, flight, midnight + timedelta(hours=1), status="cancelled")
    found = flights.execute(SEARCH, {"origin": "JFK", "destination": "BER", "day": DAY}).fetchall()
    assert [row[0] for row in found] == [first, last]


def test_000_05_000_06_000_08_a_search_uses_the_indexes_that_the_document_meant(flights: Connection) -> None:
    york = add_airport(flights, "JFK", "America/New_York")
    for number in range(20):
        flight = add_flight(flights, add_route(flights, york, add_airport(flights, f"X{number:02}")))
        flights.execute(
            "INSERT INTO flight_instances (flight_id, departure_datetime, arrival_datetime)"
            " SELECT %s, at, at + interval '2 hours'"
            " FROM generate_series(timestamptz '2026-01-01 08:00+00', '2026-12-31', '1 day') AS at",
            [flight],
        )
    flights.execute("ANALYZE")
    asked = {"origin": "JFK", "destination": "X07", "day": DAY}
    assert len(flights.execute(SEARCH, asked).fetchall()) == 1
    row = flights.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + SEARCH, asked).fetchone()
    assert row is not None
    scans = [node for node in nodes(row[0][0]["Plan"]) if node.get("Relation Name", "").startswith("flight_instances")]
    # the other partitions stand in the plan, pruned once the airport's day is known
    (read,) = [node for node in scans if node["Actual Loops"] > 0]
    assert (read["Node Type"], read.get("Index Name")) == (
        "Index Scan",
        "flight_instances_2026_q1_route_id_departure_datetime_idx",
    )


def test_000_09_types_follow_the_documents_conventions() -> None:
    for table in (table for database in DATABASES for table in database.metadata.sorted_tables):
        for column in table.columns:
            where = f"{table.name}.{column.name}"
            if isinstance(column.type, DateTime):
                assert column.type.timezone, where
            if column.name == "id":
                assert isinstance(column.type, Uuid), where
            if column.name in ("price", "base_price", "amount", "total_amount", "refund_amount", "processing_fee"):
                assert isinstance(column.type, Numeric), where
                assert (column.type.precision, column.type.scale) == (10, 2), where


def fill_user(db: Connection) -> uuid.UUID:
    user = add_user(
        db,
        phone="secret",
        date_of_birth=date(1815, 12, 10),
        nationality="GBR",
        passport_number="secret",
        passport_expiry=date(2030, 1, 1),
        frequent_flyer_numbers=Jsonb({"LH": "secret"}),
        preferences=Jsonb({"meal": "secret"}),
        last_login=NOW,
        password_hash="secret",
    )
    insert(
        db,
        "user_sessions",
        user_id=user,
        token_hash="secret",
        device_info=Jsonb({"name": "secret"}),
        ip_address="192.0.2.1",
        expires_at=NOW + timedelta(days=1),
    )
    insert(db, "user_roles", user_id=user, role="customer")
    return user


def test_000_11_nothing_is_left_of_an_erased_user(users: Connection) -> None:
    user = fill_user(users)
    before = personal_values(users, user_db)
    assert all(before.values()), "a personal column that the test forgot"
    with acting_as(users, user_db.roles.app):
        users.execute("SELECT anonymize_user_data(%s)", [user])
    assert not {name for name, values in personal_values(users, user_db).items() if values & before[name]}
    assert one(users, "SELECT count(*) FROM user_roles") == 0
    assert one(users, "SELECT (status, anonymized_at = now())::text FROM users WHERE id = %s", user) == "(inactive,t)"


def test_000_11_erasing_leaves_others_alone(users: Connection) -> None:
    user = add_user(users)
    fill_user(users)
    before = personal_values(users, user_db)
    users.execute("SELECT anonymize_user_data(%s)", [user])
    assert personal_values(users, user_db)["users.phone"] == before["users.phone"]
    assert one(users, "SELECT count(*) FROM user_sessions") == 1


def test_000_11_an_unknown_user_cannot_be_erased(users: Connection) -> None:
    with refused(users, errors.NoDataFound):
        users.execute("SELECT anonymize_user_data(%s)", [uuid.uuid4()])


def test_000_14_no_index_repeats_another(each: tuple[Connection, Database]) -> None:
    assert rights.redundant_indexes(each[0]) == []


def test_000_15_every_foreign_key_has_an_index(each: tuple[Connection, Database]) -> None:
    # an index on flight_id alone finds the instances of a flight: its route follows from it
    known = {"fk_flight_instances_flight"}
    assert {key.split(".")[1] for key in rights.unindexed_foreign_keys(each[0])} <= known


def test_000_16_what_has_a_default_is_never_null(each: tuple[Connection, Database]) -> None:
    nullable = each[0].execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_default IS NOT NULL AND is_nullable = 'YES'"
    )
    assert nullable.fetchall() == []


def test_000_16_only_two_references_may_be_missing() -> None:
    nullable = {
        f"{table.name}.{column.name}"
        for database in DATABASES
        for table in database.metadata.sorted_tables
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint)
        for column in key.columns
        if column.nullable
    }
    assert nullable == {"transactions.payment_method_id", "user_roles.granted_by"}


def seed(db: Connection, database: Database) -> dict[str, uuid.UUID]:
    """One row of each table that has checks."""
    if database is user_db:
        user = add_user(db)
        role = insert(db, "user_roles", user_id=user, role="agent")
        session = insert(db, "user_sessions", user_id=user, token_hash="x", expires_at=NOW + timedelta(days=1))
        return {"users": user, "user_roles": role, "user_sessions": session}
    if database is flight_db:
        airport = add_airport(db, "BER")
        route = add_route(db, airport, add_airport(db, "JFK"))
        flight = add_flight(db, route)
        aircraft = one(db, "SELECT id FROM aircraft_types")
        rows = {"airports": airport, "routes": route, "flights": flight, "aircraft_types": aircraft}
        return rows | {"flight_instances": add_instance(db, flight, NOW)}
    if database is inventory_db:
        rule = {"flight_id": uuid.uuid4(), "class": "first", "base_price": 1, "currency": "EUR", "rules": Jsonb({})}
        reservation = add_hold(db)
        return {
            "seat_reservations": reservation,
            "seat_configurations": one(db, "SELECT id FROM seat_configurations"),
            "inventory": add_inventory(db),
            "pricing_rules": insert(db, "pricing_rules", effective_from=DAY, **rule),
        }
    if database is booking_db:
        booking = add_booking(db)
        history = insert(db, "booking_history", booking_id=booking, action="created")
        rows = {"bookings": booking, "booking_segments": add_segment(db, booking), "booking_history": history}
        return rows | {"passengers": add_passenger(db, booking)}
    payment = add_payment(db)
    method = insert(db, "payment_methods", user_id=uuid.uuid4(), type="paypal")
    return {"transactions": payment, "refunds": add_refund(db, payment, 10), "payment_methods": method}


@pytest.mark.parametrize(
    ("database", "table", "column", "value", "constraint"),
    [
        (user_db, "users", "status", "banana", "ck_users_status"),
        (user_db, "users", "email", "Ada@example.org", "ck_users_email_lower"),
        (user_db, "user_roles", "role", "root", "ck_user_roles_role"),
        (user_db, "user_sessions", "expires_at", LONG_AGO, "ck_user_sessions_expiry"),
        (flight_db, "airports", "latitude", 91, "ck_airports_latitude"),
        (flight_db, "airports", "longitude", -181, "ck_airports_longitude"),
        (flight_db, "aircraft_types", "capacity", Jsonb([150]), "ck_aircraft_types_capacity"),
        (flight_db, "flights", "status", "banana", "ck_flights_status"),
        (flight_db, "flights", "days_of_week", [0], "ck_flights_days"),
        (flight_db, "flights", "days_of_week", [1, 8], "ck_flights_days"),
        (flight_db, "flights", "effective_until", date(2025, 12, 31), "ck_flights_effective"),
        (flight_db, "flights", "arrival_day_offset", 3, "ck_flights_day_offset"),
        (flight_db, "flight_instances", "status", "banana", "ck_flight_instances_status"),
        (flight_db, "flight_instances", "delay_minutes", -1, "ck_flight_instances_delay"),
        (flight_db, "flight_instances", "arrival_datetime", NOW, "ck_flight_instances_times"),
        (inventory_db, "seat_configurations", "class", "banana", "ck_seat_configurations_class"),
        (inventory_db, "seat_configurations", "seat_type", "floor", "ck_seat_configurations_seat_type"),
        (inventory_db, "seat_configurations", "row_number", 0, "ck_seat_configurations_row"),
        (inventory_db, "pricing_rules", "class", "banana", "ck_pricing_rules_class"),
        (inventory_db, "pricing_rules", "base_price", -1, "ck_pricing_rules_price"),
        (inventory_db, "pricing_rules", "currency", "usd", "ck_pricing_rules_currency"),
        (inventory_db, "pricing_rules", "effective_until", date(2025, 1, 1), "ck_pricing_rules_effective"),
        (inventory_db, "inventory", "class", "banana", "ck_inventory_class"),
        (inventory_db, "inventory", "price", -1, "ck_inventory_price"),
        (inventory_db, "inventory", "currency", "usd", "ck_inventory_currency"),
        (inventory_db, "seat_reservations", "status", "banana", "ck_seat_reservations_status"),
        (
            inventory_db,
            "seat_reservations",
            "expires_at",
            datetime(2000, 1, 1, tzinfo=UTC),
            "ck_seat_reservations_expiry",
        ),
        (booking_db, "bookings", "status", "banana", "ck_bookings_status"),
        (booking_db, "bookings", "payment_status", "banana", "ck_bookings_payment_status"),
        (booking_db, "bookings", "booking_source", "banana", "ck_bookings_source"),
        (booking_db, "bookings", "total_amount", -1, "ck_bookings_total"),
        (booking_db, "bookings", "currency", "usd", "ck_bookings_currency"),
        (booking_db, "bookings", "expires_at", LONG_AGO, "valid_booking_dates"),
        (booking_db, "booking_segments", "segment_order", 0, "ck_booking_segments_order"),
        (booking_db, "booking_segments", "class", "banana", "ck_booking_segments_class"),
        (booking_db, "booking_segments", "arrival_datetime", NOW, "ck_booking_segments_times"),
        (booking_db, "passengers", "passenger_type", "dog", "ck_passengers_type"),
        (booking_db, "passengers", "seat_preference", "floor", "ck_passengers_seat_preference"),
        (payment_db, "payment_methods", "type", "cash", "ck_payment_methods_type"),
        (payment_db, "payment_methods", "card_brand", "banana", "ck_payment_methods_brand"),
        (payment_db, "payment_methods", "card_expiry_month", 13, "ck_payment_methods_expiry"),
        (payment_db, "transactions", "transaction_type", "gift", "ck_transactions_type"),
        (payment_db, "transactions", "gateway", "banana", "ck_transactions_gateway"),
        (payment_db, "transactions", "status", "banana", "ck_transactions_status"),
        (payment_db, "transactions", "amount", 0, "ck_transactions_amount"),
        (payment_db, "transactions", "currency", "usd", "ck_transactions_currency"),
        (payment_db, "refunds", "refund_reason", "banana", "ck_refunds_reason"),
        (payment_db, "refunds", "refund_type", "manual", "ck_refunds_manual"),
        (payment_db, "refunds", "status", "banana", "ck_refunds_status"),
        (payment_db, "refunds", "refund_amount", 0, "ck_refunds_amount"),
    ],
)
def test_000_17_values_outside_their_list_or_range_are_refused(
    server: ServerLike,
    template: Template,
    database: Database,
    table: str,
    column: str,
    value: object,
    constraint: str,
) -> None:
    with rolled_back(server, template(database)) as db:
        row = seed(db, database)[table]
        with refused(db, errors.CheckViolation, constraint):
            update(db, table, row, **{column: value})


def test_000_19_nothing_is_built_concurrently_on_a_partitioned_table() -> None:
    for database in DATABASES:
        partitioned = {t.name for t in database.metadata.sorted_tables if partition_policy(t.info) is not None}
        for file in sorted((HISTORIES / database.name).glob("*.sql")):
            built = re.findall(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY.*?ON (\w+)", file.read_text("utf-8"), re.DOTALL)
            assert not partitioned & set(built), file.name


def test_000_19_an_index_grows_on_a_partitioned_table_while_it_is_written_to(
    server: ServerLike, template: Template
) -> None:
    with (
        empty_database(server, flight_db.roles.owner, template=template(flight_db)) as name,
        server.connect(name, autocommit=True) as db,
    ):
        db.execute("CREATE INDEX idx_gate ON ONLY flight_instances (gate)")
        valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'idx_gate'::regclass"
        assert not one(db, valid)
        children = db.execute("SELECT relid::regclass::text FROM pg_partition_tree('flight_instances') WHERE isleaf")
        for (child,) in children.fetchall():
            db.execute(f"CREATE INDEX CONCURRENTLY {child}_gate ON {child} (gate)".encode())
            db.execute(f"ALTER INDEX idx_gate ATTACH PARTITION {child}_gate".encode())
        assert one(db, valid)


@pytest.mark.parametrize(
    ("database", "table", "column"),
    [
        (user_db, "users", "updated_at"),
        (flight_db, "flight_instances", "updated_at"),
        (inventory_db, "inventory", "last_updated"),
        (booking_db, "bookings", "updated_at"),
        (payment_db, "payment_methods", "updated_at"),
        (payment_db, "transactions", "updated_at"),
    ],
)
def test_000_20_the_time_of_the_last_change_moves_by_itself(
    server: ServerLike, template: Template, database: Database, table: str, column: str
) -> None:
    with rolled_back(server, template(database)) as db:
        row = seed(db, database)[table]
        update(db, table, row, **{column: LONG_AGO})
        assert one(db, f"SELECT {column} = now() FROM {table} WHERE id = %s", row)


def test_000_24_a_route_leads_somewhere_and_stands_once(flights: Connection) -> None:
    berlin, york = add_airport(flights, "BER"), add_airport(flights, "JFK")
    route = add_route(flights, berlin, york)
    add_route(flights, york, berlin)
    with refused(flights, errors.CheckViolation, "ck_routes_distinct"):
        add_route(flights, berlin, berlin)
    with refused(flights, errors.UniqueViolation, "uq_routes_origin_destination"):
        add_route(flights, berlin, york)
    add_flight(flights, route)
    for table, row in (("airports", berlin), ("routes", route)):
        with refused(flights, STILL_REFERENCED):
            delete(flights, table, row)


def test_000_24_a_flight_number_starts_once_a_day_and_departs_once_at_a_time(flights: Connection) -> None:
    route = add_route(flights, add_airport(flights, "BER"), add_airport(flights, "JFK"))
    flight = add_flight(flights, route)
    row = flights.execute("SELECT flight_number, airline_id FROM flights").fetchone()
    assert row is not None
    same = {"flight_number": row[0], "airline_id": row[1]}
    with refused(flights, errors.UniqueViolation, "idx_flights_airline"):
        add_flight(flights, route, **same)
    add_flight(flights, route, **same, effective_from=date(2026, 7, 1), arrival_day_offset=1)
    instance = add_instance(flights, flight, NOW)
    with refused(flights, errors.UniqueViolation):
        add_instance(flights, flight, NOW)
    assert update(flights, "flight_instances", instance, departure_datetime=NOW + timedelta(minutes=30)) == 1


def test_000_25_a_role_is_granted_once_and_outlives_who_granted_it(users: Connection) -> None:
    admin, agent = add_user(users), add_user(users)
    role = insert(users, "user_roles", user_id=agent, role="agent", granted_by=admin)
    with refused(users, errors.UniqueViolation, "uq_user_roles_user_role"):
        insert(users, "user_roles", user_id=agent, role="agent")
    delete(users, "users", admin)
    assert one(users, "SELECT granted_by IS NULL FROM user_roles WHERE id = %s", role)
    delete(users, "users", agent)
    assert one(users, "SELECT count(*) FROM user_roles") == 0


@pytest.mark.parametrize("session", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_000_26_partitions_meet_in_utc_whatever_the_session_thinks(
    server: ServerLike, template: Template, session: str
) -> None:
    for database in (flight_db, booking_db):
        with rolled_back(server, template(database)) as db:
            db.execute("SELECT set_config('TimeZone', %s, true)", [session])
            assert missing(db, database, NOW) == ()
            db.execute("SET LOCAL TimeZone = 'UTC'")
            bounds = db.execute(
                "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relkind = 'r' AND relispartition ORDER BY 1"
            ).fetchall()
            times = [re.findall(r"'(.*?)'", bound) for (bound,) in bounds]
            assert all(time.endswith(" 00:00:00+00") for pair in times for time in pair)
            assert [pair[0] for pair in times[1:]] == [pair[1] for pair in times[:-1]]


def test_x_03_exclusion_constraints_stand_on_no_partitioned_table(each: tuple[Connection, Database]) -> None:
    found = each[0].execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")
    assert found.fetchall() == []


def test_x_04_a_row_outside_the_runway_is_refused_by_name(flights: Connection) -> None:
    assert one(flights, "SELECT count(*) FROM pg_class WHERE pg_get_expr(relpartbound, oid) = 'DEFAULT'") == 0
    flight = add_flight(flights, add_route(flights, add_airport(flights, "BER"), add_airport(flights, "JFK")))
    for departure in (datetime(2023, 12, 31, tzinfo=UTC), NOW + timedelta(days=5 * 365)):
        with pytest.raises(errors.CheckViolation, match="no partition of relation") as refusal, flights.transaction():
            add_instance(flights, flight, departure)
        assert refusal.value.diag.table_name == "flight_instances"


def test_x_06_only_payments_need_an_extension() -> None:
    assert {database.name: database.extensions for database in DATABASES if database.extensions} == {
        "payment_db": ("pgcrypto",)
    }


def test_roles_have_their_rights_and_no_more(each: tuple[Connection, Database]) -> None:
    rights.assert_table_rights(*each)
    rights.assert_no_delete(*each)


def test_nobody_reaches_a_partition_beside_its_parent(each: tuple[Connection, Database]) -> None:
    db, database = each
    reached = db.execute(
        "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' AND"
        " (has_table_privilege(%s, oid, 'SELECT') OR has_table_privilege(%s, oid, 'SELECT'))",
        [database.roles.app, database.roles.readonly],
    )
    assert reached.fetchall() == []
