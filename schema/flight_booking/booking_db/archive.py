"""Bookings older than seven years, moved here by archive_old_bookings() with all that hangs on them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from ...core import Retention, kept_with, never_delete, retained
from .columns import (
    BOOKING_CHECKS,
    PASSENGER_CHECKS,
    SEGMENT_CHECKS,
    BookingColumns,
    PassengerColumns,
    PassengerSegmentColumns,
    SegmentColumns,
    checks,
)
from .models import Base

ENDING = Retention(
    "archived_at", "7 years", then="delete", because="seven years in the archive, as flight_services has it"
)

# Behind the columns of the live table.
ArchivedAt = Annotated[datetime, mapped_column(server_default=func.now(), sort_order=1)]


class ArchivedBooking(BookingColumns, Base):
    """A booking that is over for good. Its reference stays taken."""

    __tablename__ = "bookings_archive"

    archived_at: Mapped[ArchivedAt]

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        *checks(BOOKING_CHECKS),
        Index("idx_bookings_archive_user", "user_id"),
        {"info": never_delete() | retained(ENDING)},
    )


class ArchivedSegment(SegmentColumns, Base):
    """A flight of an archived booking."""

    __tablename__ = "booking_segments_archive"

    archived_at: Mapped[ArchivedAt]

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["booking_id"], ["bookings_archive.id"], name="fk_booking_segments_archive_booking", ondelete="RESTRICT"
        ),
        *checks(SEGMENT_CHECKS),
        Index("idx_booking_segments_archive_booking", "booking_id"),
        {"info": never_delete() | kept_with("bookings_archive")},
    )


class ArchivedPassenger(PassengerColumns, Base):
    """A traveller of an archived booking."""

    __tablename__ = "passengers_archive"

    archived_at: Mapped[ArchivedAt]

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["booking_id"], ["bookings_archive.id"], name="fk_passengers_archive_booking", ondelete="RESTRICT"
        ),
        *checks(PASSENGER_CHECKS),
        Index("idx_passengers_archive_booking", "booking_id"),
        {"info": never_delete() | kept_with("bookings_archive")},
    )


class ArchivedPassengerSegment(PassengerSegmentColumns, Base):
    """The seat of a passenger of an archived booking."""

    __tablename__ = "passenger_segments_archive"

    archived_at: Mapped[ArchivedAt]

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        Index("idx_passenger_segments_archive_passenger", "passenger_id"),
        # Its booking came here in the same moment; no foreign key says which it was.
        {"info": never_delete() | retained(ENDING)},
    )
