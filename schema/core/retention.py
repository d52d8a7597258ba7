"""Retention: how long rows of a table are kept and what becomes of them then; declared in the table's `info`. Pure.

A table has as many rules as it needs: `info=retained(Retention(...), ...)`. Rows that hang on those of another table
end with them: `archived_as(...)`, `kept_with(...)`. `info=kept_forever("audit")` says that the lack of a rule is
meant. Where whole partitions go, the partition policy says so (`retention`, `at_end`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from .age import Age
from .errors import DeclarationError

Then = Literal["archive", "delete", "anonymise"]


@dataclass(frozen=True, slots=True)
class Noted:
    """A plain table that keeps an entry of every row for ever: its `column` is set to now() when the row is archived.

    `key` is the column that holds what the first key column of the row does.
    """

    table: str
    key: str
    column: str


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows whose `column` (timestamptz, timestamp in UTC, or date) is older than `after` are due.

    `after` is an age (`"2 years"`); empty for a column that says itself when a row ends (`expires_at`). `where` is an
    SQL condition on the row (its status), `also` names further columns that must be older than `after` too. `then`
    is what becomes of due rows: moved to the archive tables (`archived_as`), deleted, or anonymised (their personal
    columns become NULL). `function` names
    the SQL function of the database that does one batch, `(cutoff timestamptz, batch_size integer) RETURNS integer`;
    the command calls it, so that both are one mechanism (see `archival.retention_function`). `batch` is how many rows
    a transaction of the command handles. Rows are taken oldest first, by `column`. `key` are the columns that name a
    row, where they are fewer than its primary key (which holds the partition key too). `noted` is the registry that
    learns of archived rows. `because` is the reason, for reports.
    """

    column: str
    after: str = ""
    then: Then = "archive"
    where: str | None = None
    also: tuple[str, ...] = ()
    function: str | None = None
    batch: int = 10_000
    key: tuple[str, ...] = ()
    noted: Noted | None = None
    because: str = ""

    def __post_init__(self) -> None:
        if self.then not in get_args(Then) or self.batch < 1:
            raise DeclarationError(
                f"retention by {self.column} asks for then={self.then!r}, batch={self.batch}",
                next_step=f"use one of {', '.join(get_args(Then))}, and a positive batch",
            )
        _ = self.age

    @property
    def age(self) -> Age:
        return Age.of(self.after) if self.after else Age()


def retained(*rules: Retention) -> dict[str, Any]:
    """Rows of the table end by these rules; to be written into its `info`."""
    return {"retention": rules}


def kept_forever(because: str) -> dict[str, Any]:
    """Rows of the table never end, for this reason."""
    return {"kept_forever": because}


def archived_as(table: str) -> dict[str, Any]:
    """Rows of the table are moved to this archive table, together with the row they hang on."""
    return {"archived_as": table}


def kept_with(table: str) -> dict[str, Any]:
    """Rows of the table are kept as long as the row of `table` they hang on, and end with it."""
    return {"kept_with": table}


def retention_rules(info: Mapping[Any, Any]) -> tuple[Retention, ...]:
    rules = info.get("retention", ())
    return tuple(rule for rule in cast("tuple[Any, ...]", rules) if isinstance(rule, Retention))


def forever_because(info: Mapping[Any, Any]) -> str | None:
    value = info.get("kept_forever")
    return str(value) if value else None


def keeper(info: Mapping[Any, Any]) -> str | None:
    """The table whose rows those of this table are kept with."""
    value = info.get("kept_with")
    return str(value) if value else None


def archive_table(info: Mapping[Any, Any]) -> str | None:
    value = info.get("archived_as")
    return str(value) if value else None
