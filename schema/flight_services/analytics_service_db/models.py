"""Figures per day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import MetaData, Numeric, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import NAMING_CONVENTION, kept_forever
from ..columns import TYPES, Key, Moment


class Base(DeclarativeBase):
    """Everything in `analytics_service_db`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = TYPES


class DailyMetric(Base):
    """The figures of one day, computed from the events (line 1043)."""

    __tablename__ = "daily_metrics"

    id: Mapped[Key]
    metric_date: Mapped[date]
    total_searches: Mapped[int] = mapped_column(server_default=text("0"))
    total_bookings: Mapped[int] = mapped_column(server_default=text("0"))
    total_revenue: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default=text("0.00"))
    search_to_booking_rate: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    average_booking_value: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    new_users: Mapped[int] = mapped_column(server_default=text("0"))
    active_users: Mapped[int] = mapped_column(server_default=text("0"))
    top_routes: Mapped[list[Any] | None]
    calculated_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("metric_date", name="unique_daily_metric"),
        {"info": kept_forever("figures that name nobody")},
    )
