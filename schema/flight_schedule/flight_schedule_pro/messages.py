"""What people are told, and what is written down."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core import append_only, kept_forever, kept_with, personal
from .base import Base, Key, Moment


class Notification(Base):
    """A message to one user inside the application (line 207)."""

    __tablename__ = "notifications"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", name="fk_notifications_user", ondelete="CASCADE"))
    booking_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("bookings.id", name="fk_notifications_booking", ondelete="CASCADE")
    )
    type: Mapped[str] = mapped_column(String(50))
    title: Mapped[str] = mapped_column(String(255), info=personal("content"))
    message: Mapped[str] = mapped_column(info=personal("content"))
    read: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint(
            "type IN ('WEATHER_ALERT', 'OPTIONS_AVAILABLE', 'DEADLINE_REMINDER', 'CONFIRMATION', 'ESCALATION')",
            name="ck_notifications_type",
        ),
        Index("idx_notifications_user_read", "user_id", "read", text("created_at DESC")),
        Index("idx_notifications_created_at", "created_at"),
        Index("idx_notifications_booking", "booking_id"),
        {"info": kept_with("users")},
    )


class AuditEntry(Base):
    """Who did what to which thing; NULL for the system itself. Kept for ever (line 235)."""

    __tablename__ = "audit_log"

    id: Mapped[Key]
    entity_type: Mapped[str] = mapped_column(String(50))
    entity_id: Mapped[uuid.UUID]
    action: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", name="fk_audit_log_user", ondelete="RESTRICT"), info=personal("identity")
    )
    details: Mapped[dict[str, Any] | None] = mapped_column("metadata", info=personal("behaviour"))
    created_at: Mapped[Moment]

    __table_args__ = (
        Index("idx_audit_log_entity_timestamp", "entity_type", "entity_id", "created_at"),
        Index("idx_audit_log_created_at", "created_at"),
        Index("idx_audit_log_action", "action"),
        Index("idx_audit_log_user", "user_id"),
        {"info": append_only() | kept_forever("audit (line 235)")},
    )
