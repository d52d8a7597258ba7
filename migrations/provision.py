"""Make a database ready: roles, the database itself, rights, extensions, then every revision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import psycopg

from ..schema.core.database import Database
from ..schema.core.registry import Entry
from ..server import Server, require
from .rights import apply_database_rights, create_database, database_exists, ensure_roles, missing_roles
from .runner import current, pending, upgrade
from .session import Session


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What was done for one database: names of created roles, whether it was created, applied revisions."""

    target: str
    roles: tuple[str, ...]
    created: bool
    revisions: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return self.created or bool(self.roles or self.revisions)


def plan_provision(server: Server, entry: Entry, database: Database) -> Provisioned:
    """What `provision` would do, without doing it."""
    with server.connect(autocommit=True) as connection:
        return _planned(connection, server, entry, database)


def _planned(connection: psycopg.Connection[Any], server: Server, entry: Entry, database: Database) -> Provisioned:
    roles = missing_roles(connection, database)
    exists = database_exists(connection, entry.name)
    position = current(server, entry).revision if exists else None
    revisions = tuple(step.revision for step in pending(entry, position))
    return Provisioned(entry.target, roles, not exists, revisions)


def provision(server: Server, entry: Entry, database: Database, session: Session) -> Provisioned:
    """Create what is missing and upgrade to head. Idempotent; safe to run twice at once.

    Raises MissingRight when the login role may not create roles or databases that are missing, MissingExtension, and
    what `upgrade` raises.
    """
    with server.connect(autocommit=True) as connection:
        planned = _planned(connection, server, entry, database)
        if planned.created:
            require(server, None, database.extensions)
        if planned.roles or planned.created:
            ensure_roles(connection, database)
        if planned.created and create_database(connection, entry.name, database.roles.owner):
            session = replace(session, holds_data=False)
    with server.connect(entry.name, autocommit=True) as connection:
        apply_database_rights(connection, entry.name, database)
    if planned.revisions:
        upgrade(session)
    return planned
