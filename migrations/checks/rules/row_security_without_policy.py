"""Row level security that hides everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ....schema.core.quote import qualified
from ..model import Context, Final, FinalRule, Finding

NAME = "row-security-without-policy"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    open_ = {
        key.identity[:2] for key, item in final.catalog.items() if key.kind == "policy" and _opens(item.properties)
    }
    for key, item in final.catalog.items():
        if key.kind == "table" and item.properties.get("rls") and key.identity not in open_:
            name = qualified(*key.identity)
            whom = "nobody, not even its owner," if item.properties.get("force_rls") else "nobody but its owner"
            yield Finding(
                NAME,
                str(key),
                f"row level security of {name} is on and no permissive policy lets a row through: {whom} sees any",
                f"CREATE POLICY ... ON {name} USING (...); or ALTER TABLE {name} DISABLE ROW LEVEL SECURITY;",
                RULE.severity,
                relation=".".join(key.identity),
            )


def _opens(policy: object) -> bool:
    return isinstance(policy, dict) and bool(cast("dict[str, object]", policy).get("permissive"))


RULE = FinalRule(NAME, "Row level security is on and no policy lets a row through.", judge)
