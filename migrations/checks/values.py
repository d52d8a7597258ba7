"""Values for columns: ordinary ones first, then those at the edges of the type and of its CHECKs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

_ORDINARY: dict[str, tuple[str, ...]] = {
    "boolean": ("true", "false"),
    "smallint": ("1", "2", "3", "0", "32767", "-32768"),
    "integer": ("1", "2", "3", "0", "2147483647", "-2147483648"),
    "bigint": ("1", "2", "3", "0", "9223372036854775807", "-9223372036854775808"),
    "real": ("1.5", "0", "-1e30", "Infinity"),
    "double precision": ("1.5", "0", "0.1", "-1e300", "NaN"),
    "money": ("1.5", "0"),
    "date": ("2026-01-15", "2026-02-16", "1990-05-05", "2030-12-31", "2000-02-29", "0001-01-01"),
    "timestamp without time zone": (
        "2026-01-15 10:00:00",
        "2026-02-16 12:34:56.123456",
        "2030-12-31 23:59:59.999999",
        "1990-05-05 00:00:00",
    ),
    "timestamp with time zone": (
        "2026-01-15 10:00:00+00",
        "2026-02-16 12:34:56.123456+00",
        "2030-12-31 23:59:59.999999+00",
        "1990-05-05 00:00:00+00",
        # the hour that a change to summer time leaves out in Europe
        "2026-03-29 01:30:00+00",
    ),
    "time without time zone": ("10:00", "12:34:56.123456", "23:59:59"),
    "time with time zone": ("10:00+00", "12:34:56+02"),
    "interval": ("1 day", "1 mon 3 days 04:05:06.789", "-1 day"),
    "json": ('{"a": [1, null, "ü"]}', "{}", "[]"),
    "jsonb": ('{"a": [1, null, "ü"]}', "{}", "[]"),
    "bytea": (r"\x00ff", r"\x"),
    "inet": ("192.0.2.1", "2001:db8::1"),
    "cidr": ("192.0.2.0/24", "2001:db8::/32"),
    "macaddr": ("08:00:2b:01:02:03",),
    "macaddr8": ("08:00:2b:01:02:03:04:05",),
    "tsvector": ("'a':1 'b':2", ""),
    "tsquery": ("'a' & 'b'",),
    "xml": ("<a>b</a>",),
    "point": ("(1,2)",),
    "oid": ("1", "2"),
    "name": ("a", "b"),
    "int4range": ("[1,5)", "[5,9)", "[9,12)", "empty"),
    "int8range": ("[1,5)", "[5,9)", "[9,12)", "empty"),
    "numrange": ("[1.5,2.5)", "[3,4)", "(,1)"),
    "daterange": ("[2026-01-01,2026-01-05)", "[2026-02-01,2026-02-05)", "[2026-03-01,)"),
    "tsrange": ("[2026-01-01,2026-01-05)", "[2026-02-01,2026-02-05)"),
    "tstzrange": ("[2026-01-01 00:00+00,2026-01-05 00:00+00)", "[2026-02-01 00:00+00,2026-02-05 00:00+00)"),
}
_TEXTS = ("a", "b", "ccc", "Zürich 東京", "", " trailing ")
_LONGEST = 300
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"(?<![\w.'])-?\d+(?:\.\d+)?(?![\w.'])")
_PATTERN = re.compile(r"~\*? '((?:[^']|'')*)'")


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be filled. `type` is PostgreSQL's own spelling, of the base type where it is a domain."""

    name: str
    type: str
    not_null: bool
    has_default: bool
    element: str = ""
    category: str = ""
    labels: tuple[str, ...] = ()


def candidates(column: Column, checks: Iterable[str], row: int) -> tuple[str | None, ...]:
    """Values to try for a column of row number `row` (from 0), most promising first, as text; None is NULL.

    `checks` are the definitions of the CHECKs that name the column: their literals and patterns are tried first.
    """
    found: dict[str | None, None] = dict.fromkeys(_from_checks(column, checks))
    found.update(dict.fromkeys(_of_type(column, row)))
    if not column.not_null:
        found[None] = None
    values = tuple(found)
    start = row % len(values) if values else 0
    return values[start:] + values[:start]


