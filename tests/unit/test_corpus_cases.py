"""The corpus: well-formed, large enough, about rules that there are, and every rule about a step has its cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.checks.rules import every_rule, step_rules

from ..integration.corpus import Case, cases, complaint, read_case

CASE = "-- expects: a, b\n-- versions: 17-\n-- timeouts: file\n-- given\nSELECT 1;\n-- migration\nSELECT 2;\n"


def case(folder: Path, text: str) -> Case:
    path = folder / "case.sql"
    path.write_text(text)
    return read_case(path)


def test_a_case_is_read(tmp_path: Path) -> None:
    read = case(tmp_path, CASE)
    assert read.expects == {"a", "b"}
    assert [read.runs_on(major) for major in (15, 17, 18)] == [False, True, True]
    assert read.timeouts_in_file
    assert read.given.strip() == "SELECT 1;"
    assert read.migration.split("\n").index("SELECT 2;") == CASE.split("\n").index("SELECT 2;")


@pytest.mark.parametrize(
    "text",
    [
        "-- given\n-- migration\nSELECT 1;\n",
        "-- safe\n-- expects: a\n-- given\n-- migration\nSELECT 1;\n",
        "-- safe\n-- migration\nSELECT 1;\n",
        "-- safe\n-- version: 17\n-- given\n-- migration\nSELECT 1;\n",
        "-- safe\n-- versions: new\n-- given\n-- migration\nSELECT 1;\n",
    ],
)
def test_what_is_no_case_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"case\.sql"):
        case(tmp_path, text)


def test_a_case_that_is_not_met_says_why(tmp_path: Path) -> None:
    assert complaint(case(tmp_path, CASE), ()) == "not found: a, b; found: nothing"


def test_the_corpus_is_large_and_about_rules_that_there_are() -> None:
    known = {rule.name for rule in every_rule()}
    unsafe = [item for item in cases() if not item.is_safe]
    assert len(unsafe) >= 150
    assert len(cases()) - len(unsafe) >= 100
    assert {item.name: item.expects - known for item in unsafe if item.expects - known} == {}


@pytest.mark.parametrize("rule", [rule.name for rule in step_rules()])
def test_every_rule_has_its_cases(rule: str) -> None:
    of_rule = [item for item in cases() if rule in item.expects]
    assert len(of_rule) >= 2
    assert any(item.is_safe for item in cases() if item.topic == of_rule[0].topic)
