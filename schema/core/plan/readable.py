"""PostgreSQL's long spelling of `IN` over a varchar, as a person writes it.

`state IN ('new', 'paid')` is read back as `(state)::text = ANY ((ARRAY['new'::character varying, ...])::text[])`.
Executing that stores another tree than the one it was read from (see `catalog.spelling`); executing the short form
stores the same.
"""

from __future__ import annotations

import re

_NAME = r"(?:[a-z_][\w$]*|\"(?:[^\"]|\"\")+\")"
_LITERAL = r"'(?:[^']|'')*'"
_LONG = re.compile(
    rf"\(({_NAME}(?:\.{_NAME})?)\)::text (=|<>) (ANY|ALL) "
    rf"\(\(ARRAY\[({_LITERAL}::character varying(?:, {_LITERAL}::character varying)*)\]\)::text\[\]\)"
)
_ROUTINE = re.compile(r"CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b")


def readable(sql: str) -> str:
    """The statement with `IN (...)` and `NOT IN (...)` in place of their long spelling; routines are left as they are.

    >>> readable("CHECK (((state)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))")
    "CHECK ((state IN ('a', 'b')))"
    """
    if "::character varying])::text[]" not in sql or _ROUTINE.match(sql):
        return sql
    return _LONG.sub(_short, sql)


def _short(match: re.Match[str]) -> str:
    word = {("=", "ANY"): "IN", ("<>", "ALL"): "NOT IN"}.get((match.group(2), match.group(3)))
    if word is None:
        return match.group(0)
    return f"{match.group(1)} {word} ({match.group(4).replace('::character varying', '')})"
