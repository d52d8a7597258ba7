"""The canary for a declared history, somebody's Alembic project, and plain SQL files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

import psycopg

from ...schema.core.database import Database
from ...schema.core.errors import AirsideError, CheckFailed
from ...schema.core.registry import Entry
from ...schema.core.sql import parse_script
from ...server import Server, scratch
from ..declared import empty_database
from ..executor import FailedStatement
from ..runner import history, upgrade
from ..session import Session
from .canary import CanaryReport, Load, canary
from .canary_ground import Prepared, Trial, TrialFailed
from .effects import Effect, Lock, Touched
from .emptied import Refusal, refusal
from .foreign import Project, Worker
from .model import Step
from .roles import stand_ins
from .script import Script, is_wrapped, make_given, roles_of

Progress = Callable[[str], None]


def _quiet(_: str) -> None:
    return None


def locked(step: Step) -> tuple[str, ...]:
    """The tables of others that a step locks beyond reading, or writes to; partitions by their roots."""
    names = {
        item.root or item.relation: None
        for effect in step.effects
        for item in effect.others()
        if item.is_table and _is_busy(effect, item)
    }
    return tuple(names)


def _is_busy(effect: Effect, item: Touched) -> bool:
    # locks of CONCURRENTLY are seen from outside, and may be missed
    missed = item.scanned and not effect.transactional
    return item.written > 0 or missed or (item.taken or Lock.ACCESS_SHARE) > Lock.ROW_EXCLUSIVE


def declared_canary(
    server: Server, entry: Entry, database: Database, steps: Sequence[Step], *,
    revisions: Collection[str] | None = None, load: Load | None = None, progress: Progress = _quiet,
) -> tuple[CanaryReport, ...]:  # fmt: skip
    """Try revisions of a declared database, all or those named; `steps` are what was observed of them.

    Raises what `upgrade` raises for those before the first.
    """
    owner = database.roles.owner

    def session(where: Server, name: str) -> Session:
        return Session(entry, where, name, database.roles, scratch=True, holds_data=False)

    def prepared(revision: str) -> Prepared:
        return lambda where, name: _ready(partial(_upgraded, session(where, name), revision))

    trials = tuple(_trials(steps, revisions, prepared))
    if not trials:
        return ()
    past = [script.revision for script in history(entry)]
    with empty_database(server, database) as made:
        before = past[: past.index(trials[0].revision)]
        if before:
            upgrade(session(server, made.name), before[-1])
        return canary(server, made.name, trials, load, owner=owner, progress=progress)


def project_canary(
    server: Server, project: Project, steps: Sequence[Step], *,
    revisions: Collection[str] | None = None, load: Load | None = None, progress: Progress = _quiet,
) -> tuple[CanaryReport, ...]:  # fmt: skip
    """Try revisions of an Alembic project, all or those named; `steps` are what was observed of them.

    Raises CheckFailed when those before the first do not run, or the project's process dies.
    """
    order = [step.revision for step in steps if step.direction == "up"]
    wanted = [revision for revision in order if revisions is None or revision in revisions]
    if not wanted:
        return ()
    before = order[: order.index(wanted[0])]
    # each with those that are not tried, between it and the one tried before
    ends = [order.index(revision) for revision in wanted]
    runs = {order[end]: order[start + 1 : end + 1] for start, end in pairwise((len(before) - 1, *ends))}

    def prepared(revision: str) -> Prepared:
        return lambda where, name: _waiting(project, where, name, runs[revision])

    with scratch(server, label=f"{project.ini.parent.name}_canary") as made:
        if before:
            _applied(project, made.server, made.name, before)
        return canary(made.server, made.name, tuple(_trials(steps, wanted, prepared)), load, progress=progress)


def script_canary(
    server: Server, scripts: Sequence[Script], steps: Sequence[Step], *,
    given: Script | None = None, load: Load | None = None, progress: Progress = _quiet,
) -> tuple[CanaryReport, ...]:  # fmt: skip
    """Try SQL files; `steps` are what was observed of them. Raises as `observed_scripts` does."""
    by_name = {Path(script.name).stem: script for script in scripts}

    def prepared(revision: str) -> Prepared:
        return lambda where, name: _ready(partial(_ran, where, name, by_name[revision]))

    trials = tuple(_trials(steps, None, prepared))
    with stand_ins(server, roles_of(scripts, given)), scratch(server, label="scripts_canary") as made:
        if given is not None:
            make_given(lambda: made.connect(autocommit=True), given)
        return canary(made.server, made.name, trials, load, progress=progress)


def _trials(
    steps: Sequence[Step], revisions: Collection[str] | None, prepared: Callable[[str], Prepared]
) -> Iterator[Trial]:
    for step in steps:
        if step.direction == "up" and (revisions is None or step.revision in revisions):
            yield Trial(step.revision, step.file, locked(step), prepared(step.revision), step.without_rows)


@contextmanager
def _ready(run: Callable[[], None]) -> Generator[Callable[[], None]]:
    yield run


def _upgraded(session: Session, revision: str) -> None:
    try:
        upgrade(session, revision)
    except AirsideError as error:
        cause = error.__cause__
        said = refusal(cause.cause if isinstance(cause, FailedStatement) else cause or error)
        raise TrialFailed(said if said.sqlstate else Refusal(error.what)) from error


def _ran(server: Server, database: str, script: Script) -> None:
    statements = parse_script(script.text, origin=script.name)
    with server.connect(database, autocommit=True) as connection:
        if is_wrapped(script, statements):
            connection.execute("BEGIN")
        for statement in statements:
            try:
                connection.execute(statement.sql.encode())
            except psycopg.Error as error:
                connection.execute("ROLLBACK")
                raise TrialFailed(refusal(error), statement.sql) from error
        if is_wrapped(script, statements):
            connection.execute("COMMIT")


@contextmanager
def _waiting(
    project: Project, server: Server, database: str, revisions: Sequence[str]
) -> Generator[Callable[[], None]]:
    """The project's process, loaded and waiting for the word to run the last of some revisions."""
    worker = Worker.started(project, server, database, "revisions", revisions=list(revisions), wait=True)

    def run() -> None:
        worker.goes_on()
        outcome = worker.finished()
        for problem in outcome.problems:
            raise TrialFailed(outcome.refusal or Refusal(problem.message))

    try:
        worker.waits()
        yield run
    finally:
        worker.close()


def _applied(project: Project, server: Server, database: str, revisions: Sequence[str]) -> None:
    outcome = Worker.started(project, server, database, "revisions", revisions=list(revisions), wait=False).finished()
    for problem in outcome.problems:
        raise CheckFailed(
            problem.message, where=problem.file, next_step="correct the revision, then ask for the canary again"
        )
