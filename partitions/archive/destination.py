"""Whether archives can go where somebody says, asked before anything is done."""

from __future__ import annotations

from ...server import resolve


def is_database(url: str) -> bool:
    """Whether archives go to a second database, and not to files."""
    return url.startswith(("postgresql://", "postgres://"))


def require_destination(url: str) -> None:
    """Reach a folder, a URL or a second database.

    Raises UsageError for what is no such place (an unknown scheme, a folder whose parent is missing), and
    EnvironmentProblem where it cannot be reached or written.
    """
    if is_database(url):
        server = resolve(url)
        with server.connect(server.maintenance, application_name="airside archive"):
            return
    # whoever archives to tables needs no fsspec
    from .store import open_store

    open_store(url).require_usable()
