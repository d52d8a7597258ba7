"""What users copy: the workflow and the hooks are YAML of the right shape, and the commands in them exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from airside.cli.check import command
from airside.cli.reports.as_markdown import MARKER

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / "docs" / "ci" / "github-actions.yml"
CONFIG = ROOT / "docs" / "ci" / "pre-commit-config.yaml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
GUIDE = ROOT / "docs" / "checks.md"


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def commands() -> list[tuple[str, str]]:
    """Every `airside check ...` that is shown to users, with the file that shows it."""
    found: list[tuple[str, str]] = []
    for path in (WORKFLOW, CONFIG, HOOKS, GUIDE):
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in text.splitlines():
            shown = re.match(r"\s*(?:entry: |`)?(airside check [^`#]*)", line)
            if shown and not line.startswith("`airside check` "):
                found.append((path.name, shown[1].strip()))
    return found


@pytest.mark.parametrize(("file", "line"), commands())
def test_a_command_that_users_copy_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "schema.sql").touch()
    words = shlex.split(line)[2:]
    context = command.make_context("check", words, resilient_parsing=False)
    assert not context.args, file


def test_commands_were_found_in_each_file() -> None:
    assert {file for file, _ in commands()} == {WORKFLOW.name, CONFIG.name, HOOKS.name, GUIDE.name}
    assert len(commands()) >= 12


def test_the_workflow_fetches_enough_and_reads_what_it_writes() -> None:
    workflow = load(WORKFLOW)
    # YAML 1.1 reads the key `on` as true
    assert "pull_request" in workflow[True]
    steps = workflow["jobs"]["check"]["steps"]
    assert steps[0]["with"]["fetch-depth"] == 0
    (checked,) = [step["run"] for step in steps if "airside check all" in step.get("run", "")]
    for step in steps:
        # what a stranger names in a branch or a title is never part of a script
        assert "${{" not in step.get("run", "")
    written = set(re.findall(r"--output (\S+)", checked))
    assert written == {"airside.sarif", "airside.md"}
    assert any(step.get("with", {}).get("sarif_file") == "airside.sarif" for step in steps)
    (comment,) = [step["run"] for step in steps if step.get("name") == "Comment"]
    assert MARKER in comment
    assert workflow["permissions"] == {"contents": "read", "pull-requests": "write", "security-events": "write"}


def test_hooks_are_as_pre_commit_wants_them() -> None:
    (hook,) = load(HOOKS)
    assert hook["id"] == "airside-check"
    assert {"name", "entry", "language", "files"} <= hook.keys()
    assert re.search(hook["files"], "app/migrations/0001_x.up.sql")
    assert not re.search(hook["files"], "app/queries/x.sql")
    used = [item["id"] for repo in load(CONFIG)["repos"] for item in repo["hooks"]]
    assert used[0] == hook["id"]
    local = load(CONFIG)["repos"][1]["hooks"][0]
    assert local["pass_filenames"] is False


def test_the_guide_names_what_there_is() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    assert set(re.findall(r"`(--[a-z-]+)", text)) <= options
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (GUIDE.parent / link).is_file(), link
