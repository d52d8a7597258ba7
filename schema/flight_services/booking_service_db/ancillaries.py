"""What was sold beside the flight."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, PrimaryKeyConstraint, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core import archived_as, kept_with, never_delete, personal
from ..columns import Moment
from .base import Base


class BookingAncillaryColumns:
    """The columns of an extra, here and in the archive."""

    id: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    booking_id: Mapped[uuid.UUID]
    passenger_id: Mapped[uuid.UUID | None]
    flight_id: Mapped[uuid.UUID | None]
    ancillary_type: Mapped[str] = mapped_column(String(50))
    description: Mapped[str] = mapped_column(info=personal("content"))
    quantity: Mapped[int] = mapped_column(server_default=text("1"))
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3), server_default="USD")
    status: Mapped[str] = mapped_column(String(20), server_default="CONFIRMED")
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    booking_departure_datetime: Mapped[datetime]


def ancillary_checks() -> tuple[CheckConstraint, ...]:
    """What holds of a row here and in the archive."""
    return (
        CheckConstraint("price >= 0", name="valid_price"),
        CheckConstraint("quantity > 0", name="valid_quantity"),
        CheckConstraint(
            "ancillary_type IN ('SEAT_SELECTION', 'EXTRA_BAGGAGE', 'MEAL', 'LOUNGE_ACCESS', 'PRIORITY_BOARDING',"
            " 'WIFI', 'INSURANCE')",
            name="ck_booking_ancillaries_type",
        ),
        CheckConstraint("status IN ('CONFIRMED', 'CANCELLED', 'REFUNDED')", name="ck_booking_ancillaries_status"),
    )


class BookingAncillary(BookingAncillaryColumns, Base):
    """An extra of one passenger on one flight of the same booking (line 591)."""

    __tablename__ = "booking_ancillaries"

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["booking_id", "booking_departure_datetime"],
            ["bookings.id", "bookings.departure_datetime"],
            name="fk_booking_ancillaries_booking",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["booking_id", "passenger_id"],
            ["booking_passengers.booking_id", "booking_passengers.id"],
            name="fk_booking_ancillaries_passenger",
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["booking_id", "flight_id"],
            ["booking_flights.booking_id", "booking_flights.id"],
            name="fk_booking_ancillaries_flight",
            ondelete="RESTRICT",
        ),
        *ancillary_checks(),
        Index("idx_ancillaries_booking_id", "booking_id", "booking_departure_datetime"),
        Index("idx_ancillaries_type", "ancillary_type"),
        Index("idx_ancillaries_passenger", "booking_id", "passenger_id"),
        Index("idx_ancillaries_flight", "booking_id", "flight_id"),
        {"info": never_delete() | archived_as("booking_ancillaries_archive")},
    )


class BookingAncillaryArchive(BookingAncillaryColumns, Base):
    """An extra of an archived booking."""

    __tablename__ = "booking_ancillaries_archive"

    archived_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=1)

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["booking_id"], ["bookings_archive.id"], name="fk_booking_ancillaries_archive_booking", ondelete="RESTRICT"
        ),
        *ancillary_checks(),
        Index("idx_booking_ancillaries_archive_booking", "booking_id"),
        {"info": never_delete() | kept_with("bookings_archive")},
    )
