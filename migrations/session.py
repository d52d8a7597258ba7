"""What one run of Alembic needs to know from us; it travels in `Config.attributes`."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg
from alembic.config import Config
from sqlalchemy import Connection

from ..schema.core.database import Roles
from ..schema.core.locks import Blocker, LockBudget
from ..schema.core.patience import Waits
from ..schema.core.registry import Entry
from ..schema.core.sql import ScriptStatement
from ..server import Server

ATTRIBUTE = "airside"


@dataclass(frozen=True, slots=True)
class StepDone:
    """A revision was applied or undone; `seconds` is how long it took."""

    revision: str
    direction: str
    message: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lock was not to be had; the whole revision is tried again."""

    attempt: int
    blockers: tuple[Blocker, ...]


Event = StepDone | Waiting
Observer = Callable[[Event], None]
StepHook = Callable[[str, str, psycopg.Connection[Any]], None]


class Spectator(Protocol):
    """Somebody who looks on while a history runs on scratch."""

    def connected(self, connection: Connection) -> None:
        """Called once with the connection on which the revisions run."""
        ...

    def around(self, statement: ScriptStatement, where: str) -> AbstractContextManager[None]:
        """Entered before and left after each statement of a file; `where` is `file:line`."""
        ...


def _silent(_: Event) -> None:
    return None


@dataclass(slots=True)
class Session:
    """One database to migrate. `database` differs from the entry's name on a scratch server.

    `after_step(revision, direction, connection)` is called in the transaction of each step, `spectator` around each
    statement. Without `holds_data`
    all rows come from the revisions themselves, and losing them is nothing to ask about. `waits` is what locks took.
    """

    entry: Entry
    server: Server
    database: str
    roles: Roles
    budget: LockBudget = field(default_factory=LockBudget)
    allow_data_loss: frozenset[str] = frozenset()
    observer: Observer = _silent
    after_step: StepHook | None = None
    spectator: Spectator | None = None
    scratch: bool = False
    holds_data: bool = True
    pid: int = 0
    waits: Waits = field(default_factory=Waits)
    step_started: float = field(default_factory=time.monotonic)
    lock_clock: float | None = None


def alembic_config(entry: Entry, session: Session | None = None) -> Config:
    """Alembic's configuration for one database, the same that `alembic.ini` gives."""
    config = Config()
    config.set_main_option("script_location", _literal(Path(__file__).parent))
    config.set_main_option("version_locations", _literal(entry.migrations))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("timezone", "UTC")
    config.attributes["entry"] = entry
    if session is not None:
        config.attributes[ATTRIBUTE] = session
    return config


def _literal(path: Path) -> str:
    # configparser interpolates percent signs
    return str(path).replace("%", "%%")
