"""What a statement did to a database, as PostgreSQL showed it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from postgast import PgQueryError, pg_query_pb2

from ...schema.core.errors import DeclarationError
from ...schema.core.sql import parse_script


class Lock(IntEnum):
    """The modes of a table lock, weakest first (PostgreSQL documentation, 13.3.1)."""

    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8

    @classmethod
    def of(cls, mode: str) -> Lock:
        """The mode of a name in `pg_locks`, such as `ShareUpdateExclusiveLock`."""
        return _MODES[mode]

    @property
    def blocks(self) -> tuple[str, ...]:
        """What others cannot do meanwhile: `reads`, `writes`, `DDL`, `autovacuum`."""
        return tuple(what for what, weakest in _BLOCKED_FROM.items() if self >= weakest)

    def __str__(self) -> str:
        return self.name.replace("_", " ")


_MODES = {"".join(part.capitalize() for part in lock.name.split("_")) + "Lock": lock for lock in Lock}
_BLOCKED_FROM = {
    # SELECT takes ACCESS SHARE, INSERT and its like ROW EXCLUSIVE, ANALYZE and VACUUM SHARE UPDATE EXCLUSIVE
    "reads": Lock.ACCESS_EXCLUSIVE,
    "writes": Lock.SHARE,
    "DDL": Lock.ROW_SHARE,
    "autovacuum": Lock.SHARE_UPDATE_EXCLUSIVE,
}


@dataclass(frozen=True, slots=True)
class Touched:
    """What a statement did to one relation that it locked, scanned, rewrote, wrote to, made or dropped.

    `relation` is `schema.name`, `kind` is `pg_class.relkind`. `taken` is the strongest mode that the statement took
    and the transaction did not hold before, `held` the strongest that is held afterwards. `scanned`: the heap (or the
    whole index) was read; `rewritten`: it got a new file. `written` counts rows inserted, updated and deleted.
    `created`: it did not exist when the transaction began, so nobody else can wait for it. `rows`: it held rows before.
    `root` is the partitioned table it is a part of.
    """

    relation: str
    kind: str
    taken: Lock | None = None
    held: Lock | None = None
    scanned: bool = False
    rewritten: bool = False
    written: int = 0
    created: bool = False
    dropped: bool = False
    rows: bool = False
    root: str | None = None

    @property
    def is_table(self) -> bool:
        return self.kind in "rpmf"


@dataclass(frozen=True, slots=True)
class Effect:
    """One statement and all that it did. `where` is `file:line` or the revision's id.

    Statements of one transaction share the number `transaction`; `transactional` is False for those outside of one
    (CONCURRENTLY, VACUUM). `lock_timeout` and `statement_timeout` (milliseconds, 0: none) are what was in effect.
    `error` is PostgreSQL's message when it refused the statement.
    """

    sql: str
    where: str
    revision: str
    direction: str
    transaction: int
    transactional: bool
    touched: tuple[Touched, ...]
    lock_timeout: int = 0
    statement_timeout: int = 0
    milliseconds: float = 0.0
    error: str | None = None
    comments: tuple[str, ...] = ()
    _tree: list[pg_query_pb2.Node | None] = field(default_factory=list["pg_query_pb2.Node | None"], compare=False)

    @property
    def tree(self) -> pg_query_pb2.Node | None:
        """The statement as PostgreSQL's parser reads it; None where this parser does not know it."""
        if not self._tree:
            self._tree.append(_parsed(self.sql))
        return self._tree[0]

    def others(self) -> Iterable[Touched]:
        """The relations that others may be using: not made in this transaction."""
        return (item for item in self.touched if not item.created)

    def strongest(self) -> Lock | None:
        """The strongest lock that the statement took on a table others may be using."""
        return max((item.taken for item in self.others() if item.taken and item.is_table), default=None)


def richer(earlier: Sequence[Effect], later: Sequence[Effect]) -> tuple[Effect, ...]:
    """The effects of a run without rows, but for its beginning those of the run with rows that ended early.

    They are alike as far as they ran the same statements; where rows were, more could be seen.
    """
    same = 0
    for one, other in zip(earlier, later, strict=False):
        if one.sql != other.sql or one.error is not None:
            break
        same += 1
    return (*earlier[:same], *later[same:])


def _parsed(sql: str) -> pg_query_pb2.Node | None:
    try:
        statements = parse_script(sql, origin="statement")
    except (DeclarationError, PgQueryError):
        return None
    return statements[0].tree if len(statements) == 1 else None
