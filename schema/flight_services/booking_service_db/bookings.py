"""Bookings, the registry of their references and their archive."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, PrimaryKeyConstraint, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core import (
    Noted,
    RangePartitions,
    Retention,
    archived_as,
    kept_forever,
    never_delete,
    partitioned,
    personal,
    retained,
)
from ..columns import Moment
from .base import Base

BOOKINGS = RangePartitions(
    "departure_datetime", "month", "bookings_{year}_{month:02}", start=date(2025, 11, 1), ahead=18
)

# A trip is as old as the later of its booking and its departure (lines 1281, 1294).
ARCHIVING = Retention(
    "departure_datetime",
    "2 years",
    then="archive",
    where="status IN ('COMPLETED', 'CANCELLED', 'FAILED', 'REFUNDED')",
    also=("created_at",),
    function="archive_old_bookings",
    key=("id",),
    noted=Noted("booking_registry", "booking_id", "archived_at"),
    because="trips that came to an end, after two years (line 1281)",
)
ENDING = Retention("archived_at", "7 years", then="delete", because="seven years in the archive (line 1282)")


class BookingRegistry(Base):
    """Makes references unique over all partitions of bookings and outlives their archiving; a trigger keeps it."""

    __tablename__ = "booking_registry"

    booking_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    booking_reference: Mapped[str] = mapped_column(String(10))
    departure_datetime: Mapped[datetime]
    created_at: Mapped[Moment]
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("booking_reference", name="uq_booking_registry_reference"),
        {"info": never_delete() | kept_forever("a reference stays taken, also by a booking in the archive")},
    )


class BookingColumns:
    """The columns of a booking, here and in the archive."""

    id: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    booking_reference: Mapped[str] = mapped_column(String(10))
    pnr: Mapped[str] = mapped_column(String(6))
    user_id: Mapped[uuid.UUID]
    gds_provider: Mapped[str] = mapped_column(String(50))
    gds_booking_id: Mapped[str | None] = mapped_column(String(100))
    origin_airport: Mapped[str] = mapped_column(String(3))
    destination_airport: Mapped[str] = mapped_column(String(3))
    departure_datetime: Mapped[datetime]
    arrival_datetime: Mapped[datetime]
    flight_type: Mapped[str] = mapped_column(String(20))
    base_fare: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    taxes: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    fees: Mapped[Decimal] = mapped_column(Numeric(10, 2), server_default=text("0.00"))
    total_amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3), server_default="USD")
    status: Mapped[str] = mapped_column(String(20), server_default="PENDING_PAYMENT")
    payment_status: Mapped[str] = mapped_column(String(20), server_default="PENDING")
    payment_id: Mapped[uuid.UUID | None]
    ticketed: Mapped[bool] = mapped_column(server_default=text("false"))
    ticket_issued_at: Mapped[datetime | None]
    ticket_time_limit: Mapped[datetime | None]
    contact_email: Mapped[str] = mapped_column(String(255), info=personal("contact"))
    contact_phone: Mapped[str] = mapped_column(String(20), info=personal("contact"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancellation_reason: Mapped[str | None] = mapped_column(info=personal("content"))
    user_deleted: Mapped[bool] = mapped_column(server_default=text("false"))


def booking_checks() -> tuple[CheckConstraint, ...]:
    """What holds of a row here and in the archive."""
    return (
        CheckConstraint("total_amount >= 0", name="valid_amount"),
        CheckConstraint(
            "status IN ('PENDING_PAYMENT', 'CONFIRMED', 'FAILED', 'CANCELLED', 'CHECKED_IN', 'COMPLETED', 'REFUNDED')",
            name="valid_status",
        ),
        CheckConstraint(
            "payment_status IN ('PENDING', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'REFUNDED', 'PARTIALLY_REFUNDED')",
            name="valid_payment_status",
        ),
        CheckConstraint("gds_provider IN ('AMADEUS', 'SABRE', 'TRAVELPORT')", name="ck_bookings_gds"),
        CheckConstraint("flight_type IN ('ONE_WAY', 'ROUND_TRIP', 'MULTI_CITY')", name="ck_bookings_flight_type"),
        CheckConstraint("total_amount = base_fare + taxes + fees", name="ck_bookings_total"),
        CheckConstraint("arrival_datetime > departure_datetime", name="ck_bookings_times"),
        CheckConstraint("NOT ticketed OR ticket_issued_at IS NOT NULL", name="ck_bookings_ticketed"),
    )


class Booking(BookingColumns, Base):
    """A trip, in the partition of the month of its departure (line 386)."""

    __tablename__ = "bookings"

    __table_args__ = (
        PrimaryKeyConstraint("id", "departure_datetime"),
        *booking_checks(),
        Index("idx_bookings_booking_ref", "booking_reference"),
        Index("idx_bookings_pnr", "pnr"),
        Index("idx_bookings_user_id", "user_id", postgresql_where=text("user_deleted = FALSE")),
        Index("idx_bookings_status", "status"),
        Index("idx_bookings_departure", "departure_datetime"),
        Index("idx_bookings_created_at", "created_at"),
        Index(
            "idx_active_bookings",
            "user_id",
            text("created_at DESC"),
            postgresql_where=text("status IN ('CONFIRMED', 'PENDING_PAYMENT')"),
        ),
        Index("idx_bookings_user_date", "user_id", "departure_datetime"),
        Index("idx_bookings_email_lower", text("lower(contact_email)")),
        # Cancelled or archived, not removed. No BEFORE DELETE guard: a move between partitions would fire it.
        {
            "info": partitioned(BOOKINGS) | never_delete() | retained(ARCHIVING) | archived_as("bookings_archive"),
            "postgresql_partition_by": BOOKINGS.clause,
        },
    )


class BookingArchive(BookingColumns, Base):
    """A booking whose trip ended two years ago or more; archive_old_bookings() moves it here with its children."""

    __tablename__ = "bookings_archive"

    archived_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=1)

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        *booking_checks(),
        Index("idx_bookings_archive_user_id", "user_id"),
        Index("idx_bookings_archive_reference", "booking_reference"),
        {"info": never_delete() | retained(ENDING)},
    )
