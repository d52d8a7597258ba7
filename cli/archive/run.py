"""`airside archive run`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from ..context import Settings, entries, pass_settings, shared_options, target_argument
from ..output import Record, document, line, note
from .plan import has_rules, planned, print_planned, record_of, require_table
from .stopping import Stop, bar, stopping
from .words import counted, rows_of, rule_in_words

if TYPE_CHECKING:
    import psycopg

    from ...partitions.archive.due import DueRows
    from ...partitions.archive.rows import Handled
    from ...partitions.archive.throttle import Throttle
    from ...schema.core.database import Database
    from ...schema.core.patience import Patience
    from ...schema.core.registry import Entry
    from ...server import Server

_POSITIVE = click.FloatRange(min=0, min_open=True)
_AGAIN = "run the command again; it goes on with what is left"
_DONE = {"archive": "archived", "delete": "deleted", "anonymise": "anonymised"}


@click.command("run")
@target_argument
@click.option("--table", "only", metavar="TABLE", help="Only what is due of this table.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; change nothing.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after this many rows of each rule.")
@click.option("--rows-per-second", type=_POSITIVE, metavar="N", help="Go no faster than this.")
@click.option(
    "--max-lag",
    type=_POSITIVE,
    metavar="SECONDS",
    default=10.0,
    show_default=True,
    help="Pause while a standby is further behind.",
)
@click.option(
    "--max-load", type=click.IntRange(min=0), metavar="N", help="Pause while more statements of other clients run."
)
@click.option("--lock-wait", type=_POSITIVE, metavar="SECONDS", help="How long to go on trying for locks (600).")
@click.option("--to", metavar="URL", help="Folder or URL for files of whole partitions; or a postgresql:// URL.")
@click.option(
    "--grace", metavar="AGE", default="7 days", show_default=True, help="How long those stay beside the file."
)
@shared_options
@pass_settings
def command(settings: Settings, target: str, dry_run: bool, **options: Any) -> int:
    """Archive, delete or anonymise what is past its time.

    Rows go in batches, the oldest first, with everything that hangs on them; what somebody works on is left for the
    next run. Whole partitions go to their archive table in one transaction, or to files (--to). Ctrl-C ends it after
    the batch under way.
    """
    chosen = Options(**options)
    records: list[Record] = []
    now = datetime.now(UTC)
    chosen.kept(now)
    named = entries(target)
    require_table(named, chosen.only)
    selected = [entry for entry in named if len(named) == 1 or has_rules(entry)]
    if chosen.to is not None:
        from ...partitions.archive.destination import require_destination

        require_destination(chosen.to)
    server = settings.server()
    with stopping() as stop:
        job = _Job(settings, server, chosen, stop)
        try:
            for entry in selected:
                if stop():
                    break
                job.dry(entry, records) if dry_run else job.run(entry, records)
        finally:
            if settings.json:
                document({"now": now, "dry_run": dry_run, "databases": records})
    if stop():
        interrupted = click.Abort()
        interrupted.next_step = _AGAIN  # pyright: ignore[reportAttributeAccessIssue]
        raise interrupted
    return job.code


@dataclass(frozen=True, slots=True)
class Options:
    """What was said on the command line. `grace` is an age."""

    only: str | None
    limit: int | None
    rows_per_second: float | None
    max_lag: float | None
    max_load: int | None
    lock_wait: float | None
    to: str | None
    grace: str

    def kept(self, now: datetime) -> timedelta:
        """The grace period. Raises UsageError for an age that cannot be read."""
        from ...schema.core.age import Age

        return now - (Age.of(self.grace) if self.grace.strip() != "0" else Age()).before(now)

    def patience(self) -> Patience:
        from ...schema.core.locks import LockBudget
        from ...schema.core.patience import Patience

        return Patience(LockBudget(timeout=0.05, deadline=self.lock_wait or LockBudget().deadline))

    def throttle(self, stop: Stop) -> Throttle:
        from ...partitions.archive.throttle import Throttle

        def pausing(why: str) -> None:
            note(f"airside: pausing: {why}")

        return Throttle(self.rows_per_second, self.max_lag, self.max_load, stop=stop, observer=pausing)


@dataclass(slots=True)
class _Job:
    settings: Settings
    server: Server
    options: Options
    stop: Stop
    code: int = 0

    def dry(self, entry: Entry, records: list[Record]) -> None:
        found = planned(self.server, entry, self.options.only, to=self.options.to, running=True)
        records.append(record_of(found))
        if not self.settings.json:
            line(f"{found.target}: would do this, and change nothing now")
            print_planned(found)

    def run(self, entry: Entry, records: list[Record]) -> None:
        """Do what is due in one database; its failure is reported, and the next database follows."""
        from ..failures import explain

        record: Record = {"target": entry.target, "rows": [], "partitions": []}
        records.append(record)
        try:
            self._work(entry, record)
        except click.Abort:
            raise
        except Exception as error:
            failure = explain(error, self.server)
            self.code = max(self.code, failure.exit_code)
            said = f"{failure.where}: {failure.what}" if failure.where else failure.what
            record["error"] = {"type": failure.kind, "message": said, "next": failure.next_step}
            if not self.settings.json:
                note(f"airside: {entry.target}: {said}" + (f". Next: {failure.next_step}" if failure.next_step else ""))

    def _work(self, entry: Entry, record: Record) -> None:
        from ...partitions.archive.due import due_rows, row_rules
        from ...partitions.archive.session import archiver
        from ...partitions.run import trusted_time

        database = entry.load()
        rules = row_rules(database, only=self.options.only)
        with archiver(self.server, database) as connection:
            now = trusted_time(connection)
            for chosen in rules:
                if self.stop():
                    return
                due = due_rows(connection, database, chosen, now)
                if due.count.rows or not due.count.exact:
                    done = self._rows(connection, entry, database, due)
                    record["rows"].append(_handled_record(due, done))
                    self._tell_rows(entry, due, done)
            self._leaves(connection, entry, database, record, now)
        if not self.settings.json and not record["rows"] and not record["partitions"]:
            line(f"{entry.target}  nothing is due")

    def _rows(self, connection: psycopg.Connection[Any], entry: Entry, database: Database, due: DueRows) -> Handled:
        from ...partitions.archive.rows import RowRun, handle_rows

        total = due.count.rows if self.options.limit is None else min(due.count.rows, self.options.limit)
        with bar(self.settings, f"{entry.name}.{due.table}", total) as progress:
            run = RowRun(
                patience=self.options.patience(),
                throttle=self.options.throttle(self.stop),
                limit=self.options.limit,
                progress=progress,
                stop=self.stop,
            )
            return handle_rows(connection, database, due, run)

    def _tell_rows(self, entry: Entry, due: DueRows, done: Handled) -> None:
        if self.settings.json:
            return
        where = f" to {due.destination}" if due.destination else ""
        along = f", with {', '.join(due.along)}" if due.along else ""
        left = f"; {counted(done.left, due.count.exact)} left for the next run" if done.left else ""
        line(
            f"{entry.target}  {due.table}: {rows_of(done.rows)} {_DONE[done.then]}{where}{along}"
            f" in {done.seconds:.1f} s{left}"
        )

    def _leaves(
        self,
        connection: psycopg.Connection[Any],
        entry: Entry,
        database: Database,
        record: Record,
        now: datetime,
    ) -> None:
        from .partitions import PartitionJob

        job = PartitionJob(self.settings, self.server, entry, database, self.options, now, self.stop)
        for done in job.work(connection):
            record["partitions"].append(done)
            if not self.settings.json:
                line(f"{entry.target}  {done['partition']}: {done.pop('said', '')}")
            done.pop("said", None)
        self.code = max(self.code, job.code)


def _handled_record(due: DueRows, done: Handled) -> Record:
    return {
        "table": due.table,
        "rule": rule_in_words(due),
        "then": done.then,
        "cutoff": due.cutoff,
        "rows": done.rows,
        "left": done.left,
        "batches": done.batches,
        "seconds": round(done.seconds, 3),
        "paused": round(done.paused, 3),
        "destination": due.destination or None,
        "along": list(due.along),
        "archive": done.archive,
        "tries": done.waits.attempts,
        "longest_try": round(done.waits.longest, 3),
    }
