"""`airside up`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .context import Settings, entries, pass_settings, shared_options
from .output import Record, collected, line, progress, table
from .provision import describe, provision_entry

if TYPE_CHECKING:
    from ..schema.core.registry import Entry
    from ..server import Server

_QUERIES = Path(__file__).parent / "queries"
_COLUMNS = {
    "system": "system",
    "database": "database",
    "tables": "tables",
    "revision": "revision",
    "at_head": "at head",
    "drift": "drift",
    "size": "size",
}


@click.command("up")
@shared_options
@pass_settings
def command(settings: Settings) -> None:
    """Start the embedded server and bring every database to head.

    Repeating it changes nothing. With --url or AIRSIDE_URL that server is provisioned instead.
    """
    chosen = entries("all")
    with progress(settings, "starting PostgreSQL"):
        server = settings.started_server()
    with collected(settings, server=server.where) as records:
        for entry in chosen:
            changed = _provision(settings, server, entry)
            records.append({**_state(settings, server, entry), "changed": changed})
    if not settings.json:
        _print(settings, server, records)


def _print(settings: Settings, server: Server, records: list[Record]) -> None:
    line("")
    rows = [record | {"drift": record["drift"] or "none", "size": _readable(record["bytes"])} for record in records]
    table(_COLUMNS, rows)
    line("")
    for record in records:
        if record["drift"]:
            line(f"{record['target']} has drifted: airside drift {record['database']}")
    where = f" --data-dir {settings.data_dir}" if settings.data_dir else ""
    line(f"PostgreSQL {server.major} at {server.where}. Connect: airside psql{where} {records[-1]['database']}")
    if settings.uses_embedded():
        line(f"Stop the server: airside down{where}")


def _provision(settings: Settings, server: Server, entry: Entry) -> bool:
    result, partitions = provision_entry(settings, server, entry)
    changed = result.changed or bool(partitions)
    if changed and not settings.json:
        line(describe(result, partitions, dry_run=False))
    return changed


def _state(settings: Settings, server: Server, entry: Entry) -> Record:
    from ..migrations.drift import drift
    from ..schema.core.sql import query

    with progress(settings, f"{entry.target}: comparing with its migrations"):
        found = drift(server, entry, entry.load())
    with server.connect(entry.name, autocommit=True) as connection:
        row = connection.execute(query(_QUERIES, "size")).fetchone()
    tables, size = row if row else (0, 0)
    return {
        "system": entry.system,
        "target": entry.target,
        "database": entry.name,
        "tables": tables,
        "revision": found.revision,
        "at_head": found.revision == found.head,
        "drift": len(found.changes),
        "bytes": size,
    }


def _readable(size: int) -> str:
    number = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.0f} TB"
