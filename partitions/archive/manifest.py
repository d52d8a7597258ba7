"""The manifest beside each file: what makes a file an archive. Pure.

A manifest is JSON. Its own SHA-256 stands in the ledger, that of its file in the manifest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from types import NoneType
from typing import Any, cast
from uuid import UUID

from ...schema.core.errors import Refused
from .columns import Column

FORMAT = 1
"""The version of the manifest; readers refuse a newer one."""

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "bool": bool,
    "str | None": (str, NoneType),
}

_SELDOM = ("lower_key", "upper_key")

ENDING = ".manifest.json"


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of a file: PostgreSQL's `type`, how it is carried, and statistics (see tables.Statistics)."""

    name: str
    type: str
    carrier: str
    base: str
    kind: str
    modifier: int
    is_domain: bool
    deterministic: bool
    not_null: bool
    generated: str
    has_default: bool
    statistics: Mapping[str, str | None]

    @classmethod
    def of(cls, column: Column, carrier: str, statistics: Mapping[str, str | None]) -> FileColumn:
        return cls(**asdict(column), carrier=carrier, statistics=statistics)

    @property
    def column(self) -> Column:
        """The column as it was in the table."""
        return Column(**{item.name: getattr(self, item.name) for item in fields(Column)})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file holds, where it came from, and how to tell that it is unharmed.

    `lower` and `upper` are the bounds of its period (ISO 8601, UTC) by `key`; `lower_key` and `upper_key` are there
    where the bounds are uuids finer than a millisecond. `digest` is the
    sum of `hash_record_extended` over the rows, which any server of the same major version gives again
    (`server_major`); `content_digest` is what tables.ContentDigest says of the file. `sha256` and `size` (bytes) are
    the file's. `supersedes` are the manifests of the same table and period that this one replaces.
    """

    format: int
    system_identifier: str
    database: str
    schema: str
    table: str
    leaf: str
    leaf_oid: int
    key: str | None
    lower: str | None
    upper: str | None
    file: str
    rows: int
    row_groups: int
    columns: tuple[FileColumn, ...]
    schema_digest: str
    digest: str
    content_digest: str
    sha256: str
    size: int
    server_version: str
    server_major: int
    airside_version: str
    created_at: str
    supersedes: tuple[str, ...] = ()
    lower_key: str | None = None
    upper_key: str | None = None

    def to_bytes(self) -> bytes:
        said = asdict(self)
        for name in _SELDOM:
            if said[name] is None:
                del said[name]
        return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.table}"

    @property
    def awkward(self) -> frozenset[str]:
        """The columns that are carried as text although their type has a native carrier."""
        return frozenset(item.name for item in self.columns if item.carrier == "text" != item.column.carrier())

    @property
    def declared(self) -> tuple[Column, ...]:
        """The columns of the table when it was archived."""
        return tuple(item.column for item in self.columns)


def schema_digest(columns: Sequence[Column]) -> str:
    """A digest of the names and types of columns, in their order."""
    text = json.dumps([[column.name, column.type, column.not_null] for column in columns])
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_manifest(content: bytes, *, where: str) -> Manifest:
    """The manifest that these bytes are. Raises Refused when they are none, or of a newer format."""
    try:
        given = cast("dict[str, Any]", json.loads(content))
        if given["format"] > FORMAT:
            raise _unreadable(f"its format is {given['format']}, and this airside reads up to {FORMAT}", where)
        columns = tuple(FileColumn(**item) for item in given.pop("columns"))
        supersedes = tuple(cast("list[str]", given.pop("supersedes", ())))
        manifest = Manifest(**given, columns=columns, supersedes=supersedes)
        for item in (manifest, *columns):
            _refuse_other_types(item)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable(f"it is no manifest ({type(error).__name__})", where) from None
    if schema_digest(manifest.declared) != manifest.schema_digest:
        raise _unreadable("what it says of the columns was changed", where)
    return manifest


def _refuse_other_types(item: Manifest | FileColumn) -> None:
    """Raise TypeError where a field does not hold what it is declared to, and ValueError where a moment is none."""
    for field in fields(item):
        value = getattr(item, field.name)
        allowed = _TYPES.get(str(field.type))
        if allowed is not None and (not isinstance(value, allowed) or isinstance(value, bool) != (allowed is bool)):
            raise TypeError(field.name)
        if field.name in ("lower", "upper") and value is not None:
            datetime.fromisoformat(value)
        if field.name in _SELDOM and value is not None:
            UUID(value)


def _unreadable(what: str, where: str) -> Refused:
    return Refused(
        f"the manifest cannot be relied on: {what}",
        where=where,
        next_step="restore the manifest from a copy; without it the file is no archive",
    )
