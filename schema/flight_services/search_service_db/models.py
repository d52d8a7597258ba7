"""What was searched, by month."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, MetaData, Numeric, PrimaryKeyConstraint, String, func, text
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import NAMING_CONVENTION, RangePartitions, Retention, partitioned, personal, retained
from ..columns import TYPES, Moment

# A month is dropped when its last day is 90 days ago; until then its older rows are deleted (line 1284).
SEARCHES = RangePartitions(
    "created_at",
    "month",
    "search_history_{year}_{month:02}",
    start=date(2025, 11, 1),
    ahead=3,
    retention="90 days",
    at_end="drop",
)
SEARCHED = Retention("created_at", "90 days", then="delete", because="90 days (line 1284)")


class Base(DeclarativeBase):
    """Everything in `search_service_db`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = TYPES


class SearchHistory(Base):
    """What was searched, for 90 days; without a user when nobody was signed in (line 331)."""

    __tablename__ = "search_history"

    id: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    user_id: Mapped[uuid.UUID | None] = mapped_column(info=personal("identity"))
    origin_airport: Mapped[str] = mapped_column(String(3))
    destination_airport: Mapped[str] = mapped_column(String(3))
    departure_date: Mapped[date]
    return_date: Mapped[date | None]
    passengers_adult: Mapped[int] = mapped_column(server_default=text("1"))
    passengers_child: Mapped[int] = mapped_column(server_default=text("0"))
    passengers_infant: Mapped[int] = mapped_column(server_default=text("0"))
    cabin_class: Mapped[str | None] = mapped_column(String(20))
    results_count: Mapped[int] = mapped_column(server_default=text("0"))
    cheapest_price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    most_expensive_price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    average_price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    response_time_ms: Mapped[int | None]
    cache_hit: Mapped[bool] = mapped_column(server_default=text("false"))
    gds_providers: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    session_id: Mapped[uuid.UUID | None] = mapped_column(info=personal("behaviour"))
    ip_address: Mapped[str | None] = mapped_column(INET, info=personal("behaviour"))
    user_agent: Mapped[str | None] = mapped_column(info=personal("behaviour"))
    created_at: Mapped[Moment]

    __table_args__ = (
        PrimaryKeyConstraint("id", "created_at"),
        CheckConstraint(
            "cabin_class IN ('ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST')", name="ck_search_history_cabin"
        ),
        CheckConstraint(
            "passengers_adult >= 0 AND passengers_child >= 0 AND passengers_infant >= 0",
            name="ck_search_history_passengers",
        ),
        CheckConstraint("return_date >= departure_date", name="ck_search_history_dates"),
        Index("idx_search_history_user_id", "user_id"),
        Index("idx_search_history_route", "origin_airport", "destination_airport"),
        Index("idx_search_history_created_at", "created_at"),
        Index("idx_search_history_departure_date", "departure_date"),
        {"info": partitioned(SEARCHES) | retained(SEARCHED), "postgresql_partition_by": SEARCHES.clause},
    )
