"""When people can fly."""

from __future__ import annotations

import uuid
from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core import kept_with, personal
from .base import Base, Key, Moment


class AvailabilityPattern(Base):
    """Hours of a weekday, 0 = Sunday, at which a user can fly every week (line 104)."""

    __tablename__ = "availability_patterns"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", name="fk_availability_patterns_user", ondelete="CASCADE")
    )
    day_of_week: Mapped[int]
    start_time: Mapped[time]
    end_time: Mapped[time]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("day_of_week BETWEEN 0 AND 6", name="ck_availability_patterns_day"),
        CheckConstraint("end_time > start_time", name="ck_availability_patterns_times"),
        UniqueConstraint("user_id", "day_of_week", "start_time", "end_time", name="idx_availability_patterns_user_day"),
        Index("idx_availability_patterns_active", "day_of_week", "start_time", postgresql_where=text("is_active")),
        {"info": kept_with("users")},
    )


class AvailabilityOverride(Base):
    """An exception on one date: hours, or the whole day when both times are NULL (line 130)."""

    __tablename__ = "availability_overrides"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", name="fk_availability_overrides_user", ondelete="CASCADE")
    )
    override_date: Mapped[date]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    is_blocked: Mapped[bool] = mapped_column(server_default=text("true"))
    reason: Mapped[str | None] = mapped_column(String(255), info=personal("content"))
    created_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint(
            "(start_time IS NULL) = (end_time IS NULL) AND (start_time IS NULL OR end_time > start_time)",
            name="ck_availability_overrides_times",
        ),
        UniqueConstraint(
            "user_id",
            "override_date",
            "start_time",
            "end_time",
            name="idx_availability_overrides_user_date",
            postgresql_nulls_not_distinct=True,
        ),
        Index("idx_availability_overrides_date", "override_date"),
        {"info": kept_with("users")},
    )
