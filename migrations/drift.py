"""A live database against the migrations at its recorded revision."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from ..schema.core.catalog import Catalog, CatalogObject, Key, inspect
from ..schema.core.compare import Change, compare
from ..schema.core.database import Database
from ..schema.core.errors import RevisionVanished
from ..schema.core.registry import Entry
from ..server import Server
from .ledger import VERSION
from .replay import replayed
from .runner import applied_revision, history
from .sqlfile import sibling


@dataclass(frozen=True, slots=True)
class Drift:
    """What a live database differs in: `changes` lead from the migrations to the live catalog."""

    target: str
    revision: str | None
    head: str | None
    changes: tuple[Change, ...]


def drift(server: Server, entry: Entry, database: Database) -> Drift:
    """Compare every kind of object. Reads only, but for a scratch database when the replay is not cached.

    Raises NotProvisioned when the database does not exist, RevisionVanished when its revision has no file.
    """
    with server.connect(entry.name, autocommit=True) as connection:
        revision = applied_revision(connection)
        live = inspect(connection)
    past = [script.revision for script in history(entry)]
    if revision is not None and revision not in past:
        raise RevisionVanished(
            f"the database is at revision {revision}, which has no file",
            where=entry.target,
            next_step="restore the file from version control",
        )
    expected = catalog_at(server, entry, database, revision)
    return Drift(entry.target, revision, past[-1] if past else None, compare(expected, live))


def catalog_at(server: Server, entry: Entry, database: Database, revision: str | None) -> Catalog:
    """The catalog that the migrations up to `revision` make on this server's version.

    The replay is kept under the user's cache folder by a digest of all it depends on: the files' contents, the
    server's exact version and ours.
    """
    file = _cache_file(server, entry, revision)
    cached = _load(file)
    if cached is not None:
        return cached
    with (
        replayed(server, entry, database, revision or "base") as session,
        server.connect(session.database, autocommit=True) as connection,
    ):
        catalog = inspect(connection)
    _store(file, catalog)
    return catalog


def _cache_file(server: Server, entry: Entry, revision: str | None) -> Path:
    digest = hashlib.sha256(f"{VERSION} {server.version()} {entry.name}".encode())
    for script in history(entry) if revision else ():
        stub = Path(script.path)
        digest.update(stub.read_bytes())
        up = sibling(stub, "up")
        digest.update(up.read_bytes() if up.is_file() else b"")
        if script.revision == revision:
            break
    folder = Path(os.environ.get("AIRSIDE_CACHE_DIR") or user_cache_path("airside"))
    return folder / "catalogs" / f"{entry.name}-{digest.hexdigest()[:32]}.json"


def _load(file: Path) -> Catalog | None:
    try:
        stored: dict[str, Any] = json.loads(file.read_bytes())
        objects = {
            Key(kind, tuple(identity)): CatalogObject(Key(kind, tuple(identity)), properties)
            for kind, identity, properties in stored["objects"]
        }
        catalog = Catalog(objects, stored["major"], stored["owner"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return catalog if catalog.fingerprint == stored["fingerprint"] else None


def _store(file: Path, catalog: Catalog) -> None:
    content = {
        "major": catalog.major,
        "owner": catalog.owner,
        "fingerprint": catalog.fingerprint,
        "objects": [[key.kind, list(key.identity), dict(item.properties)] for key, item in catalog.objects.items()],
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}.tmp")
        partial.write_text(json.dumps(content), encoding="utf-8")
        partial.replace(file)
    except OSError:
        return
