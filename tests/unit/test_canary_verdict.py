"""What of a canary's report is a finding: ratios and lock timeouts, not milliseconds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from airside.migrations.checks.canary import CanaryReport, Line, Load, Variant
from airside.migrations.checks.canary_clients import ClientError, Recording
from airside.migrations.checks.verdict import findings, is_doubtful

LOAD = Load(ratio=10, growth=3, timeouts=3, lock_timeout=0.2)


def report(
    waited: float = 0.0, *, control: float = 0.004, variant: Variant = "alone", error: ClientError | None = None
) -> CanaryReport:
    errors = (error,) if error else ()
    line = Line(Recording("insert", 100, 0.001, control), Recording("insert", 100, 0.001, waited, waited, errors))
    return CanaryReport("0002", "0002.sql", variant, (line,), (("public.t", 50_000),), ())


@pytest.mark.parametrize(
    ("waited", "control", "few", "found"),
    [
        (0.04, 0.004, None, False),
        (0.06, 0.004, 0.005, True),
        # as long with three rows: the machine's, or a revision of many statements
        (0.06, 0.004, 0.03, False),
        # a busy machine
        (0.3, 0.05, 0.005, False),
        # beyond what a team lets its clients wait, whatever it comes from
        (0.7, 0.1, 0.7, True),
    ],
)
def test_a_stall_alone(waited: float, control: float, few: float | None, found: bool) -> None:
    tried = report(waited, control=control)
    told = list(findings(tried, LOAD, few=None if few is None else report(few)))
    assert bool(told) is found
    assert [finding.severity for finding in told] == ["error"] * len(told)


def test_doubt_is_between_the_control_and_the_lock_timeouts() -> None:
    assert [is_doubtful(report(waited), LOAD) for waited in (0.04, 0.06, 0.5, 0.7)] == [False, True, True, False]
    assert not is_doubtful(report(0.5, variant="idle reader"), LOAD)


def test_with_somebody_in_the_way_only_more_than_the_lock_timeouts_counts() -> None:
    def found(waited: float, by_itself: float = 0.0) -> bool:
        return bool(list(findings(report(waited, variant="idle reader"), LOAD, [report(by_itself)])))

    assert (found(0.5), found(0.7)) == (False, True)
    # the same lock, told already
    assert not found(0.7, by_itself=0.4)
    # and so is the same queue
    told = report(2.0, variant="idle reader")
    assert list(findings(report(2.1, variant="long transaction"), LOAD, [report(), told])) == []


def test_a_wait_that_nobody_saw_is_no_finding() -> None:
    slow = report()
    [line] = slow.lines
    slow = replace(slow, lines=(replace(line, migrated=replace(line.migrated, longest=9.0)),))
    assert list(findings(slow, LOAD)) == []


def test_errors_are_told_once_and_not_what_was_there_before() -> None:
    error = ClientError("public.t", "23502", "null value", 7)
    failed = report(error=error)
    [finding] = findings(failed, LOAD)
    assert (finding.severity, finding.relation) == ("error", "public.t")
    assert "7 of 100" in (finding.observed or "")
    assert list(findings(replace(failed, variant="idle reader"), LOAD, [failed])) == []
    [line] = failed.lines
    before = replace(failed, lines=(replace(line, control=replace(line.control, errors=(error,))),))
    assert list(findings(before, LOAD)) == []


def test_what_a_renamed_column_implies_is_left_to_its_rule() -> None:
    failed = report(error=ClientError("public.t", "42703", "no such column", 7))
    assert list(findings(replace(failed, gone=frozenset({"public.t"})), LOAD)) == []
    # nothing of the table is gone: a trigger or a function of the revision is wrong
    assert len(list(findings(failed, LOAD))) == 1


def test_a_revision_that_fails_with_somebody_in_the_way_gave_up_as_it_should() -> None:
    failed = replace(report(), failure="canceling statement due to lock timeout")
    assert len(list(findings(failed, LOAD))) == 1
    assert list(findings(replace(failed, variant="idle reader"), LOAD)) == []
