"""Retention: how long rows of a table are kept and what becomes of them then; declared in the table's `info`. Pure.

A table has as many rules as it needs: `info=retained(Retention(...), ...)`. `info=kept_forever("audit")` says that
the lack of a rule is meant. Where whole partitions go, the partition policy says so (`retention`, `at_end`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from .age import Age
from .errors import DeclarationError

Then = Literal["archive", "delete", "anonymise"]
Target = Literal["tables", "parquet", "database"]


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows whose `column` (timestamptz, timestamp in UTC, or date) is older than `after` are due.

    `after` is an age (`"2 years"`); empty for a column that says itself when a row ends (`expires_at`). `where` is an
    SQL condition on the row (its status), `also` names further columns that must be older than `after` too. `then`
    is what becomes of due rows: moved to the archive tables (`archived_as`), deleted, or anonymised. `function` names
    the SQL function of the database that does one batch, `(cutoff timestamptz, batch_size integer) RETURNS integer`;
    the command calls it, so that both are one mechanism. `batch` is how many rows a transaction handles. `order` are
    the columns by which rows are taken, oldest first (default: `column`). `because` is the reason, for reports.
    """

    column: str
    after: str = ""
    then: Then = "archive"
    where: str | None = None
    also: tuple[str, ...] = ()
    function: str | None = None
    batch: int = 1000
    order: tuple[str, ...] = ()
    because: str = ""

    def __post_init__(self) -> None:
        if self.then not in get_args(Then) or self.batch < 1:
            raise DeclarationError(
                f"retention by {self.column} asks for then={self.then!r}, batch={self.batch}",
                next_step=f"use one of {', '.join(get_args(Then))}, and a positive batch",
            )
        if self.then == "anonymise" and self.function is None:
            raise DeclarationError(
                f"retention by {self.column} anonymises without a function",
                next_step="name the SQL function that anonymises one batch: function=...",
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


def retention_rules(info: Mapping[Any, Any]) -> tuple[Retention, ...]:
    rules = info.get("retention", ())
    return tuple(rule for rule in cast("tuple[Any, ...]", rules) if isinstance(rule, Retention))


def forever_because(info: Mapping[Any, Any]) -> str | None:
    value = info.get("kept_forever")
    return str(value) if value else None


def archive_table(info: Mapping[Any, Any]) -> str | None:
    value = info.get("archived_as")
    return str(value) if value else None
