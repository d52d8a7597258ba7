"""`airside --version`."""

from __future__ import annotations

from importlib.metadata import version


def version_line() -> str:
    """`airside 0.1.0 (PostgreSQL 17.10 embedded)`."""
    from ..schema.core.errors import AirsideError
    from ..server import find

    try:
        found = find()
    except AirsideError:
        carried = "no PostgreSQL of its own"
    else:
        embedded = found.source.endswith("_postgres")
        carried = f"PostgreSQL {found.version} {'embedded' if embedded else f'from {found.source}'}"
    return f"airside {version('airside')} ({carried})"
