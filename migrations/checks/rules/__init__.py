"""The rules: one module each, named like the rule, with its page in `docs/rules/`. Each has a `RULE`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from ..model import FinalRule, Rule


@cache
def every_rule() -> tuple[Rule | FinalRule, ...]:
    """All rules, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").RULE for name in names)


def step_rules() -> tuple[Rule, ...]:
    """Those that judge what revisions do."""
    return tuple(rule for rule in every_rule() if isinstance(rule, Rule))


def final_rules() -> tuple[FinalRule, ...]:
    """Those that judge the catalog at head."""
    return tuple(rule for rule in every_rule() if isinstance(rule, FinalRule))
