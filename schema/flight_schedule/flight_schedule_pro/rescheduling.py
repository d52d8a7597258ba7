"""Other times for a flight that the weather stops, and what student and instructor think of them."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Mapped, mapped_column

from ...core import kept_with
from .base import Base, Key, Moment


def _option_of_the_booking(number: int) -> ForeignKeyConstraint:
    """The ranked option belongs to the ranked booking. Deferrable, so that options can be generated anew."""
    return ForeignKeyConstraint(
        ["booking_id", f"option{number}_id"],
        ["reschedule_options.booking_id", "reschedule_options.id"],
        name=f"fk_preference_rankings_option{number}",
        deferrable=True,
        initially="IMMEDIATE",
    )


class RescheduleOption(Base):
    """A time that the planner proposes; options are deleted and generated anew (line 155)."""

    __tablename__ = "reschedule_options"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("bookings.id", name="fk_reschedule_options_booking", ondelete="CASCADE")
    )
    suggested_datetime: Mapped[datetime]
    weather_forecast: Mapped[dict[str, Any] | None]
    ai_confidence_score: Mapped[Decimal | None] = mapped_column(Numeric(3, 2))
    created_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("ai_confidence_score BETWEEN 0 AND 1", name="ck_reschedule_options_confidence"),
        UniqueConstraint("booking_id", "id", name="idx_reschedule_options_booking"),
        Index("idx_reschedule_options_suggested", "suggested_datetime"),
        {"info": kept_with("bookings")},
    )


class PreferenceRanking(Base):
    """The order in which one of the two people likes the options; it exists before it is submitted (line 176)."""

    __tablename__ = "preference_rankings"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("bookings.id", name="fk_preference_rankings_booking", ondelete="CASCADE")
    )
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", name="fk_preference_rankings_user", ondelete="RESTRICT")
    )
    option1_id: Mapped[uuid.UUID | None]
    option2_id: Mapped[uuid.UUID | None]
    option3_id: Mapped[uuid.UUID | None]
    unavailable_option_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(UUID), server_default=text("'{}'"))
    deadline: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    created_at: Mapped[Moment]

    __table_args__ = (
        _option_of_the_booking(1),
        _option_of_the_booking(2),
        _option_of_the_booking(3),
        UniqueConstraint("booking_id", "user_id", name="idx_preference_rankings_booking"),
        CheckConstraint(
            "submitted_at IS NULL OR num_nonnulls(option1_id, option2_id, option3_id) >= 1",
            name="ck_preference_rankings_ranked",
        ),
        CheckConstraint(
            "option1_id <> option2_id AND option1_id <> option3_id AND option2_id <> option3_id",
            name="ck_preference_rankings_distinct",
        ),
        Index("idx_preference_rankings_deadline", "deadline"),
        Index("idx_preference_rankings_user", "user_id"),
        Index("idx_preference_rankings_option1", "booking_id", "option1_id"),
        Index("idx_preference_rankings_option2", "booking_id", "option2_id"),
        Index("idx_preference_rankings_option3", "booking_id", "option3_id"),
        {"info": kept_with("bookings")},
    )
