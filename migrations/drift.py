"""A live database against the migrations at its recorded revision."""

from __future__ import annotations

from dataclasses import dataclass

from ..schema.core.catalog import Catalog, inspect
from ..schema.core.compare import Change, compare
from ..schema.core.database import Database
from ..schema.core.errors import RevisionVanished
from ..schema.core.external import without_external
from ..schema.core.registry import Entry
from ..server import Server
from .cache import CatalogCache, catalog_token, history_digest
from .leaves import without_leaves
from .replay import replayed
from .runner import applied_revision, history


@dataclass(frozen=True, slots=True)
class Drift:
    """What a live database differs in: `changes` lead from the migrations to the live catalog."""

    target: str
    revision: str | None
    head: str | None
    changes: tuple[Change, ...]


def drift(server: Server, entry: Entry, database: Database) -> Drift:
    """Compare every kind of object. Reads only, but for a scratch database when the replay is not cached.

    A catalog that was found to agree and in which no row was written since is not read again. Raises NotProvisioned
    when the database does not exist, RevisionVanished when its revision has no file.
    """
    past = history(entry)
    ids = [script.revision for script in past]
    head = ids[-1] if ids else None
    cache = CatalogCache()
    with server.connect(entry.name, autocommit=True) as connection:
        revision = applied_revision(connection)
        if revision is not None and revision not in ids:
            raise RevisionVanished(
                f"the database is at revision {revision}, which has no file",
                where=entry.target,
                next_step="restore the file from version control",
            )
        applied = past[: ids.index(revision) + 1] if revision is not None else ()
        expected_key = history_digest(server, entry, applied)
        token = catalog_token(connection)
        if cache.agreed(expected_key, token):
            return Drift(entry.target, revision, head, ())
        live = without_leaves(connection, without_external(inspect(connection), database.external))
    expected = cache.load(expected_key)
    if expected is None:
        expected = _replay(server, entry, database, revision)
        cache.store(expected_key, expected)
    changes = compare(expected, live)
    if not changes:
        cache.agree(expected_key, token)
    return Drift(entry.target, revision, head, changes)


def _replay(server: Server, entry: Entry, database: Database, revision: str | None) -> Catalog:
    """The catalog that the migrations up to `revision` make on this server's version."""
    with (
        replayed(server, entry, database, revision or "base") as session,
        server.connect(session.database, autocommit=True) as connection,
    ):
        return inspect(connection)
