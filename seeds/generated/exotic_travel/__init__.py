"""Trips: one party at a destination at a time, priced by season, reviewed afterwards."""

from ..declaration import Driver, GeneratedSystem, Undigested

_RUN_TIME = "the trigger that writes the row takes them from its sequence and the clock"

system = GeneratedSystem(
    __file__,
    drivers=(Driver("user", "users"), Driver("destination", "destinations"), Driver("booking", "bookings")),
    undigested=(
        Undigested("exotic_travel_prod.audit_logs(id, created_at)", _RUN_TIME),
        Undigested("exotic_travel_prod.destinations(updated_at)", "the trigger that rates a destination sets now()"),
    ),
)
