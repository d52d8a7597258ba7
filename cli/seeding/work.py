"""Generate on several databases at once. In threads: the server does the work, here is only waiting."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...schema.core.errors import AirsideError
from ..interrupted import Interrupted

if TYPE_CHECKING:
    from ...schema.core.database import Database
    from ...schema.core.registry import Entry
    from ...seeds.generated.declaration import GeneratedSystem
    from ...seeds.generated.digest import Digest
    from ...seeds.generated.generate import Observer
    from ...seeds.generated.orphans import Compared
    from ...seeds.generated.run import Run
    from ...server import Server

_AGAIN = "whole batches are kept; go on with them: airside seed {} --append"


@dataclass(frozen=True, slots=True)
class Job:
    """One database to bring to the end of a run. Where `complete`, that has been done before."""

    entry: Entry
    database: Database
    system: GeneratedSystem
    run: Run
    complete: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: the rows made now by step, in how many seconds, and the digests, if they were asked for."""

    job: Job
    partitions: tuple[str, ...] = ()
    rows: dict[str, int] = field(default_factory=dict[str, int])
    seconds: float = 0.0
    digests: tuple[Digest, ...] = ()


def work_through(
    server: Server, jobs: Sequence[Job], *, observer: Observer, digest: bool, target: str
) -> tuple[Done, ...]:
    """Do all jobs, as many at a time as there are cores; in the order of the jobs.

    An error ends the others after the batch that is under way, and so does Ctrl-C (raises Interrupted).
    """
    stop = threading.Event()
    with ThreadPoolExecutor(max(1, min(len(jobs), os.cpu_count() or 1))) as pool:
        futures = [pool.submit(_do, server, job, observer, digest, stop) for job in jobs]
        try:
            _wait(futures, stop)
        except KeyboardInterrupt:
            raise Interrupted(_AGAIN.format(target)) from None
        finally:
            stop.set()
            for future in futures:
                future.cancel()
    return tuple(future.result() for future in futures)


def _wait(futures: Sequence[Future[Done]], stop: threading.Event) -> None:
    pending = set(futures)
    failed: BaseException | None = None
    while pending:
        finished, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in finished:
            error = None if future.cancelled() else future.exception()
            if error is not None and failed is None:
                failed = error
                stop.set()
                for other in pending:
                    other.cancel()
    if failed is not None:
        raise failed


def _do(server: Server, job: Job, observer: Observer, digest: bool, stop: threading.Event) -> Done:
    from ...seeds.generated.digest import digests
    from ...seeds.generated.generate import generate
    from .ladder import provide_span

    began = time.monotonic()
    created: tuple[str, ...] = ()
    rows: dict[str, int] = {}
    if not job.complete and not stop.is_set():
        run, horizon = job.run, job.system.horizon_days.get(job.entry.name, 0)
        created = provide_span(server, job.database, run.since, run.until, horizon)
        rows = generate(server, job.database, job.system, run, observer=observer, stop=stop).rows
    seconds = time.monotonic() - began
    wanted = digest and not stop.is_set()
    return Done(job, created, rows, seconds, digests(server, job.database, job.system, job.run) if wanted else ())


def compare_all(server: Server, jobs: Sequence[Job]) -> tuple[Compared, ...]:
    """Look up every declared reference between databases of the jobs, one system after the other."""
    from ...seeds.generated.orphans import compare

    found: list[Compared] = []
    for system in {job.system.name: job.system for job in jobs}.values():
        mine = [job for job in jobs if job.system.name == system.name]
        databases = {job.entry.name: job.database for job in mine}
        found += [
            compare(server, databases, system, mine[0].run, reference)
            for reference in system.references
            if {reference.child.database, reference.parent.database} <= databases.keys()
        ]
    return tuple(found)


def first_error(found: Sequence[Compared]) -> AirsideError | None:
    """What to end with when something refers to nothing."""
    from ...schema.core.errors import CheckFailed

    broken = [entry for entry in found if entry.orphans]
    if not broken:
        return None
    return CheckFailed(
        f"{broken[0].orphans} of {broken[0].keys} keys refer to nothing, such as {broken[0].example}"
        + (f"; {len(broken) - 1} other references too" if len(broken) > 1 else ""),
        where=str(broken[0].reference),
        next_step="the databases do not agree: empty them with --reset (development databases only) and seed again",
    )
