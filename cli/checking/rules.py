"""`--rules` and `--explain`: what there is to find, and why it matters."""

from __future__ import annotations

from ..context import Settings
from ..output import document, line, table


def list_rules(settings: Settings) -> None:
    """Every rule: its name, its severity, what it finds."""
    from ...migrations.checks.rules import every_rule

    records = [{"rule": rule.name, "severity": rule.severity, "finds": rule.summary} for rule in every_rule()]
    if settings.json:
        document({"rules": records})
    else:
        table({"rule": "rule", "severity": "severity", "finds": "finds"}, records)


def explain_rule(name: str) -> None:
    """The page of a rule, as it is written. Raises UsageError where there is none."""
    from ...migrations.checks.rule_pages import explained

    line(explained(name).rstrip())
