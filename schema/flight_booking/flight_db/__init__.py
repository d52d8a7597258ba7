"""The timetable: airports, routes, flights of the master schedule, and the days on which they fly."""

from ...core import Database, sql_files, updated_at
from .models import Base

database = Database(
    "flight_db",
    metadata=Base.metadata,
    sql=(
        *updated_at({"flight_instances": "trg_flight_instances_updated_at"}, function="set_updated_at"),
        *sql_files(__file__, "routines/*.sql", "triggers.sql"),
    ),
)
