"""A history replayed on a scratch database."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ..schema.core.database import Database
from ..schema.core.registry import Entry
from ..server import Server
from .declared import empty_database
from .runner import history, upgrade
from .session import Session, StepHook


@contextmanager
def replayed(
    server: Server, entry: Entry, database: Database, revision: str = "head", *, after_step: StepHook | None = None
) -> Generator[Session]:
    """A scratch database with the history up to `revision`; the session goes on migrating it."""
    with empty_database(server, database) as made:
        session = Session(
            entry, server, made.name, database.roles, scratch=True, holds_data=False, after_step=after_step
        )
        if revision != "base" and history(entry):
            upgrade(session, revision)
        yield session
