"""The tables of the inventory service. Line numbers are those of the database document."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import NAMING_CONVENTION, Retention, kept_forever, personal, retained

Key = Annotated[uuid.UUID, mapped_column(primary_key=True, server_default=func.gen_random_uuid())]
Moment = Annotated[datetime, mapped_column(server_default=func.now())]
Money = Annotated[Decimal, mapped_column(Numeric(10, 2))]
Currency = Annotated[str, mapped_column(String(3))]

CABINS = "class IN ('economy', 'premium_economy', 'business', 'first')"
CURRENCY = "currency ~ '^[A-Z]{3}$'"


HOLDS = Retention(
    "expires_at", then="delete", where="status = 'reserved'", because="a hold that nobody paid gives its seat back"
)


class Base(DeclarativeBase):
    """Everything in `inventory_db`. Flights, aircraft and bookings live in other databases: plain UUIDs here."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {str: Text, datetime: TIMESTAMP(timezone=True), dict[str, Any]: JSONB}


class SeatConfiguration(Base):
    """A seat of an aircraft type (line 172)."""

    __tablename__ = "seat_configurations"

    id: Mapped[Key]
    aircraft_type_id: Mapped[uuid.UUID]
    cabin: Mapped[str] = mapped_column("class", String(20))
    row_number: Mapped[int]
    seat_letter: Mapped[str] = mapped_column(String(2))
    seat_type: Mapped[str | None] = mapped_column(String(20))
    features: Mapped[dict[str, Any] | None]
    created_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("aircraft_type_id", "row_number", "seat_letter", name="uq_seat_configurations_seat"),
        CheckConstraint(CABINS, name="ck_seat_configurations_class"),
        CheckConstraint("seat_type IN ('window', 'aisle', 'middle')", name="ck_seat_configurations_seat_type"),
        CheckConstraint("row_number > 0", name="ck_seat_configurations_row"),
        {"info": kept_forever("reference data")},
    )


class PricingRule(Base):
    """What a flight costs in a class, and how the price moves (line 185)."""

    __tablename__ = "pricing_rules"

    id: Mapped[Key]
    flight_id: Mapped[uuid.UUID]
    cabin: Mapped[str] = mapped_column("class", String(20))
    base_price: Mapped[Money]
    currency: Mapped[Currency]
    rules: Mapped[dict[str, Any]]
    effective_from: Mapped[date]
    effective_until: Mapped[date | None]
    created_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint(CABINS, name="ck_pricing_rules_class"),
        CheckConstraint("base_price >= 0", name="ck_pricing_rules_price"),
        CheckConstraint(CURRENCY, name="ck_pricing_rules_currency"),
        CheckConstraint("effective_until >= effective_from", name="ck_pricing_rules_effective"),
        Index("idx_pricing_rules_flight", "flight_id", "class", "effective_from"),
        {"info": kept_forever("what was sold at which price")},
    )


class Inventory(Base):
    """How many seats of a class a flight instance has left (line 198)."""

    __tablename__ = "inventory"

    id: Mapped[Key]
    flight_instance_id: Mapped[uuid.UUID]
    cabin: Mapped[str] = mapped_column("class", String(20))
    total_seats: Mapped[int]
    available_seats: Mapped[int]
    reserved_seats: Mapped[int] = mapped_column(server_default=text("0"))
    blocked_seats: Mapped[int] = mapped_column(server_default=text("0"))
    price: Mapped[Money]
    currency: Mapped[Currency]
    last_updated: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("flight_instance_id", "class", name="idx_inventory_flight_class"),
        CheckConstraint(CABINS, name="ck_inventory_class"),
        CheckConstraint(
            "total_seats >= 0 AND available_seats >= 0 AND reserved_seats >= 0 AND blocked_seats >= 0"
            " AND available_seats + reserved_seats + blocked_seats <= total_seats",
            name="ck_inventory_seats",
        ),
        CheckConstraint("price >= 0", name="ck_inventory_price"),
        CheckConstraint(CURRENCY, name="ck_inventory_currency"),
        {"info": kept_forever("flight instances are kept")},
    )


class SeatReservation(Base):
    """A seat of a flight instance that is held, taken or blocked (line 213)."""

    __tablename__ = "seat_reservations"

    id: Mapped[Key]
    flight_instance_id: Mapped[uuid.UUID]
    seat_configuration_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("seat_configurations.id", name="fk_seat_reservations_seat", ondelete="RESTRICT")
    )
    booking_id: Mapped[uuid.UUID | None]
    passenger_name: Mapped[str | None] = mapped_column(String(255), info=personal("identity"))
    status: Mapped[str] = mapped_column(String(20), server_default="reserved")
    reserved_at: Mapped[Moment]
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("flight_instance_id", "seat_configuration_id", name="uq_seat_reservations_seat"),
        CheckConstraint("status IN ('reserved', 'occupied', 'blocked')", name="ck_seat_reservations_status"),
        CheckConstraint("expires_at > reserved_at", name="ck_seat_reservations_expiry"),
        Index("idx_seat_reservations_booking", "booking_id"),
        Index("idx_seat_reservations_seat", "seat_configuration_id"),
        Index("idx_seat_reservations_expires", "expires_at", postgresql_where=text("status = 'reserved'")),
        {"info": retained(HOLDS)},
    )
