"""Reviews and the votes on them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import NAMING_CONVENTION, kept_forever, kept_with, personal
from ..columns import TYPES, Key, Moment


class Base(DeclarativeBase):
    """Everything in `review_service_db`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = TYPES


class Review(Base):
    """What a traveller says of a flight, an airline or an airport, once per booking (line 1085)."""

    __tablename__ = "reviews"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    user_id: Mapped[uuid.UUID] = mapped_column(info=personal("identity"))
    review_type: Mapped[str] = mapped_column(String(20))
    airline_code: Mapped[str | None] = mapped_column(String(2))
    flight_number: Mapped[str | None] = mapped_column(String(10))
    airport_code: Mapped[str | None] = mapped_column(String(3))
    overall_rating: Mapped[int]
    cabin_rating: Mapped[int | None]
    service_rating: Mapped[int | None]
    food_rating: Mapped[int | None]
    entertainment_rating: Mapped[int | None]
    value_rating: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(String(200), info=personal("content"))
    review_text: Mapped[str | None] = mapped_column(info=personal("content"))
    cabin_class: Mapped[str | None] = mapped_column(String(20))
    travel_date: Mapped[date | None]
    verified_booking: Mapped[bool] = mapped_column(server_default=text("false"))
    status: Mapped[str] = mapped_column(String(20), server_default="PENDING")
    moderation_notes: Mapped[str | None] = mapped_column(info=personal("content"))
    moderated_by: Mapped[uuid.UUID | None]
    moderated_at: Mapped[datetime | None]
    helpful_count: Mapped[int] = mapped_column(server_default=text("0"))
    not_helpful_count: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("overall_rating BETWEEN 1 AND 5", name="valid_overall_rating"),
        CheckConstraint("cabin_rating IS NULL OR cabin_rating BETWEEN 1 AND 5", name="valid_cabin_rating"),
        CheckConstraint("service_rating IS NULL OR service_rating BETWEEN 1 AND 5", name="valid_service_rating"),
        CheckConstraint("food_rating BETWEEN 1 AND 5", name="valid_food_rating"),
        CheckConstraint("entertainment_rating BETWEEN 1 AND 5", name="valid_entertainment_rating"),
        CheckConstraint("value_rating BETWEEN 1 AND 5", name="valid_value_rating"),
        UniqueConstraint("booking_id", "user_id", name="one_review_per_booking"),
        CheckConstraint("review_type IN ('FLIGHT', 'AIRLINE', 'AIRPORT')", name="ck_reviews_type"),
        CheckConstraint(
            "(review_type = 'FLIGHT' AND airline_code IS NOT NULL AND flight_number IS NOT NULL)"
            " OR (review_type = 'AIRLINE' AND airline_code IS NOT NULL)"
            " OR (review_type = 'AIRPORT' AND airport_code IS NOT NULL)",
            name="ck_reviews_target",
        ),
        CheckConstraint("status IN ('PENDING', 'APPROVED', 'REJECTED', 'FLAGGED')", name="ck_reviews_status"),
        CheckConstraint("cabin_class IN ('ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST')", name="ck_reviews_cabin"),
        CheckConstraint("helpful_count >= 0 AND not_helpful_count >= 0", name="ck_reviews_counts"),
        Index("idx_reviews_airline", "airline_code", "status"),
        Index("idx_reviews_flight", "flight_number", "status"),
        Index("idx_reviews_airport", "airport_code", "status"),
        Index("idx_reviews_user_id", "user_id"),
        Index("idx_reviews_created_at", text("created_at DESC")),
        {"info": kept_forever("published")},
    )


class ReviewVote(Base):
    """Whether a review helped somebody; a trigger counts it on the review (line 1154)."""

    __tablename__ = "review_votes"

    id: Mapped[Key]
    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(info=personal("identity"))
    vote: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("vote IN ('HELPFUL', 'NOT_HELPFUL')", name="valid_vote"),
        UniqueConstraint("review_id", "user_id", name="one_vote_per_user"),
        {"info": kept_with("reviews")},
    )
