"""What need not be found out twice: replayed catalogs, and live catalogs that agreed with them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from alembic.script import Script
from platformdirs import user_cache_path
from psycopg.rows import tuple_row

from ..schema.core import catalog
from ..schema.core.catalog import Catalog, CatalogObject, Key
from ..schema.core.registry import Entry
from ..schema.core.sql import query
from ..server import Server
from .ledger import QUERIES, VERSION
from .sqlfile import sibling


@cache
def _reader() -> bytes:
    """A digest of the code that reads catalogs: a checkout changes it without a new version."""
    digest = hashlib.sha256(VERSION.encode())
    for file in sorted(Path(catalog.__file__).parent.rglob("*")):
        if file.suffix in (".py", ".sql"):
            digest.update(file.read_bytes())
    return digest.digest()


def history_digest(server: Server, entry: Entry, applied: Iterable[Script]) -> str:
    """A digest of all that a replay depends on: the files' contents, the server's exact version, our code."""
    digest = hashlib.sha256(_reader() + f"{server.version()} {entry.name}".encode())
    for script in applied:
        stub = Path(script.path)
        digest.update(stub.read_bytes())
        up = sibling(stub, "up")
        digest.update(up.read_bytes() if up.is_file() else b"")
    return digest.hexdigest()


def catalog_token(connection: psycopg.Connection[Any]) -> str:
    """Text that is another one after any committed change of the connected database's catalog."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query(QUERIES, "catalog_token")).fetchone()
    return " ".join(map(str, row or ()))


class CatalogCache:
    """Files under the user's cache folder (`AIRSIDE_CACHE_DIR`). A lost or damaged one is found out again."""

    def __init__(self) -> None:
        root = Path(os.environ.get("AIRSIDE_CACHE_DIR") or user_cache_path("airside"))
        self._catalogs = root / "catalogs"
        self._agreed = root / "agreed"

    def load(self, key: str) -> Catalog | None:
        try:
            checksum, _, content = (self._catalogs / key).read_bytes().partition(b"\n")
        except OSError:
            return None
        if hashlib.sha256(content).hexdigest().encode() != checksum:
            return None
        stored: dict[str, Any] = json.loads(content)
        keys = [Key(kind, tuple(identity)) for kind, identity, _ in stored["objects"]]
        objects = {
            name: CatalogObject(name, properties)
            for name, (_, _, properties) in zip(keys, stored["objects"], strict=True)
        }
        return Catalog(objects, stored["major"], stored["owner"])

    def store(self, key: str, found: Catalog) -> None:
        content = json.dumps(
            {
                "major": found.major,
                "owner": found.owner,
                "objects": [[name.kind, list(name.identity), dict(item.properties)] for name, item in found.items()],
            }
        ).encode()
        _write(self._catalogs / key, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)

    def agreed(self, key: str, token: str) -> bool:
        """Whether a live catalog with this token was compared with this history and no difference was found."""
        return self._agreement(key, token).is_file()

    def agree(self, key: str, token: str) -> None:
        _write(self._agreement(key, token), b"")

    def _agreement(self, key: str, token: str) -> Path:
        return self._agreed / hashlib.sha256(f"{key} {token}".encode()).hexdigest()


def _write(file: Path, content: bytes) -> None:
    """Write by rename, so that nobody reads half a file; a read-only home only means no cache."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(file)
