"""Trips to destinations: who books which dates, what they say of it, and who changed what."""

from ...core import Database, append_only_guards, sql_files, updated_at
from .models import Base

database = Database(
    "exotic_travel_prod",
    metadata=Base.metadata,
    extensions=("btree_gist",),
    sql=(
        *updated_at(
            {
                "users": "trigger_users_updated_at",
                "destinations": "trigger_destinations_updated_at",
                "bookings": "trigger_bookings_updated_at",
                "reviews": "trigger_reviews_updated_at",
            }
        ),
        *append_only_guards({"audit_logs": ("trigger_audit_logs_append_only", "trigger_audit_logs_no_truncate")}),
        *sql_files(__file__, "routines/*.sql", "triggers.sql", "policies.sql"),
    ),
)
