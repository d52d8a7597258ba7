"""Reference data that every environment has: airports, airlines, aircraft and their seats, routes.

>>> from airside.seeds.reference import load
>>> load(server, database).changed  # doctest: +SKIP
"""

from .document_sets import Kind, documents
from .loading import Loaded, load, load_on, would_load
from .merge import Merged

__all__ = ["Kind", "Loaded", "Merged", "documents", "load", "load_on", "would_load"]
