"""Money: how people pay, what they paid, and what they got back."""

from ...core import Database, retention_function, sql_files, updated_at
from .models import OLD_METHODS, OLD_REFUNDS, OLD_TRANSACTIONS, Base

database = Database(
    "payment_db",
    metadata=Base.metadata,
    extensions=("pgcrypto",),
    sql=(
        *updated_at(
            {
                "payment_methods": "trg_payment_methods_updated_at",
                "transactions": "trg_transactions_updated_at",
            },
            function="set_updated_at",
        ),
        *retention_function(Base.metadata, "transactions", OLD_TRANSACTIONS),
        *retention_function(Base.metadata, "refunds", OLD_REFUNDS),
        *retention_function(Base.metadata, "payment_methods", OLD_METHODS),
        *sql_files(__file__, "routines/*.sql", "triggers.sql"),
    ),
)
