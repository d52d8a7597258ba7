"""How old something may grow: calendar months, days and hours. Pure.

>>> Age.of("2 years").before(datetime(2026, 3, 1, tzinfo=UTC)).isoformat()
'2024-03-01T00:00:00+00:00'
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .errors import DeclarationError

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_HOURS = {"hour": 1, "day": 24, "week": 168}
_PART = re.compile(r"(\d+)\s*([a-z]+?)s?(?:\s+|,\s*|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Age:
    """A length of time: whole months (years are twelve), then hours (days are 24). Never negative."""

    months: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        if self.months < 0 or self.hours < 0:
            raise DeclarationError("an age is negative", next_step="give a positive number of months or hours")

    @classmethod
    def of(cls, text: str) -> Age:
        """Read `90 days`, `2 years`, `1 year 6 months`, `12 hours`. Raises DeclarationError for anything else."""
        months = hours = position = 0
        text = text.strip()
        for part in _PART.finditer(text):
            unit = part[2].lower()
            if part.start() != position or (unit not in _MONTHS and unit not in _HOURS):
                break
            months += int(part[1]) * _MONTHS.get(unit, 0)
            hours += int(part[1]) * _HOURS.get(unit, 0)
            position = part.end()
        if not text or position != len(text):
            raise DeclarationError(f"{text!r} is no age", next_step="write it like '90 days', '2 years' or '12 hours'")
        return cls(months, hours)

    def before(self, moment: datetime) -> datetime:
        """The moment that was this long before `moment`, in UTC; a day the month lacks becomes its last."""
        moment = moment.astimezone(UTC)
        number = moment.year * 12 + moment.month - 1 - self.months
        year, month = divmod(number, 12)
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day) - timedelta(hours=self.hours)

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        days, hours = divmod(self.hours, 24)
        parts = ((years, "year"), (months, "month"), (days, "day"), (hours, "hour"))
        return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n) or "at once"
