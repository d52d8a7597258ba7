"""What happened, for analysis; also who looked at whose data (line 124)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core import RangePartitions, kept_forever, never_delete, partitioned, personal
from .base import NOTHING, Base, Key, Tenant

BY_MONTH = RangePartitions("created_at", "month", "analytics_events_y{year}m{month:02}", start=date(2024, 1, 1))


class AnalyticsEvent(Base):
    """One event, in the partition of its month. It outlives its user, without saying who that was (line 33)."""

    __tablename__ = "analytics_events"

    id: Mapped[Key]
    tenant_id: Mapped[Tenant]
    user_id: Mapped[uuid.UUID | None] = mapped_column(info=personal("identity"))
    session_id: Mapped[uuid.UUID | None] = mapped_column(info=personal("identity"))
    event_type: Mapped[str] = mapped_column(String(100))
    event_data: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING, info=personal("behaviour"))
    created_at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())

    __table_args__ = (
        Index("idx_analytics_events_type_created", "event_type", text("created_at DESC")),
        Index("idx_analytics_events_user_created", "user_id", text("created_at DESC")),
        Index("idx_analytics_events_time_brin", "created_at", postgresql_using="brin"),
        {
            "postgresql_partition_by": BY_MONTH.clause,
            # The document makes it the audit trail; gdpr_anonymize_user() updates rows.
            "info": partitioned(BY_MONTH) | never_delete() | kept_forever("the audit trail (line 124)"),
        },
    )
