"""`airside archive restore` of what went to a second database."""

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


def restore_database(
    settings: Settings,
    server: Server,
    entry: Entry,
    archive: Archive,
    *,
    beside: str | None,
    dry_run: bool,
    lock_wait: float | None,
) -> None:
    """Bring a partition back from a second database. Raises UsageError for --as, and what `bring_back` raises."""
    from ...partitions.archive.second import bring_back
    from ...schema.core.errors import UsageError
    from ...schema.core.locks import LockBudget
    from ...schema.core.patience import Patience

    if beside is not None:
        raise UsageError(
            f"{archive.leaf} is a table of the second database already", next_step=f"read it there: {archive.location}"
        )
    if dry_run:
        if settings.json:
            document({"target": entry.target, "location": archive.location, "would_restore": archive.row_count})
        else:
            line(f"{entry.target}  would bring {rows_of(archive.row_count)} back from {archive.location}")
        return
    patience = Patience(LockBudget(timeout=0.05, deadline=lock_wait or LockBudget().deadline))
    with counting(settings, f"restoring {archive.leaf}", None, "bytes") as tell:
        done = bring_back(server, entry.load(), archive, patience=patience, observer=tell)
    if settings.json:
        said = {"table": done.table, "rows": done.rows, "attached_to": archive.name, "already": done.again}
        document({"target": entry.target, "location": archive.location, **said})
    elif done.again:
        line(f"{entry.target}  {done.table} is there already, {rows_of(done.rows)}")
    else:
        line(f"{entry.target}  {rows_of(done.rows)} restored as {done.table}, attached to {archive.name}")
