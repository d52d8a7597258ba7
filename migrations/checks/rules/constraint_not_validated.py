"""Constraints that old rows need not meet."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.quote import qualified, quote_ident
from ..model import Context, Final, FinalRule, Finding

NAME = "constraint-not-validated"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for key, item in final.catalog.items():
        if key.kind == "constraint" and item.properties.get("not_valid"):
            schema, table, name = key.identity
            yield Finding(
                NAME,
                str(key),
                f"{name} of {qualified(schema, table)} is NOT VALID at the end of the history: rows from before it may"
                " break it, and the planner does not rely on it",
                f"ALTER TABLE {qualified(schema, table)} VALIDATE CONSTRAINT {quote_ident(name)}; in a later migration",
                RULE.severity,
                relation=f"{schema}.{table}",
            )


RULE = FinalRule(NAME, "A constraint is still NOT VALID at the end of the history.", judge, "note")
