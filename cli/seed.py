"""`airside seed`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ..schema.core.errors import AirsideError, UsageError
from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import Record, document, line

if TYPE_CHECKING:
    from ..schema.core.registry import Entry
    from ..seeds.generated.orphans import Compared
    from ..seeds.generated.resume import Asked
    from ..server import Server
    from .seeding.work import Done, Job

    Plan = tuple[Job, dict[str, int], tuple[str, ...]]
    """A job, how far its drivers go, and the partitions that are missing for it."""

_DATE = click.DateTime(["%Y-%m-%d"])
_FIRST_YEAR = 1970
_LARGEST = 100_000_000
"""Users. Three bookings each stay below 2^30, up to where codes are different."""


@click.command("seed")
@target_argument
@click.option("--reference", is_flag=True, help="Load reference data: airports, airlines, aircraft, routes.")
@click.option("--fixtures", is_flag=True, help="Add the small named examples (development databases only).")
@click.option(
    "--scale",
    type=click.IntRange(1, _LARGEST),
    metavar="N",
    help="Generate N users per system and what they do (development and staging databases only).",
)
@click.option("--random-seed", type=click.IntRange(0, 2**63 - 1), metavar="S", help="Draw other data (1).")
@click.option("--from", "since", type=_DATE, metavar="DATE", help="When the data begins (a year before --to).")
@click.option("--to", "until", type=_DATE, metavar="DATE", help="When it ends, in UTC (today, 00:00).")
@click.option("--append", is_flag=True, help="Go on with generated data that did not come to its end.")
@click.option("--reset", is_flag=True, help="First empty the tables, reference data excepted (development only).")
@click.option("--dry-run", is_flag=True, help="Show what would be done; change nothing.")
@shared_options
@pass_settings
def command(
    settings: Settings,
    target: str,
    reference: bool,
    fixtures: bool,
    scale: int | None,
    random_seed: int | None,
    since: datetime | None,
    until: datetime | None,
    append: bool,
    reset: bool,
    dry_run: bool,
) -> None:
    """Fill databases: reference data, fixtures, generated data.

    Fixtures are small named examples. Generated data is the same for the same scale, random seed and span, and joined
    up across the databases of a system; that is checked at the end. Ctrl-C leaves whole batches. With --json there is
    a digest for each table.
    """
    from ..seeds.generated.resume import Asked
    from .seeding.revisions import refuse_other_revisions

    asked = Asked(scale, random_seed, _utc(since), _utc(until), append)
    wanted = Wanted(reference, fixtures, scale is not None or append, reset, dry_run)
    wanted.refuse_nonsense(asked)
    chosen = entries(target)
    server = settings.server()
    wanted.refuse_environments(server, chosen)
    refuse_other_revisions(server, chosen)
    # everything that may be refused is refused before anything is emptied
    work = _planned(server, chosen, asked, fresh=reset) if wanted.generated else None
    report = Report(settings.json, dry_run)
    try:
        if reset:
            for entry in chosen:
                report.emptied(entry, _reset(server, entry, dry_run=dry_run))
        if reference:
            for entry in chosen:
                report.referenced(entry, _reference(server, entry, dry_run=dry_run))
        if fixtures:
            for entry in chosen:
                report.fixed(entry, _fixtures(server, entry, dry_run=dry_run))
        if work is not None:
            _generate(server, work, target, report)
    finally:
        report.close()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which kinds of data were asked for."""

    reference: bool
    fixtures: bool
    generated: bool
    reset: bool
    dry_run: bool

    def refuse_nonsense(self, asked: Asked) -> None:
        """Raises UsageError when nothing was asked for, or details of nothing."""
        if any(moment and moment.year < _FIRST_YEAR for moment in (asked.since, asked.until)):
            raise UsageError(f"--from and --to lie in {_FIRST_YEAR} or later", next_step="give a later date")
        details = (asked.random_seed, asked.since, asked.until)
        if not self.generated and any(value is not None for value in details):
            raise UsageError(
                "--random-seed, --from and --to are about generated data", next_step="give --scale N or --append too"
            )
        if not (self.reference or self.fixtures or self.generated or self.reset):
            raise UsageError(
                "nothing to do was said",
                next_step="give one or more of --reference, --fixtures, --scale N, --append, --reset",
            )
        if self.reset and asked.append:
            raise UsageError(
                "--reset empties what --append would go on with", next_step="give --reset with --scale N instead"
            )

    def refuse_environments(self, server: Server, chosen: Sequence[Entry]) -> None:
        """Before anything is done: every database is one that this may be done to. Raises Refused."""
        from ..seeds.environment import require

        for entry in chosen:
            if self.reset or self.fixtures:
                require(server, entry.name, "development")
            elif self.generated:
                require(server, entry.name, "development", "staging")


