"""What `partitions roll` and `partitions expire` share: options, one database after the other, a line for each step."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..context import Settings
from ..output import Record, document, line, note, progress
from ..steps import locks_record, locks_told

if TYPE_CHECKING:
    import psycopg

    from ...partitions.actions import Action, Step
    from ...partitions.report import Done, Failure, Report
    from ...schema.core.database import Database
    from ...schema.core.patience import Patience
    from ...schema.core.registry import Entry
    from ...server import Server

F = TypeVar("F", bound=Callable[..., Any])

_AGAIN = "run the command again; what was done stands, and what was begun is finished first"
_POSITIVE = click.FloatRange(min=0, min_open=True)


def lock_options(function: F) -> F:
    """How long others may be kept waiting, and how long to go on trying."""
    options = (
        click.option("--dry-run", is_flag=True, help="Print the SQL; change nothing."),
        click.option(
            "--lock-timeout",
            type=_POSITIVE,
            default=0.05,
            show_default=True,
            metavar="SECONDS",
            help="How long others may have to queue behind one try for a lock; a try is given up after twice that.",
        ),
        click.option(
            "--lock-wait", type=_POSITIVE, metavar="SECONDS", help="How long to go on trying for each lock (600)."
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def patience(lock_timeout: float, lock_wait: float | None) -> Patience:
    from ...schema.core.locks import LockBudget
    from ...schema.core.patience import Patience

    return Patience(LockBudget(timeout=lock_timeout, deadline=lock_wait or LockBudget().deadline))


Work = Callable[["psycopg.Connection[Any]", "Database", "Patience", Callable[[Any], None]], "Report"]
Plan = Callable[["psycopg.Connection[Any]", "Database"], "Sequence[Action]"]


@dataclass(slots=True)
class Job:
    """One command on several databases. The failure of one is reported, and the next follows."""

    settings: Settings
    server: Server
    records: list[Record] = field(default_factory=list[Record])
    code: int = 0

    def each(self, chosen: Sequence[Entry], work: Callable[[Entry, Record], None]) -> int:
        """Do the work for each database; the exit code of the worst."""
        try:
            for entry in chosen:
                record: Record = {"target": entry.target}
                self.records.append(record)
                with self._reported(entry, record):
                    work(entry, record)
        finally:
            if self.settings.json:
                document({"databases": self.records})
        return self.code

    def run(self, entry: Entry, record: Record, work: Work, patience: Patience) -> None:
        """Carry a plan out and tell of it."""
        from ...partitions.create import keeper

        database = entry.load()
        with keeper(self.server, database) as connection, progress(self.settings, f"{entry.target}: partitions"):
            report = work(connection, database, patience, lambda event: self._tell(entry, event))
        record |= record_of(report)
        self.code = max(self.code, report.exit_code)
        if not self.settings.json:
            _tell_rest(entry, report)

    def dry(self, entry: Entry, record: Record, plan: Plan) -> None:
        """Print what would be done, with its statements."""
        from ...partitions.actions import Refuse, Skip
        from ...partitions.create import keeper
        from ...partitions.sqltext import statements

        database = entry.load()
        record["would"] = planned = list[Record]()
        with keeper(self.server, database) as connection:
            for action in plan(connection, database):
                kind = type(action).__name__.lower()
                found: Record = {"action": kind, "table": str(action.parent), "what": str(action)}
                if not isinstance(action, Skip | Refuse):
                    found["statements"] = list(statements(connection, action))
                planned.append(found)
        if not self.settings.json:
            _print_planned(entry, planned)

    def _tell(self, entry: Entry, event: Step | Done | Failure) -> None:
        from ...partitions.report import Done, Failure

        if self.settings.json:
            return
        if isinstance(event, Done):
            tries = f", {event.tries} tries" if event.tries > _USUAL_TRIES else ""
            result = f": {event.result}" if event.result else ""
            line(f"{entry.target}  {event.step}{result}  ({event.seconds * 1000:.0f} ms{tries})")
        elif isinstance(event, Failure):
            note(f"airside: {entry.target}: {event.error}")

    @contextmanager
    def _reported(self, entry: Entry, record: Record) -> Generator[None]:
        from ..failures import explain

        try:
            yield
        except KeyboardInterrupt:
            interrupted = click.Abort()
            interrupted.next_step = _AGAIN  # pyright: ignore[reportAttributeAccessIssue]
            raise interrupted from None
        except Exception as error:
            failure = explain(error, self.server)
            self.code = max(self.code, failure.exit_code)
            record["error"] = {"type": failure.kind, "message": failure.what, "next": failure.next_step}
            if not self.settings.json:
                then = f". Next: {failure.next_step}" if failure.next_step else ""
                note(f"airside: {entry.target}: {failure.what}{then}")


_USUAL_TRIES = 2
"""A new partition takes two transactions."""


def record_of(report: Report) -> Record:
    return {
        "done": [
            {
                "action": type(done.step).__name__.lower(),
                "table": str(done.step.parent),
                "what": str(done.step),
                "result": done.result or None,
                "milliseconds": round(done.seconds * 1000),
                "tries": done.tries,
            }
            for done in report.done
        ],
        "skipped": [
            {"table": str(skip.parent), "what": skip.subject, "reason": skip.reason} for skip in report.skipped
        ],
        "refused": [
            {"table": str(refusal.parent), "what": str(refusal), "next": refusal.next_step}
            for refusal in report.refused
        ],
        "failed": [
            {
                "table": failure.where,
                "type": type(failure.error).__name__,
                "message": failure.error.what,
                "next": failure.error.next_step,
            }
            for failure in report.failed
        ],
        "locks": locks_record(report.waits),
    }


def _tell_rest(entry: Entry, report: Report) -> None:
    for skip in report.skipped:
        line(f"{entry.target}  {skip}")
    for refusal in report.refused:
        note(f"airside: {entry.target}: {refusal}. Next: {refusal.next_step.replace('TARGET', entry.target)}")
    if not (report.done or report.skipped or report.refused or report.failed):
        line(f"{entry.target}  nothing to do")
    elif report.waits.in_vain:
        line(f"{entry.target}  {locks_told(report.waits)}")


def _print_planned(entry: Entry, planned: Sequence[Record]) -> None:
    if not planned:
        line(f"-- {entry.target}: nothing to do")
    for found in planned:
        line(f"-- {entry.target}: {found['what']}")
        for statement in found.get("statements", ()):
            line(f"{statement};")
