"""Rows of `global_travel_hub`, for the tests of what it hides and keeps."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from airside.partitions.create import create_missing
from airside.schema.travel_hub.global_travel_hub import database
from psycopg.types.json import Jsonb

from .declared import Connection, ServerLike, acting_as, declared_database, insert, owner_connection

APP, READONLY, OWNER = database.roles.app, database.roles.readonly, database.roles.owner
BACKUP, REFRESH = (role.name for role in database.extra_roles)

TENANT_TABLES = (
    "users",
    "oauth_accounts",
    "chat_sessions",
    "chat_messages",
    "bookings",
    "booking_items",
    "flight_bookings",
    "hotel_bookings",
    "analytics_events",
)
DEPARTURE = datetime(2027, 5, 1, 12, tzinfo=UTC)
SECRET = "sentinel"
"""Stands in every column that says something of the person."""


@contextmanager
def hub_database(server: ServerLike) -> Iterator[str]:
    """The name of a fresh database with its partitions, those that were due at any time since 2024 among them."""
    now = datetime.now(UTC)
    quarters = [datetime(year, month, 1, tzinfo=UTC) for year in range(2024, now.year + 1) for month in (1, 4, 7, 10)]
    with declared_database(server, database) as name:
        with owner_connection(server, database, name) as connection:
            for moment in (*(quarter for quarter in quarters if quarter < now), now):
                create_missing(connection, database, moment)
        yield name


@dataclass(frozen=True)
class Rows:
    """One tenant and a row of it in every table."""

    tenant: uuid.UUID
    ids: dict[str, uuid.UUID]

    def __getitem__(self, table: str) -> uuid.UUID:
        return self.ids[table]


def add_tenant(db: Connection, name: str) -> uuid.UUID:
    return insert(db, "tenants", slug=f"{name}-{uuid.uuid4().hex[:8]}", name=name)


def add_user(db: Connection, name: str = "ada", **values: object) -> uuid.UUID:
    return insert(db, "users", **({"email": f"{name}@example.org"} | values))


def add_booking(db: Connection, **values: object) -> uuid.UUID:
    return insert(db, "bookings", **({"booking_reference": uuid.uuid4().hex[:12]} | values))


def add_flight(db: Connection, **values: object) -> uuid.UUID:
    plain = {
        "airline_code": "LH",
        "flight_number": "400",
        "origin_airport": "FRA",
        "destination_airport": "JFK",
        "departure_at": DEPARTURE,
        "arrival_at": DEPARTURE.replace(hour=21),
    }
    return insert(db, "flight_bookings", **(plain | values))


def add_hotel(db: Connection, **values: object) -> uuid.UUID:
    plain = {"hotel_name": "Adlon", "check_in": "2027-05-01", "check_out": "2027-05-03"}
    return insert(db, "hotel_bookings", **(plain | values))


def add_item(db: Connection, booking: uuid.UUID, **values: object) -> uuid.UUID:
    return insert(db, "booking_items", **({"booking_id": booking, "item_type": "flight", "unit_price": 100} | values))


def add_message(db: Connection, session: uuid.UUID, **values: object) -> uuid.UUID:
    return insert(db, "chat_messages", **({"session_id": session, "role": "user", "content": SECRET} | values))


def add_rows(db: Connection, name: str, actor: str = APP) -> Rows:
    """A tenant and, written by `actor` on its behalf, a row in every table, as personal as can be."""
    tenant = add_tenant(db, name)
    with acting_as(db, actor, current_tenant_id=tenant):
        return Rows(tenant, _rows(db, name))


def _rows(db: Connection, name: str) -> dict[str, uuid.UUID]:
    said = Jsonb({"said": SECRET})
    user = add_user(db, f"{SECRET}-{name}", full_name=SECRET, phone=SECRET, hashed_password=SECRET)
    session = insert(db, "chat_sessions", user_id=user, title=SECRET, context=said)
    contact = {"contact_name": SECRET, "contact_email": f"{SECRET}@example.org", "contact_phone": SECRET}
    booking = add_booking(db, user_id=user, status="confirmed", total_amount=100, metadata=said, **contact)
    flight = add_flight(db, pnr=SECRET, passengers=Jsonb([{"name": SECRET}]), details=said)
    hotel = add_hotel(db, confirmation_number=SECRET, guests=Jsonb([{"name": SECRET}]), details=said)
    add_item(db, booking, item_type="hotel", hotel_booking_id=hotel)
    return {
        "users": user,
        "oauth_accounts": insert(
            db,
            "oauth_accounts",
            user_id=user,
            provider="google",
            provider_account_id=f"{SECRET}-{name}",
            access_token_encrypted=SECRET.encode(),
            refresh_token_encrypted=SECRET.encode(),
        ),
        "chat_sessions": session,
        "chat_messages": add_message(db, session, metadata=said),
        "bookings": booking,
        "flight_bookings": flight,
        "hotel_bookings": hotel,
        "booking_items": add_item(db, booking, flight_booking_id=flight),
        "analytics_events": insert(
            db, "analytics_events", user_id=user, session_id=session, event_type="search", event_data=said
        ),
    }


def tenants_seen(db: Connection, relation: str) -> set[Any]:
    return {row[0] for row in db.execute(f"SELECT tenant_id FROM {relation}".encode())}
