"""Indexes that rarely pay: hash, and over many columns."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Context, Finding, Rule, Step, about
from ..places import statements

NAME = "hash-or-wide-index"
_MANY = 4


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "index_stmt"):
        statement = tree.index_stmt
        if statement.access_method == "hash":
            yield about(
                NAME,
                effect,
                "a hash index serves `=` only: no order, no ranges, no uniqueness, one column",
                "a btree index, unless measurements of long keys say otherwise",
                severity="note",
            )
        elif len(statement.index_params) >= _MANY and not statement.unique and statement.access_method in ("", "btree"):
            yield about(
                NAME,
                effect,
                f"the index has {len(statement.index_params)} columns: those after the first that is not compared"
                " with `=`"
                " rarely narrow anything, and each write pays for all",
                "the columns that are compared with `=` first, then one that is a range; further ones with INCLUDE",
                severity="note",
            )


RULE = Rule(NAME, "A hash index or one over many columns rarely pays for itself.", judge, "note")
