"""Tenants, and the people of each."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ...core import Retention, kept_forever, kept_with, never_delete, personal, retained
from .base import Base, Key, Moment, Tenant

DELETED = Retention("deleted_at", "30 days", then="delete", because="30 days after the soft deletion (line 332)")


class TenantAccount(Base):
    """A tenant (section 4.2 implies it). Users and bookings keep theirs (RESTRICT); `status` ends it."""

    __tablename__ = "tenants"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(20), server_default="active")
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("slug", name="uq_tenants_slug"),
        CheckConstraint("status IN ('active', 'suspended', 'deleted')", name="ck_tenants_status"),
        {"info": never_delete() | kept_forever("`status` ends it")},
    )


class User(Base):
    """A person with an account at one tenant; `deleted_at` frees the e-mail address (line 29)."""

    __tablename__ = "users"

    id: Mapped[Key]
    tenant_id: Mapped[Tenant] = mapped_column(ForeignKey("tenants.id", name="fk_users_tenant", ondelete="RESTRICT"))
    email: Mapped[str] = mapped_column(String(255), info=personal("contact"))
    hashed_password: Mapped[str | None] = mapped_column(String(255), info=personal("credential"))
    full_name: Mapped[str | None] = mapped_column(String(100), info=personal("identity"))
    phone: Mapped[str | None] = mapped_column(String(20), info=personal("contact"))
    role: Mapped[str] = mapped_column(String(20), server_default="user")
    status: Mapped[str] = mapped_column(String(20), server_default="active")
    data_processing_consent: Mapped[bool] = mapped_column(server_default=text("false"))
    consent_granted_at: Mapped[datetime | None]
    marketing_consent: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        # What belongs to a user refers to both columns: a foreign key alone is not bound by policies.
        UniqueConstraint("id", "tenant_id", name="uq_users_id_tenant"),
        CheckConstraint("email = lower(email)", name="ck_users_email_lower"),
        CheckConstraint("role IN ('user', 'admin', 'agent')", name="ck_users_role"),
        CheckConstraint("status IN ('active', 'inactive', 'suspended')", name="ck_users_status"),
        CheckConstraint("NOT data_processing_consent OR consent_granted_at IS NOT NULL", name="ck_users_consent"),
        Index("uq_users_email_active", "tenant_id", "email", unique=True, postgresql_where=text("deleted_at IS NULL")),
        Index("idx_users_tenant", "tenant_id"),
        Index("idx_users_deleted_at", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
        {"info": retained(DELETED)},
    )


class OAuthAccount(Base):
    """A user's account at Google or Apple; its tokens are encrypted before they come here (line 29)."""

    __tablename__ = "oauth_accounts"

    id: Mapped[Key]
    tenant_id: Mapped[Tenant]
    user_id: Mapped[uuid.UUID]
    provider: Mapped[str] = mapped_column(String(50))
    provider_account_id: Mapped[str] = mapped_column(String(255), info=personal("identity"))
    access_token_encrypted: Mapped[bytes | None] = mapped_column(info=personal("credential"))
    refresh_token_encrypted: Mapped[bytes | None] = mapped_column(info=personal("credential"))
    token_expires_at: Mapped[datetime | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_oauth_accounts_user",
            ondelete="CASCADE",
        ),
        UniqueConstraint("tenant_id", "provider", "provider_account_id", name="uq_oauth_accounts_provider"),
        UniqueConstraint("tenant_id", "user_id", "provider", name="uq_oauth_accounts_user_provider"),
        CheckConstraint("provider IN ('google', 'apple')", name="ck_oauth_accounts_provider"),
        {"info": kept_with("users")},
    )
