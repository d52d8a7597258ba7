"""What people book: a booking of items, each of which is a flight or a hotel."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ...core import kept_forever, kept_with, never_delete, personal
from .base import NOBODY, NOTHING, Base, Currency, Key, Moment, Tenant


def _part_of_the_tenant(column: str, table: str, name: str) -> ForeignKeyConstraint:
    """What an item refers to belongs to the tenant of the item, and stays as long as the item."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], name=name, ondelete="RESTRICT"
    )


class Booking(Base):
    """A booking and how to reach who made it; it outlives its user (line 32)."""

    __tablename__ = "bookings"

    id: Mapped[Key]
    tenant_id: Mapped[Tenant] = mapped_column(ForeignKey("tenants.id", name="fk_bookings_tenant", ondelete="RESTRICT"))
    user_id: Mapped[uuid.UUID | None]
    booking_reference: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), server_default="pending")
    total_amount: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default=text("0"))
    currency: Mapped[Currency]
    contact_name: Mapped[str | None] = mapped_column(String(200), info=personal("identity"))
    contact_email: Mapped[str | None] = mapped_column(String(255), info=personal("contact"))
    contact_phone: Mapped[str | None] = mapped_column(String(20), info=personal("contact"))
    details: Mapped[dict[str, Any]] = mapped_column("metadata", server_default=NOTHING, info=personal("content"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        # A purged user leaves the tenant of the booking alone.
        ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_bookings_user",
            ondelete="SET NULL (user_id)",
        ),
        UniqueConstraint("tenant_id", "id", name="uq_bookings_tenant_id"),
        UniqueConstraint("booking_reference", name="uq_bookings_reference"),
        CheckConstraint("status IN ('pending', 'confirmed', 'cancelled', 'completed')", name="ck_bookings_status"),
        CheckConstraint("total_amount >= 0", name="ck_bookings_total"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_bookings_currency"),
        Index("idx_bookings_user_created", "user_id", text("created_at DESC")),
        Index("idx_bookings_tenant_user", "tenant_id", "user_id"),
        # Deleted softly, by `deleted_at`: it is the record of a sale.
        {"info": never_delete() | kept_forever("the record of a sale")},
    )


class FlightBooking(Base):
    """A flight and who flies (line 32)."""

    __tablename__ = "flight_bookings"

    id: Mapped[Key]
    tenant_id: Mapped[Tenant] = mapped_column(
        ForeignKey("tenants.id", name="fk_flight_bookings_tenant", ondelete="RESTRICT")
    )
    airline_code: Mapped[str] = mapped_column(String(3))
    flight_number: Mapped[str] = mapped_column(String(10))
    origin_airport: Mapped[str] = mapped_column(CHAR(3))
    destination_airport: Mapped[str] = mapped_column(CHAR(3))
    departure_at: Mapped[datetime]
    arrival_at: Mapped[datetime]
    cabin_class: Mapped[str | None] = mapped_column(String(20))
    pnr: Mapped[str | None] = mapped_column(String(10), info=personal("identity"))
    passengers: Mapped[list[dict[str, Any]]] = mapped_column(server_default=NOBODY, info=personal("identity"))
    details: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING, info=personal("content"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("tenant_id", "id", name="uq_flight_bookings_tenant_id"),
        CheckConstraint("arrival_at > departure_at", name="ck_flight_bookings_times"),
        CheckConstraint("origin_airport <> destination_airport", name="ck_flight_bookings_airports"),
        {"info": kept_forever("the record of a sale")},
    )


class HotelBooking(Base):
    """A stay and who stays (line 32)."""

    __tablename__ = "hotel_bookings"

    id: Mapped[Key]
    tenant_id: Mapped[Tenant] = mapped_column(
        ForeignKey("tenants.id", name="fk_hotel_bookings_tenant", ondelete="RESTRICT")
    )
    hotel_code: Mapped[str | None] = mapped_column(String(50))
    hotel_name: Mapped[str] = mapped_column(String(255))
    city: Mapped[str | None] = mapped_column(String(100))
    country_code: Mapped[str | None] = mapped_column(CHAR(2))
    check_in: Mapped[date]
    check_out: Mapped[date]
    rooms: Mapped[int] = mapped_column(server_default=text("1"))
    guests: Mapped[list[dict[str, Any]]] = mapped_column(server_default=NOBODY, info=personal("identity"))
    confirmation_number: Mapped[str | None] = mapped_column(String(50), info=personal("identity"))
    details: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING, info=personal("content"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("tenant_id", "id", name="uq_hotel_bookings_tenant_id"),
        CheckConstraint("check_out > check_in", name="ck_hotel_bookings_dates"),
        CheckConstraint("rooms > 0", name="ck_hotel_bookings_rooms"),
        {"info": kept_forever("the record of a sale")},
    )


class BookingItem(Base):
    """One thing of a booking: its type says which of the two references it has, never both (line 106)."""

    __tablename__ = "booking_items"

    id: Mapped[Key]
    tenant_id: Mapped[Tenant]
    booking_id: Mapped[uuid.UUID]
    item_type: Mapped[str] = mapped_column(String(20))
    flight_booking_id: Mapped[uuid.UUID | None]
    hotel_booking_id: Mapped[uuid.UUID | None]
    quantity: Mapped[int] = mapped_column(server_default=text("1"))
    unit_price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    currency: Mapped[Currency]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        _part_of_the_tenant("booking_id", "bookings", "fk_booking_items_booking"),
        _part_of_the_tenant("flight_booking_id", "flight_bookings", "fk_booking_items_flight"),
        _part_of_the_tenant("hotel_booking_id", "hotel_bookings", "fk_booking_items_hotel"),
        UniqueConstraint("flight_booking_id", name="uq_booking_items_flight"),
        UniqueConstraint("hotel_booking_id", name="uq_booking_items_hotel"),
        CheckConstraint("item_type IN ('flight', 'hotel')", name="ck_booking_items_type"),
        CheckConstraint(
            "num_nonnulls(flight_booking_id, hotel_booking_id) = 1"
            " AND (item_type = 'flight') = (flight_booking_id IS NOT NULL)"
            " AND (item_type = 'hotel') = (hotel_booking_id IS NOT NULL)",
            name="ck_booking_items_ref",
        ),
        CheckConstraint("quantity > 0", name="ck_booking_items_quantity"),
        CheckConstraint("unit_price >= 0", name="ck_booking_items_price"),
        Index("idx_booking_items_booking", "tenant_id", "booking_id"),
        {"info": kept_with("bookings")},
    )
