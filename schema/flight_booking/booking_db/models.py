"""The tables of the booking service. Line numbers are those of the database document."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import (
    NAMING_CONVENTION,
    Noted,
    RangePartitions,
    Retention,
    append_only,
    archived_as,
    kept_forever,
    never_delete,
    partitioned,
    personal,
    retained,
)
from .columns import (
    BOOKING_CHECKS,
    PASSENGER_CHECKS,
    SEGMENT_CHECKS,
    BookingColumns,
    Id,
    Moment,
    PassengerColumns,
    PassengerSegmentColumns,
    SegmentColumns,
    checks,
)

# archive_old_bookings() empties a year seven years after it; its partition stays, empty.
BOOKINGS = RangePartitions("created_at", "year", "bookings_{year}", start=date(2024, 1, 1), ahead=3)

# Line 537.
ARCHIVING = Retention(
    "created_at",
    "7 years",
    then="archive",
    function="archive_old_bookings",
    key=("id",),
    noted=Noted("booking_registry", "booking_id", "archived_at"),
    because="seven years after the purchase (line 537)",
)


class Base(DeclarativeBase):
    """Everything in `booking_db`. Users and flight instances live in other databases: plain UUIDs here."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {str: Text, datetime: TIMESTAMP(timezone=True), dict[str, Any]: JSONB}


class BookingEntry(Base):
    """Which reference is whose, over all partitions and the archive; written by the trigger on bookings."""

    __tablename__ = "booking_registry"

    booking_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    booking_reference: Mapped[str] = mapped_column(String(6))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("booking_reference", name="uq_booking_registry_reference"),
        {"info": never_delete() | kept_forever("a reference stays taken")},
    )


class Booking(BookingColumns, Base):
    """A purchase of one or more flights (line 235)."""

    __tablename__ = "bookings"

    __table_args__ = (
        PrimaryKeyConstraint("id", "created_at"),
        *checks(BOOKING_CHECKS),
        Index("idx_bookings_reference", "booking_reference"),
        Index("idx_bookings_status", "status"),
        Index("idx_bookings_user_status", "user_id", "status"),
        Index("idx_bookings_user_date", "user_id", text("created_at DESC")),
        Index("idx_pending_bookings", "expires_at", postgresql_where=text("status = 'pending'")),
        # Only archive_old_bookings() removes bookings. No guard in a trigger: a row that changes its partition
        # is deleted in the old one.
        {
            "postgresql_partition_by": BOOKINGS.clause,
            "info": partitioned(BOOKINGS) | never_delete() | retained(ARCHIVING) | archived_as("bookings_archive"),
        },
    )


def _of_booking(name: str) -> ForeignKeyConstraint:
    """The key of a partitioned table holds its partition key, which children follow."""
    return ForeignKeyConstraint(
        ["booking_id", "booking_created_at"],
        ["bookings.id", "bookings.created_at"],
        name=name,
        onupdate="CASCADE",
        ondelete="RESTRICT",
    )


class BookingSegment(SegmentColumns, Base):
    """One flight of a booking, as it was sold (line 253)."""

    __tablename__ = "booking_segments"

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        _of_booking("fk_booking_segments_booking"),
        UniqueConstraint("booking_id", "segment_order", name="uq_booking_segments_order"),
        *checks(SEGMENT_CHECKS),
        Index("idx_booking_segments_booking", "booking_id", "booking_created_at"),
        {"info": never_delete() | archived_as("booking_segments_archive")},
    )


class Passenger(PassengerColumns, Base):
    """A traveller of a booking (line 272)."""

    __tablename__ = "passengers"

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        _of_booking("fk_passengers_booking"),
        *checks(PASSENGER_CHECKS),
        Index("idx_passengers_booking", "booking_id", "booking_created_at"),
        {"info": never_delete() | archived_as("passengers_archive")},
    )


class PassengerSegment(PassengerSegmentColumns, Base):
    """The seat of a passenger on one flight (line 295)."""

    __tablename__ = "passenger_segments"

    __table_args__ = (
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(
            ["passenger_id"], ["passengers.id"], name="fk_passenger_segments_passenger", ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["booking_segment_id"], ["booking_segments.id"], name="fk_passenger_segments_segment", ondelete="CASCADE"
        ),
        UniqueConstraint("passenger_id", "booking_segment_id", name="uq_passenger_segments"),
        Index("idx_passenger_segments_segment", "booking_segment_id"),
        {"info": never_delete() | archived_as("passenger_segments_archive")},
    )


class BookingHistory(Base):
    """What was done to a booking; it outlives the booking's move to the archive (line 308).

    Whoever writes `changes` and `reason` leaves personal values out: nothing can erase them here.
    """

    __tablename__ = "booking_history"

    id: Mapped[Id] = mapped_column(primary_key=True)
    booking_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("booking_registry.booking_id", name="fk_booking_history_booking", ondelete="RESTRICT")
    )
    action: Mapped[str] = mapped_column(String(50))
    changed_by: Mapped[uuid.UUID | None] = mapped_column(info=personal("identity"))
    changes: Mapped[dict[str, Any] | None] = mapped_column(info=personal("behaviour"))
    reason: Mapped[str | None] = mapped_column(info=personal("content"))
    created_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint(
            "action IN ('created', 'modified', 'cancelled', 'confirmed')", name="ck_booking_history_action"
        ),
        Index("idx_booking_history_booking", "booking_id"),
        {"info": append_only() | kept_forever("audit")},
    )
