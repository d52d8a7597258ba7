"""`airside archive plan`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from ..context import Settings, entries, pass_settings, shared_options, target_argument
from ..output import Record, document, line, note, table
from ..worst import Worst
from .words import counted, leaf_record, row_record

if TYPE_CHECKING:
    from ...partitions.archive.cut_off import Closed
    from ...partitions.archive.due import DueLeaf, DueRows
    from ...partitions.archive.ledger import Archive
    from ...partitions.ledger import Detached
    from ...partitions.state import Ladder
    from ...schema.core.registry import Entry
    from ...server import Server

SAY_WHERE = "its policy archives it to files; say where to with --to URL"

_COLUMNS = {
    "table": "table",
    "rule": "rule",
    "cutoff": "older than",
    "due": "due",
    "oldest": "oldest",
    "destination": "to",
}


@click.command("plan")
@target_argument
@click.option("--table", "only", metavar="TABLE", help="Only what is due of this table.")
@shared_options
@pass_settings
def command(settings: Settings, target: str, only: str | None) -> int:
    """Show what is past its time now.

    Rows by the rules of the declaration, and whole partitions.

    Counts that would take longer than ten seconds are estimated (~). Changes nothing.
    """
    now = datetime.now(UTC)
    named = entries(target)
    require_table(named, only)
    chosen = [entry for entry in named if len(named) == 1 or has_rules(entry)]
    worst = Worst(settings)
    records: list[Record] = []
    for found in worst.results(partial(planned, only=only), chosen, records, "counting"):
        records.append(record_of(found))
        if not settings.json:
            print_planned(found)
    if settings.json:
        document({"now": now, "databases": records})
    return worst.code


@dataclass(frozen=True, slots=True)
class Planned:
    """What is due in one database; a leaf with the reason why it has to stay, where it has one, and where files go.

    `left` are partitions that were detached and have no archive yet, `over` those whose grace period is over, `closed`
    those that a move which was cut off left closed to writers.
    """

    target: str
    rows: tuple[DueRows, ...]
    leaves: tuple[tuple[DueLeaf, str | None], ...]
    left: tuple[tuple[Ladder, Detached], ...]
    over: tuple[Archive, ...]
    closed: tuple[Closed, ...]
    to: str | None = None


def has_rules(entry: Entry) -> bool:
    """Whether anything of a database ever ends; one that cannot be imported counts."""
    from ...schema.core.errors import AirsideError
    from ...schema.core.partitioning import RangePartitions, partition_policy
    from ...schema.core.retention import retention_rules

    try:
        tables = entry.load().metadata.tables.values()
    except AirsideError:
        # told when its turn comes: it must not hide what the others say
        return True
    policies = (partition_policy(item.info) for item in tables)
    leaves = any(isinstance(policy, RangePartitions) and policy.at_end == "archive" for policy in policies)
    return leaves or any(retention_rules(item.info) for item in tables)


def require_table(chosen: Sequence[Entry], only: str | None) -> None:
    """Raises UsageError when none of the databases declares a table of this name."""
    from ...schema.core.errors import AirsideError, UsageError

    if only is None:
        return
    for entry in chosen:
        try:
            tables = entry.load().metadata.tables.values()
        except AirsideError:
            # told when its turn comes
            return
        if any(only in (table.name, table.fullname) for table in tables):
            return
    raise UsageError(
        f"no table {only!r} is declared", where=chosen[0].target, next_step="airside archive plan names the tables"
    )


def planned(server: Server, entry: Entry, only: str | None, *, to: str | None = None, running: bool = False) -> Planned:
    """What is due in one database by its server's clock; when `running` without `to`, what goes to files stays.

    Raises what `trusted_time`, connecting and counting raise.
    """
    import psycopg

    from ...partitions.archive.cut_off import closed
    from ...partitions.archive.destination import is_database
    from ...partitions.archive.due import due_leaves, due_rows, row_rules
    from ...partitions.archive.files import left_detached, over
    from ...partitions.archive.leaves import why_it_stays
    from ...partitions.archive.session import archiver
    from ...partitions.run import trusted_time
    from ...schema.core.errors import EnvironmentProblem
    from ...server import translate

    database = entry.load()
    rules = row_rules(database, only=only)
    try:
        with archiver(server, database) as connection:
            now = trusted_time(connection)
            rows = tuple(due_rows(connection, database, rule, now) for rule in rules)
            leaves = due_leaves(connection, database, now, only=only)
            unsaid = SAY_WHERE if running and to is None else None
            judged = tuple(
                (leaf, why_it_stays(connection, leaf) or (unsaid if leaf.archive is None else None)) for leaf in leaves
            )
            files = to is not None and not is_database(to)
            left = left_detached(connection, database, only=only) if files or not running else ()
            ended, shut = over(connection, now, only=only), closed(connection, only=only)
    except psycopg.Error as error:
        raise translate(error, server) or EnvironmentProblem(
            error.diag.message_primary or type(error).__name__, where=entry.target, next_step="airside provision"
        ) from error
    from ...partitions.archive.ledger import without_credentials

    return Planned(entry.target, rows, judged, left, ended, shut, without_credentials(to) if to else None)


def record_of(found: Planned) -> Record:
    """What is due, for --json."""
    return {
        "target": found.target,
        "rows": [row_record(due) for due in found.rows],
        "partitions": [leaf_record(due, skipped, found.to) for due, skipped in found.leaves],
        "left": [{"table": ladder.name, "partition": leaf.name} for ladder, leaf in found.left],
        "dropped": [
            {"table": item.name, "partition": item.leaf, "rows": item.row_count, "destination": item.location}
            for item in found.over
        ],
        "closed": [{"table": item.table, "partition": item.name} for item in found.closed],
    }


def print_planned(found: Planned) -> None:
    """What is due, as a table."""
    line(found.target)
    shown: list[Record] = []
    for due in found.rows:
        record = row_record(due)
        oldest = due.count.oldest
        record |= {"cutoff": f"{due.cutoff:%Y-%m-%d %H:%M}", "due": counted(due.count.rows, due.count.exact)}
        record |= {"oldest": f"{oldest:%Y-%m-%d}" if oldest else None}
        shown.append(record)
    for due, skipped in found.leaves:
        record = leaf_record(due, skipped, found.to)
        shown.append(
            {
                "table": due.leaf.name,
                "rule": f"stays: {skipped}" if skipped else "archive the whole partition",
                "cutoff": f"{due.cutoff:%Y-%m-%d %H:%M}",
                "due": counted(record["rows"], exact=False) if record["rows"] is not None else None,
                "oldest": f"{due.leaf.lower:%Y-%m-%d}" if due.leaf.lower else None,
                "destination": record["destination"],
            }
        )
    for ladder, leaf in found.left:
        what = f"detached from {ladder.name} by a run that was cut off: archive it"
        shown.append({"table": leaf.name, "rule": what, "destination": found.to or "files"})
    for item in found.over:
        what = "drop it here: its grace period is over, and its archive has its rows"
        shown.append({"table": item.leaf, "rule": what, "due": counted(item.row_count, exact=True)})
    if shown:
        table(_COLUMNS, shown)
    else:
        line("nothing is declared to end")
    print_closed(found.target, found.closed)


def print_closed(target: str, found: Sequence[Closed]) -> None:
    """A word on each partition that a move which was cut off left closed to writers."""
    for item in found:
        note(
            f"airside: {item.name} of {item.table} takes no writes: its move to a second database was cut off."
            f" Next: airside archive run {target} --table {item.table} opens it again"
        )
