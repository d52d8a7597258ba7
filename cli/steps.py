"""What `upgrade`, `downgrade`, `stamp`, `provision` and `up` share: options, the session, and a line for each step."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .output import Record, line, note

if TYPE_CHECKING:
    from alembic.script import Script

    from ..migrations.session import Event, Session, StepDone, Waiting
    from ..schema.core.patience import Waits
    from ..schema.core.registry import Entry
    from ..server import Server

F = TypeVar("F", bound=Callable[..., Any])

_REPEAT_AFTER = 10.0
_DONE = {"up": "applied", "down": "undone", "stamp": "stamped"}


@dataclass(frozen=True, slots=True)
class Patience:
    """`--lock-timeout`, `--lock-wait` (seconds) and `--allow-data-loss`."""

    lock_timeout: float | None = None
    lock_wait: float | None = None
    allow_data_loss: tuple[str, ...] = ()


def patience_options(function: F) -> F:
    """How long to wait for locks, and which data may be lost."""
    positive = click.FloatRange(min=0, min_open=True)
    options = (
        click.option(
            "--allow-data-loss",
            metavar="NAME",
            multiple=True,
            help="Lose this table's rows or column's values (public.users.note); repeat for more.",
        ),
        click.option(
            "--lock-timeout",
            type=positive,
            metavar="SECONDS",
            help="How long others may have to queue behind one try for a lock (0.2).",
        ),
        click.option("--lock-wait", type=positive, metavar="SECONDS", help="How long to go on trying for locks (600)."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@dataclass(slots=True)
class Reporter:
    """A line for each step as it is done, and who is in the way while waiting; collects the steps for --json.

    With `show` lines are printed at once, else they are kept in `lines`.
    """

    target: str
    show: bool = False
    steps: list[Record] = field(default_factory=list[Record])
    lines: list[str] = field(default_factory=list[str])
    _told: dict[int, float] = field(default_factory=dict[int, float])

    def __call__(self, event: Event) -> None:
        from ..migrations.session import StepDone

        if isinstance(event, StepDone):
            self._step(event)
        else:
            self._waiting(event)

    def _step(self, event: StepDone) -> None:
        self._told.clear()
        milliseconds = round(event.seconds * 1000)
        step = {"revision": event.revision, "direction": event.direction, "message": event.message.rstrip(".")}
        self.steps.append({**step, "milliseconds": milliseconds})
        done = _DONE.get(event.direction, event.direction)
        text = f"{self.target}  {event.revision} -> {done} in {milliseconds} ms  {step['message']}"
        if self.show:
            line(text)
        else:
            self.lines.append(text)

    def _waiting(self, event: Waiting) -> None:
        now = time.monotonic()
        for blocker in event.blockers:
            if now - self._told.get(blocker.pid, -_REPEAT_AFTER) >= _REPEAT_AFTER:
                self._told[blocker.pid] = now
                note(f"airside: {self.target}: waiting for a lock (try {event.attempt}), blocked by {blocker}")


def session_for(
    server: Server,
    entry: Entry,
    reporter: Reporter,
    patience: Patience = Patience(),
) -> Session:
    """A session on the live database of an entry."""
    from ..migrations.session import Session
    from ..schema.core.locks import LockBudget

    usual = LockBudget()
    return Session(
        entry,
        server,
        entry.name,
        entry.load().roles,
        budget=LockBudget(patience.lock_timeout or usual.timeout, patience.lock_wait or usual.deadline),
        allow_data_loss=frozenset(patience.allow_data_loss),
        observer=reporter,
    )


def locks_record(waits: Waits) -> Record:
    """What getting locks took, for --json; seconds."""
    return {"tries": waits.attempts, "in_vain": waits.in_vain, "longest_try": round(waits.longest, 4)}


def locks_told(waits: Waits) -> str:
    return (
        f"{waits.in_vain} of {waits.attempts} tries for locks were in vain;"
        f" none took longer than {waits.longest * 1000:.0f} ms"
    )


def planned_sql(scripts: Sequence[Script], direction: str) -> list[Record]:
    """The statements that each revision would run, for --dry-run."""
    from ..migrations.sqlfile import read_sql_file, sibling

    planned: list[Record] = []
    for script in scripts:
        path = sibling(script.path, direction)
        record: Record = {"revision": script.revision, "message": (script.doc or "").rstrip("."), "file": str(path)}
        if path.is_file():
            file = read_sql_file(path)
            record |= {"transaction": file.transactional, "statements": [item.sql for item in file.statements]}
        else:
            record |= {"file": script.path, "transaction": True, "statements": []}
        planned.append(record)
    return planned


def print_planned(entry: Entry, planned: Sequence[Record], direction: str) -> None:
    """The planned statements as a script."""
    what = "would apply" if direction == "up" else "would undo"
    for record in planned:
        how = "" if record["transaction"] else ", each statement on its own"
        line(f"-- {entry.target}: {what} {record['revision']} ({record['message']}){how}: {record['file']}")
        for statement in record["statements"]:
            line(f"{statement};")
        line("")
