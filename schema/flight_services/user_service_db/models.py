"""Accounts, the devices they are used on, whom they book for and how they pay."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import NAMING_CONVENTION, Retention, kept_forever, kept_with, never_delete, personal, retained
from ..columns import TYPES, Key, Moment

SESSIONS = Retention("expires_at", "30 days", then="delete", because="30 days after it expired (line 1285)")


class Base(DeclarativeBase):
    """Everything in `user_service_db`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = TYPES


class User(Base):
    """A person with an account (line 88)."""

    __tablename__ = "users"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255), info=personal("contact"))
    password_hash: Mapped[str] = mapped_column(String(255), info=personal("credential"))
    email_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    first_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    last_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    phone: Mapped[str | None] = mapped_column(String(20), info=personal("contact"))
    phone_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    date_of_birth: Mapped[date | None] = mapped_column(info=personal("identity"))
    gender: Mapped[str | None] = mapped_column(String(20), info=personal("identity"))
    country_code: Mapped[str | None] = mapped_column(String(2), info=personal("location"))
    address_line1: Mapped[str | None] = mapped_column(String(255), info=personal("contact"))
    address_line2: Mapped[str | None] = mapped_column(String(255), info=personal("contact"))
    city: Mapped[str | None] = mapped_column(String(100), info=personal("location"))
    state_province: Mapped[str | None] = mapped_column(String(100), info=personal("location"))
    postal_code: Mapped[str | None] = mapped_column(String(20), info=personal("contact"))
    preferred_currency: Mapped[str] = mapped_column(String(3), server_default="USD")
    preferred_language: Mapped[str] = mapped_column(String(5), server_default="en")
    newsletter_subscribed: Mapped[bool] = mapped_column(server_default=text("false"))
    status: Mapped[str] = mapped_column(String(20), server_default="ACTIVE")
    role: Mapped[str] = mapped_column(String(20), server_default="CUSTOMER")
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    last_login_at: Mapped[datetime | None] = mapped_column(info=personal("behaviour"))
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(r"email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'", name="email_format"),
        CheckConstraint(r"phone IS NULL OR phone ~* '^\+?[1-9]\d{1,14}$'", name="phone_format"),
        CheckConstraint("email = lower(email)", name="ck_users_email_lower"),
        CheckConstraint("gender IN ('MALE', 'FEMALE', 'OTHER', 'PREFER_NOT_TO_SAY')", name="ck_users_gender"),
        CheckConstraint("status IN ('ACTIVE', 'SUSPENDED', 'DELETED')", name="ck_users_status"),
        CheckConstraint("role IN ('CUSTOMER', 'ADMIN', 'AGENT')", name="ck_users_role"),
        CheckConstraint("(status = 'DELETED') = (deleted_at IS NOT NULL)", name="ck_users_deleted"),
        Index("idx_users_email", "email", unique=True, postgresql_where=text("deleted_at IS NULL")),
        Index("idx_users_phone", "phone", postgresql_where=text("deleted_at IS NULL")),
        Index("idx_users_status", "status"),
        Index("idx_users_created_at", "created_at"),
        # A person leaves through anonymize_user(), which sets deleted_at.
        {"info": never_delete() | kept_forever("deleted softly, and anonymised then")},
    )


class UserSession(Base):
    """A signed-in device; cleanup_expired_sessions() removes it 30 days after it expired (line 155)."""

    __tablename__ = "user_sessions"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(255), info=personal("credential"))
    refresh_token_hash: Mapped[str | None] = mapped_column(String(255), info=personal("credential"))
    device_type: Mapped[str | None] = mapped_column(String(50))
    device_id: Mapped[str | None] = mapped_column(String(255), info=personal("behaviour"))
    user_agent: Mapped[str | None] = mapped_column(info=personal("behaviour"))
    ip_address: Mapped[str | None] = mapped_column(INET, info=personal("behaviour"))
    country_code: Mapped[str | None] = mapped_column(String(2), info=personal("location"))
    city: Mapped[str | None] = mapped_column(String(100), info=personal("location"))
    created_at: Mapped[Moment]
    expires_at: Mapped[datetime]
    last_activity_at: Mapped[Moment]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("token_hash", name="idx_sessions_token_hash"),
        CheckConstraint("expires_at > created_at", name="valid_expiration"),
        CheckConstraint("device_type IN ('WEB', 'IOS', 'ANDROID')", name="ck_user_sessions_device_type"),
        Index("idx_sessions_user_id", "user_id"),
        Index("idx_sessions_expires_at", "expires_at"),
        {"info": retained(SESSIONS)},
    )


