"""The command line without a server: help, exit codes, JSON, and what is imported when."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from airside.cli.app import cli
from airside.cli.lazy import LazyGroup

ROOT = Path(__file__).parents[2]
HEAVY = ("sqlalchemy", "alembic", "psycopg", "rich", "postgast", "platformdirs")


def airside(*arguments: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "AIRSIDE_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-m", "airside.cli", *arguments],
        cwd=cwd,
        env={**kept, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def command_of(path: str) -> click.Command:
    command: click.Command = cli
    for name in path.split():
        assert isinstance(command, LazyGroup)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return command


def lines_of_help(group: LazyGroup, path: str = "") -> Iterator[tuple[str, str]]:
    """Every command, those of groups as well (`partitions roll`), and its one line of help."""
    for name, text in group.commands_help.items():
        yield f"{path}{name}", text
        below = command_of(f"{path}{name}")
        if isinstance(below, LazyGroup):
            yield from lines_of_help(below, f"{path}{name} ")


assert isinstance(cli, LazyGroup)
HELP = dict(lines_of_help(cli))


@pytest.mark.parametrize("name", HELP)
def test_every_command_explains_itself(name: str) -> None:
    command = command_of(name)
    assert command.name == name.split()[-1]
    assert command.get_short_help_str(200) == HELP[name]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize("name", HELP)
def test_shared_options_stand_before_and_after_the_command(name: str) -> None:
    shared = {"url", "data_dir", "json"}
    assert shared <= {parameter.name for parameter in cli.params}
    assert shared <= {parameter.name for parameter in command_of(name).params}


def test_the_pages_say_what_help_says() -> None:
    # in a process of its own: a command remembers the help option of the context that first asked for it
    code = "import runpy; g = runpy.run_path('docs/generate_cli.py'); print(g['page'](), g['front_page'](), sep=chr(0))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    page, front_page = done.stdout.removesuffix("\n").split("\0")
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == page, "run python docs/generate_cli.py"
    assert (ROOT / "cli" / "front_page.py").read_text(encoding="utf-8") == front_page, "run python docs/generate_cli.py"
    for name in HELP:
        assert f"## airside {name}\n" in page


@pytest.mark.parametrize("arguments", [["--help"], ["upgrade", "--help"], ["systems", "--help"]])
def test_help_imports_click_alone(arguments: list[str]) -> None:
    code = (
        "import sys; from airside.cli.boundary import run; "
        f"code = run({arguments!r}); print([name for name in {HEAVY!r} if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_front_page_needs_not_even_click(flag: str) -> None:
    code = (
        f"import sys; sys.argv[1:] = [{flag!r}]; from airside.cli import main; "
        "code = main(); print('click' in sys.modules); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: airside")
    assert done.stdout.splitlines()[-1] == "False"


def test_the_list_of_commands_imports_none_of_them() -> None:
    code = (
        "import sys; from airside.cli.boundary import run; run(['--help']); "
        "print(sorted(name for name in sys.modules if name.startswith('airside.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    needed = ["cli", "cli.app", "cli.boundary", "cli.context", "cli.lazy", "cli.pipe"]
    assert done.stdout.splitlines()[-1] == str([f"airside.{name}" for name in needed])


def test_the_version_names_the_postgresql_it_carries() -> None:
    done = airside("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("airside ")
    assert "PostgreSQL" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["upgrade"],
        ["upgrade", "all", "head", "--nonsense"],
        ["current", "no_such_database"],
        ["upgrade", "all", "--lock-timeout", "0"],
        ["check", "all", "--format", "nonsense"],
        ["psql", "all"],
        ["current", "all", "--url", "mysql://somewhere/x"],
    ],
)
def test_usage_is_one_line_and_exit_code_2(arguments: list[str]) -> None:
    done = airside(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("airside: ")
    assert done.stderr.count("\n") == 1
    assert "Next: " in done.stderr


def test_without_a_command_the_help_is_shown() -> None:
    done = airside()
    assert done.returncode == 2
    assert "Commands:" in done.stderr


@pytest.mark.parametrize("arguments", [["--json", "current", "nowhere"], ["current", "nowhere", "--json"]])
def test_an_error_is_a_document_under_json(arguments: list[str]) -> None:
    done = airside(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    error = json.loads(done.stderr)["error"]
    assert error["type"] == "UnknownTarget"
    assert error["exit_code"] == 2
    assert "nowhere" in error["message"]
    assert "exotic_travel_prod" in error["next"]


def test_a_usage_error_is_a_document_under_json() -> None:
    error = json.loads(airside("upgrade", "--json").stderr)["error"]
    assert error["type"] == "UsageError"
    assert "TARGET" in error["message"]


def test_no_server_is_exit_code_3() -> None:
    done = airside("current", "all", "--url", "postgresql://someone:hidden-word@127.0.0.1:1/postgres")
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "hidden-word" not in done.stdout + done.stderr
    nowhere = Path(tempfile.gettempdir(), "airside-was-never-here")
    stopped = airside("current", "all", "--data-dir", str(nowhere))
    assert stopped.returncode == 3
    assert "airside up" in stopped.stderr


def test_systems_need_no_server() -> None:
    done = airside("systems", "--json")
    assert done.returncode == 0, done.stderr
    found = {record["database"]: record for record in json.loads(done.stdout)["databases"]}
    assert found.keys() >= {"exotic_travel_prod", "flight_schedule_pro"}
    assert "users" in found["exotic_travel_prod"]["tables"]
    assert found["exotic_travel_prod"]["personal"]
    plain = airside("systems", "exotic_travel").stdout.splitlines()
    assert plain[0].split()[:3] == ["system", "database", "tables"]
    assert len(plain) == 2


def test_history_is_newest_first() -> None:
    done = airside("history", "exotic_travel", "--json")
    revisions = [item["revision"] for item in json.loads(done.stdout)["databases"][0]["revisions"]]
    assert revisions == sorted(revisions, reverse=True)
    assert airside("heads", "exotic_travel").stdout.split()[-1] == revisions[0]


def test_an_unexpected_error_tells_how_to_see_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import sys; from airside.cli import boundary, current; from airside.cli.context import Settings\n"
        "Settings.server = lambda self: 1 / 0\n"
        "sys.exit(boundary.run(['current', 'all']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "AIRSIDE_TRACEBACK=1" in done.stderr
    assert done.stderr.count("\n") == 1
    monkeypatch.setenv("AIRSIDE_TRACEBACK", "1")
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Traceback" in shown.stderr
    assert "ZeroDivisionError" in shown.stderr


def test_an_interrupt_is_exit_code_130() -> None:
    code = (
        "import sys; from airside.cli import boundary; from airside.cli.context import Settings\n"
        "def interrupted(self): raise KeyboardInterrupt\n"
        "Settings.server = interrupted\n"
        "sys.exit(boundary.run(['current', 'all']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert "airside: interrupted" in done.stderr


@pytest.mark.parametrize("arguments", ["history all --verbose", "--help"])
def test_a_reader_that_goes_away_is_no_error(arguments: str) -> None:
    piped = f"(sleep 0.1; {sys.executable} -m airside.cli {arguments}) | true"
    done = subprocess.run(["bash", "-c", piped], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize(("word", "expected"), [("flight", "flight_schedule.flight_schedule_pro"), ("al", "all")])
def test_targets_are_completed(word: str, expected: str) -> None:
    done = airside(_AIRSIDE_COMPLETE="bash_complete", COMP_WORDS=f"airside upgrade {word}", COMP_CWORD="2")
    assert f"plain,{expected}" in done.stdout.splitlines()
