"""What happened to bookings."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from ...core import append_only, kept_forever, personal
from ..columns import Key, Moment
from .base import Base


class BookingAuditLog(Base):
    """What happened to a booking; outlives its archiving (line 633)."""

    __tablename__ = "booking_audit_log"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("booking_registry.booking_id", name="fk_booking_audit_log_booking", ondelete="RESTRICT")
    )
    changed_by: Mapped[uuid.UUID | None] = mapped_column(info=personal("identity"))
    changed_by_type: Mapped[str | None] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(50))
    old_value: Mapped[dict[str, Any] | None] = mapped_column(info=personal("behaviour"))
    new_value: Mapped[dict[str, Any] | None] = mapped_column(info=personal("behaviour"))
    ip_address: Mapped[str | None] = mapped_column(INET, info=personal("behaviour"))
    user_agent: Mapped[str | None] = mapped_column(info=personal("behaviour"))
    notes: Mapped[str | None] = mapped_column(info=personal("content"))
    created_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint(
            "action IN ('CREATED', 'STATUS_CHANGED', 'PAYMENT_UPDATED', 'CANCELLED', 'MODIFIED', 'TICKET_ISSUED',"
            " 'CHECKED_IN', 'REFUNDED')",
            name="valid_action",
        ),
        CheckConstraint(
            "changed_by_type IN ('CUSTOMER', 'ADMIN', 'SYSTEM', 'GDS')", name="ck_booking_audit_log_by_type"
        ),
        Index("idx_audit_booking_id", "booking_id"),
        Index("idx_audit_created_at", "created_at"),
        Index("idx_audit_action", "action"),
        {"info": append_only() | kept_forever("audit (line 1288)")},
    )
