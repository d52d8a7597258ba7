"""The tables of the user service. Line numbers are those of the database document."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import INET, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import (
    NAMING_CONVENTION,
    HashPartitions,
    Retention,
    kept_forever,
    kept_with,
    never_delete,
    partitioned,
    personal,
    retained,
)

Key = Annotated[uuid.UUID, mapped_column(primary_key=True, server_default=func.gen_random_uuid())]
Moment = Annotated[datetime, mapped_column(server_default=func.now())]

USERS = HashPartitions("id", modulus=4, name="users_{remainder}")


SESSIONS = Retention("expires_at", then="delete", because="nobody is signed in with it any more")


class Base(DeclarativeBase):
    """Everything in `user_db`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {str: Text, datetime: TIMESTAMP(timezone=True), dict[str, Any]: JSONB}


class User(Base):
    """A person with an account (line 24). No unique key can span the partitions: see EmailEntry."""

    __tablename__ = "users"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255), info=personal("contact"))
    password_hash: Mapped[str] = mapped_column(String(255), info=personal("credential"))
    first_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    last_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    phone: Mapped[str | None] = mapped_column(String(20), info=personal("contact"))
    date_of_birth: Mapped[date | None] = mapped_column(info=personal("identity"))
    nationality: Mapped[str | None] = mapped_column(String(3), info=personal("identity"))
    passport_number: Mapped[str | None] = mapped_column(String(50), info=personal("identity"))
    passport_expiry: Mapped[date | None] = mapped_column(info=personal("identity"))
    frequent_flyer_numbers: Mapped[dict[str, Any] | None] = mapped_column(info=personal("identity"))
    preferences: Mapped[dict[str, Any] | None] = mapped_column(info=personal("behaviour"))
    status: Mapped[str] = mapped_column(String(20), server_default="active")
    email_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    phone_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    last_login: Mapped[datetime | None] = mapped_column(info=personal("behaviour"))
    anonymized_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("email = lower(email)", name="ck_users_email_lower"),
        CheckConstraint("status IN ('active', 'inactive', 'suspended')", name="ck_users_status"),
        Index("idx_users_email", "email"),
        # Four other databases name users without a foreign key; a person leaves through anonymize_user_data().
        {
            "postgresql_partition_by": USERS.clause,
            "info": partitioned(USERS) | never_delete() | kept_forever("until the person leaves"),
        },
    )


class EmailEntry(Base):
    """Whose an address is, over all partitions of users; written by the trigger on users."""

    __tablename__ = "user_email_registry"

    email: Mapped[str] = mapped_column(String(255), primary_key=True, info=personal("contact"))
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", name="fk_user_email_registry_user", ondelete="CASCADE")
    )

    __table_args__ = (
        UniqueConstraint("user_id", name="uq_user_email_registry_user"),
        {"info": never_delete() | kept_with("users")},
    )


class UserRole(Base):
    """What a user may do, and who said so (line 48)."""

    __tablename__ = "user_roles"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", name="fk_user_roles_user", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(50))
    granted_at: Mapped[Moment]
    granted_by: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", name="fk_user_roles_granted_by", ondelete="SET NULL")
    )

    __table_args__ = (
        UniqueConstraint("user_id", "role", name="uq_user_roles_user_role"),
        CheckConstraint("role IN ('customer', 'admin', 'agent')", name="ck_user_roles_role"),
        Index("idx_user_roles_granted_by", "granted_by"),
        {"info": kept_with("users")},
    )


class UserSession(Base):
    """A device that is signed in (line 57)."""

    __tablename__ = "user_sessions"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", name="fk_user_sessions_user", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(255), info=personal("credential"))
    device_info: Mapped[dict[str, Any] | None] = mapped_column(info=personal("identity"))
    ip_address: Mapped[str | None] = mapped_column(INET, info=personal("identity"))
    expires_at: Mapped[datetime]
    created_at: Mapped[Moment]
    last_used: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="ck_user_sessions_expiry"),
        Index("idx_user_sessions_token", "token_hash", unique=True),
        Index("idx_user_sessions_user_id", "user_id"),
        Index("idx_user_sessions_expires_at", "expires_at"),
        {"info": retained(SESSIONS)},
    )
