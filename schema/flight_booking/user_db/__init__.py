"""Accounts: who people are, what they may do, and where they are signed in."""

from ...core import Database, sql_files, unique_registry, updated_at
from .models import Base

database = Database(
    "user_db",
    metadata=Base.metadata,
    sql=(
        *updated_at({"users": "trg_users_updated_at"}, function="set_updated_at"),
        *unique_registry(
            "users",
            "user_email_registry",
            function="users_register_email",
            key="user_id",
            columns={"email": "email", "user_id": "id"},
            refreshed=("email",),
            on_update_of=("email",),
            timing="AFTER",
        ),
        *sql_files(__file__, "routines/*.sql"),
    ),
)