def _from_checks(column: Column, checks: Iterable[str]) -> Iterator[str]:
    text = column.category == "S"
    for check in checks:
        for pattern in _PATTERN.findall(check):
            matching = matching_text(pattern.replace("''", "'"))
            if matching is not None:
                yield matching
        for quoted in _QUOTED.findall(_PATTERN.sub("", check)):
            if column.category in "SEU" or quoted.lstrip("-").replace(".", "", 1).isdigit():
                yield quoted.replace("''", "'")
        for number in _NUMBER.findall(_QUOTED.sub("", check)):
            if text and "." not in number and 0 < int(number) <= _LONGEST:
                yield "X" * int(number)
            elif column.category == "N":
                yield number
                yield str(_next(number))


def _next(number: str) -> float | int:
    return float(number) + 0.5 if "." in number else int(number) + 1


def _of_type(column: Column, row: int) -> Iterator[str]:
    base, _, modifier = column.type.partition("(")
    if column.labels:
        yield from column.labels
    elif column.type == "uuid":
        yield from (f"00000000-0000-4000-8000-{row * 16 + n:012x}" for n in range(1, 9))
    elif column.type.endswith("[]") or column.category == "A":
        yield "{}"
        inner = Column(column.name, column.element, not_null=True, has_default=False)
        yield from ("{" + _quoted_element(value) + "}" for value in list(_of_type(inner, row))[:2])
    elif base.startswith("numeric"):
        yield from _numerics(modifier)
    elif column.type in _ORDINARY:
        yield from _ORDINARY[column.type]
    elif base in ("bit", "bit varying"):
        yield "1" * int((modifier or "1)").rstrip(")"))
    elif base + (")" + modifier.partition(")")[2] if modifier else "") in ("timestamp) with time zone",):
        yield from _ORDINARY["timestamp with time zone"]
    elif base == "timestamp" or base.startswith("time"):
        yield from _ORDINARY[f"{base} {modifier.partition(') ')[2]}"]
    else:
        yield from _texts(row, modifier)


def _texts(row: int, modifier: str) -> Iterator[str]:
    length = int(modifier.rstrip(")")) if modifier.rstrip(")").isdigit() else None
    for text in (f"{_TEXTS[row % 2]}{row}", *_TEXTS, f"user{row}@example.com", f"+4912345678{row}"):
        yield text[:length]
    if length is not None:
        yield "x" * min(length, _LONGEST)


def _numerics(modifier: str) -> Iterator[str]:
    yield from ("1", "2.5", "0")
    if modifier:
        precision, _, scale = modifier.rstrip(")").partition(",")
        whole, fraction = int(precision) - int(scale or 0), int(scale or 0)
        yield "9" * max(whole, 0) + ("." + "9" * fraction if fraction else "") or "0"
        yield "0." + "0" * (fraction - 1) + "1" if fraction else "1"
    else:
        yield from ("12345678901234567890.123456789", "NaN")


def _quoted_element(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def matching_text(pattern: str) -> str | None:
    """A text that a simple regular expression matches; None for one that this cannot read.

    >>> matching_text("^[A-Z]{3}$")
    'AAA'
    """
    try:
        from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

        parsed = cast("Sequence[tuple[Any, Any]]", parser.parse(pattern))  # pyright: ignore[reportUnknownMemberType]
        return "".join(_matching(parsed))
    except (re.error, NotImplementedError, ValueError):
        return None


def _matching(parts: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    for operation, argument in parts:
        match str(operation):
            case "LITERAL":
                yield chr(argument)
            case "AT" | "ASSERT" | "ASSERT_NOT":
                continue
            case "ANY" | "NOT_LITERAL":
                yield "a" if argument != ord("a") else "b"
            case "IN":
                yield _of_class(argument)
            case "MAX_REPEAT" | "MIN_REPEAT":
                low, high, inner = argument
                yield "".join(_matching(inner)) * max(low, min(1, int(high)))
            case "SUBPATTERN":
                yield from _matching(argument[-1])
            case "BRANCH":
                yield from _matching(argument[1][0])
            case _:
                raise NotImplementedError


def _of_class(items: Sequence[tuple[Any, Any]]) -> str:
    if str(items[0][0]) == "NEGATE":
        refused = {argument for operation, argument in items[1:] if str(operation) == "LITERAL"}
        return next(character for character in "aA0_-x" if ord(character) not in refused)
    operation, argument = items[0]
    match str(operation):
        case "LITERAL":
            return chr(argument)
        case "RANGE":
            return chr(argument[0])
        case "CATEGORY":
            return {"CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a", "CATEGORY_SPACE": " "}.get(str(argument), "-")
        case _:
            raise NotImplementedError
