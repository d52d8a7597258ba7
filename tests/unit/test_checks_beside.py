"""Every finding has a name that users can look up: a rule's, or one of the checks beside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from airside.migrations.checks.beside import CHECKS
from airside.migrations.checks.gate import BESIDES
from airside.migrations.checks.rule_pages import explained
from airside.migrations.checks.rules import every_rule

ROOT = Path(__file__).parents[2]


def named(path: Path) -> Iterator[str]:
    """The names that a module gives to findings, spelled out or by a constant of the module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding" and node.args:
            first = node.args[0]
            name = first.value if isinstance(first, ast.Constant) else constants.get(getattr(first, "id", ""))
            if isinstance(name, str):
                yield name


def test_every_name_of_a_finding_is_known() -> None:
    rules = {rule.name for rule in every_rule()}
    found = {name for path in (ROOT / "migrations").rglob("*.py") for name in named(path)}
    assert len(found) > 10
    assert found <= CHECKS.keys() | rules
    assert not CHECKS.keys() & rules
    assert set(BESIDES) <= CHECKS.keys()


def test_each_is_explained() -> None:
    guide = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    for name, summary in CHECKS.items():
        assert explained(name) == f"# {name}\n\n{summary}\n"
        assert f"`{name}`" in guide or name in ("migrations", "static", "baseline", "rows-refused")
