"""Which run to make or go on with, from what was asked and what the databases recorded. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...schema.core.errors import Refused, UsageError
from .run import Progress, Run

_LONGEST = timedelta(days=3653)
"""Ten years: partitions are created for every month of it, and exp() of the hours in thousands of years underflows."""

_RESET = "empty it with --reset (development databases only)"


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command; None where nothing was said. `append` goes on with an unfinished run."""

    scale: int | None = None
    random_seed: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    append: bool = False

    def fits(self, run: Run) -> bool:
        """Whether nothing that was said contradicts the run."""
        said = (self.scale, self.random_seed, self.since, self.until)
        has = (run.scale, run.random_seed, run.since, run.until)
        return all(wanted is None or wanted == present for wanted, present in zip(said, has, strict=True))


def settle(
    asked: Asked,
    system: str,
    records: Mapping[str, Sequence[Progress]],
    span: tuple[datetime, datetime],
    *,
    targets: Sequence[str],
) -> Run:
    """The run that the databases of a system are to hold.

    `records` is what each database of the system recorded, also of those that are not among `targets`, for they must
    agree. `span` is from when to when without a word of the user; it ends today. Raises UsageError when there is
    nothing to go on with, or the span is empty or beyond ten years; Refused when the databases hold something else, or
    an unfinished run and `append` was not said.
    """
    runs = {database: record[0].run for database, record in records.items() if record}
    if not runs:
        return _new(asked, system, span)
    first, run = next(iter(runs.items()))
    for database, other in runs.items():
        if other != run:
            raise Refused(
                f"{first} holds generated data of {run}, {database} of {other}",
                where=system,
                next_step="empty one of them with --reset (development databases only), so that both agree",
            )
    if not asked.fits(run):
        raise Refused(
            f"there is generated data of {run}; data of another run would not agree with it",
            where=f"{system}.{first}",
            next_step=f"--append alone goes on with that run; or {_RESET}",
        )
    unfinished = [name for name in targets if records.get(name) and not all(p.complete for p in records[name])]
    if unfinished and not asked.append:
        raise Refused(
            f"an earlier run ({run}) did not come to its end",
            where=f"{system}.{unfinished[0]}",
            next_step=f"go on with it: --append; or {_RESET}",
        )
    return run


def _new(asked: Asked, system: str, span: tuple[datetime, datetime]) -> Run:
    if asked.scale is None:
        raise UsageError(
            "there is no generated data to go on with",
            where=system,
            next_step=f"begin with --scale: airside seed {system} --scale 1000",
        )
    since, until = asked.since or span[0], asked.until or span[1]
    if since >= until:
        raise UsageError(
            f"the span from {since:%Y-%m-%d} to {until:%Y-%m-%d} is empty",
            next_step="give a --from that lies before --to",
        )
    if until - since > _LONGEST or until - span[1] > _LONGEST:
        raise UsageError(
            f"data from {since:%Y-%m-%d} to {until:%Y-%m-%d} reaches too far",
            next_step="give a span of at most ten years, and a --to within ten years from today",
        )
    return Run(asked.scale, 1 if asked.random_seed is None else asked.random_seed, since, until)


def require_same(database: str, progress: Sequence[Progress], run: Run, recipe: str) -> None:
    """Make sure that what a database recorded is this run, and can still be gone on with. Raises Refused."""
    for entry in progress:
        if entry.run != run:
            raise Refused(
                f"the database holds generated data of {entry.run}, not of {run}", where=database, next_step=_RESET
            )
        if entry.recipe != recipe and not entry.complete:
            raise Refused(
                "the rows so far were made by another version of the generator; the rest would not agree with them",
                where=database,
                next_step=_RESET,
            )