class Report:
    """A line for each thing done, or one JSON document at the end, also after an error."""

    def __init__(self, json: bool, dry_run: bool) -> None:
        self.json = json
        self.dry_run = dry_run
        self._records: dict[str, Record] = {}
        self._references: list[Record] = []

    def emptied(self, entry: Entry, tables: tuple[str, ...]) -> None:
        self._of(entry)["emptied"] = tables
        self._say(entry, f"{'would empty' if self.dry_run else 'emptied'} {_counted(len(tables), 'table')}")

    def referenced(self, entry: Entry, tables: Sequence[Record]) -> None:
        self._of(entry)["reference"] = tables
        self._added(entry, sum(table["added"] + table["updated"] for table in tables), "reference row")

    def fixed(self, entry: Entry, added: dict[str, int]) -> None:
        self._of(entry)["fixtures"] = added
        self._added(entry, sum(added.values()), "fixture")

    def planned(self, job: Job, numbers: dict[str, int], partitions: tuple[str, ...]) -> None:
        plan = {**_run(job), "complete": job.complete, "numbers": numbers, "partitions": partitions}
        self._of(job.entry)["generated"] = plan
        if job.complete:
            self._say(job.entry, f"nothing to generate: holds {job.run}")
        else:
            counts = ", ".join(f"{driver} {count:,}" for driver, count in numbers.items())
            extra = f"; {_counted(len(partitions), 'partition')} to create" if partitions else ""
            self._say(job.entry, f"would generate {job.run}: {counts}{extra}")

    def generated(self, done: Done) -> None:
        rows, job = sum(done.rows.values()), done.job
        made = {"rows": done.rows, "seconds": round(done.seconds, 3), "partitions": done.partitions}
        record = self._of(job.entry)
        record["generated"] = {**_run(job), "complete": True, **made}
        record["tables"] = [asdict(digest) for digest in done.digests]
        if job.complete:
            self._say(job.entry, f"nothing to generate: holds {job.run}")
        else:
            rate = rows / done.seconds if done.seconds else 0
            self._say(job.entry, f"generated {rows:,} rows in {done.seconds:.1f} s ({rate:,.0f}/s)")

    def compared(self, found: Sequence[Compared]) -> None:
        for entry in found:
            self._references.append(
                {
                    "reference": str(entry.reference),
                    "keys": entry.keys,
                    "orphans": entry.orphans,
                    "example": entry.example,
                }
            )
        if found and not self.json:
            keys, orphans = sum(entry.keys for entry in found), sum(entry.orphans for entry in found)
            line(
                f"{_counted(len(found), 'reference')} across databases looked up:"
                f" {keys:,} keys, {_counted(orphans, 'orphan')}"
            )

    def close(self) -> None:
        if self.json:
            document(
                {
                    "dry_run": self.dry_run,
                    "databases": list(self._records.values()),
                    "references": self._references,
                }
            )

    def _of(self, entry: Entry) -> Record:
        return self._records.setdefault(
            entry.name, {"system": entry.system, "target": entry.target, "database": entry.name}
        )

    def _added(self, entry: Entry, number: int, noun: str) -> None:
        if number:
            self._say(entry, f"{'would load' if self.dry_run else 'loaded'} {_counted(number, noun)}")
        else:
            self._say(entry, f"no {noun}s to load")

    def _say(self, entry: Entry, text: str) -> None:
        if not self.json:
            line(f"{entry.target}  {text}")


def _reset(server: Server, entry: Entry, *, dry_run: bool) -> tuple[str, ...]:
    from ..seeds.generated.reset import reset, to_empty

    return (to_empty if dry_run else reset)(server, entry.load())


def _reference(server: Server, entry: Entry, *, dry_run: bool) -> list[Record]:
    from ..seeds.reference import load, would_load

    return [asdict(table) for table in (would_load if dry_run else load)(server, entry.load()).tables]


def _fixtures(server: Server, entry: Entry, *, dry_run: bool) -> dict[str, int]:
    from ..seeds.fixtures import load

    return load(server, entry.load(), datetime.now(UTC), dry_run=dry_run).added


def _planned(server: Server, chosen: Sequence[Entry], asked: Asked, *, fresh: bool) -> list[Plan]:
    from .seeding.jobs import jobs_for, planned

    return [(job, *planned(server, job)) for job in jobs_for(server, chosen, asked, emptied=chosen if fresh else ())]


def _generate(server: Server, plans: Sequence[Plan], target: str, report: Report) -> None:
    from .seeding.show import shown
    from .seeding.work import compare_all, first_error, work_through

    if report.dry_run:
        for job, numbers, partitions in plans:
            report.planned(job, numbers, partitions)
        return
    quiet, jobs = report.json, [job for job, _, _ in plans]
    totals = {job.entry.name: sum(numbers.values()) for job, numbers, _ in plans if not job.complete}
    with shown(totals, quiet=quiet) as tell:
        finished = work_through(server, jobs, observer=tell, digest=quiet, target=target)
    for done in finished:
        report.generated(done)
    found = compare_all(server, jobs)
    report.compared(found)
    error: AirsideError | None = first_error(found)
    if error is not None:
        raise error


def _run(job: Job) -> Record:
    run = job.run
    return {
        "scale": run.scale,
        "random_seed": run.random_seed,
        "from": run.since.isoformat(),
        "to": run.until.isoformat(),
    }


def _utc(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(tzinfo=UTC)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
