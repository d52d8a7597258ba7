"""The segments of a trip."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from ...core import archived_as, kept_with, never_delete
from ..columns import Moment
from .base import Base


class BookingFlightColumns:
    """The columns of a segment, here and in the archive."""

    id: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    booking_id: Mapped[uuid.UUID]
    segment_number: Mapped[int]
    airline_code: Mapped[str] = mapped_column(String(2))
    airline_name: Mapped[str] = mapped_column(String(100))
    flight_number: Mapped[str] = mapped_column(String(10))
    aircraft_type: Mapped[str | None] = mapped_column(String(50))
    aircraft_code: Mapped[str | None] = mapped_column(String(10))
    departure_airport: Mapped[str] = mapped_column(String(3))
    departure_terminal: Mapped[str | None] = mapped_column(String(10))
    departure_datetime: Mapped[datetime]
    arrival_airport: Mapped[str] = mapped_column(String(3))
    arrival_terminal: Mapped[str | None] = mapped_column(String(10))
    arrival_datetime: Mapped[datetime]
    cabin_class: Mapped[str] = mapped_column(String(20))
    booking_class: Mapped[str] = mapped_column(String(2))
    flight_duration_minutes: Mapped[int | None]
    baggage_allowance: Mapped[dict[str, Any] | None]
    status: Mapped[str] = mapped_column(String(20), server_default="CONFIRMED")
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    booking_departure_datetime: Mapped[datetime]


def flight_checks() -> tuple[CheckConstraint, ...]:
    """What holds of a row here and in the archive."""
    return (
        CheckConstraint("segment_number > 0", name="valid_segment"),
        CheckConstraint("flight_duration_minutes > 0", name="valid_duration"),
        CheckConstraint("arrival_datetime > departure_datetime", name="ck_booking_flights_times"),
        CheckConstraint(
            "cabin_class IN ('ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST')", name="ck_booking_flights_cabin"
        ),
        CheckConstraint(
            "status IN ('CONFIRMED', 'CHECKED_IN', 'BOARDED', 'DEPARTED', 'ARRIVED', 'CANCELLED')",
            name="ck_booking_flights_status",
        ),
    )


class BookingFlight(BookingFlightColumns, Base):
    """A segment of the trip (line 530)."""

    __tablename__ = "booking_flights"

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["booking_id", "booking_departure_datetime"],
            ["bookings.id", "bookings.departure_datetime"],
            name="fk_booking_flights_booking",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        UniqueConstraint("booking_id", "id", name="uq_booking_flights_booking_id"),
        UniqueConstraint("booking_id", "segment_number", name="uq_booking_flights_segment"),
        *flight_checks(),
        Index("idx_flights_booking_id", "booking_id", "booking_departure_datetime"),
        Index("idx_flights_departure", "departure_datetime"),
        Index("idx_flights_airline", "airline_code"),
        {"info": never_delete() | archived_as("booking_flights_archive")},
    )


class BookingFlightArchive(BookingFlightColumns, Base):
    """A segment of an archived booking."""

    __tablename__ = "booking_flights_archive"

    archived_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=1)

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["booking_id"], ["bookings_archive.id"], name="fk_booking_flights_archive_booking", ondelete="RESTRICT"
        ),
        *flight_checks(),
        Index("idx_booking_flights_archive_booking", "booking_id"),
        {"info": never_delete() | kept_with("bookings_archive")},
    )
