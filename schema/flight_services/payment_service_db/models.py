"""Charges, what was given back of them and how often they were tried."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import (
    NAMING_CONVENTION,
    RangePartitions,
    Retention,
    kept_forever,
    never_delete,
    partitioned,
    personal,
    retained,
)
from ..columns import TYPES, Key, Moment

PAYMENTS = RangePartitions("created_at", "month", "payments_{year}_{month:02}", start=date(2025, 11, 1), ahead=3)

# Seven years for the tax office, then without the person (line 1283); nothing is ever deleted.
OLD_PAYMENTS = Retention("created_at", "7 years", then="anonymise", function="anonymize_old_payments")
OLD_REFUNDS = Retention("requested_at", "7 years", then="anonymise", function="anonymize_old_refunds")
OLD_ATTEMPTS = Retention("attempted_at", "7 years", then="anonymise", function="anonymize_old_payment_attempts")


class Base(DeclarativeBase):
    """Everything in `payment_service_db`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = TYPES


class PaymentRegistry(Base):
    """Makes references and idempotency keys unique over all partitions of payments; a trigger keeps it."""

    __tablename__ = "payment_registry"

    payment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    payment_reference: Mapped[str] = mapped_column(String(20))
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("payment_reference", name="uq_payment_registry_reference"),
        UniqueConstraint("idempotency_key", name="uq_payment_registry_idempotency"),
        # A key stays taken for ever: a second charge with it is refused.
        {"info": never_delete() | kept_forever("a key stays taken: a second charge with it is refused")},
    )


class Payment(Base):
    """A charge, written by month of creation (line 680)."""

    __tablename__ = "payments"

    id: Mapped[uuid.UUID] = mapped_column(server_default=func.gen_random_uuid())
    payment_reference: Mapped[str] = mapped_column(String(20))
    booking_id: Mapped[uuid.UUID]
    user_id: Mapped[uuid.UUID]
    payment_gateway: Mapped[str] = mapped_column(String(50))
    gateway_transaction_id: Mapped[str | None] = mapped_column(String(255))
    gateway_payment_intent_id: Mapped[str | None] = mapped_column(String(255))
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3), server_default="USD")
    payment_method_type: Mapped[str] = mapped_column(String(50))
    payment_token: Mapped[str | None] = mapped_column(String(255), info=personal("payment"))
    card_brand: Mapped[str | None] = mapped_column(String(20), info=personal("payment"))
    card_last4: Mapped[str | None] = mapped_column(String(4), info=personal("payment"))
    card_exp_month: Mapped[int | None] = mapped_column(info=personal("payment"))
    card_exp_year: Mapped[int | None] = mapped_column(info=personal("payment"))
    status: Mapped[str] = mapped_column(String(20), server_default="PENDING")
    fraud_score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    fraud_status: Mapped[str | None] = mapped_column(String(20))
    risk_factors: Mapped[list[Any] | None] = mapped_column(info=personal("behaviour"))
    three_d_secure_status: Mapped[str | None] = mapped_column(String(20))
    three_d_secure_version: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    authorized_at: Mapped[datetime | None]
    captured_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure_code: Mapped[str | None] = mapped_column(String(50))
    failure_message: Mapped[str | None]
    ip_address: Mapped[str | None] = mapped_column(INET, info=personal("behaviour"))
    user_agent: Mapped[str | None] = mapped_column(info=personal("behaviour"))
    idempotency_key: Mapped[str | None] = mapped_column(String(255))

    __table_args__ = (
        PrimaryKeyConstraint("id", "created_at"),
        CheckConstraint("amount > 0", name="valid_amount"),
        CheckConstraint(
            "status IN ('PENDING', 'AUTHORIZED', 'CAPTURED', 'COMPLETED', 'FAILED', 'REFUNDED', 'PARTIALLY_REFUNDED',"
            " 'CANCELLED')",
            name="valid_status",
        ),
        CheckConstraint("payment_gateway IN ('STRIPE', 'PAYPAL', 'BRAINTREE')", name="ck_payments_gateway"),
        CheckConstraint("payment_method_type IN ('CARD', 'PAYPAL', 'BANK_TRANSFER')", name="ck_payments_method"),
        CheckConstraint("card_brand IN ('VISA', 'MASTERCARD', 'AMEX')", name="ck_payments_brand"),
        CheckConstraint("card_last4 ~ '^[0-9]{4}$'", name="ck_payments_last4"),
        CheckConstraint("fraud_score BETWEEN 0 AND 100", name="ck_payments_fraud_score"),
        CheckConstraint("fraud_status IN ('SAFE', 'REVIEW', 'BLOCKED')", name="ck_payments_fraud_status"),
        CheckConstraint(
            "three_d_secure_status IN ('AUTHENTICATED', 'NOT_AUTHENTICATED', 'ATTEMPTED')", name="ck_payments_3ds"
        ),
        Index("idx_payments_reference", "payment_reference"),
        Index("idx_payments_booking_id", "booking_id"),
        Index("idx_payments_user_id", "user_id"),
        Index("idx_payments_status", "status"),
        Index("idx_payments_created_at", "created_at"),
        Index("idx_payments_gateway_txn", "gateway_transaction_id"),
        Index("idx_payments_idempotency", "idempotency_key", postgresql_where=text("idempotency_key IS NOT NULL")),
        # Kept for ever, without the person after anonymize_user_payments(); a trigger refuses DELETE to everybody.
        {
            "info": partitioned(PAYMENTS) | never_delete() | retained(OLD_PAYMENTS),
            "postgresql_partition_by": PAYMENTS.clause,
        },
    )


