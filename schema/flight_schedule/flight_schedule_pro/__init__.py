"""Lessons in the air: who flies when with whom, and what happens when the weather does not allow it."""

from ...core import Database, append_only_guards, sql_files, updated_at

# Importing the modules is what fills Base.metadata.
from . import availability, bookings, messages, rescheduling, users
from .base import Base

__all__ = ["availability", "bookings", "database", "messages", "rescheduling", "users"]

database = Database(
    "flight_schedule_pro",
    metadata=Base.metadata,
    extensions=("btree_gist",),
    sql=(
        *updated_at(
            {
                "users": "update_users_updated_at",
                "bookings": "update_bookings_updated_at",
                "availability_patterns": "update_availability_patterns_updated_at",
            }
        ),
        *append_only_guards({"audit_log": ("trg_audit_log_append_only", "trg_audit_log_no_truncate")}),
        *sql_files(__file__, "routines/*.sql", "triggers.sql"),
    ),
)
