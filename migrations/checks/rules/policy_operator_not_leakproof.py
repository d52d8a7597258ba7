"""Policies that apply functions to columns which are not leakproof."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.quote import qualified
from ..model import Context, Final, FinalRule, Finding

NAME = "policy-operator-not-leakproof"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for key, found in final.leaky.items():
        schema, table, policy = key.identity
        # comparisons of one type with itself (enum, numeric, arrays) raise no errors
        compares = all(text.startswith("comparison ") for text in found)
        if key in final.catalog:
            yield Finding(
                NAME,
                str(key),
                f"the policy {policy} of {qualified(schema, table)} applies to its columns what is not leakproof:"
                f" {', '.join(found)}; the planner uses no statistics for it"
                + ("" if compares else ", and its errors may tell hidden values"),
                "compare the bare column by an operator that is leakproof (= of uuid, integer, text);"
                " convert the other side instead",
                "note" if compares else RULE.severity,
                relation=f"{schema}.{table}",
            )


RULE = FinalRule(NAME, "A policy applies a function or operator to columns that is not leakproof.", judge)
