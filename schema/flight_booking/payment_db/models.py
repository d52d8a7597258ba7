"""The tables of the payment service. Line numbers are those of the database document."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, MetaData, Numeric, String, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ...core import NAMING_CONVENTION, Retention, never_delete, personal, retained

Key = Annotated[uuid.UUID, mapped_column(primary_key=True, server_default=func.gen_random_uuid())]
Moment = Annotated[datetime, mapped_column(server_default=func.now())]


# What was paid stays for the accounts; who paid goes.
OLD_TRANSACTIONS = Retention("created_at", "7 years", then="anonymise", function="anonymize_old_transactions")
OLD_REFUNDS = Retention("created_at", "7 years", then="anonymise", function="anonymize_old_refunds")
OLD_METHODS = Retention(
    "updated_at",
    "7 years",
    then="anonymise",
    where="NOT EXISTS (SELECT FROM transactions AS used WHERE used.payment_method_id = payment_methods.id"
    " AND used.created_at >= now() - interval '7 years')",
    function="anonymize_old_payment_methods",
)


class Base(DeclarativeBase):
    """Everything in `payment_db`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {str: Text, datetime: TIMESTAMP(timezone=True), dict[str, Any]: JSONB}


class PaymentMethod(Base):
    """A card or an account of a user; of a card no more than its last four digits and the gateway's token (line 331).

    The token is written with encrypt_payment_token(token, key) and read with pgp_sym_decrypt(..., key).
    """

    __tablename__ = "payment_methods"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID]
    type: Mapped[str] = mapped_column(String(20))
    card_last_four: Mapped[str | None] = mapped_column(String(4), info=personal("payment"))
    card_brand: Mapped[str | None] = mapped_column(String(20), info=personal("payment"))
    card_expiry_month: Mapped[int | None] = mapped_column(info=personal("payment"))
    card_expiry_year: Mapped[int | None] = mapped_column(info=personal("payment"))
    billing_address: Mapped[dict[str, Any] | None] = mapped_column(info=personal("contact"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    is_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    payment_token_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal("payment"))

    __table_args__ = (
        CheckConstraint(
            "type IN ('credit_card', 'debit_card', 'paypal', 'bank_transfer')", name="ck_payment_methods_type"
        ),
        CheckConstraint("card_brand IN ('visa', 'mastercard', 'amex')", name="ck_payment_methods_brand"),
        CheckConstraint("card_last_four ~ '^[0-9]{4}$'", name="ck_payment_methods_last_four"),
        CheckConstraint(
            "card_expiry_month BETWEEN 1 AND 12 AND card_expiry_year BETWEEN 2000 AND 2100",
            name="ck_payment_methods_expiry",
        ),
        Index("idx_payment_methods_user", "user_id"),
        Index("uq_payment_methods_default", "user_id", unique=True, postgresql_where=text("is_default")),
        {"info": retained(OLD_METHODS)},
    )


class Transaction(Base):
    """Money that moved, or should have (line 348)."""

    __tablename__ = "transactions"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    user_id: Mapped[uuid.UUID]
    payment_method_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("payment_methods.id", name="fk_transactions_payment_method", ondelete="RESTRICT")
    )
    transaction_type: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(Numeric(10, 6))
    original_amount: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    original_currency: Mapped[str | None] = mapped_column(String(3))
    gateway: Mapped[str] = mapped_column(String(50))
    gateway_transaction_id: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(20), server_default="pending")
    failure_reason: Mapped[str | None] = mapped_column(info=personal("payment"))
    processing_fee: Mapped[Decimal] = mapped_column(Numeric(10, 2), server_default=text("0"))
    # `metadata` is the name of the column; on a mapped class SQLAlchemy has it taken.
    details: Mapped[dict[str, Any] | None] = mapped_column("metadata", info=personal("behaviour"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    completed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("transaction_type IN ('payment', 'refund', 'cancellation_fee')", name="ck_transactions_type"),
        CheckConstraint("gateway IN ('stripe', 'paypal', 'square')", name="ck_transactions_gateway"),
        CheckConstraint(
            "status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')", name="ck_transactions_status"
        ),
        CheckConstraint("amount > 0", name="ck_transactions_amount"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_transactions_currency"),
        Index("idx_transactions_booking", "booking_id"),
        Index("idx_transactions_user", "user_id"),
        Index("idx_transactions_status", "status"),
        Index("idx_transactions_payment_method", "payment_method_id"),
        Index(
            "uq_transactions_gateway_txn",
            "gateway",
            "gateway_transaction_id",
            unique=True,
            postgresql_where=text("gateway_transaction_id IS NOT NULL"),
        ),
        # The books: a payment is cancelled or refunded, not removed.
        {"info": never_delete() | retained(OLD_TRANSACTIONS)},
    )


class Refund(Base):
    """Money given back of one transaction, in its currency and never more than it was (line 371)."""

    __tablename__ = "refunds"

    id: Mapped[Key]
    original_transaction_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("transactions.id", name="fk_refunds_transaction", ondelete="RESTRICT")
    )
    refund_amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3))
    refund_reason: Mapped[str] = mapped_column(String(50))
    refund_type: Mapped[str] = mapped_column(String(20), server_default="automatic")
    gateway_refund_id: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(20), server_default="pending")
    processed_by: Mapped[uuid.UUID | None]
    notes: Mapped[str | None] = mapped_column(info=personal("content"))
    created_at: Mapped[Moment]
    completed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("refund_reason IN ('cancellation', 'change_fee', 'service_failure')", name="ck_refunds_reason"),
        CheckConstraint("refund_type IN ('automatic', 'manual', 'partial')", name="ck_refunds_type"),
        CheckConstraint("status IN ('pending', 'processing', 'completed', 'failed')", name="ck_refunds_status"),
        CheckConstraint("refund_amount > 0", name="ck_refunds_amount"),
        CheckConstraint("refund_type <> 'manual' OR processed_by IS NOT NULL", name="ck_refunds_manual"),
        Index("idx_refunds_transaction", "original_transaction_id"),
        {"info": never_delete() | retained(OLD_REFUNDS)},
    )
