"""Tables of tenants whose row level security is off, or does not bind their owner."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.catalog import Key
from ....schema.core.quote import qualified
from ..model import Context, Final, FinalRule, Finding, Severity

NAME = "tenant-table-without-force"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    policed = {key.identity[:2] for key in final.catalog if key.kind == "policy"}
    for key, item in final.catalog.items():
        if key.kind != "table" or ".".join(key.identity) not in final.tenants:
            continue
        name = qualified(*key.identity)
        if not item.properties.get("rls"):
            yield _finding(
                key,
                f"rows of {name} belong to a tenant, and row level security is off: each tenant sees all",
                f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; ALTER TABLE {name} FORCE ROW LEVEL SECURITY;"
                + ("" if key.identity in policed else f" CREATE POLICY ... ON {name} USING (...);"),
                "error",
            )
        elif not item.properties.get("force_rls"):
            yield _finding(
                key,
                f"the policies of {name} do not bind its owner: whoever connects as the owner sees every tenant's rows",
                f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY;",
                RULE.severity,
            )


def _finding(key: Key, message: str, safe: str, severity: Severity) -> Finding:
    return Finding(NAME, str(key), message, safe, severity, relation=".".join(key.identity))


RULE = FinalRule(NAME, "A tenant's table has no row level security, or one that its owner passes by.", judge)
