"""`airside archive restore` of what went to archive tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..context import Settings
from ..output import document, line
from .found import counting
from .words import rows_of

if TYPE_CHECKING:
    from ...partitions.archive.ledger import Archive
    from ...schema.core.registry import Entry
    from ...server import Server


def restore_tables(
    settings: Settings,
    server: Server,
    entry: Entry,
    archive: Archive,
    *,
    beside: str | None,
    dry_run: bool,
    lock_wait: float | None,
) -> None:
    """Bring back what one run moved to archive tables. Raises UsageError for --as, and what the restore raises."""
    from ...partitions.archive.back import restore_from_tables
    from ...schema.core.errors import UsageError
    from ...schema.core.locks import LockBudget
    from ...schema.core.patience import Patience

    if beside is not None:
        raise UsageError(
            f"{archive.name} is in the table {archive.location}, not in a file",
            next_step=f"SELECT from {archive.location}",
        )
    if dry_run:
        if settings.json:
            document({"target": entry.target, "location": archive.location, "would_restore": archive.row_count})
        else:
            line(f"{entry.target}  would bring {rows_of(archive.row_count)} back from {archive.location}")
        return
    patience = Patience(LockBudget(timeout=0.05, deadline=lock_wait or LockBudget().deadline))
    with counting(settings, f"restoring {archive.name}", archive.row_count) as tell:
        done = restore_from_tables(server, entry.load(), archive, patience=patience, observer=tell)
    if settings.json:
        document(
            {
                "target": entry.target,
                "location": archive.location,
                "table": done.table,
                "rows": done.rows,
                "attached_to": done.attached_to,
            }
        )
    else:
        where = f", attached to {done.attached_to}" if done.attached_to else ""
        line(f"{entry.target}  {rows_of(done.rows)} of {done.table} brought back from {archive.location}{where}")
