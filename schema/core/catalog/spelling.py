"""One spelling for expressions that PostgreSQL itself spells in two ways. Pure.

`state IN ('new', 'paid')` over a varchar is read back as `ANY ((ARRAY['new'::character varying, ...])::text[])`. But
executing that very text (as pg_restore does) stores the casts inside the array: it is read back as
`ANY (ARRAY[('new'::character varying)::text, ...])`. The two mean the same, so a restored database is no drift.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .model import Json

_MARK = "'::character varying)::text"
_ITEM = r"\('(?:[^']|'')*'::character varying\)::text"
_RESTORED = re.compile(rf"ARRAY\[({_ITEM}(?:, {_ITEM})*)\]")
_LITERAL = re.compile(r"\(('(?:[^']|'')*'::character varying)\)::text")


def one_spelling(text: str) -> str:
    """The text with restored arrays of varchar literals spelled as they were before the dump.

    >>> one_spelling("ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])")
    "ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])"
    """
    if _MARK not in text:
        return text
    return _RESTORED.sub(_before_the_dump, text)


def _before_the_dump(match: re.Match[str]) -> str:
    literals = _LITERAL.sub(lambda item: item.group(1), match.group(1))
    return f"(ARRAY[{literals}])::text[]"


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
