"""Which revisions are judged: after a revision, or changed since a git ref."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from airside.migrations.checks.model import Finding
from airside.migrations.checks.scope import EVERYTHING, changed_files, changed_since, fresh, since
from airside.schema.core.errors import EnvironmentProblem, UnknownRevision, UsageError

LINE = {"a1": (), "b2": ("a1",), "c3": ("b2",)}
MERGED = {"a1": (), "b2": ("a1",), "c3": ("a1",), "d4": ("b2", "c3"), "e5": ("d4",)}


def test_what_comes_after_a_revision() -> None:
    assert since(LINE, "b2").revisions == {"c3"}
    assert since(LINE, "c3").revisions == set()
    assert since(LINE, "base").revisions == LINE.keys()
    assert since(LINE, "b").words == "revisions after b2"


def test_a_branch_beside_it_comes_after_it_too() -> None:
    assert since(MERGED, "b2").revisions == {"c3", "d4", "e5"}
    assert since(MERGED, "d4").revisions == {"e5"}


@pytest.mark.parametrize("name", ["zz", "0"])
def test_an_unknown_revision_is_a_wrong_word(name: str) -> None:
    with pytest.raises(UnknownRevision, match="no revision"):
        since(LINE, name)


def test_a_short_id_must_mean_one() -> None:
    with pytest.raises(UnknownRevision, match="2 revisions begin with '00'"):
        since({"001": (), "002": ("001",)}, "00")


def test_what_is_about_no_revision_is_always_judged() -> None:
    scope = since(LINE, "b2")
    assert scope.judged(None)
    assert not scope.judged("b2")
    assert EVERYTHING.judged("b2")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """`main` with two revisions and a later change of the first; a branch from before it with a third and a draft."""
    folder = tmp_path / "a project"
    versions = folder / "migrations"
    versions.mkdir(parents=True)
    git(folder, "init", "-q")
    for name in ("0001", "0002"):
        (versions / f"{name}.up.sql").write_text("SELECT 1;\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    git(folder, "checkout", "-qb", "feature")
    (versions / "0003 é.up.sql").write_text("SELECT 1;\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "third")
    git(folder, "checkout", "-q", "main")
    (versions / "0001.up.sql").write_text("SELECT 'changed on main';\n")
    git(folder, "commit", "-qam", "changed")
    git(folder, "checkout", "-q", "feature")
    (versions / "0002.up.sql").write_text("SELECT 'not committed';\n")
    (versions / "0004.up.sql").write_text("SELECT 'not even added';\n")
    return folder


def files(folder: Path) -> dict[str, list[Path]]:
    return {path.name[:4]: [path, path.with_suffix(".down")] for path in (folder / "migrations").iterdir()}


def test_what_changed_since_the_branch_began(repository: Path) -> None:
    scope = changed_since(files(repository), "main", repository / "migrations")
    # 0001 was changed on main, after the branch left it
    assert scope.revisions == {"0002", "0003", "0004"}
    assert scope.words == "revisions changed since main"


def test_a_deleted_file_is_no_revision(repository: Path) -> None:
    (repository / "migrations" / "0002.up.sql").unlink()
    assert {path.name for path in changed_files("main", repository)} == {"0003 é.up.sql", "0004.up.sql"}


def test_no_repository_is_a_wrong_word(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not in a git repository"):
        changed_files("main", tmp_path)


@pytest.mark.parametrize("ref", ["nowhere", "--all", "-n1"])
def test_an_unknown_ref_is_a_wrong_word(repository: Path, ref: str) -> None:
    with pytest.raises(UsageError, match="git knows no commit"):
        changed_files(ref, repository)


def test_histories_apart_are_a_wrong_word(repository: Path) -> None:
    git(repository, "checkout", "-q", "--orphan", "apart")
    git(repository, "commit", "-qm", "apart")
    with pytest.raises(UsageError, match="no commit in common"):
        changed_files("main", repository)


def test_a_shallow_clone_is_told_how_to_fetch_more(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repository}", "shallow")
    with pytest.raises(EnvironmentProblem, match="shallow") as raised:
        changed_files("origin/main", tmp_path / "shallow")
    assert "fetch-depth: 0" in (raised.value.next_step or "")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "one")
    with pytest.raises(UsageError, match="no commit") as missing:
        changed_files("origin/main", tmp_path / "one")
    assert "fetch-depth: 0" in (missing.value.next_step or "")


def test_a_machine_without_git_is_told(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EnvironmentProblem, match="no git"):
        changed_files("main", repository)


def test_only_what_was_not_there_before_is_fresh() -> None:
    old, new = (Finding("duplicate-index", f"db index {name}", "m", "n", relation="t") for name in ("i", "j"))
    assert fresh([old, old, new], [old]) == (old, new)
    assert fresh([old], [old, new]) == ()
