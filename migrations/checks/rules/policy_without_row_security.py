"""Policies that nobody asks."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.catalog import Key
from ....schema.core.quote import qualified, quote_ident
from ..model import Context, Final, FinalRule, Finding

NAME = "policy-without-row-security"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for key in final.catalog:
        if key.kind != "policy":
            continue
        schema, table, policy = key.identity
        holder = final.catalog.get(Key("table", (schema, table)))
        if holder is None or holder.properties.get("rls") or f"{schema}.{table}" in final.tenants:
            continue
        name = qualified(schema, table)
        yield Finding(
            NAME,
            str(key),
            f"the policy {quote_ident(policy)} has no effect: row level security of {name} is off",
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;",
            RULE.severity,
            relation=f"{schema}.{table}",
        )


RULE = FinalRule(NAME, "A table has policies, but row level security is off.", judge, "error")
