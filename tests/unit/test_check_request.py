"""What is asked of `airside check` and what a report holds, without running anything."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from airside.cli.checking.asked import repository
from airside.migrations.check_static import check_database_static, check_files_static
from airside.migrations.checks.effects import Effect, Lock, Touched
from airside.migrations.checks.locations import location_of
from airside.migrations.checks.model import TableStatistics
from airside.migrations.checks.report import Observed
from airside.migrations.checks.request import Request, SqlFiles
from airside.migrations.checks.statistics import write_statistics
from airside.schema.core.errors import UsageError
from airside.schema.core.registry import Entry

from ..stranger import new_project


@pytest.mark.parametrize(
    ("environ", "inside", "root"),
    [
        ({}, "work/app", "work"),
        ({"GITHUB_WORKSPACE": "."}, "work/app", "."),
        ({"GITHUB_WORKSPACE": "elsewhere"}, "work/app", "work"),
        ({}, "plain", "plain"),
    ],
)
def test_places_are_told_from_the_root_of_the_repository(
    tmp_path: Path, environ: Mapping[str, str], inside: str, root: str
) -> None:
    (tmp_path / "work" / ".git").mkdir(parents=True)
    given = {name: str(tmp_path / value) for name, value in environ.items()}
    assert repository(tmp_path / inside, given) == tmp_path / root


@pytest.mark.parametrize(
    ("where", "file", "line"),
    [
        ("/a b/0001_x.up.sql:12", "/a b/0001_x.up.sql", 12),
        ("m/0001.py", "m/0001.py", None),
        ("shop.shop_db table public.notes", None, None),
        ("shop.shop_db", None, None),
        ("C:\\m\\1.sql:3", "C:\\m\\1.sql", 3),
    ],
)
def test_a_place_is_a_line_of_a_file_or_a_name(where: str, file: str | None, line: int | None) -> None:
    location = location_of(where)
    assert (location.text, location.file, location.line) == (where, file, line)


def test_a_place_is_shown_as_seen_from_a_folder() -> None:
    location = location_of("/project/m/1.sql:3")
    assert location.shown(Path("/project")) == "m/1.sql:3"
    assert location.shown(Path("/project/other")) == "/project/m/1.sql:3"
    assert location.relative(Path("/project/other")) == "../m/1.sql"
    assert location_of("shop.db table t").shown(Path("/project")) == "shop.db table t"


def test_what_is_observed_is_about_tables_that_others_may_be_using() -> None:
    effect = Effect(
        "ALTER TABLE p ADD x int",
        "f:1",
        "1",
        "up",
        1,
        True,
        (
            Touched("public.p", "p", Lock.ACCESS_EXCLUSIVE, Lock.ACCESS_EXCLUSIVE),
            Touched("public.p1", "r", Lock.SHARE, Lock.SHARE, scanned=True, written=2, root="public.p"),
            Touched("public.fresh", "r", Lock.ACCESS_EXCLUSIVE, created=True),
            Touched("public.p_pkey", "i", Lock.ACCESS_EXCLUSIVE),
        ),
        milliseconds=3.5,
    )
    made = Observed.of(effect)
    assert [(seen.relation, seen.lock, seen.root) for seen in made.seen] == [
        ("public.p", Lock.ACCESS_EXCLUSIVE, None),
        ("public.p1", Lock.SHARE, "public.p"),
    ]
    assert made.strongest is Lock.ACCESS_EXCLUSIVE
    assert (made.seen[1].scanned, made.seen[1].written, made.milliseconds) == (True, 2, 3.5)


INDEX = "CREATE INDEX i ON public.notes (body);\n"


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    project = new_project(tmp_path)
    project.revisions({1: ("CREATE TABLE notes (body text);\n", "DROP TABLE notes;\n"), 2: (INDEX, "DROP INDEX i;\n")})
    return project.entry


def revisions(entry: Entry, **request: str) -> set[str | None]:
    found = check_database_static(entry, Request(static=True, **request)).findings  # type: ignore[arg-type]
    return {finding.revision for finding in found if finding.check == "index-not-concurrent"}


def test_files_alone_have_scopes_too(entry: Entry) -> None:
    assert revisions(entry) == {"0002"}
    assert revisions(entry, since="0001") == {"0002"}
    assert revisions(entry, since="0002") == set()
    folder = entry.origin.parent
    for words in ("init -qb main", "add .", "commit -qm all"):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words.split()], cwd=folder, check=True)
    assert revisions(entry, changed_since="main") == set()
    file = next(entry.migrations.glob("0002*.up.sql"))
    file.write_text("-- changed\n" + INDEX)
    assert revisions(entry, changed_since="main") == {"0002"}
    report = check_database_static(entry, Request(static=True, changed_since="main"))
    assert (report.revisions, report.judged, report.major) == (2, 1, None)
    assert "effects" in report.skipped


def test_files_alone_can_be_allowed(tmp_path: Path) -> None:
    file = tmp_path / "1.sql"
    file.write_text("-- airside: allow index-not-concurrent, table-rewrite because small\n" + INDEX)
    report = check_files_static([file], Request(static=True))
    assert [item.finding.check for item in report.allowed] == ["index-not-concurrent"]
    # what only a run can find is not called unneeded
    assert "unused-allow" not in {finding.check for finding in report.findings}


def test_sizes_grade_what_files_alone_show(tmp_path: Path) -> None:
    file, sizes = tmp_path / "1.sql", tmp_path / "sizes.json"
    file.write_text(INDEX)
    write_statistics(sizes, "shop", {"public.notes": TableStatistics(rows=3, bytes=8192, writes=0)})
    (plain,) = [item for item in check_files_static([file], Request()).findings if item.check == "index-not-concurrent"]
    report = check_files_static([file], Request(static=True, stats_from=str(sizes)))
    (graded,) = [item for item in report.findings if item.check == "index-not-concurrent"]
    assert (plain.severity, graded.severity) == ("error", "note")


def test_a_file_that_does_not_parse_is_a_finding_and_the_others_are_judged(tmp_path: Path) -> None:
    (tmp_path / "1.sql").write_text("CREATE INDX;\n")
    (tmp_path / "2.sql").write_text(INDEX)
    report = check_files_static([tmp_path / "1.sql", tmp_path / "2.sql"], Request(static=True))
    assert {"lint", "index-not-concurrent"} <= {finding.check for finding in report.findings}


@pytest.mark.parametrize("content", [None, b"SELECT '\xff';"])
def test_a_file_that_cannot_be_read_is_a_wrong_word(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "1.sql"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError):
        SqlFiles.read((file,), None)
