"""Bookings: who flies when, seat by seat, what became of it, and the archive after seven years."""

from ...core import Database, append_only_guards, retention_function, sql_files, unique_registry, updated_at

# Importing the module is what fills Base.metadata.
from . import archive
from .models import ARCHIVING, Base

__all__ = ["archive", "database"]

database = Database(
    "booking_db",
    metadata=Base.metadata,
    sql=(
        *updated_at({"bookings": "trg_bookings_updated_at"}, function="set_updated_at"),
        *unique_registry(
            "bookings",
            "booking_registry",
            function="bookings_register",
            key="booking_id",
            columns={"booking_id": "id", "booking_reference": "booking_reference", "created_at": "created_at"},
            refreshed=("booking_reference", "created_at"),
            agreeing=("booking_reference", "created_at"),
            on_update_of=("booking_reference", "created_at"),
        ),
        *append_only_guards(
            {"booking_history": ("trg_booking_history_append_only", "trg_booking_history_no_truncate")}
        ),
        *retention_function(Base.metadata, "bookings", ARCHIVING),
        *sql_files(__file__, "routines/*.sql"),
    ),
)
