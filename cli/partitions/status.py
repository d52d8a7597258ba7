"""`airside partitions status`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from ..context import Settings, entries, pass_settings, shared_options, target_argument
from ..output import Record, document, line, table
from ..worst import Worst
from . import ladder

if TYPE_CHECKING:
    from ...partitions.judge import LeafStatus, TableStatus
    from ...partitions.runway import Runway
    from ...partitions.status import DatabaseStatus
    from ...schema.core.registry import Entry
    from ...server import Server

_COLUMNS = {"partition": "partition", "from": "from", "to": "to", "rows": "rows", "size": "size", "state": "state"}
_SHORT = 1


@click.command("status")
@target_argument
@click.option("--exact", is_flag=True, help="Count the rows of every partition; else those of large ones are ~guessed.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "prometheus"]),
    default="text",
    help="How to print it; prometheus is for node_exporter's textfile collector.",
)
@shared_options
@pass_settings
def command(settings: Settings, target: str, exact: bool, form: str) -> int:
    """Show partitions, how long inserts are safe, and what is wrong.

    The runway ends at the first gap from now on. Exits with 1 when one is shorter than its policy asks for, also when
    another database could not be read. Changes nothing, and waits for no lock.
    """
    settings.json = settings.json or form == "json"
    now = datetime.now(UTC)
    chosen = partitioned_entries(entries(target))
    worst = Worst(settings)
    records: list[Record] = []
    read: list[DatabaseStatus] = []
    for found in worst.results(partial(_status, now=now, exact=exact), chosen, records, "reading"):
        read.append(found)
        records.append(_record(found))
        if form == "text" and not settings.json:
            _print(found)
    if settings.json:
        document({"databases": records})
    elif form == "prometheus":
        from .exposition import exposition

        unread = [str(record["target"]) for record in records if "error" in record]
        line("\n".join(exposition(read, unread)))
    return _SHORT if any(database.short for database in read) else worst.code


def partitioned_entries(chosen: Sequence[Entry]) -> list[Entry]:
    """Those that declare partitions: the others need not be reached."""
    return [entry for entry in chosen if _partitioned(entry)]


def _partitioned(entry: Entry) -> bool:
    from ...schema.core.errors import AirsideError
    from ...schema.core.partitioning import partition_policy

    try:
        return any(partition_policy(item.info) for item in entry.load().metadata.tables.values())
    except AirsideError:
        # told when its turn comes: it must not hide what the others say
        return True


def _status(server: Server, entry: Entry, now: datetime, exact: bool) -> DatabaseStatus:
    import psycopg

    from ...partitions.status import status
    from ...schema.core.errors import EnvironmentProblem
    from ...server import translate

    try:
        return status(server, entry.target, entry.load(), now, exact=exact)
    except psycopg.Error as error:
        raise translate(error, server) or EnvironmentProblem(
            error.diag.message_primary or type(error).__name__,
            where=entry.target,
            next_step="run the command again; the other databases were read",
        ) from error


def _record(found: DatabaseStatus) -> Record:
    return {
        "target": found.target,
        "at": found.at.isoformat(),
        "short": found.short,
        "tables": [_table_record(item) for item in found.tables],
    }


def _table_record(item: TableStatus) -> Record:
    return {
        "schema": item.schema,
        "table": item.table,
        "key": item.key_definition,
        "partitioned": item.partitioned,
        "declared": item.policy is not None,
        "short": item.short,
        "runway": _runway_record(item.runway) if item.runway else None,
        "past_retention": item.count("past"),
        "pending_detaches": item.count("pending"),
        "rows": item.rows,
        "exact": item.exact,
        "bytes": item.bytes,
        "problems": [{"kind": p.kind, "what": p.what, "next": p.next_step} for p in item.problems],
        "partitions": [_leaf_record(leaf) for leaf in item.leaves],
    }


def _runway_record(runway: Runway) -> Record:
    return {
        "covered": runway.covered,
        "until": runway.until and runway.until.isoformat(),
        "periods": runway.periods,
        "wanted": runway.wanted,
    }


def _leaf_record(item: LeafStatus) -> Record:
    leaf = item.leaf
    return {
        "schema": leaf.schema,
        "name": leaf.name,
        "bound": leaf.bound,
        "from": leaf.lower and leaf.lower.isoformat(),
        "to": leaf.upper and leaf.upper.isoformat(),
        "state": item.state,
        "rows": item.measure.rows,
        "exact": item.measure.exact,
        "bytes": item.measure.bytes,
        "range_check": leaf.checked,
    }


def _print(found: DatabaseStatus) -> None:
    for item in found.tables:
        line(f"{found.target}  {item.name}  {item.key_definition}{'' if item.policy else '  (not declared)'}")
        if item.partitioned:
            line(f"  {_summary(item)}")
        drawn = ladder.bar(item)
        if drawn is not None:
            _draw(drawn)
        for problem in item.problems:
            then = f" (airside {problem.next_step.removeprefix('airside ')})" if problem.next_step else ""
            line(f"  {problem.what}{then.replace('TARGET', found.target)}")
        if item.leaves:
            table(_COLUMNS, ladder.rows(item))
        line("")


def _summary(item: TableStatus) -> str:
    size = "unknown size" if item.bytes is None else ladder.size(item.bytes)
    many = "1 partition" if len(item.leaves) == 1 else f"{len(item.leaves)} partitions"
    parts = [many, f"{ladder.number(item.rows, item.exact)} rows", size]
    past = item.count("past")
    parts += [f"{past} past retention"] if past else []
    return f"{', '.join(parts)}{_safe(item.runway)}"


def _safe(runway: Runway | None) -> str:
    if runway is None:
        return ""
    if not runway.covered:
        return "; no partition of now"
    wanted = f" ({runway.periods} periods ahead, {runway.wanted} wanted)" if runway.periods is not None else ""
    return (
        f"; inserts are safe {'for ever' if runway.until is None else f'until {ladder.moment(runway.until)}'}{wanted}"
    )


def _draw(bar: ladder.Bar) -> None:
    used = [kind for kind in ladder.STEPS if kind in bar.steps]
    if not sys.stdout.isatty():
        key = ", ".join(f"{ladder.STEPS[kind]} {ladder.MEANING[kind]}" for kind in used)
        line(f"  {bar.since} {''.join(ladder.STEPS[kind] for kind in bar.steps)} {bar.until}   {key}")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    signs = ladder.BLOCKS if console.encoding.lower().startswith("utf") else ladder.STEPS
    text = Text(f"  {bar.since} ")
    for kind in bar.steps:
        text.append(signs[kind], style=ladder.COLOURS[kind])
    text.append(f" {bar.until}   ")
    for kind in used:
        text.append(f"{signs[kind]} {ladder.MEANING[kind]} ", style=ladder.COLOURS[kind])
    console.print(text)
