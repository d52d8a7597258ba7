"""`airside up`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from .contents import contents
from .context import Settings, entries, pass_settings, shared_options
from .output import Record, collected, line, progress, table
from .parallel import each
from .provision import Done, provision_entry
from .seeding.small import fill_new

if TYPE_CHECKING:
    from ..schema.core.registry import Entry
    from ..server import Server

_COLUMNS = {
    "system": "system",
    "database": "database",
    "tables": "tables",
    "partitions": "partitions",
    "rows": "rows",
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

    Repeating it changes nothing. The databases are marked as development, and new ones get a little generated data.
    With --url or AIRSIDE_URL that server is provisioned instead, and nothing is marked or generated.
    """
    chosen = entries("all")
    with progress(settings, "starting PostgreSQL"):
        server = settings.started_server()
    with collected(settings, server=server.where) as records:
        created: list[str] = []
        for done, state in each(partial(_bring_up, embedded=settings.uses_embedded()), server, chosen):
            if done.changed and not settings.json:
                done.print()
            records.append({**state, "changed": done.changed})
            created += [state["database"]] if done.result.created else []
        if settings.uses_embedded():
            with progress(settings, "generating a little data"):
                fill_new(server, [entry for entry in chosen if entry.name in created])
        for record in records:
            record |= contents(server, record["database"])
        order = [entry.target for entry in chosen]
        records.sort(key=lambda record: order.index(record["target"]))
    if not settings.json:
        _print(settings, server, records)


def _print(settings: Settings, server: Server, records: list[Record]) -> None:
    line("")
    table(_COLUMNS, [record | _readable(record) for record in records])
    line("")
    for record in records:
        if record["drift"]:
            line(f"{record['target']} has drifted: airside drift {record['database']}")
    where = f" --data-dir {settings.data_dir}" if settings.data_dir else ""
    line(f"PostgreSQL {server.major} at {server.where}. Connect: airside psql{where} {records[-1]['database']}")
    if settings.uses_embedded():
        line(f"Stop the server: airside down{where}")


def _bring_up(server: Server, entry: Entry, *, embedded: bool) -> tuple[Done, Record]:
    done = provision_entry(server, entry, embedded=embedded)
    return done, _state(server, entry)


def _state(server: Server, entry: Entry) -> Record:
    from ..migrations.drift import drift

    found = drift(server, entry, entry.load())
    return {
        "system": entry.system,
        "target": entry.target,
        "database": entry.name,
        "revision": found.revision,
        "at_head": found.revision == found.head,
        "drift": len(found.changes),
    }


def _readable(record: Record) -> Record:
    rows = record["rows"] if record["counted"] else f"~{record['rows']}"
    return {"drift": record["drift"] or "none", "rows": rows, "size": _size(record["bytes"])}


def _size(size: int) -> str:
    number = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.0f} TB"
