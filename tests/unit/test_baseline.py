"""Baselines: what is known stays quiet, wherever it moves; what is new is told; what is gone too."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from airside.migrations.checks import baseline
from airside.migrations.checks.model import Finding
from airside.migrations.checks.report import CheckReport
from airside.schema.core.errors import CheckFailed, ConfigurationError
from hypothesis import given
from hypothesis import strategies as st

FILE = Path("/project/ci/baseline.json")


def found(line: int = 3, *, check: str = "rename", sql: str | None = "ALTER TABLE t RENAME a TO b") -> Finding:
    return Finding(check, f"/project/m/1.up.sql:{line}", "m", "n", revision="1", statement=sql, relation="public.t")


def report(*findings: Finding, target: str = "shop.db", **more: object) -> CheckReport:
    return CheckReport(target, 1, findings, major=17, **more)  # type: ignore[arg-type]


def known(*reports: CheckReport) -> baseline.Baseline:
    """What is read back from what is written."""
    given = json.loads(baseline.document(reports, FILE))
    assert given["version"] == 1
    read = {baseline.Key(*(entry[name] for name in baseline._FIELDS)): entry["count"] for entry in given["findings"]}
    return baseline.Baseline(FILE, baseline.Counter(read))


def test_what_is_known_stays_quiet_when_lines_and_literals_move() -> None:
    before = known(report(found(3), found(9, sql="UPDATE t SET a = 1")))
    after = baseline.without_known(
        report(found(30), found(90, sql="update  t set a = 2"), found(91, check="drop-column")), before
    )
    assert [finding.check for finding in after.findings] == ["drop-column"]
    assert [finding.where for finding in after.known] == ["/project/m/1.up.sql:30", "/project/m/1.up.sql:90"]


@pytest.mark.parametrize(
    "other",
    [
        found(check="drop-column"),
        found(sql="ALTER TABLE t RENAME a TO c"),
        replace(found(), where="/project/m/2.up.sql:3"),
        replace(found(), relation="public.u"),
    ],
)
def test_another_finding_is_new(other: Finding) -> None:
    after = baseline.without_known(report(found(), other), known(report(found())))
    assert after.findings == (other,)


def test_one_more_of_the_same_is_new() -> None:
    after = baseline.without_known(report(found(3), found(5)), known(report(found(3))))
    assert [finding.where for finding in after.findings] == ["/project/m/1.up.sql:5"]


def test_paths_are_seen_from_the_baseline() -> None:
    (key,) = known(report(found(), target="/project/alembic.ini")).known
    assert (key.target, key.place) == ("../alembic.ini", "../m/1.up.sql")
    before = baseline.Baseline(FILE, baseline.Counter([key]))
    assert not baseline.without_known(report(found(), target="/project/alembic.ini"), before).findings


def test_what_is_gone_is_told_as_a_note() -> None:
    before = known(report(found(), found(9)), report(found(), target="other.db"))
    after = baseline.without_known(report(found()), before)
    assert [(item.check, item.severity, item.where) for item in after.findings] == [("baseline", "note", str(FILE))]
    assert not after.fails()


@pytest.mark.parametrize(
    "partial", [report(scope="revisions after 1"), replace(report(), major=None), report(skipped={"downgrade": "x"})]
)
def test_what_was_not_looked_at_is_not_called_gone(partial: CheckReport) -> None:
    assert not baseline.without_known(partial, known(report(found()))).findings
    assert baseline.without_known(report(skipped={"checksums": "x"}), known(report(found()))).findings


def test_written_again_it_holds_what_it_knew_but_no_notes_about_itself() -> None:
    first = known(report(found(3), found(9, check="drop-column")))
    after = baseline.without_known(report(found(3)), first)
    assert known(after).known == known(report(found(3))).known


def test_a_run_that_did_not_see_all_is_no_baseline() -> None:
    with pytest.raises(CheckFailed, match="downgrade was skipped"):
        baseline.document([report(found(), skipped={"downgrade": "the migrations do not run"})], FILE)
    with pytest.raises(CheckFailed, match="would hide"):
        baseline.document([report(found(check="statement-fails"))], FILE)


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 9), st.sampled_from(["SELECT 1", "x (", None]))))
def test_a_run_is_quiet_against_its_own_baseline(kinds: list[tuple[str, int, str | None]]) -> None:
    findings = [found(line, check=check, sql=sql) for check, line, sql in kinds]
    after = baseline.without_known(report(*findings), known(report(*findings)))
    assert not after.findings
    assert len(after.known) == len(findings)


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(baseline.document([report(found(), found())], file), encoding="utf-8")
    read = baseline.read(file)
    assert list(read.known.values()) == [2]
    assert not baseline.without_known(report(found(4), found(8)), read).findings


def test_other_targets_keep_what_was_known_of_them(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(baseline.document([report(found(), target="a.a"), report(found(), target="b.b")], file))
    first = file.read_text()
    file.write_text(baseline.document([report(target="a.a")], file, baseline.read(file)))
    assert {key.target for key in baseline.read(file).known} == {"b.b"}
    file.write_text(baseline.document([report(found(), target="a.a")], file, baseline.read(file)))
    assert file.read_text() == first


@pytest.mark.parametrize(
    "text",
    [
        None,
        "{",
        "[]",
        '{"version": 2, "findings": []}',
        '{"version": 1}',
        '{"version": 1, "findings": [1]}',
        '{"version": 1, "findings": [{"target": "t", "rule": "r", "place": "p", "statement": "", "relation": ""}]}',
    ],
)
def test_what_is_no_baseline_is_refused_by_name(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "baseline.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        baseline.read(file)
    assert raised.value.where == str(file)
