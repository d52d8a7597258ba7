"""Data is made for the newest revision of a database and no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...schema.core.registry import Entry
    from ...server import Server


def refuse_other_revisions(server: Server, chosen: Sequence[Entry]) -> None:
    """Make sure that every database is at head: before it, tables, constraints and triggers are missing that the rows
    should have met. Raises NotProvisioned.
    """
    from ...migrations.runner import current
    from ...schema.core.errors import NotProvisioned

    for entry in chosen:
        position = current(server, entry)
        if not position.at_head:
            raise NotProvisioned(
                f"the database is at revision {position.revision or 'none'}, not at head ({position.head or 'none'})",
                where=entry.target,
                next_step=f"airside upgrade {entry.name}",
            )
