"""What travellers say, and who found it helpful."""

from ...core import Database, sql_files, updated_at
from .models import Base

database = Database(
    "review_service_db",
    metadata=Base.metadata,
    sql=(
        *updated_at({"reviews": "update_reviews_updated_at"}),
        *sql_files(__file__, "routines/*.sql", "triggers.sql"),
    ),
)
