"""Conversations with the assistant, whose own state LangGraph keeps in tables of its own."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core import RangePartitions, kept_with, partitioned, personal
from .base import NOTHING, Base, Key, Moment, Tenant

# Cold after 15 months, the age of the one that the document detaches (line 298): to files, for S3 (line 240).
BY_MONTH = RangePartitions(
    "created_at",
    "month",
    "chat_messages_y{year}m{month:02}",
    start=date(2024, 1, 1),
    retention=15,
    at_end="archive",
)


class ChatSession(Base):
    """A conversation; LangGraph finds its state by `thread_id` and `checkpoint_ns` (lines 30, 131).

    There is no foreign key to LangGraph's tables: it creates and changes them, and calls the thread a text.
    """

    __tablename__ = "chat_sessions"

    id: Mapped[Key]
    tenant_id: Mapped[Tenant]
    user_id: Mapped[uuid.UUID]
    title: Mapped[str | None] = mapped_column(String(255), info=personal("content"))
    status: Mapped[str] = mapped_column(String(20), server_default="active")
    thread_id: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    checkpoint_ns: Mapped[str] = mapped_column(String(255), server_default="")
    context: Mapped[dict[str, Any]] = mapped_column(server_default=NOTHING, info=personal("content"))
    message_count: Mapped[int] = mapped_column(server_default=text("0"))
    last_message_at: Mapped[datetime | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_chat_sessions_user",
            ondelete="CASCADE",
        ),
        UniqueConstraint("thread_id", name="uq_chat_sessions_thread"),
        UniqueConstraint("tenant_id", "id", name="uq_chat_sessions_tenant_id"),
        CheckConstraint("status IN ('active', 'archived', 'closed')", name="ck_chat_sessions_status"),
        CheckConstraint("message_count >= 0", name="ck_chat_sessions_count"),
        Index("idx_chat_sessions_user", "tenant_id", "user_id", text("created_at DESC")),
        {"info": kept_with("users")},
    )


class ChatMessage(Base):
    """One message, in the partition of its month, until that is cold and goes to files (lines 62, 240)."""

    __tablename__ = "chat_messages"

    id: Mapped[Key]
    tenant_id: Mapped[Tenant]
    session_id: Mapped[uuid.UUID]
    role: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(info=personal("content"))
    details: Mapped[dict[str, Any]] = mapped_column("metadata", server_default=NOTHING, info=personal("content"))
    created_at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["chat_sessions.tenant_id", "chat_sessions.id"],
            name="fk_chat_messages_session",
            ondelete="CASCADE",
        ),
        CheckConstraint("role IN ('user', 'assistant', 'system', 'tool')", name="ck_chat_messages_role"),
        Index("idx_chat_messages_session_created", "session_id", text("created_at DESC")),
        Index("idx_chat_messages_time_brin", "created_at", postgresql_using="brin"),
        {"postgresql_partition_by": BY_MONTH.clause, "info": partitioned(BY_MONTH) | kept_with("chat_sessions")},
    )
