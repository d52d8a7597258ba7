"""What a PostgreSQL database consists of, as PostgreSQL itself says it."""

from .inspect import inspect
from .model import Catalog, CatalogObject, Json, Key

__all__ = ["Catalog", "CatalogObject", "Json", "Key", "inspect"]
