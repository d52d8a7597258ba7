"""The vocabulary of a declaration, and catalogs: read, compared, planned.

>>> from airside.schema.core import Database
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .archival_sql import retention_function
    from .database import NAMING_CONVENTION, Database, Declared, Role, Roles, sql_files
    from .info import append_only, never_delete, personal, renamed_from
    from .partitioning import HashPartitions, ListPartitions, RangePartitions, partitioned
    from .retention import Noted, Retention, archived_as, kept_forever, kept_with, retained
    from .routines import append_only_guards, tenant_policies, unique_registry, updated_at

__all__ = [
    "NAMING_CONVENTION",
    "Database",
    "Declared",
    "HashPartitions",
    "ListPartitions",
    "Noted",
    "RangePartitions",
    "Retention",
    "Role",
    "Roles",
    "append_only",
    "append_only_guards",
    "archived_as",
    "kept_forever",
    "kept_with",
    "never_delete",
    "partitioned",
    "personal",
    "renamed_from",
    "retained",
    "retention_function",
    "sql_files",
    "tenant_policies",
    "unique_registry",
    "updated_at",
]

_MODULES = ("database", "info", "partitioning", "retention", "routines", "archival_sql")


def __getattr__(name: str) -> Any:
    # `errors` or `sql` alone must not cost the import of SQLAlchemy
    if name in __all__:
        for module in _MODULES:
            found = getattr(import_module(f".{module}", __name__), name, None)
            if found is not None:
                globals()[name] = found
                return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
