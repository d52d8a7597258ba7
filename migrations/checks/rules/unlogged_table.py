"""Tables that a crash empties."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.quote import qualified
from ..model import Context, Final, FinalRule, Finding

NAME = "unlogged-table"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    for key, item in final.catalog.items():
        if key.kind == "table" and item.properties.get("persistence") == "u":
            name = qualified(*key.identity)
            yield Finding(
                NAME,
                str(key),
                f"{name} is UNLOGGED: a crash empties it, and standbys and their backups hold none of its rows",
                f"ALTER TABLE {name} SET LOGGED; (which rewrites it)",
                RULE.severity,
                relation=".".join(key.identity),
            )


RULE = FinalRule(NAME, "A table is UNLOGGED: a crash empties it.", judge, "note")
