"""The five tables of the platform. Line numbers are those of its database document."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB, TIMESTAMP, ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import NAMING_CONVENTION, append_only, kept_forever, never_delete, personal

Key = Annotated[int, mapped_column(BigInteger, primary_key=True)]
Moment = Annotated[datetime, mapped_column(server_default=func.now())]


class Base(DeclarativeBase):
    """Everything in `exotic_travel_prod`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        str: Text,
        datetime: TIMESTAMP(timezone=True),
        list[str]: ARRAY(Text),
        dict[str, Any]: JSONB,
    }


class User(Base):
    """A person with an account (line 55)."""

    __tablename__ = "users"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(255), info=personal("identity"))
    email: Mapped[str] = mapped_column(String(255), info=personal("contact"))
    password_hash: Mapped[str] = mapped_column(info=personal("credential"))
    phone: Mapped[str | None] = mapped_column(String(20), info=personal("contact"))
    role: Mapped[str] = mapped_column(String(50), server_default="user")
    email_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("email", name="idx_users_email"),
        CheckConstraint("email = lower(email)", name="ck_users_email_lower"),
        CheckConstraint("role IN ('user', 'admin', 'moderator')", name="ck_users_role"),
        Index("idx_users_role", "role"),
        Index("idx_users_created_at", "created_at"),
        # Bookings and reviews keep their user (RESTRICT); a person leaves through anonymize_user().
        {"info": never_delete() | kept_forever("until the person leaves")},
    )


class Destination(Base):
    """A trip on offer, with the rating that its reviews give it (line 87)."""

    __tablename__ = "destinations"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str]
    country: Mapped[str] = mapped_column(String(100))
    city: Mapped[str] = mapped_column(String(100))
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    duration: Mapped[int]
    max_guests: Mapped[int]
    images: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    features: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    rating: Mapped[Decimal] = mapped_column(Numeric(3, 2), server_default=text("0.0"))
    review_count: Mapped[int] = mapped_column(server_default=text("0"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("price >= 0", name="ck_destinations_price"),
        CheckConstraint("duration > 0", name="ck_destinations_duration"),
        CheckConstraint("max_guests > 0", name="ck_destinations_max_guests"),
        CheckConstraint("rating BETWEEN 0 AND 5", name="ck_destinations_rating"),
        CheckConstraint("review_count >= 0", name="ck_destinations_review_count"),
        Index("idx_destinations_country", "country"),
        Index("idx_destinations_city", "city"),
        Index("idx_destinations_price", "price"),
        Index("idx_destinations_rating", "rating"),
        Index("idx_destinations_active", "active"),
        Index("idx_destinations_created_at", "created_at"),
        Index(
            "idx_destinations_search",
            text("to_tsvector('english', name || ' ' || description)"),
            postgresql_using="gin",
        ),
        # Bookings and reviews keep their destination (RESTRICT); `active` takes it off the market.
        {"info": never_delete() | kept_forever("the catalogue")},
    )


class Booking(Base):
    """A stay of one user at one destination; no two that are pending or confirmed overlap (line 136)."""

    __tablename__ = "bookings"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    destination_id: Mapped[int] = mapped_column(ForeignKey("destinations.id", ondelete="RESTRICT"))
    start_date: Mapped[date]
    end_date: Mapped[date]
    guests: Mapped[int]
    total_price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    status: Mapped[str] = mapped_column(String(50), server_default="pending")
    special_requests: Mapped[str | None] = mapped_column(info=personal("content"))
    payment_intent_id: Mapped[str | None] = mapped_column(String(255), info=personal("payment"))
    payment_status: Mapped[str] = mapped_column(String(50), server_default="pending")
    cancellation_reason: Mapped[str | None] = mapped_column(info=personal("content"))
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("end_date > start_date", name="chk_booking_dates"),
        CheckConstraint("guests > 0", name="chk_booking_guests"),
        CheckConstraint("total_price > 0", name="chk_booking_price"),
        CheckConstraint("status IN ('pending', 'confirmed', 'cancelled', 'completed')", name="ck_bookings_status"),
        CheckConstraint(
            "payment_status IN ('pending', 'paid', 'failed', 'refunded')", name="ck_bookings_payment_status"
        ),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="ck_bookings_cancelled"),
        ExcludeConstraint(
            ("destination_id", "="),
            (text("daterange(start_date, end_date, '[)')"), "&&"),
            using="gist",
            where=text("status IN ('confirmed', 'pending')"),
            name="idx_bookings_no_overlap",
        ),
        Index("idx_bookings_user_id", "user_id"),
        Index("idx_bookings_destination_id", "destination_id"),
        Index("idx_bookings_status", "status"),
        Index("idx_bookings_dates", "start_date", "end_date"),
        Index("idx_bookings_created_at", "created_at"),
        Index(
            "uq_bookings_payment_intent",
            "payment_intent_id",
            unique=True,
            postgresql_where=text("payment_intent_id IS NOT NULL"),
        ),
        # A booking is the record of a payment; it is cancelled, not removed.
        {"info": never_delete() | kept_forever("the record of a sale")},
    )


class Review(Base):
    """What a user says of a destination, once per booking and once without one; it may be withdrawn (line 188)."""

    __tablename__ = "reviews"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    destination_id: Mapped[int] = mapped_column(ForeignKey("destinations.id", ondelete="RESTRICT"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id", ondelete="RESTRICT"))
    rating: Mapped[int] = mapped_column(Integer)
    comment: Mapped[str | None] = mapped_column(info=personal("content"))
    helpful_count: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("user_id", "destination_id", "booking_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("rating >= 1 AND rating <= 5", name="reviews_rating_check"),
        CheckConstraint("helpful_count >= 0", name="ck_reviews_helpful"),
        Index("idx_reviews_destination_id", "destination_id"),
        Index("idx_reviews_rating", "rating"),
        Index("idx_reviews_created_at", "created_at"),
        Index("idx_reviews_booking_id", "booking_id"),
        {"info": kept_forever("published")},
    )


class AuditLog(Base):
    """Who changed which user or booking, without the personal columns; `user_id` outlives its user (line 223)."""

    __tablename__ = "audit_logs"

    id: Mapped[Key]
    user_id: Mapped[int | None] = mapped_column(BigInteger, info=personal("identity"))
    action: Mapped[str] = mapped_column(String(100))
    resource_type: Mapped[str] = mapped_column(String(100))
    resource_id: Mapped[int | None] = mapped_column(BigInteger)
    old_values: Mapped[dict[str, Any] | None] = mapped_column(info=personal("behaviour"))
    new_values: Mapped[dict[str, Any] | None] = mapped_column(info=personal("behaviour"))
    ip_address: Mapped[str | None] = mapped_column(INET, info=personal("identity"))
    user_agent: Mapped[str | None] = mapped_column(info=personal("identity"))
    created_at: Mapped[Moment]

    __table_args__ = (
        Index("idx_audit_logs_user_id", "user_id"),
        Index("idx_audit_logs_action", "action"),
        Index("idx_audit_logs_resource", "resource_type", "resource_id"),
        Index("idx_audit_logs_created_at", "created_at"),
        {"info": append_only() | kept_forever("audit")},
    )
