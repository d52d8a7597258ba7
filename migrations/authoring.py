"""Draft revisions from models against migrations, and prove them both ways before a file is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from alembic.util import rev_id, template_to_file

from ..schema.core.catalog import Catalog, inspect
from ..schema.core.compare import compare
from ..schema.core.database import Database
from ..schema.core.errors import UnprovenPlan, UsageError
from ..schema.core.plan import Plan, Stage, Statement, plan
from ..schema.core.registry import Entry
from ..server import Server
from .declared import connect_as, declared_catalog
from .renames import Rename, declared_renames
from .replay import replayed
from .runner import history
from .sqlfile import sibling

_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """One revision to be written: SQL texts of both directions."""

    revision: str
    down_revision: str | None
    message: str
    up: str
    down: str
    transactional: bool

    def path(self, folder: Path) -> Path:
        """The stub's path; its SQL files stand beside it."""
        slug = _SLUG.sub("_", self.message.lower()).strip("_")[:50].strip("_")
        return folder / f"{self.revision}_{slug}.py"


@dataclass(frozen=True, slots=True)
class _Step:
    up: Stage
    down: Stage


def draft(server: Server, entry: Entry, database: Database, message: str) -> tuple[Draft, ...]:
    """The revisions that lead from the migrations to the declaration; none when they agree.

    Both directions are proven on scratch databases. Raises UnprovenPlan naming what cannot be planned or what is
    left after the plan.
    """
    if not message.strip():
        raise UsageError("a revision needs a message", next_step="give one with -m")
    desired = declared_catalog(server, database, dependencies=True)
    with (
        replayed(server, entry, database) as session,
        connect_as(server, session.database, database.roles.owner) as connection,
    ):
        steps = _proven_steps(connection, database, desired, entry)
    return _drafts(entry, message, steps)


def write(entry: Entry, drafts: Sequence[Draft]) -> tuple[Path, ...]:
    """Write the three files of each draft. Refuses to overwrite. Returns the paths written."""
    template = Path(__file__).parent / "script.py.mako"
    entry.migrations.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for item in drafts:
        stub = item.path(entry.migrations)
        for path, content in ((sibling(stub, "up"), item.up), (sibling(stub, "down"), item.down), (stub, "")):
            with path.open("x", encoding="utf-8") as file:
                file.write(content)
            written.append(path)
        template_to_file(
            str(template),
            str(stub),
            "utf-8",
            message=item.message,
            up_revision=item.revision,
            down_revision=item.down_revision,
            branch_labels=None,
            depends_on=None,
        )
    return tuple(written)


def empty_draft(entry: Entry, message: str) -> Draft:
    """A revision whose SQL is yet to be written by hand."""
    (revision,) = _next_ids(entry, 1)
    text = f"-- {message}\n"
    return Draft(revision, _head(entry), message, text, text, transactional=True)


def _proven_steps(
    connection: psycopg.Connection[Any], database: Database, desired: Catalog, entry: Entry
) -> tuple[_Step, ...]:
    before = inspect(connection, dependencies=True)
    renames = declared_renames(database.metadata, before, desired)
    for rename in renames:
        _run(connection, rename.sql)
    renamed = inspect(connection, dependencies=True) if renames else before
    forward = plan(renamed, desired)
    _refuse_unplanned(forward, entry)
    stages = list(forward.stages)
    if renames and (not stages or not stages[0].transactional):
        stages.insert(0, Stage(transactional=True, statements=()))
    snapshots = [renamed]
    steps: list[_Step] = []
    for number, stage in enumerate(stages):
        _apply(connection, stage)
        after = inspect(connection, dependencies=True)
        back = _way_back(after, snapshots[-1], stage, entry)
        steps.append(_with_renames(_Step(stage, back), renames) if number == 0 and renames else _Step(stage, back))
        snapshots.append(after)
    _refuse_difference(snapshots[-1], desired, entry, "the plan does not lead to the declaration")
    catalogs = [before, *snapshots[1:]]
    for step, expected in zip(reversed(steps), reversed(catalogs[:-1]), strict=True):
        _apply(connection, step.down)
        _refuse_difference(inspect(connection), expected, entry, "the way back does not restore the catalog")
    return tuple(steps)


