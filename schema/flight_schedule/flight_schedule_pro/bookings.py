"""Flights."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...core import kept_forever, never_delete, personal
from .base import TRAINING_LEVELS, Base, Key, Moment


def _one_flight_at_a_time(who: str) -> ExcludeConstraint:
    """Nobody and nothing flies twice at once; cancelled and completed flights free the slot."""
    return ExcludeConstraint(
        (who, "="),
        (text("flight_window(scheduled_datetime, duration_minutes)"), "&&"),
        using="gist",
        where=text("status IN ('CONFIRMED', 'AT_RISK', 'RESCHEDULING')"),
        name=f"ex_bookings_{who.removesuffix('_id')}",
    )


class Booking(Base):
    """A flight of a student with an instructor, and the booking it replaces after a reschedule (line 53)."""

    __tablename__ = "bookings"

    id: Mapped[Key]
    student_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", name="fk_bookings_student", ondelete="RESTRICT")
    )
    instructor_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", name="fk_bookings_instructor", ondelete="RESTRICT")
    )
    aircraft_id: Mapped[str | None] = mapped_column(String(50))
    departure_airport: Mapped[str] = mapped_column(String(10))
    arrival_airport: Mapped[str] = mapped_column(String(10))
    departure_latitude: Mapped[Decimal] = mapped_column(Numeric(10, 8), info=personal("location"))
    departure_longitude: Mapped[Decimal] = mapped_column(Numeric(11, 8), info=personal("location"))
    arrival_latitude: Mapped[Decimal] = mapped_column(Numeric(10, 8), info=personal("location"))
    arrival_longitude: Mapped[Decimal] = mapped_column(Numeric(11, 8), info=personal("location"))
    scheduled_datetime: Mapped[datetime] = mapped_column(info=personal("behaviour"))
    status: Mapped[str] = mapped_column(String(20), server_default="CONFIRMED")
    training_level: Mapped[str] = mapped_column(String(20))
    duration_minutes: Mapped[int] = mapped_column(server_default=text("60"))
    original_booking_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("bookings.id", name="fk_bookings_original", ondelete="RESTRICT")
    )
    rescheduled_to_datetime: Mapped[datetime | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint(
            "status IN ('CONFIRMED', 'AT_RISK', 'RESCHEDULING', 'CANCELLED', 'COMPLETED')", name="ck_bookings_status"
        ),
        CheckConstraint(TRAINING_LEVELS, name="ck_bookings_training_level"),
        CheckConstraint("student_id <> instructor_id", name="ck_bookings_people"),
        CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name="ck_bookings_duration"),
        CheckConstraint(
            "departure_latitude BETWEEN -90 AND 90 AND arrival_latitude BETWEEN -90 AND 90",
            name="ck_bookings_latitude",
        ),
        CheckConstraint(
            "departure_longitude BETWEEN -180 AND 180 AND arrival_longitude BETWEEN -180 AND 180",
            name="ck_bookings_longitude",
        ),
        _one_flight_at_a_time("student_id"),
        _one_flight_at_a_time("instructor_id"),
        _one_flight_at_a_time("aircraft_id"),
        Index("idx_bookings_scheduled_time", "scheduled_datetime"),
        Index("idx_bookings_status_scheduled_time", "status", "scheduled_datetime"),
        Index("idx_bookings_student_status", "student_id", "status"),
        Index("idx_bookings_instructor_status", "instructor_id", "status"),
        Index(
            "idx_bookings_upcoming",
            "status",
            "scheduled_datetime",
            postgresql_where=text("status IN ('CONFIRMED', 'AT_RISK')"),
        ),
        Index("idx_bookings_original", "original_booking_id", postgresql_where=text("original_booking_id IS NOT NULL")),
        # A flight is cancelled, not removed: its successor points to it (RESTRICT), and the audit log names it.
        {"info": never_delete() | kept_forever("the record of who flew")},
    )
