"""Names of partitions as pg_partman writes them (`to_char` patterns) and as policies do (templates). Pure.

>>> template("payments", 'YYYY_MM')
'payments_p{year}_{month:02}'
>>> pattern("payments", "payments_p{year}_{month:02}")
'YYYY_MM'
"""

from __future__ import annotations

import re
from string import Formatter

PREFIX = "_p"
"""What pg_partman puts between a table's name and the time; recent versions of 5.x can be told another."""

_LONGEST = 61
_TOKEN = re.compile(r'"([^"{}]*)"|(IYYY|YYYY|HH24|MM|DD|MI|SS|IW|Q)|([_\-.0-9]+)')
_FIELDS = {
    "YYYY": "{year}",
    "IYYY": "{year}",
    "MM": "{month:02}",
    "DD": "{day:02}",
    "HH24": "{hour:02}",
    "Q": "{quarter}",
    "IW": "{week:02}",
    # no period is shorter than an hour
    "MI": "00",
    "SS": "00",
}
_WRITTEN = {
    ("month", "02"): "MM",
    ("day", "02"): "DD",
    ("hour", "02"): "HH24",
    ("week", "02"): "IW",
    ("quarter", ""): "Q",
}


def template(table: str, datetime_string: str, prefix: str = PREFIX) -> str | None:
    """The template of a policy that names partitions as pg_partman does; None for a pattern that has none."""
    parts: list[str] = []
    position = length = 0
    for token in _TOKEN.finditer(datetime_string):
        if token.start() != position:
            return None
        literal, field, plain = token.groups()
        parts.append(_FIELDS[field] if field else _escaped(literal or plain or ""))
        length += _length(field) if field else len(literal or plain or "")
        position = token.end()
    if not parts or position != len(datetime_string) or ("IW" in datetime_string) != ("IYYY" in datetime_string):
        # a year of weeks beside months, or the other way round, has no name in a template
        return None
    return _escaped(_shortened(table, length, prefix)) + "".join(parts)


def pattern(table: str, name: str, prefix: str = PREFIX) -> str | None:
    """The `to_char` pattern under which pg_partman names partitions as the template `name`; None where it cannot."""
    fields = list(Formatter().parse(name))
    by_week = any(field == "week" for _, field, _, _ in fields)
    start = ""
    words: list[tuple[str, int]] = []
    for literal, field, spelling, _ in fields:
        if words:
            words.append((_quoted(literal), len(literal)))
        else:
            # braces of the table's name come in pieces
            start += literal
        if field is not None:
            token = ("IYYY" if by_week else "YYYY") if field == "year" else _WRITTEN.get((field, spelling or ""))
            if token is None:
                return None
            words.append((token, _length(token)))
    head, found, between = start.rpartition(prefix)
    written = _quoted(between) + "".join(word for word, _ in words)
    length = len(between) + sum(length for _, length in words)
    fits = found and words and prefix not in written and '"' not in name
    return written if fits and head + prefix == _shortened(table, length, prefix) else None


def _shortened(table: str, suffix: int, prefix: str) -> str:
    """pg_partman cuts the table's name so that the time fits into a name of PostgreSQL."""
    return table[: _LONGEST + len(PREFIX) - len(prefix) - suffix] + prefix


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _quoted(literal: str) -> str:
    return literal if re.fullmatch(r"[_\-.0-9]*", literal) else f'"{literal}"'


def _length(token: str) -> int:
    """How many characters a token becomes."""
    return {"YYYY": 4, "IYYY": 4, "Q": 1}.get(token, 2)
