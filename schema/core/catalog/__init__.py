"""What a PostgreSQL database consists of, as PostgreSQL itself says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .model import Catalog, CatalogObject, Json, Key

if TYPE_CHECKING:
    from .reading import inspect

__all__ = ["Catalog", "CatalogObject", "Json", "Key", "inspect"]


def __getattr__(name: str) -> Any:
    # checks that need no server must not wait for psycopg to be imported
    if name != "inspect":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .reading import inspect

    globals()[name] = inspect
    return inspect
