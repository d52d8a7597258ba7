"""The little data that a developer's new databases begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .jobs import generator, jobs_for
from .work import work_through

if TYPE_CHECKING:
    from ...schema.core.registry import Entry
    from ...server import Server

USERS = 100
"""Of each system: enough to see something everywhere, made in a few seconds."""


def fill_new(server: Server, created: Sequence[Entry]) -> None:
    """Generate a little data for the systems all of whose databases have just been created."""
    from ...seeds.generated.resume import Asked
    from ..context import entries

    new = [entry for entry in created if set(entries(entry.system)) <= set(created) and generator(entry.system)]
    if new:
        jobs = jobs_for(server, new, Asked(scale=USERS))
        work_through(server, jobs, observer=lambda _batch: None, digest=False, target="all")
