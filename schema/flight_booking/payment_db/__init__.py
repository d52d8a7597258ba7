"""Money: how people pay, what they paid, and what they got back."""

from ...core import Database, sql_files, updated_at
from .models import Base

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
        *sql_files(__file__, "routines/*.sql", "triggers.sql"),
    ),
)
