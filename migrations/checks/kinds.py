"""What kind of loss it is when a value comes back as another one. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal, cast

from .contents import HEAD

Kind = Literal[
    "lost rows",
    "became NULL",
    "default overwritten",
    "lost precision",
    "shifted time zone",
    "truncated text",
    "other enum value",
    "changed order of enum",
    "rewritten JSON",
    "time of the run",
    "changed value",
]
HARMLESS: frozenset[Kind] = frozenset({"rewritten JSON", "time of the run"})
"""These leave the meaning of a value as it was."""

_NUMBERS = ("smallint", "integer", "bigint", "numeric", "real", "double precision", "money")
_TEXTS = ("text", "character", "bytea", "bit", "citext", "name")
_QUARTER, _FARTHEST = timedelta(minutes=15), timedelta(hours=26)
_ZONES = timedelta(hours=15)
_STAMPED = re.compile(r"updat|modif|chang|touch|mtime|last_", re.IGNORECASE)
_NEAR = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class Judged:
    """What tells the kind of a loss in a column: its name, type and default before, and when it happened.

    `enums` has the labels of each enum type, as `schema.name`.
    """

    name: str
    type: str
    default: str | None
    enums: Mapping[str, Sequence[str]]
    now: datetime

    def kinds(self, pairs: Sequence[tuple[str | None, str | None]]) -> list[Kind]:
        """The kind for each value before and after."""
        found: list[Kind] = [self._kind(before, after) for before, after in pairs]
        # different values that are all one now: nobody computed that from the rows
        several = len({before for before, _ in pairs}) > 1 and len({after for _, after in pairs}) == 1
        if several and set(found) == {"changed value"}:
            found = ["default overwritten" for _ in found]
        return found

    def _kind(self, before: str | None, after: str | None) -> Kind:
        if after is None:
            return "became NULL"
        if self._stamped(after):
            return "time of the run"
        if before is None or self._is_default(after):
            return "default overwritten"
        return self._of_type(before, after)

    def _of_type(self, before: str, after: str) -> Kind:
        if unquoted(self.type) in self.enums:
            return "other enum value"
        if self.type.startswith(("timestamp", "date", "time")):
            return _of_time(before, after)
        if self.type.startswith(_NUMBERS):
            return _of_number(before, after)
        if before[:HEAD].startswith(after[:HEAD]) and len(after) < len(before) and self.type.startswith(_TEXTS):
            return "truncated text"
        same = (document := _json(before)) is not None and document == _json(after)
        return "rewritten JSON" if same else "changed value"

    def _is_default(self, after: str) -> bool:
        literal = (self.default or "").partition("::")[0].strip("'")
        return self.default is not None and literal == after

    def _stamped(self, after: str) -> bool:
        """Whether a trigger wrote the time of the run, as `updated_at` of any updated row has it."""
        if not self.type.startswith("timestamp") or not _STAMPED.search(self.name):
            return False
        moment = _moment(after)
        slack = timedelta(minutes=1) if "with time zone" in self.type else _ZONES
        return moment is not None and abs(moment - self.now) <= slack


def unquoted(kind: str) -> str:
    """The name of a type without quotes and without the brackets of an array."""
    return kind.removesuffix("[]").replace('"', "")


def _json(text: str) -> object:
    """An object or a list of JSON; None for all else: text that holds a number is text."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return cast("object", json.loads(text))
    except ValueError:
        return None


def _of_time(before: str, after: str) -> Kind:
    was, now = _moment(before), _moment(after)
    if was is None or now is None:
        return "changed value"
    apart = abs(now - was)
    if apart < timedelta(seconds=1) or now in (was.replace(second=0, microsecond=0), _midnight(was)):
        return "lost precision"
    return "shifted time zone" if apart <= _FARTHEST and apart % _QUARTER == timedelta() else "changed value"


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _moment(text: str) -> datetime | None:
    for candidate in (text, f"2000-01-01 {text}"):
        try:
            moment = datetime.fromisoformat(candidate)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _of_number(before: str, after: str) -> Kind:
    try:
        was, now = Decimal(before), Decimal(after)
        apart = abs(was - now)
        rounded = apart < 1 and _places(now) < _places(was)
        near = bool(was) and apart / abs(was) <= _NEAR
    except InvalidOperation:
        return "changed value"
    return "lost precision" if rounded or near else "changed value"


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
