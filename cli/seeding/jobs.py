"""Which databases are to hold which run."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ...schema.core.errors import UsageError
from ...schema.core.sql import query
from .ladder import usual_span
from .work import Job

if TYPE_CHECKING:
    from ...schema.core.registry import Entry
    from ...seeds.generated.declaration import GeneratedSystem
    from ...seeds.generated.resume import Asked
    from ...seeds.generated.run import Progress
    from ...server import Server

_QUERIES = Path(__file__).parents[1] / "queries"


def jobs_for(
    server: Server, chosen: Sequence[Entry], asked: Asked, *, emptied: Sequence[Entry] = ()
) -> tuple[Job, ...]:
    """A job for each database; systems that declare no generated data are left out.

    Databases of a system that are not chosen, but stand on the server, have a say: they must agree. What those that
    are `emptied` record does not count. Raises UsageError when no chosen system has generated data, and what `settle`
    raises.
    """
    from ...seeds.generated.resume import settle
    from ..context import entries

    present = _present(server)
    jobs: list[Job] = []
    for name, group in groupby(sorted(chosen, key=lambda entry: entry.system), key=lambda entry: entry.system):
        system = generator(name)
        if system is None:
            continue
        targets = list(group)
        whole = [entry for entry in entries(name) if entry in targets or entry.name in present]
        records = {entry.name: () if entry in emptied else _recorded(server, entry) for entry in whole}
        span = usual_span([entry.load() for entry in entries(name)], datetime.now(UTC), asked.until)
        run = settle(asked, name, records, span, targets=[entry.name for entry in targets])
        jobs += [
            Job(entry, entry.load(), system, run, _complete(records[entry.name]))
            for entry in targets
            if system.steps(entry.name)
        ]
    if not jobs:
        raise UsageError(
            "no data can be generated for this target",
            next_step="choose one of the systems that ship, such as exotic_travel: airside systems",
        )
    order = {entry.name: number for number, entry in enumerate(chosen)}
    return tuple(sorted(jobs, key=lambda job: order[job.entry.name]))


def generator(system: str) -> GeneratedSystem | None:
    """How data of a system is generated; None for a system that declares nothing for it."""
    module = f"...seeds.generated.{system}"
    if importlib.util.find_spec(module, __package__) is None:
        return None
    return importlib.import_module(module, __package__).system


def _present(server: Server) -> frozenset[str]:
    with server.connect(autocommit=True) as connection:
        rows = connection.execute(query(_QUERIES, "provisioned"))
        return frozenset(str(name) for (name,) in rows)


def _recorded(server: Server, entry: Entry) -> tuple[Progress, ...]:
    from ...seeds.generated.run import recorded
    from ...seeds.owner import as_owner

    with as_owner(server, entry.load()) as connection:
        return recorded(connection)


def _complete(record: Sequence[Progress]) -> bool:
    return bool(record) and all(entry.complete for entry in record)


def planned(server: Server, job: Job) -> tuple[dict[str, int], tuple[str, ...]]:
    """How far the drivers of a job go, and the partitions that are missing for it; writes nothing."""
    from ...seeds.generated.generate import totals
    from .ladder import missing_span

    horizon = job.system.horizon_days.get(job.entry.name, 0)
    partitions = () if job.complete else missing_span(server, job.database, job.run.since, job.run.until, horizon)
    return totals(server, job.database, job.system, job.run), partitions
