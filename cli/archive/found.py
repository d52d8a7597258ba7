"""What `archive list`, `verify` and `restore` share: archives by the ledger or by a URL, and a bar for their rows."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from ..context import Settings
from ..output import Record
from .stopping import bar

if TYPE_CHECKING:
    from ...partitions.archive.ledger import Archive
    from ...partitions.archive.manifest import Manifest
    from ...schema.core.registry import Entry
    from ...server import Server


def is_place(text: str) -> bool:
    """Whether somebody means a folder or URL, and not a target."""
    return "/" in text or text.startswith(".") or "\\" in text


def recorded(server: Server, entry: Entry) -> tuple[Archive, ...]:
    """The ledger of one database."""
    from ...partitions.archive.ledger import archives
    from ...partitions.archive.source import session

    with session(server, entry.load()) as connection:
        return archives(connection)


def ledger_record(entry: Entry, line: Archive) -> Record:
    """A line of the ledger for a table or --json."""
    return {
        "target": entry.target,
        "id": line.id,
        "table": line.name,
        "partition": line.leaf,
        "from": line.lower_bound,
        "to": line.upper_bound,
        "rows": line.row_count,
        "bytes": line.size_bytes,
        "state": line.state,
        "kind": line.target,
        "location": line.location,
        "grace_until": line.grace_until,
        "archived_at": line.archived_at,
        "archived_by": line.archived_by,
        "digest": line.digest,
        "manifest_sha256": line.manifest_sha256,
    }


def manifest_record(location: str, manifest: Manifest) -> Record:
    """A manifest for a table or --json."""
    return {
        "database": manifest.database,
        "table": manifest.table if manifest.schema == "public" else manifest.qualified,
        "partition": manifest.leaf,
        "from": _moment(manifest.lower),
        "to": _moment(manifest.upper),
        "rows": manifest.rows,
        "bytes": manifest.size,
        "location": location,
        "created_at": manifest.created_at,
        "server": manifest.system_identifier,
        "server_version": manifest.server_version,
        "sha256": manifest.sha256,
    }


def period(record: Record) -> str:
    """`2024-01-01 to 2024-02-01`, without the time of day where it is midnight."""
    return " to ".join(_day(record[side]) for side in ("from", "to"))


def _day(moment: datetime | None) -> str:
    if moment is None:
        return "..."
    return f"{moment:%Y-%m-%d}" if (moment.hour, moment.minute) == (0, 0) else f"{moment:%Y-%m-%d %H:%M}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@contextmanager
def counting(settings: Settings, text: str, total: int | None, unit: str = "rows") -> Generator[Callable[[int], None]]:
    """A function that is told how many are done so far, and shows it; it may begin again from zero."""
    with bar(settings, text, total, unit) as advance:
        done = 0

        def tell(rows: int) -> None:
            nonlocal done
            advance(rows - done)
            done = rows

        yield tell
