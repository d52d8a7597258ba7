"""Figures per day; the events they come from are not kept in PostgreSQL."""

from ...core import Database
from .models import Base

database = Database("analytics_service_db", metadata=Base.metadata)
