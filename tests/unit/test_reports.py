"""The formats of `check`: what each one says about the same run."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from airside.cli.reports import ENDINGS, FORMATS, renderer
from airside.cli.reports.run import Run
from airside.cli.reports.words import excerpt, verdict
from airside.migrations.checks.model import Finding
from airside.migrations.checks.report import CheckReport

from .reported import BARE, CLEAN, FAILED, LATE, REPORT, RETYPED, STYLE, run


def told(style: str, shown: Run) -> str:
    return "\n".join(renderer(style)(shown))


@pytest.mark.parametrize("style", FORMATS)
def test_every_format_tells_of_each_finding_and_of_what_could_not_be_checked(style: str) -> None:
    text = told(style, run(REPORT, CLEAN, failures=(FAILED,), notes=True))
    for check in ("type-change", "missing-lock-timeout", "type-style", "foreign-key-without-index"):
        assert check in text
    assert "0003" in text
    if style != "text":
        # text tells of it on stderr, when it happens
        assert "no server" in text


def test_a_run_that_finds_nothing_says_so() -> None:
    said = {style: told(style, run(CLEAN)) for style in FORMATS}
    assert said["text"] == "shop.other: 3 revisions on PostgreSQL 17, no findings"
    assert said["github"] == ""
    assert said["markdown"].splitlines()[1] == "### airside check: passed (no findings)"
    assert json.loads(said["json"])["databases"][0]["ok"]
    assert json.loads(said["sarif"])["runs"][0]["results"] == []
    assert ElementTree.fromstring(said["junit"])[0].get("failures") == "0"


def test_each_ending_is_a_format() -> None:
    assert set(ENDINGS.values()) < set(FORMATS)


@pytest.mark.parametrize(
    ("fail_on", "findings", "fails"),
    [
        ("warning", (RETYPED,), True),
        ("warning", (LATE,), True),
        ("warning", (STYLE,), False),
        ("error", (LATE, STYLE), False),
        ("error", (RETYPED,), True),
        ("note", (STYLE,), True),
        ("note", (), False),
    ],
)
def test_what_fails(fail_on: str, findings: tuple[Finding, ...], fails: bool) -> None:
    report = CheckReport("t", 1, findings)
    assert report.fails(fail_on) is fails  # type: ignore[arg-type]
    assert run(report, fail_on=fail_on).ok is not fails


def test_a_target_that_could_not_be_checked_is_not_fine() -> None:
    assert not run(CLEAN, failures=(FAILED,)).ok


def test_text_is_by_file_and_line_with_the_statement_and_what_to_do() -> None:
    lines = told("text", run(REPORT)).splitlines()
    assert lines[:12] == [
        "migrations/shop_db/0003 tags.up.sql:3: warning [missing-lock-timeout] no timeout",
        "    | DROP TABLE `x`",
        "    observed: seen so",
        "    next: SET a;",
        "        SET b;",
        "migrations/shop_db/0003 tags.up.sql:12: error [type-change]"
        " public.notes is rewritten | <nobody> reads it meanwhile, 100 %",
        "    | ALTER TABLE notes",
        "    |     ALTER COLUMN id TYPE bigint",
        "    observed: public.notes and 1 partition: ACCESS EXCLUSIVE, scanned, rewritten, 3 rows written",
        "    next: add a column: fill it, swap",
        "",
        "shop.shop_db index i: warning [foreign-key-without-index] no index",
    ]
    assert lines[-2] == "shop.shop_db: [checksums] skipped: not provisioned"
    assert lines[-1] == (
        "shop.shop_db: 2 of 14 revisions (revisions after 0001) on PostgreSQL 17,"
        " 1 error, 2 warnings, 1 note (--notes shows it), 1 allowed, 1 in the baseline"
    )


def test_notes_are_counted_unless_they_are_asked_for() -> None:
    assert "char(3)" not in told("text", run(REPORT))
    shown = told("text", run(REPORT, notes=True))
    assert "note [type-style] char(3)" in shown
    # the statement is printed once for the two findings about it
    assert shown.count("| DROP TABLE") == 1
    assert "--notes" not in shown


def test_several_targets_have_a_total() -> None:
    assert told("text", run(REPORT, CLEAN)).splitlines()[-1].startswith("2 targets: 1 error, 2 warnings")


def test_effects_are_printed_when_they_are_asked_for() -> None:
    lines = told("text", run(REPORT, effects=True)).splitlines()
    assert lines[:4] == [
        "migrations/shop_db/0003 tags.up.sql:12: ALTER TABLE notes ALTER COLUMN id TYPE bigint (12 ms)",
        "    public.notes and 1 partition: ACCESS EXCLUSIVE, scanned, rewritten, 3 rows written",
        "    blocks reads, writes, DDL, autovacuum",
        "shop.shop_db: 1 other statement touched no table that was there before",
    ]


def test_colours_only_where_somebody_looks() -> None:
    assert "\x1b[" not in told("text", run(REPORT))
    coloured = told("text", run(REPORT, colour=True))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == told("text", run(REPORT))
    assert "\x1b[31m" in coloured


def test_github_annotations_have_their_severity_and_no_line_breaks() -> None:
    lines = told("github", run(REPORT, failures=(FAILED,))).splitlines()
    assert lines[0] == (
        "::error file=migrations/shop_db/0003 tags.up.sql,line=12,title=airside type-change::"
        "public.notes is rewritten | <nobody> reads it%0Ameanwhile, 100 %25%0A"
        "Observed: public.notes and 1 partition: ACCESS EXCLUSIVE, scanned, rewritten, 3 rows written%0A"
        "Next: add a column: fill it, swap"
    )
    assert [line.split(" ")[0] for line in lines] == [
        "::error",
        "::warning",
        "::warning",
        "::notice",
        "::notice",
        "::error",
    ]
    assert lines[2].startswith("::warning title=airside foreign-key-without-index::shop.shop_db index i: no index")


def test_a_property_of_an_annotation_cannot_end_it() -> None:
    (line,) = renderer("github")(run(CheckReport("t", 1, (replace(RETYPED, where="/project/a,b:c%.sql:1"),))))
    assert line.startswith("::error file=a%2Cb%3Ac%25.sql,line=1,title=")


def test_json_keeps_its_keys() -> None:
    document = json.loads(told("json", run(REPORT, failures=(FAILED,))))
    assert (document["version"], document["ok"], document["fail_on"]) == (1, False, "warning")
    shop, broken = document["databases"]
    assert broken == {"target": "shop.broken", "error": {"type": "NoServer", "message": "no server <here>"}}
    assert shop["counts"] == {"error": 1, "warning": 2, "note": 1, "allowed": 1, "baseline": 1}
    assert (shop["revisions"], shop["judged"], shop["postgresql"]) == (14, 2, 17)
    assert shop["findings"][0] == {
        "check": "type-change",
        "severity": "error",
        "where": "/project/migrations/shop_db/0003 tags.up.sql:12",
        "file": "migrations/shop_db/0003 tags.up.sql",
        "line": 12,
        "revision": "0003",
        "relation": "public.notes",
        "message": RETYPED.message,
        "observed": None,
        "next": "add a column: fill it, swap",
        "statement": RETYPED.statement,
    }
    assert shop["allowed"][0]["because"] == "both names are there"
    assert shop["statements"][1]["blocks"] == ["reads", "writes", "DDL", "autovacuum"]
    assert shop["statements"][1]["tables"][0]["lock"] == "ACCESS EXCLUSIVE"


def test_junit_has_a_case_for_each_revision_and_check() -> None:
    shop, broken = ElementTree.fromstring(told("junit", run(REPORT, failures=(FAILED,))))
    assert shop.attrib == {
        "name": "shop.shop_db",
        "tests": "6",
        "failures": "3",
        "errors": "0",
        "skipped": "1",
        "time": "0.014",
    }
    cases = {case.get("name"): [child.tag for child in case] for case in shop}
    assert cases == {
        "0002": [],
        "0003 type-change": ["failure"],
        "0003 missing-lock-timeout": ["failure"],
        "0003 type-style": ["system-out"],
        "foreign-key-without-index": ["failure"],
        "checksums": ["skipped"],
    }
    assert broken[0][0].tag == "error"
    relaxed = ElementTree.fromstring(told("junit", run(REPORT, fail_on="error")))
    assert relaxed[0].get("failures") == "1"


def test_junit_survives_what_xml_cannot_say() -> None:
    odd = replace(RETYPED, message="a \x00\x1b ]]> & < \ud800 b", statement="\x0c")
    (suite,) = ElementTree.fromstring(told("junit", run(CheckReport("t", 1, (odd,)))))
    assert "&" in (suite[0][0].text or "")


def test_a_comment_begins_with_the_verdict_and_one_table() -> None:
    lines = told("markdown", run(REPORT, CLEAN, failures=(FAILED,))).splitlines()
    assert lines[0] == "<!-- airside check -->"
    assert lines[1] == "### airside check: **failed** (1 error, 2 warnings, 1 note, 1 target not checked)"
    assert "- `shop.broken`: **not checked**: no server &lt;here&gt;" in lines
    table = [line for line in lines if line.startswith("| ")][:4]
    assert table[1] == (
        "| error | `migrations/shop_db/0003 tags.up.sql:12` | **type-change** public.notes is rewritten \\|"
        " &lt;nobody&gt; reads it meanwhile, 100 % | ACCESS EXCLUSIVE, scanned, rewritten, 3 rows written |"
    )
    assert [line.split(" ")[1] for line in table[1:]] == ["error", "warning", "warning"]
    assert lines.count("</details>") == sum("<details>" in line for line in lines) == 5


def test_a_statement_cannot_break_out_of_a_comment() -> None:
    odd = replace(RETYPED, statement="SELECT '```'\n</details>")
    text = told("markdown", run(CheckReport("t", 1, (odd,))))
    fence = text.index("````sql")
    assert text.index("</details>") > fence
    assert text.index("\n````\n", fence) > text.index("</details>")


def test_a_comment_stays_within_what_github_takes() -> None:
    many = tuple(
        replace(RETYPED, where=f"/project/m/{n}.up.sql:1", next_step="x" * 5000, statement=f"SELECT {n}")
        for n in range(100)
    )
    text = told("markdown", run(CheckReport("t", 1, many)))
    assert len(text) < 65_536
    assert "and 60 more" in text
    assert "too long for a comment" in text


@pytest.mark.parametrize(
    ("statement", "lines"),
    [
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT\n      1,\n      2", ["SELECT", "    1,", "    2"]),
        ("\n".join("abcdefgh"), ["a", "    b", "    c", "    d", "    e", "... 3 more lines"]),
        ("x" * 200, ["x" * 137 + "..."]),
    ],
)
def test_excerpts_are_short(statement: str, lines: list[str]) -> None:
    assert excerpt(statement) == lines


def test_numbers_are_words() -> None:
    assert verdict(0, 0, 0, 0, 0) == "no findings"
    assert verdict(0, 1, 2, 0, 3) == "1 warning, 2 notes, 3 in the baseline"


def test_what_is_in_no_file_comes_last() -> None:
    lines = told("text", run(CheckReport("t", 1, (BARE, LATE)))).splitlines()
    assert lines[0].startswith("migrations/")
