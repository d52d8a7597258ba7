"""The catalog of a database as a value.

A `Catalog` maps a `Key` (kind and identity) to a `CatalogObject`. `properties` holds what is compared, in
PostgreSQL's own words (`pg_get_*def`, `format_type`), read with an empty `search_path` so that equal things are
equal texts. `extra` holds what planning needs but what makes no difference between two databases (a column's
position, for example). The kinds and their properties are listed in `docs/catalog.md`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class Key(NamedTuple):
    """What an object is and how it is called: `Key("column", ("public", "users", "email"))`."""

    kind: str
    identity: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {'.'.join(self.identity)}"


@dataclass(frozen=True, slots=True)
class CatalogObject:
    """One object. `properties` is compared; `extra` is not."""

    key: Key
    properties: Mapping[str, Json]
    extra: Mapping[str, Json] = field(default_factory=dict[str, Json], compare=False)


@dataclass(frozen=True)
class Catalog(Mapping[Key, CatalogObject]):
    """Every object of a database that is declared by somebody.

    `owner` is the role that owns the database (objects of that owner say `(database owner)`), `major` the server's
    major version. `dependencies` maps an object to those it needs (from `pg_depend`); empty unless asked for.
    """

    objects: Mapping[Key, CatalogObject]
    major: int
    owner: str
    dependencies: Mapping[Key, frozenset[Key]] = field(default_factory=dict[Key, frozenset[Key]])

    def __getitem__(self, key: Key) -> CatalogObject:
        return self.objects[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self.objects)

    def __len__(self) -> int:
        return len(self.objects)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all compared properties; equal for equal catalogs of one major version."""
        rows = [[key.kind, list(key.identity), dict(self.objects[key].properties)] for key in sorted(self.objects)]
        text = json.dumps(rows, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
