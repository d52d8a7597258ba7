"""What people searched for, as far as it is not in the cache."""

from ...core import Database, sql_files
from .models import Base

database = Database("search_service_db", metadata=Base.metadata, sql=sql_files(__file__, "routines/*.sql"))
