"""What came back from an archive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and where it is now. `again` says that it was there already. `added` are columns of the
    table that the archive does not have; they hold their default, or NULL."""

    table: str
    rows: int
    attached_to: str | None
    again: bool = False
    added: tuple[str, ...] = ()
