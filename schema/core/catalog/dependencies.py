"""Which object of a catalog needs which, from PostgreSQL's own record of it. Pure."""

from __future__ import annotations

Address = tuple[int, int, int]


def dependencies_of(objects, known, edges, aliases):
    return {}
