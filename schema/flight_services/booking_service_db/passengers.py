"""Who travels."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ...core import archived_as, kept_with, never_delete, personal
from ..columns import Moment
from .base import Base


class BookingPassengerColumns:
    """The columns of a passenger, here and in the archive."""

    id: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    booking_id: Mapped[uuid.UUID]
    passenger_type: Mapped[str] = mapped_column(String(10))
    title: Mapped[str | None] = mapped_column(String(10), info=personal("identity"))
    first_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    middle_name: Mapped[str | None] = mapped_column(String(100), info=personal("identity"))
    last_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    date_of_birth: Mapped[date] = mapped_column(info=personal("identity"))
    gender: Mapped[str | None] = mapped_column(String(20), info=personal("identity"))
    nationality: Mapped[str | None] = mapped_column(String(2), info=personal("identity"))
    passport_number: Mapped[str | None] = mapped_column(String(20), info=personal("identity"))
    passport_country: Mapped[str | None] = mapped_column(String(2), info=personal("identity"))
    passport_expiry_date: Mapped[date | None] = mapped_column(info=personal("identity"))
    frequent_flyer_airline: Mapped[str | None] = mapped_column(String(2), info=personal("behaviour"))
    frequent_flyer_number: Mapped[str | None] = mapped_column(String(50), info=personal("behaviour"))
    ticket_number: Mapped[str | None] = mapped_column(String(20), info=personal("behaviour"))
    ticket_status: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    booking_departure_datetime: Mapped[datetime]


def passenger_checks() -> tuple[CheckConstraint, ...]:
    """What holds of a row here and in the archive."""
    return (
        CheckConstraint("passenger_type IN ('ADULT', 'CHILD', 'INFANT')", name="valid_passenger_type"),
        CheckConstraint(
            "passport_expiry_date IS NULL OR passport_expiry_date > date_of_birth", name="valid_passport_expiry"
        ),
        CheckConstraint(
            "ticket_status IN ('ISSUED', 'VOIDED', 'REFUNDED', 'EXCHANGED')", name="ck_booking_passengers_ticket_status"
        ),
    )


class BookingPassenger(BookingPassengerColumns, Base):
    """Who travels (line 478)."""

    __tablename__ = "booking_passengers"

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["booking_id", "booking_departure_datetime"],
            ["bookings.id", "bookings.departure_datetime"],
            name="fk_booking_passengers_booking",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        UniqueConstraint("booking_id", "id", name="uq_booking_passengers_booking_id"),
        *passenger_checks(),
        Index("idx_passengers_booking_id", "booking_id", "booking_departure_datetime"),
        Index(
            "idx_passengers_ticket_number",
            "ticket_number",
            unique=True,
            postgresql_where=text("ticket_number IS NOT NULL"),
        ),
        {"info": never_delete() | archived_as("booking_passengers_archive")},
    )


class BookingPassengerArchive(BookingPassengerColumns, Base):
    """A passenger of an archived booking."""

    __tablename__ = "booking_passengers_archive"

    archived_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=1)

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["booking_id"], ["bookings_archive.id"], name="fk_booking_passengers_archive_booking", ondelete="RESTRICT"
        ),
        *passenger_checks(),
        Index("idx_booking_passengers_archive_booking", "booking_id"),
        {"info": never_delete() | kept_with("bookings_archive")},
    )
