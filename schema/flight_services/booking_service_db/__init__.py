"""Trips: bookings by month of departure, who and what is on them, and what happened to them."""

from ...core import Database, append_only_guards, retention_function, sql_files, unique_registry, updated_at

# Importing the modules is what fills Base.metadata.
from . import ancillaries, audit, bookings, flights, passengers
from .base import Base
from .bookings import ARCHIVING

__all__ = ["ancillaries", "audit", "bookings", "database", "flights", "passengers"]

database = Database(
    "booking_service_db",
    metadata=Base.metadata,
    sql=(
        *updated_at(
            {
                "bookings": "update_bookings_updated_at",
                "booking_passengers": "update_passengers_updated_at",
                "booking_flights": "update_flights_updated_at",
                "booking_ancillaries": "update_ancillaries_updated_at",
            }
        ),
        *unique_registry(
            "bookings",
            "booking_registry",
            function="bookings_register",
            key="booking_id",
            columns={
                "booking_id": "id",
                "booking_reference": "booking_reference",
                "departure_datetime": "departure_datetime",
                "created_at": "created_at",
            },
            refreshed=("booking_reference", "departure_datetime"),
            on_update_of=("booking_reference", "departure_datetime"),
            agreeing=("booking_reference", "departure_datetime"),
        ),
        *append_only_guards(
            {"booking_audit_log": ("trg_booking_audit_log_append_only", "trg_booking_audit_log_no_truncate")}
        ),
        *retention_function(Base.metadata, "bookings", ARCHIVING),
        *sql_files(__file__, "routines/*.sql", "triggers.sql"),
    ),
)
