"""A revision of somebody's project tried there and back on rows at the edges of their types.

Their env.py commits, so nothing can be rolled back: afterwards the tables are emptied.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from .contents import Contents, Shape, Table, read, shapes
from .emptied import empty
from .model import Step
from .roundtrip import Trial
from .rows import more
from .trial import EDGES

Run = Callable[[str], bool]
"""Runs the revision `up` or `down`; whether it went through."""


@dataclass(slots=True)
class ProjectTrials:
    """Tries a revision whose down has just run. `stuck` afterwards: it went up on such rows and does not come back."""

    connection: psycopg.Connection[Any]
    run: Run
    stuck: bool = False

    def __call__(self, down: Step, tables: Collection[Table]) -> tuple[Trial, ...]:
        there = shapes(down.after)
        wanted = {table: there[table] for table in tables if table in there}
        if not wanted or self._emptied(wanted):
            return ()
        tried = self._once(wanted, EDGES)
        for number in EDGES if tried is None and not self.stuck else ():
            tried = tried or self._once(wanted, [number])
            if self.stuck:
                break
        return () if tried is None else (Trial("up and down", *tried),)

    def _once(self, wanted: Mapping[Table, Shape], numbers: Sequence[int]) -> tuple[Contents, Contents] | None:
        more(self.connection, wanted.keys(), numbers)
        before = read(self.connection, wanted)
        if not self.run("up"):
            self._emptied(wanted)
            return None
        if not self.run("down"):
            self._emptied(wanted)
            self.stuck = not self.run("down")
            return None
        after = read(self.connection, wanted)
        self._emptied(wanted)
        return before, after

    def _emptied(self, tables: Collection[Table]) -> bool:
        """Whether it could not be done: then their rows would be taken for those made here."""
        try:
            for schema, name in tables:
                empty(self.connection, schema, name)
        except psycopg.Error:
            return True
        return False
