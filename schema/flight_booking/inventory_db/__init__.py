"""Seats: what there is to sell on a flight, at what price, and which seats are taken."""

from ...core import Database, sql_files, updated_at
from .models import Base

database = Database(
    "inventory_db",
    metadata=Base.metadata,
    sql=(
        *updated_at({"inventory": "trg_inventory_last_updated"}, function="set_last_updated", column="last_updated"),
        *sql_files(__file__, "routines/*.sql"),
    ),
)
