"""Answers of flight and hotel providers, shared by all tenants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CHAR, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from ...core import Retention, retained
from .base import Base, Key, Moment

EXPIRED = Retention("expires_at", then="delete", because="an answer is good until then (line 282)")


class SearchCache:
    """A search, found by the SHA-256 of its normalised parameters, until it expires."""

    __tablename__: str

    id: Mapped[Key]
    search_hash: Mapped[str] = mapped_column(CHAR(64))
    search_params: Mapped[dict[str, Any]]
    results: Mapped[dict[str, Any]]
    hit_count: Mapped[int] = mapped_column(server_default=text("0"))
    expires_at: Mapped[datetime]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem | dict[str, Any], ...]:
        name = cls.__tablename__
        return (
            UniqueConstraint("search_hash", name=f"uq_{name}_hash"),
            CheckConstraint("search_hash ~ '^[0-9a-f]{64}$'", name=f"ck_{name}_hash"),
            CheckConstraint("hit_count >= 0", name=f"ck_{name}_hits"),
            CheckConstraint("expires_at > created_at", name=f"ck_{name}_expiry"),
            # For cleanup_expired_cache(); an index on what has expired by now() cannot be.
            Index(f"idx_{name}_expires", "expires_at"),
            {"info": retained(EXPIRED)},
        )


class FlightSearch(SearchCache, Base):
    """A search for flights (line 31)."""

    __tablename__ = "flight_search_cache"


class HotelSearch(SearchCache, Base):
    """A search for hotels (line 31)."""

    __tablename__ = "hotel_search_cache"