def _way_back(after: Catalog, before: Catalog, stage: Stage, entry: Entry) -> Stage:
    """One stage that undoes one stage: outside a transaction where the way there was, else in one."""
    if not stage.transactional:
        online = plan(after, before)
        if len(online.stages) == 1 and not online.stages[0].transactional:
            return online.stages[0]
    back = plan(after, before, online=False)
    _refuse_unplanned(back, entry)
    return back.stages[0] if back.stages else Stage(transactional=True, statements=())


def _with_renames(step: _Step, renames: Sequence[Rename]) -> _Step:
    up = tuple(Statement(rename.sql, (), None) for rename in renames)
    down = tuple(Statement(rename.undo, (), None) for rename in reversed(renames))
    return _Step(
        Stage(transactional=True, statements=(*up, *step.up.statements)),
        Stage(transactional=True, statements=(*step.down.statements, *down)),
    )


def _apply(connection: psycopg.Connection[Any], stage: Stage) -> None:
    if stage.transactional:
        with connection.transaction():
            for statement in stage.statements:
                _run(connection, statement.sql)
        return
    for statement in stage.statements:
        _run(connection, statement.sql)


def _run(connection: psycopg.Connection[Any], statement: str) -> None:
    try:
        connection.execute(statement.encode())
    except psycopg.Error as error:
        first = " ".join(statement.split())[:120]
        raise UnprovenPlan(
            f"PostgreSQL refuses a drafted statement: {error.diag.message_primary or error}: {first}",
            next_step="write this revision by hand (airside revision --empty), then run airside check",
        ) from error


def _refuse_unplanned(drafted: Plan, entry: Entry) -> None:
    if drafted.unplanned:
        reasons = "; ".join(f"{item.change}: {item.reason}" for item in drafted.unplanned)
        raise UnprovenPlan(
            f"cannot be drafted: {reasons}",
            where=entry.target,
            next_step="write this revision by hand (airside revision --empty), then run airside check",
        )


def _refuse_difference(current: Catalog, desired: Catalog, entry: Entry, what: str) -> None:
    remaining = compare(current, desired)
    if remaining:
        raise UnprovenPlan(
            f"{what}; remaining: {'; '.join(map(str, remaining))}",
            where=entry.target,
            next_step="write this revision by hand (airside revision --empty), then run airside check",
        )


def _drafts(entry: Entry, message: str, steps: Sequence[_Step]) -> tuple[Draft, ...]:
    ids = _next_ids(entry, len(steps))
    parent = _head(entry)
    drafts: list[Draft] = []
    for number, (revision, step) in enumerate(zip(ids, steps, strict=True), start=1):
        text = message.strip().rstrip(".")
        part = text if len(steps) == 1 else f"{text} ({number} of {len(steps)})"
        drafts.append(
            Draft(
                revision, parent, part, _text(part, step.up), _text(f"Undo: {part}", step.down), step.up.transactional
            )
        )
        parent = revision
    return tuple(drafts)


def _text(message: str, stage: Stage) -> str:
    head = [f"-- {message}"]
    if not stage.transactional:
        head.append("-- airside: transaction = off")
    paragraphs = ["\n".join(head)]
    for statement in stage.statements:
        comments = [f"-- {line}" for line in (statement.comment or "").splitlines()]
        marks = [f"-- airside: data-loss {loss.kind} {loss.name}" for loss in statement.losses]
        paragraphs.append("\n".join([*comments, *marks, f"{statement.sql};"]))
    return "\n\n".join(paragraphs) + "\n"


def _head(entry: Entry) -> str | None:
    past = history(entry)
    return past[-1].revision if past else None


def _next_ids(entry: Entry, count: int) -> tuple[str, ...]:
    """Numbers after the last where the history counts, else Alembic's random ids."""
    past = [script.revision for script in history(entry)]
    if all(re.fullmatch(r"\d{4}", revision) for revision in past):
        last = max(map(int, past), default=0)
        return tuple(f"{last + number:04d}" for number in range(1, count + 1))
    return tuple(rev_id() for _ in range(count))
