"""Both catalogs and what is to be done with each object: the ground on which statements are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from ..catalog.model import Catalog, CatalogObject, Key
from ..compare import Change, compare
from .casts import TypeName
from .quote import qualified
from .read import flag, required, text
from .ties import Ties

DATABASE_OWNER = "(database owner)"


class Way(Enum):
    """How an object gets from its current to its desired state."""

    CREATE = "create"
    DROP = "drop"
    ALTER = "alter"
    RECREATE = "recreate"
    SWAP = "swap"

    @property
    def destroys(self) -> bool:
        return self in (Way.DROP, Way.RECREATE)

    @property
    def creates(self) -> bool:
        return self in (Way.CREATE, Way.RECREATE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a change is not planned, and what to do about it."""

    reason: str


Decision = Way | Refusal
Decide = Callable[["Scene", Change], Decision]


class Scene:
    """What is known before a statement is written. Filled by `decide`, read by the actions."""

    def __init__(self, current: Catalog, desired: Catalog, *, online: bool) -> None:
        self.current = current
        self.desired = desired
        self.online = online
        self.major = desired.major
        self.before = Ties(current)
        self.after = Ties(desired)
        self.changes: Mapping[Key, Change] = {change.key: change for change in compare(current, desired)}
        self.ways: dict[Key, Way] = {}
        self.refused: dict[Key, str] = {}
        self.closed: set[Key] = set()
        self.vanishing: set[Key] = set()
        self.absorbed: dict[Key, Key] = {}
        self.redefaulted: set[Key] = set()
        self.rejoining: dict[Key, set[Key]] = {}

    def way(self, key: Key) -> Way | None:
        return self.ways.get(key)

    def destroyed(self, key: Key) -> bool:
        way = self.ways.get(key)
        return way is not None and way.destroys

    def created(self, key: Key) -> bool:
        way = self.ways.get(key)
        return way is not None and way.creates

    def leaves(self, key: Key) -> bool:
        """Whether the object gives up its name for others."""
        return self.destroyed(key) or (self.ways.get(key) is Way.SWAP and key not in self.desired)

    def renewed(self, key: Key) -> bool:
        """Whether the object starts with the privileges, owner and comments that PostgreSQL gives to a new one."""
        return self.created(key) or self.ways.get(key) is Way.SWAP

    def old(self, key: Key) -> CatalogObject:
        return self.current[key]

    def new(self, key: Key) -> CatalogObject:
        return self.desired[key]

    def retyped(self, key: Key) -> bool:
        """Whether a column that stays gets another type or collation."""
        if key.kind != "column" or self.ways.get(key) not in (Way.ALTER, None):
            return False
        if key not in self.current or key not in self.desired:
            return False
        if self.swapped_type(key) is not None:
            return True
        old, new = self.current[key], self.desired[key]
        return any(text(old, name) != text(new, name) for name in ("type", "collation"))

    def swapped_type(self, column: Key) -> Key | None:
        """The type that is exchanged under a column which keeps it."""
        if column not in self.desired or column not in self.current:
            return None
        type_name = required(self.current[column], "type")
        if type_name != required(self.desired[column], "type"):
            return None
        base = TypeName.of(type_name).base
        swaps = (key for key in self.before.needs(column) if self.ways.get(key) is Way.SWAP)
        return next((key for key in swaps if qualified(*key.identity) == base), None)

    def is_online(self, table: Key) -> bool:
        """Whether a table has rows and readers to spare: it exists already and is not partitioned."""
        if not self.online or self.created(table):
            return False
        return table in self.current and text(self.current[table], "relkind") == "r"

    def role(self, name: str) -> str:
        return self.desired.owner if name == DATABASE_OWNER else name

    def is_changed(self, key: Key, *names: str) -> bool:
        old, new = self.current[key], self.desired[key]
        return any(old.properties.get(name) != new.properties.get(name) for name in names)


def is_generated(column: CatalogObject) -> bool:
    return text(column, "generated") is not None


def is_partitioned(table: CatalogObject | None) -> bool:
    return table is not None and (text(table, "relkind") == "p" or flag(table, "partitioned"))
