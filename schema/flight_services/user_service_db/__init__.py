"""Who uses the platform: accounts, sessions, travellers, means of payment."""

from ...core import Database, sql_files, updated_at
from .models import Base

database = Database(
    "user_service_db",
    metadata=Base.metadata,
    sql=(
        *updated_at(
            {
                "users": "update_users_updated_at",
                "user_travelers": "update_user_travelers_updated_at",
                "user_payment_methods": "update_payment_methods_updated_at",
            }
        ),
        *sql_files(__file__, "routines/*.sql", "triggers.sql"),
    ),
)
