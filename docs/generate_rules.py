"""Write `docs/rules/README.md`, the index of the rules' pages: `python docs/generate_rules.py`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from airside.migrations.checks.model import FinalRule, Rule
from airside.migrations.checks.rules import every_rule, final_rules, step_rules

INDEX = Path(__file__).parent / "rules" / "README.md"
_INTRODUCTION = """\
# The rules of `airside check`

Written by `docs/generate_rules.py` from the rules themselves; a test keeps it true. `airside check --explain RULE`
prints a page. An **error** blocks reads or writes for a time that grows with the table, breaks the running release,
loses data or fails; a **warning** is a risk that a reviewer should judge; a **note** is advice and never fails a
check. How to live with them: [checks](../checks.md).
"""


def index() -> str:
    """The whole page."""
    return "\n".join(
        (
            _INTRODUCTION,
            f"## What a revision does ({len(step_rules())})\n",
            _table(step_rules()),
            f"\n## What is there at head ({len(final_rules())})\n",
            _table(final_rules()),
            f"\n{len(every_rule())} rules.\n",
        )
    )


def _table(rules: Iterable[Rule | FinalRule]) -> str:
    rows = (f"| [{rule.name}]({rule.name}.md) | {rule.severity} | {rule.summary} |" for rule in rules)
    return "\n".join(("| rule | severity | finds |", "|---|---|---|", *rows))


if __name__ == "__main__":
    INDEX.write_text(index(), encoding="utf-8")
