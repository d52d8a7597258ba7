"""Chats, searches and bookings of many tenants, each of whom sees nothing of the others."""

from ...core import Database, Role, sql_files, tenant_policies, updated_at
from ..tenancy import TENANT_SETTING

# Importing the modules is what fills Base.metadata.
from . import analytics, bookings, caches, chat, people
from .base import Base

__all__ = ["analytics", "bookings", "caches", "chat", "database", "people"]

BACKUP = Role("global_travel_hub_backup", bypassrls=True, member_of=("pg_read_all_data",))
"""Reads everything of everybody: pg_dump refuses to write less than all rows of a table."""

REFRESH = Role("global_travel_hub_refresh", bypassrls=True, for_owner=True)
"""Owns the materialized view: REFRESH runs as the owner of the view, and must see the bookings of all tenants."""

database = Database(
    "global_travel_hub",
    metadata=Base.metadata,
    extra_roles=(BACKUP, REFRESH),
    # LangGraph's PostgresSaver.setup() creates and migrates them.
    external=("checkpoint_migrations", "checkpoints", "checkpoint_blobs", "checkpoint_writes"),
    sql=(
        *updated_at(
            {
                table: f"trg_{table}_updated_at"
                for table in (
                    "tenants",
                    "users",
                    "oauth_accounts",
                    "chat_sessions",
                    "flight_search_cache",
                    "hotel_search_cache",
                    "bookings",
                    "booking_items",
                    "flight_bookings",
                    "hotel_bookings",
                )
            }
        ),
        *tenant_policies(
            dict.fromkeys(
                (
                    "users",
                    "oauth_accounts",
                    "chat_sessions",
                    "chat_messages",
                    "bookings",
                    "booking_items",
                    "flight_bookings",
                    "hotel_bookings",
                    "analytics_events",
                ),
                "tenant_isolation",
            ),
            setting=TENANT_SETTING,
        ),
        *sql_files(__file__, "routines/*.sql", "triggers.sql", "views.sql", "rights.sql"),
    ),
)
