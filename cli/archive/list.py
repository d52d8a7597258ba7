"""`airside archive list`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..context import Settings, entries, pass_settings, shared_options
from ..output import Record, document, line, table
from .found import is_place, ledger_record, manifest_record, period
from .plan import print_closed

if TYPE_CHECKING:
    from ...partitions.archive.cut_off import Closed

_LEDGER = {
    "id": "id",
    "table": "table",
    "period": "period",
    "rows": "rows",
    "bytes": "bytes",
    "state": "state",
    "location": "location",
}
_PLACE = {
    "database": "database",
    "table": "table",
    "period": "period",
    "rows": "rows",
    "bytes": "bytes",
    "location": "location",
}


@click.command("list")
@click.argument("where", metavar="TARGET|URL")
@shared_options
@pass_settings
def command(settings: Settings, where: str) -> None:
    """Show what was archived, and where it is.

    By the ledger of TARGET, or by the manifests in a folder or URL.

    States: `copied` (interrupted; the next run settles it), `verified` (the partition is still there), `dropped` (the
    archive is all there is), `restored`, `failed` (of no use; superseded or damaged). A name with a slash is a place:
    ./archive, s3://bucket/archive.
    """
    shut: list[tuple[str, tuple[Closed, ...]]] = []
    records = _by_place(where) if is_place(where) else _by_ledger(settings, where, shut)
    if settings.json:
        named = [
            {"target": target, "table": item.table, "partition": item.name} for target, items in shut for item in items
        ]
        document({"archives": records, "closed": named})
        return
    shown = [{**record, "period": period(record)} for record in records]
    if not shown:
        line(f"{where}  nothing is archived")
    elif is_place(where):
        table(_PLACE, shown)
    else:
        several = len({record["target"] for record in shown}) > 1
        table({"target": "database", **_LEDGER} if several else _LEDGER, shown)
    for target, items in shut:
        print_closed(target, items)


def _by_ledger(settings: Settings, target: str, shut: list[tuple[str, tuple[Closed, ...]]]) -> Sequence[Record]:
    """The lines of the ledgers; partitions that are closed to writers are added to `shut`."""
    from ...partitions.archive.cut_off import closed
    from ...partitions.archive.ledger import archives
    from ...partitions.archive.source import session

    server = settings.server()
    records: list[Record] = []
    for entry in entries(target):
        with session(server, entry.load()) as connection:
            records += [ledger_record(entry, found) for found in archives(connection)]
            shut.append((entry.target, closed(connection)))
    return records


def _by_place(url: str) -> Sequence[Record]:
    from ...partitions.archive.verify import manifests, whole_manifest

    found = [(store.shown(name), whole_manifest(store, name)) for store, name in manifests(url)]
    replaced = {name for _, manifest in found for name in manifest.supersedes}
    return [
        {**manifest_record(location, manifest), "superseded": location.rpartition("/")[2] in replaced}
        for location, manifest in found
    ]
