"""`airside archive restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..context import Settings, entries, pass_settings, shared_options, target_argument
from ..output import Record, document, line
from .found import counting, recorded
from .restore_database import restore_database
from .restore_tables import restore_tables
from .words import rows_of

if TYPE_CHECKING:
    from ...partitions.archive.ledger import Archive
    from ...partitions.archive.restored import Restored
    from ...partitions.archive.store import Store
    from ...schema.core.registry import Entry
    from ...server import Server

_POSITIVE = click.FloatRange(min=0, min_open=True)


@click.command("restore")
@target_argument
@click.argument("table", required=False)
@click.argument("period", required=False)
@click.option("--from", "place", metavar="URL", help="The folder or the manifest of the archive, not the ledger.")
@click.option("--as", "beside", metavar="NAME", help="Make a table of its own of it, with the columns it had.")
@click.option("--dry-run", is_flag=True, help="Show what would be restored; change nothing.")
@click.option("--lock-wait", type=_POSITIVE, metavar="SECONDS", help="How long to go on trying for locks (600).")
@shared_options
@pass_settings
def command(
    settings: Settings,
    target: str,
    table: str | None,
    period: str | None,
    place: str | None,
    beside: str | None,
    dry_run: bool,
    lock_wait: float | None,
) -> None:
    """Bring back what was archived.

    Files as a partition of their table or beside it (--as), rows from archive tables.

    PERIOD is the name of the partition, the beginning of its lower bound (2024, 2024-03), or the number that `archive
    list` shows (#3). Rows are loaded, compared with the archive in count, statistics and digest, and attached without
    a scan. Nothing is doubled: where the table has a partition for the period it is refused. A restored partition is
    left alone by later runs for 30 days.
    """
    from ...schema.core.errors import UsageError

    chosen = entries(target)
    if len(chosen) != 1:
        raise UsageError(f"{target} is {len(chosen)} databases", next_step="name one database")
    server = settings.server()
    if place:
        store, name, sha256 = _by_place(place, table, period)
    else:
        archive = _by_ledger(server, chosen[0], table, period)
        if archive.target == "tables":
            restore_tables(settings, server, chosen[0], archive, beside=beside, dry_run=dry_run, lock_wait=lock_wait)
            return
        if archive.target == "database":
            restore_database(settings, server, chosen[0], archive, beside=beside, dry_run=dry_run, lock_wait=lock_wait)
            return
        store, name, sha256 = _located(archive)
    if dry_run:
        _plan(settings, server, chosen[0], store, name, sha256, beside)
        return
    done = _restore(settings, server, chosen[0], store, name, sha256, beside, lock_wait)
    if settings.json:
        document({"target": chosen[0].target, "location": store.shown(name), **_record(done)})
    else:
        line(f"{chosen[0].target}  {_said(done)}")


def _by_ledger(server: Server, entry: Entry, table: str | None, period: str | None) -> Archive:
    from ...partitions.archive.choose import Choice, choose
    from ...schema.core.errors import UsageError

    if table is None:
        raise UsageError("it is not said which archive", next_step="name the table and the period, or give --from URL")
    lines = {found.id: found for found in recorded(server, entry) if found.state in ("verified", "dropped", "restored")}
    picked = choose(
        [Choice(number, item.name, item.leaf, item.lower_bound, item.location) for number, item in lines.items()],
        table,
        period,
    )
    assert picked.number is not None
    return lines[picked.number]


def _located(archive: Archive) -> tuple[Store, str, str | None]:
    from ...partitions.archive.verify import located

    return (*located(archive.location), archive.manifest_sha256)


def _by_place(url: str, table: str | None, period: str | None) -> tuple[Store, str, str | None]:
    from datetime import datetime

    from ...partitions.archive.choose import Choice, choose
    from ...partitions.archive.verify import manifests, whole_manifest

    places = {store.shown(name): (store, name, whole_manifest(store, name)) for store, name in manifests(url)}
    picked = choose(
        [
            Choice(
                None,
                manifest.table if manifest.schema == "public" else manifest.qualified,
                manifest.leaf,
                datetime.fromisoformat(manifest.lower) if manifest.lower else None,
                location,
            )
            for location, (_, _, manifest) in places.items()
        ],
        table,
        period,
    )
    store, name, _ = places[picked.location]
    return store, name, None


def _plan(
    settings: Settings,
    server: Server,
    entry: Entry,
    store: Store,
    name: str,
    sha256: str | None,
    beside: str | None,
) -> None:
    from ...partitions.archive.restore import changed_since
    from ...partitions.archive.verify import refuse_other_bytes, whole_manifest

    manifest = whole_manifest(store, name, sha256)
    refuse_other_bytes(store, manifest)
    changes = () if beside else changed_since(server, entry.load(), manifest)
    if settings.json:
        would = {"rows": manifest.rows, "table": beside or manifest.qualified, "refused": list(changes)}
        document({"target": entry.target, "location": store.shown(name), "would_restore": would})
        return
    where = beside or f"{manifest.leaf} of {manifest.qualified}"
    line(f"{entry.target}  would restore {rows_of(manifest.rows)} as {where}")
    for change in changes:
        line(f"  would be refused: {change}")


def _restore(
    settings: Settings,
    server: Server,
    entry: Entry,
    store: Store,
    name: str,
    sha256: str | None,
    beside: str | None,
    lock_wait: float | None,
) -> Restored:
    from ...partitions.archive.restore import restore
    from ...schema.core.locks import LockBudget
    from ...schema.core.patience import Patience

    patience = Patience(LockBudget(timeout=0.05, deadline=lock_wait or LockBudget().deadline))
    with counting(settings, f"restoring {name}", None) as tell:
        return restore(
            server,
            entry.load(),
            store,
            name,
            patience=patience,
            sha256=sha256,
            as_table=_split(beside) if beside else None,
            observer=tell,
        )


def _split(name: str) -> tuple[str, str]:
    schema, dot, table = name.partition(".")
    return (schema, table) if dot else ("public", schema)


def _record(done: Restored) -> Record:
    return {
        "table": done.table,
        "rows": done.rows,
        "attached_to": done.attached_to,
        "already": done.again,
        "added_columns": list(done.added),
    }


def _said(done: Restored) -> str:
    if done.again:
        return f"{done.table} is there already, {rows_of(done.rows)}"
    where = f", attached to {done.attached_to}" if done.attached_to else ""
    added = f"; {', '.join(done.added)} did not exist then" if done.added else ""
    return f"{rows_of(done.rows)} restored as {done.table}{where}{added}"
