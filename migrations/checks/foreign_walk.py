"""A walk through a project's history, up and back, on a scratch database: each revision observed, refusals survived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import psycopg
from alembic.script import Script

from ...schema.core.catalog import Catalog
from .contents import Table
from .effects import Effect, Lock, richer
from .emptied import TRIES, empty_all, empty_for, refusal
from .foreign_project import Direction, ForeignProject, Outcome, Problem, told
from .foreign_trial import ProjectTrials
from .model import Step
from .recording import Recorder
from .redirect import Redirection
from .roundtrip import RoundTrip, Trial

Fill = Callable[[psycopg.Connection[Any]], Mapping[str, str]]
_OF_ROWS = ("select_stmt", "insert_stmt", "update_stmt", "delete_stmt", "merge_stmt")

_DUPLICATE_OBJECT = "42710"


@dataclass(slots=True)
class Walk:
    """One walk up, and down again."""

    project: ForeignProject
    recorder: Recorder
    redirection: Redirection
    connection: psycopg.Connection[Any]
    fill: Fill
    catalog: Catalog
    outcome: Outcome = field(default_factory=Outcome)
    round_trip: RoundTrip = field(default_factory=RoundTrip)
    _without_rows: dict[str, str] = field(default_factory=dict[str, str])
    _to_fill: bool = True

    def walk(self, scripts: Sequence[Script], direction: Direction) -> bool:
        """Whether all of them ran. Where one does not, the others of this direction are not tried, and it is said."""
        for number, script in enumerate(scripts):
            if self.step(script, direction):
                continue
            left = [script.revision for script in scripts[number + 1 :]]
            if left:
                ways = "not checked" if direction == "up" else "the ways back not tried"
                self.outcome.problems.append(
                    Problem(None, None, f"{ways}, as {script.revision} failed before: {', '.join(left)}")
                )
            return False
        return True

    def step(self, script: Script, direction: Direction) -> bool:
        before = self.catalog
        if self._to_fill:
            self._without_rows = dict(self.fill(self.connection))
            self._to_fill = False
            self.round_trip.before(self.connection)
        refused: list[Effect] = []
        emptied: dict[str, str] = {}
        error = self._attempt(script, direction)
        earlier: tuple[Effect, ...] = ()
        for _ in range(TRIES):
            gone = self._emptied(error, before, emptied) if error is not None else {}
            if not gone:
                break
            self._forget(gone)
            emptied |= gone
            refused += [effect for effect in self.recorder.effects[-1:] if effect.error]
            earlier = richer(earlier, self.recorder.effects)[:-1]
            error = self._attempt(script, direction)
        if error is not None and self._runs_in_one_go(script, direction, error, before):
            message = f"it runs only in one go with those before it; after them, as an upgrade does, {told(error)}"
            self.outcome.problems.append(Problem(script.revision, script.path, message))
            error = None
        self.recorder.effects = list(richer(earlier, self.recorder.effects))
        if error is not None:
            self.outcome.problems.append(Problem(script.revision, script.path, told(error)))
        self._done(script, direction, before, refused, emptied, failed=error is not None)
        return error is None and self._went_back(script, direction)

    def _went_back(self, script: Script, direction: Direction) -> bool:
        """Whether the next revision can follow. After a down the revision is tried again, on edge values."""
        trials = ProjectTrials(self.connection, lambda way: self._tried(script, "up" if way == "up" else "down"))
        tried: set[Table] = set()

        def again(step: Step, tables: Collection[Table]) -> tuple[Trial, ...]:
            tried.update(tables)
            return trials(step, tables)

        self.round_trip.after(self.connection, self.outcome.steps[-1], again if direction == "down" else None)
        if tried:
            self._forget(".".join(table) for table in tried)
            self._to_fill = True
        if trials.stuck:
            self.outcome.problems.append(
                Problem(
                    script.revision, script.path, "it does not come back down with rows at the edges of their types"
                )
            )
        return not trials.stuck

    def _forget(self, tables: Iterable[str]) -> None:
        self.round_trip.forget([cast("Table", tuple(name.split(".", 1))) for name in tables])

    def _attempt(self, script: Script, direction: Direction) -> BaseException | None:
        self.recorder.clear()
        self.redirection.aside = 0
        try:
            self.project.run(script, direction, self.recorder)
        except (Exception, SystemExit) as error:
            # their code may raise anything
            return error
        return None

    def _runs_in_one_go(self, script: Script, direction: Direction, error: BaseException, before: Catalog) -> bool:
        """A type that is there already is no obstacle to a process that made it itself."""
        if direction == "down" or refusal(error).sqlstate != _DUPLICATE_OBJECT:
            return False
        if self.project.catalog(self.connection).fingerprint != before.fingerprint:
            return False
        failed = list(self.recorder.effects)
        self.project.in_one_go = True
        try:
            if self._attempt(script, direction) is None:
                return True
        finally:
            self.project.in_one_go = False
        self.recorder.effects = failed
        return False

    def _tried(self, script: Script, direction: Direction) -> bool:
        """Whether it runs, with nobody looking on."""
        try:
            self.project.run(script, direction)
        except (Exception, SystemExit):
            # their code may raise anything
            return False
        return True

    def _emptied(self, error: BaseException, before: Catalog, already: Mapping[str, str]) -> dict[str, str]:
        """The tables emptied because of an error that rows made up by us may be the reason of, with the reason."""
        said = refusal(error)
        if said.sqlstate and not said.is_of_rows:
            return {}
        if self.project.catalog(self.connection).fingerprint != before.fingerprint:
            # part of it is committed, and cannot run twice
            return {}
        last = self.recorder.effects[-1].sql if self.recorder.effects else ""
        kept = {*already, *map(".".join, self.project.versions(self.connection))}
        try:
            if said.sqlstate:
                return empty_for(self.connection, said, last, but=kept)
            # their own code, perhaps because of the values that it read
            return dict.fromkeys(
                empty_all(self.connection, but=kept), f"their code failed with its rows: {said.message}"
            )
        except psycopg.Error:
            return {}

    def _done(
        self, script: Script, direction: Direction, before: Catalog, refused: list[Effect], emptied: dict[str, str],
        *, failed: bool,
    ) -> None:  # fmt: skip
        effects = self.recorder.effects
        if not failed:
            # an error that their code expected is none
            effects = [effect for effect in effects if effect.error is None]
        after = before
        unseen = self._past_sqlalchemy()
        if failed or unseen or not effects or any(map(_may_change_the_catalog, effects)):
            after = self.catalog = self.project.catalog(self.connection)
        if not effects and after.fingerprint != before.fingerprint:
            unseen = unseen or "its statements did not go through SQLAlchemy"
        # a table may be new, or empty now, or take rows that it would not take before
        self._to_fill = (
            failed
            or bool(unseen or emptied or self._without_rows)
            or any(_makes_or_writes(effect) for effect in effects)
        )
        without_rows = tuple((self._without_rows | emptied).items())
        self.outcome.steps.append(
            Step(
                script.revision, direction, script.path, tuple(effects), before, after, unseen, without_rows,
                tuple(refused),
            )
        )  # fmt: skip

    def _past_sqlalchemy(self) -> str | None:
        if self.redirection.aside:
            return "statements on a connection of its own did not go through SQLAlchemy"
        if self.recorder.raw:
            return f"statements on a cursor of the driver's own ({self.recorder.raw[0]}) did not go through SQLAlchemy"
        return None


def _may_change_the_catalog(effect: Effect) -> bool:
    """A function may, too: it shows by what it made, dropped or locked."""
    kind = effect.tree.WhichOneof("node") if effect.tree else None
    return kind not in _OF_ROWS or any(
        item.created or item.dropped or (item.taken or Lock.ACCESS_SHARE) > Lock.ROW_EXCLUSIVE
        for item in effect.touched
    )


def _makes_or_writes(effect: Effect) -> bool:
    return any(item.is_table and (item.created or item.written or item.rewritten) for item in effect.touched)