class UserTraveler(Base):
    """Somebody the user books for, one of them the user (line 195)."""

    __tablename__ = "user_travelers"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    first_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    last_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    middle_name: Mapped[str | None] = mapped_column(String(100), info=personal("identity"))
    date_of_birth: Mapped[date] = mapped_column(info=personal("identity"))
    gender: Mapped[str | None] = mapped_column(String(20), info=personal("identity"))
    nationality: Mapped[str | None] = mapped_column(String(2), info=personal("identity"))
    passport_number: Mapped[str | None] = mapped_column(String(20), info=personal("identity"))
    passport_country: Mapped[str | None] = mapped_column(String(2), info=personal("identity"))
    passport_expiry_date: Mapped[date | None] = mapped_column(info=personal("identity"))
    frequent_flyer_programs: Mapped[list[Any] | None] = mapped_column(info=personal("behaviour"))
    seat_preference: Mapped[str | None] = mapped_column(String(20), info=personal("behaviour"))
    meal_preference: Mapped[str | None] = mapped_column(String(50), info=personal("behaviour"))
    special_assistance: Mapped[str | None] = mapped_column(info=personal("content"))
    is_primary: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint(
            "passport_expiry_date IS NULL OR passport_expiry_date > date_of_birth", name="valid_passport_expiry"
        ),
        CheckConstraint("gender IN ('MALE', 'FEMALE', 'OTHER', 'PREFER_NOT_TO_SAY')", name="ck_user_travelers_gender"),
        CheckConstraint("seat_preference IN ('WINDOW', 'AISLE', 'MIDDLE')", name="ck_user_travelers_seat"),
        Index("idx_travelers_user_id", "user_id"),
        Index("idx_travelers_primary", "user_id", unique=True, postgresql_where=text("is_primary = TRUE")),
        {"info": kept_with("users")},
    )


class UserPaymentMethod(Base):
    """A gateway's token for a card or an account, never the card itself (line 244)."""

    __tablename__ = "user_payment_methods"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    payment_gateway: Mapped[str] = mapped_column(String(50))
    payment_token: Mapped[str] = mapped_column(String(255), info=personal("payment"))
    card_brand: Mapped[str | None] = mapped_column(String(20), info=personal("payment"))
    card_last4: Mapped[str | None] = mapped_column(String(4), info=personal("payment"))
    card_exp_month: Mapped[int | None] = mapped_column(info=personal("payment"))
    card_exp_year: Mapped[int | None] = mapped_column(info=personal("payment"))
    billing_name: Mapped[str | None] = mapped_column(String(200), info=personal("payment"))
    billing_country: Mapped[str | None] = mapped_column(String(2), info=personal("payment"))
    billing_postal_code: Mapped[str | None] = mapped_column(String(20), info=personal("payment"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "(card_exp_year IS NULL) = (card_exp_month IS NULL)"
            " AND card_exp_month BETWEEN 1 AND 12 AND card_exp_year BETWEEN 2000 AND 2100",
            name="valid_expiry",
        ),
        CheckConstraint("payment_gateway IN ('STRIPE', 'PAYPAL', 'BRAINTREE')", name="ck_user_payment_methods_gateway"),
        CheckConstraint("card_brand IN ('VISA', 'MASTERCARD', 'AMEX')", name="ck_user_payment_methods_brand"),
        CheckConstraint("card_last4 ~ '^[0-9]{4}$'", name="ck_user_payment_methods_last4"),
        Index("idx_payment_methods_user_id", "user_id", postgresql_where=text("deleted_at IS NULL")),
        Index(
            "idx_payment_methods_default",
            "user_id",
            unique=True,
            postgresql_where=text("is_default = TRUE AND deleted_at IS NULL"),
        ),
        # Deleted by setting deleted_at; an expired card can still be.
        {"info": never_delete() | kept_forever("deleted softly, and anonymised with the user")},
    )
