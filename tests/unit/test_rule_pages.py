"""One rule, one file, one page: each has the headings, the summary and the safe form; the index is current."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from airside.migrations.checks import rule_pages
from airside.migrations.checks.model import FinalRule, Rule
from airside.migrations.checks.rules import every_rule
from airside.schema.core.errors import UsageError
from airside.schema.core.sql import parse_script

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "rules"
HEADINGS = ["## Problem", "## Observed", "## Safe form", "## When to allow it"]
RULES = {rule.name: rule for rule in every_rule()}
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_rules", ROOT / "docs" / "generate_rules.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_its_page(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    prose = FENCE.sub("", text)
    assert text.splitlines()[0] == f"# {name}"
    assert text.splitlines()[2] == RULES[name].summary
    assert [line for line in prose.splitlines() if line.startswith("#")][1:] == HEADINGS
    for part in re.split(r"^## .*$", text, flags=re.MULTILINE)[1:]:
        assert part.strip(), f"{name}: an empty section"
    assert len(text.splitlines()) <= 60, "a page is short"


@pytest.mark.parametrize("name", RULES)
def test_the_code_of_a_page_parses(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    for language, code in blocks:
        assert language in ("sql", "python", "text", "toml", "sh", "console"), f"{name}: ```{language}"
        if language == "sql":
            assert parse_script(code, origin=name)
        elif language == "python":
            ast.parse(code)


def test_every_page_is_a_rules() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} - {"README"} == RULES.keys()


def test_a_rule_is_named_like_its_file() -> None:
    modules = {path.stem for path in (ROOT / "migrations" / "checks" / "rules").glob("*.py")} - {"__init__"}
    assert {name.replace("-", "_") for name in RULES} == modules


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_summary_is_one_short_sentence(rule: Rule | FinalRule) -> None:
    assert re.fullmatch(r"[A-Z`][^\n]{10,110}\.", rule.summary)
    assert rule.severity in ("error", "warning", "note")


def test_the_index_is_current() -> None:
    made = generator()
    assert made.INDEX.read_text(encoding="utf-8") == made.index(), "run python docs/generate_rules.py"


def test_a_page_is_found_in_a_checkout_and_in_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rule_pages.folder() == PAGES
    (tmp_path / "rename.md").write_text("# rename\n")
    monkeypatch.setattr(rule_pages, "_INSTALLED", tmp_path)
    assert rule_pages.explained("rename") == "# rename\n"


@pytest.mark.parametrize("name", ["README", "../checks", "", "renam"])
def test_what_is_no_rule_has_no_page(name: str) -> None:
    with pytest.raises(UsageError):
        rule_pages.explained(name)
