"""Which archive somebody means by a table and a period. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ...schema.core.errors import UsageError

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """An archive to choose from. `number` is its id in the ledger, None for one that was found by its manifest."""

    number: int | None
    table: str
    leaf: str
    lower: datetime | None
    location: str

    @property
    def period(self) -> str:
        return f"{self.leaf} (from {self.lower:%Y-%m-%d})" if self.lower else self.leaf


def choose(choices: Sequence[Choice], table: str | None, period: str | None) -> Choice:
    """The one archive of a table (`bookings`, `schema.bookings`) and a period.

    A period is the name of the partition, the beginning of its lower bound (`2024`, `2024-03`), or `#` and the number
    that `airside archive list` shows. Raises UsageError where there is none, or more than one.
    """
    of_table = [choice for choice in choices if table is None or table in (choice.table, f"public.{choice.table}")]
    found = [choice for choice in of_table if period is None or _is_of(choice, period)]
    if len(found) == 1:
        return found[0]
    wanted = " ".join(filter(None, (table, period))) or "everything"
    if found:
        numbers = ", ".join(f"#{c.number}" if c.number is not None else c.location for c in found[:_SHOWN])
        raise UsageError(
            f"{len(found)} archives are {wanted}: {numbers}{', ...' if len(found) > _SHOWN else ''}",
            next_step="name one: its partition, its number, or the URL of its manifest",
        )
    known = ", ".join(choice.period for choice in (of_table or choices)[:_SHOWN])
    raise UsageError(
        f"no archive is {wanted}" + (f"; there are {known}" if known else ""), next_step="airside archive list"
    )


def _is_of(choice: Choice, period: str) -> bool:
    if period.startswith("#"):
        return str(choice.number) == period[1:]
    return period == choice.leaf or (choice.lower is not None and choice.lower.isoformat().startswith(period))