class Refund(Base):
    """Money given back; all refunds of a payment together never exceed it (line 770)."""

    __tablename__ = "refunds"

    id: Mapped[Key]
    payment_id: Mapped[uuid.UUID]
    refund_reference: Mapped[str] = mapped_column(String(20))
    gateway_refund_id: Mapped[str | None] = mapped_column(String(255))
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(50))
    reason_details: Mapped[str | None] = mapped_column(info=personal("content"))
    status: Mapped[str] = mapped_column(String(20), server_default="PENDING")
    requested_at: Mapped[Moment]
    processed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure_reason: Mapped[str | None]
    requested_by: Mapped[uuid.UUID | None] = mapped_column(info=personal("identity"))
    requested_by_type: Mapped[str | None] = mapped_column(String(20))
    payment_created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("refund_reference", name="refunds_refund_reference_key"),
        ForeignKeyConstraint(
            ["payment_id", "payment_created_at"],
            ["payments.id", "payments.created_at"],
            name="fk_refunds_payment",
            ondelete="RESTRICT",
        ),
        CheckConstraint("amount > 0", name="valid_refund_amount"),
        CheckConstraint(
            "status IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')", name="valid_refund_status"
        ),
        CheckConstraint(
            "reason IN ('CUSTOMER_REQUEST', 'CANCELLATION', 'FRAUD', 'DUPLICATE', 'SCHEDULE_CHANGE', 'OTHER')",
            name="ck_refunds_reason",
        ),
        CheckConstraint("requested_by_type IN ('CUSTOMER', 'ADMIN', 'SYSTEM')", name="ck_refunds_by_type"),
        Index("idx_refunds_payment_id", "payment_id", "payment_created_at"),
        Index("idx_refunds_status", "status"),
        Index("idx_refunds_requested_at", "requested_at"),
        {"info": never_delete() | retained(OLD_REFUNDS)},
    )


class PaymentAttempt(Base):
    """A try to charge, and what the gateway answered (line 822)."""

    __tablename__ = "payment_attempts"

    id: Mapped[Key]
    payment_id: Mapped[uuid.UUID]
    attempt_number: Mapped[int]
    gateway_response_code: Mapped[str | None] = mapped_column(String(50))
    gateway_response_message: Mapped[str | None] = mapped_column(info=personal("content"))
    success: Mapped[bool]
    attempted_at: Mapped[Moment]
    payment_created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["payment_id", "payment_created_at"],
            ["payments.id", "payments.created_at"],
            name="fk_payment_attempts_payment",
            ondelete="RESTRICT",
        ),
        UniqueConstraint("payment_id", "attempt_number", name="idx_attempts_payment_id"),
        CheckConstraint("attempt_number > 0", name="valid_attempt_number"),
        Index("idx_attempts_payment_fk", "payment_id", "payment_created_at"),
        Index("idx_attempts_attempted_at", "attempted_at"),
        {"info": never_delete() | retained(OLD_ATTEMPTS)},
    )
