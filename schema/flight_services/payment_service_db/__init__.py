"""Money: charges, refunds and tries. Nothing here is ever deleted."""

from ...core import Database, retention_function, sql_files, unique_registry, updated_at
from .models import OLD_ATTEMPTS, OLD_PAYMENTS, OLD_REFUNDS, Base

database = Database(
    "payment_service_db",
    metadata=Base.metadata,
    sql=(
        *updated_at({"payments": "update_payments_updated_at"}),
        *unique_registry(
            "payments",
            "payment_registry",
            function="payments_register",
            key="payment_id",
            columns={
                "payment_id": "id",
                "payment_reference": "payment_reference",
                "idempotency_key": "idempotency_key",
                "created_at": "created_at",
            },
            refreshed=("payment_reference", "idempotency_key"),
            on_update_of=("payment_reference", "idempotency_key"),
            agreeing=("payment_reference", "idempotency_key", "created_at"),
        ),
        *retention_function(Base.metadata, "payments", OLD_PAYMENTS),
        *retention_function(Base.metadata, "refunds", OLD_REFUNDS),
        *retention_function(Base.metadata, "payment_attempts", OLD_ATTEMPTS),
        *sql_files(__file__, "routines/*.sql", "triggers.sql"),
    ),
)
