"""How far a partition is on its way into a file, shown and slowed down."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..context import Settings
from .found import counting

if TYPE_CHECKING:
    import psycopg

    from ...partitions.archive.export import Progress
    from ...partitions.archive.throttle import Throttle


@contextmanager
def paced(
    settings: Settings, throttle: Throttle, connection: psycopg.Connection[Any], leaf: str, total: int | None
) -> Generator[Callable[[Progress], None]]:
    """An observer of an export that shows its rows and keeps to the limits of `throttle` while they are copied."""
    throttle.begin(connection)
    with counting(settings, f"archiving {leaf}", total) as tell:
        copied = 0

        def observe(progress: Progress) -> None:
            nonlocal copied
            tell(progress.rows)
            if progress.phase == "copying":
                # a copy begins again where a column turns out to hold awkward values
                fresh, copied = max(progress.rows - copied, 0), progress.rows
                throttle.after(connection, fresh)

        yield observe
