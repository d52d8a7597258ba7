"""One spelling for expressions that PostgreSQL itself spells in two ways. Pure.

`state IN ('new', 'paid')` over a varchar is read back as `ANY ((ARRAY['new'::character varying, ...])::text[])`. But
executing that very text (as pg_restore does) stores the casts inside the array: it is read back as
`ANY (ARRAY[('new'::character varying)::text, ...])`. Likewise `a BETWEEN 1 AND 2 AND b` is read back as
`((a >= 1) AND (a <= 2)) AND b`, which the parser flattens on the left to `(a >= 1) AND (a <= 2) AND b`. The two mean
the same, so a restored database is no drift.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .model import Json

_MARK = "'::character varying)::text"
_ITEM = r"\('(?:[^']|'')*'::character varying\)::text"
_RESTORED = re.compile(rf"ARRAY\[({_ITEM}(?:, {_ITEM})*)\]")
_LITERAL = re.compile(r"\(('(?:[^']|'')*'::character varying)\)::text")
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]| AND | OR """)


def one_spelling(text: str) -> str:
    """The text with arrays of varchar literals as before a dump, and left-nested ANDs and ORs as after it.

    >>> one_spelling("ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])")
    "ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])"
    """
    if _MARK in text:
        text = _RESTORED.sub(_before_the_dump, text)
    if "((" in text and (") AND " in text or ") OR " in text):
        text = _flattened(text)
    return text


def _before_the_dump(match: re.Match[str]) -> str:
    literals = _LITERAL.sub(lambda item: item.group(1), match.group(1))
    return f"(ARRAY[{literals}])::text[]"


@dataclass(slots=True)
class _Group:
    """A pair of parentheses and the operators between what stands directly in it."""

    start: int
    end: int = 0
    operators: set[str] = field(default_factory=set[str])


def _flattened(text: str) -> str:
    """The text without the parentheses around the first operand of an AND that is an AND itself (OR likewise)."""
    groups = {group.start: group for group in _groups(text)}
    dropped = {
        position
        for start, group in groups.items()
        if (outer := groups.get(start - 1)) and len(group.operators) == 1 and outer.operators == group.operators
        for position in (start, group.end)
        if text.startswith(tuple(group.operators), group.end + 1)
    }
    return "".join(character for position, character in enumerate(text) if position not in dropped)


def _groups(text: str) -> Iterator[_Group]:
    open_groups: list[_Group] = []
    for token in _TOKEN.finditer(text):
        match token.group():
            case "(":
                open_groups.append(_Group(token.start()))
            case ")" if open_groups:
                open_groups[-1].end = token.start()
                yield open_groups.pop()
            case (" AND " | " OR ") as operator if open_groups:
                open_groups[-1].operators.add(operator)
            case _:
                pass


def spelled(properties: Mapping[str, Json]) -> dict[str, Json]:
    """The properties with every text in one spelling."""
    return {name: _spelled(value) for name, value in properties.items()}


def _spelled(value: Json) -> Json:
    if isinstance(value, str):
        return one_spelling(value)
    if isinstance(value, dict):
        return spelled(value)
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    return value
