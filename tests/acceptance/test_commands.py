"""The commands as a user runs them: the real executable, a real server, a stranger's project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.migrations.provision import provision
from airside.server import stop

from .shop import Airside, Shop

ROOT = Path(__file__).parents[2]

CREATE = (
    "CREATE TABLE notes (id int PRIMARY KEY, body text);\n",
    "-- airside: data-loss table public.notes\nDROP TABLE notes;\n",
)
ADD = (
    "ALTER TABLE notes ADD COLUMN tag text;\n",
    "-- airside: data-loss column public.notes.tag\nALTER TABLE notes DROP COLUMN tag;\n",
)


@pytest.fixture
def notes(shop: Shop) -> Shop:
    """A project with two revisions, both applied, and a row that fills what they made."""
    shop.project.revisions({1: CREATE, 2: ADD})
    entry = shop.project.entry
    provision(shop.server, entry, entry.load(), shop.project.session(shop.server))
    shop.execute("INSERT INTO notes VALUES (1, 'body', 'tag')")
    return shop


def test_a_strangers_project_from_draft_to_drift(shop: Shop) -> None:
    planned = shop("revision", "-m", "Create customers", "--dry-run").stdout
    assert "CREATE TABLE" in planned
    assert not list(shop.project.migrations.iterdir())

    written = shop("revision", "-m", "Create customers").stdout.splitlines()
    assert [Path(path).name for path in written] == [
        "0001_create_customers.up.sql",
        "0001_create_customers.down.sql",
        "0001_create_customers.py",
    ]
    assert "nothing to write" in shop("revision", "-m", "Once more").stdout
    assert len(list(shop.project.migrations.glob("*.py"))) == 1

    assert "would make" in shop("provision", "--dry-run").stdout
    assert shop.refusal("current", code=3)
    made = shop.document("provision")
    assert made["created"]
    assert made["revisions"] == ["0001"]
    assert "nothing to do" in shop("provision").stdout
    assert shop.document("check")["ok"]

    shop.project.declare("    note: Mapped[str | None] = mapped_column()\n")
    found = shop("check", code=1).stdout
    assert "[declarations]" in found
    assert "customers.note" in found
    shop("revision", "-m", "Note")
    assert "0002 -> applied in" in shop("upgrade").stdout

    shop.execute("ALTER TABLE customers ALTER COLUMN note TYPE varchar(7), ADD COLUMN hidden int")
    drifted = shop("drift", code=1).stdout.splitlines()[1:]
    assert [change.strip() for change in drifted] == [
        "create column public.customers.hidden (in the database, not in its migrations)",
        "alter column public.customers.note (type: character varying -> character varying(7))",
    ]
    changes = shop.document("drift", code=1)["changes"]
    assert [(change["action"], change["name"]) for change in changes] == [
        ("create", "public.customers.hidden"),
        ("alter", "public.customers.note"),
    ]


def test_the_words_of_alembic(notes: Shop) -> None:
    assert notes("current").stdout.split()[-3:] == ["0002", "0002", "yes"]
    assert notes("heads").stdout.split()[-1] == "0002"
    assert [item["revision"] for item in notes.document("history")["revisions"]] == ["0002", "0001"]

    assert "would be recorded" in notes("stamp", "0001", "--dry-run").stdout
    assert notes.revision == "0002"
    assert "0002 -> 0001 recorded" in notes("stamp", "0001").stdout
    assert "ALTER TABLE notes ADD COLUMN tag text;" in notes("upgrade", "--dry-run").stdout
    assert notes.revision == "0001"
    notes("stamp", "head")
    assert "at 0002, nothing to apply" in notes("upgrade").stdout
    script = notes("upgrade", "--sql").stdout
    assert "CREATE TABLE notes" in script
    assert "airside.ledger" in script

    drafted = notes("revision", "-m", "By hand", "--empty").stdout.splitlines()
    assert [Path(path).suffixes for path in drafted] == [[".up", ".sql"], [".down", ".sql"], [".py"]]


def test_rows_are_not_lost_unless_they_are_named(notes: Shop) -> None:
    assert "DROP COLUMN tag" in notes("downgrade", "-1", "--dry-run").stdout
    refusal = notes.refusal("downgrade", "-1", code=4)
    assert "--allow-data-loss public.notes.tag" in refusal
    assert notes.execute("SELECT tag FROM notes") == [("tag",)]
    undone = notes.document("downgrade", "-1", "--allow-data-loss", "public.notes.tag")
    assert [step["revision"] for step in undone["undone"]] == ["0002"]
    assert undone["revision"] == "0001"
    assert notes.execute("SELECT id, body FROM notes") == [(1, "body")]


def test_an_unknown_revision_is_a_wrong_word(notes: Shop) -> None:
    for command in ("upgrade", "downgrade", "stamp"):
        assert "nowhere" in notes.refusal(command, "nowhere", code=2)


@pytest.mark.parametrize(
    "words",
    [("upgrade", "9999"), ("upgrade", "+9"), ("downgrade", "9999"), ("downgrade", "-9"), ("stamp", "9999")],
)
def test_an_unknown_revision_is_a_wrong_word_under_dry_run_too(notes: Shop, words: tuple[str, str]) -> None:
    notes.refusal(words[0], words[1], "--dry-run", code=2)


def test_a_revision_that_nobody_knows_can_be_stamped_over(notes: Shop) -> None:
    notes.execute("UPDATE airside.alembic_version SET version_num = 'gone'")
    for words in (("upgrade",), ("upgrade", "--dry-run"), ("downgrade", "-1", "--dry-run"), ("provision", "--dry-run")):
        assert "revision gone, which has no file" in notes.refusal(*words, code=4)
    notes("stamp", "0002")
    assert notes.revision == "0002"
    notes("upgrade")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("0003_step.up.sql", b"SELECT 1;\nCOPY notes FROM STDIN;\n", "0003_step.up.sql:2: COPY"),
        ("0003_step.up.sql", b"SELECT 1;\n\\restrict x\n", "0003_step.up.sql:2: syntax error"),
        ("0003_step.up.sql", b"SELECT '\xff';\n", "0003_step.up.sql: the file is not UTF-8"),
        ("0003_step.py", b"revision = (\n", "0003_step.py:1: not Python"),
    ],
)
def test_a_file_that_cannot_run_is_one_line(notes: Shop, name: str, content: bytes, said: str) -> None:
    notes.project.revision(3, "SELECT 1;\n", "SELECT 1;\n")
    (notes.project.migrations / name).write_bytes(content)
    assert said in notes.refusal("upgrade", code=2)
    assert notes.revision == "0002"


def test_two_heads_are_refused(notes: Shop) -> None:
    notes.project.revision(3, "SELECT 1;\n", "SELECT 1;\n", message="one")
    notes.project.revision(4, "SELECT 1;\n", "SELECT 1;\n", message="other", parent=2)
    assert "0003" in notes.refusal("upgrade", code=2)
    assert notes.document("heads")["heads"] == ["0003", "0004"]
    assert "[heads]" in notes("check", code=1).stdout


def test_an_applied_file_that_was_edited_stops_the_upgrade(notes: Shop) -> None:
    file = notes.project.migrations / "0001_step.up.sql"
    file.write_text(file.read_text() + "-- edited\n")
    notes.project.revision(3, "CREATE TABLE more (id int);\n", "DROP TABLE more;\n")
    assert "0001_step.up.sql" in notes.refusal("upgrade", code=4)
    assert notes.revision == "0002"
    found = notes.document("check", code=1)["findings"]
    assert "checksums" in {finding["check"] for finding in found}
    notes("stamp", "0002")
    notes("upgrade")
    assert notes.revision == "0003"


def test_an_applied_file_that_is_gone_stops_the_upgrade(notes: Shop) -> None:
    for file in notes.project.migrations.glob("0002_*"):
        file.unlink()
    assert "0002" in notes.refusal("upgrade", code=4)
    assert "0002" in notes.refusal("drift", code=4)


def test_a_statement_that_fails_is_one_line_with_its_place(notes: Shop) -> None:
    notes.project.revision(3, "SELECT 1;\nALTER TABLE nowhere ADD x int;\n", "SELECT 1;\n")
    line = notes.refusal("upgrade", code=3)
    assert "0003_step.up.sql:2" in line
    assert notes.revision == "0002"


def test_check_speaks_to_github_and_markdown(notes: Shop) -> None:
    (notes.project.migrations / "0001_step.down.sql").unlink()
    github = notes("check", "--format", "github", code=1).stdout
    assert "::error file=" in github
    assert "title=airside lint::" in github
    assert notes("check", "--format", "markdown", code=1).stdout.startswith("<!-- airside check -->")


def test_waiting_says_who_blocks(notes: Shop) -> None:
    notes.project.revision(3, "ALTER TABLE notes ADD more int;\n", "ALTER TABLE notes DROP more;\n")
    with notes.server.connect(notes.project.name, application_name="the reader") as reader:
        pid = reader.info.backend_pid
        reader.execute("SELECT * FROM notes")
        done = notes("upgrade", "--lock-wait", "2", "--lock-timeout", "0.1", code=3)
    assert "waiting for a lock" in done.stderr
    assert "the reader" in done.stderr
    assert f"pid {pid}" in done.stderr
    assert notes.document("upgrade")["locks"] == {"tries": 1, "in_vain": 0, "longest_try": 0.0}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter: pytest's own are closed to the account that runs the server."""
    folder = Path(tempfile.mkdtemp(prefix="airside-test-"))
    folder.chmod(0o755)
    yield folder
    stop(folder / "data")
    shutil.rmtree(folder, ignore_errors=True)


def test_up_and_down(open_folder: Path, airside: Airside, tmp_path: Path) -> None:
    def run(*arguments: str, code: int = 0, **extra: str) -> subprocess.CompletedProcess[str]:
        place = {"AIRSIDE_URL": "", "AIRSIDE_DATA_DIR": str(open_folder / "data")}
        return airside(*arguments, cwd=tmp_path, code=code, **{**place, **extra})

    assert "airside up" in run("current", "all", code=3).stderr
    first = run("up").stdout
    assert "exotic_travel_prod" in first
    assert "flight_schedule_pro" in first
    assert "airside down" in first
    again = json.loads(run("up", "--json").stdout)["databases"]
    assert all(record["rows"] > 50 for record in again), "new databases got a little data"
    assert "nothing to generate: holds scale 100" in run("seed", "all", "--append").stdout
    assert {record["database"] for record in again} >= {"exotic_travel_prod", "flight_schedule_pro"}
    assert all(record["at_head"] and not record["drift"] and not record["changed"] for record in again)

    url = run("url", "exotic_travel").stdout.strip()
    secret = run("url", "exotic_travel", "--show-password").stdout.strip()
    assert url.startswith("postgresql://airside@127.0.0.1:")
    password = secret.removeprefix("postgresql://airside:").split("@")[0]
    assert password not in url
    wrong = run("current", "all", "--url", secret.replace(password, "wrong-word"), code=3)
    assert wrong.stderr.count("\n") == 1
    assert "wrong-word" not in wrong.stdout + wrong.stderr
    asked = ("-Atc", "SELECT current_database()")
    assert run("psql", "flight_schedule", "--", *asked).stdout == "flight_schedule_pro\n"
    readonly = run("url", "exotic_travel", "--role", "readonly", "--show-password").stdout.strip()
    assert "exotic_travel_prod_readonly" in readonly

    assert "stopped" in run("down").stdout
    assert "not running" in run("down").stdout


@pytest.mark.parametrize("name", ["exotic_travel_prod"])
def test_plain_alembic(name: str, airside: Airside, environment: dict[str, str]) -> None:
    def alembic(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "alembic", "-c", str(ROOT / "alembic.ini"), "-n", name, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done

    airside("provision", name)
    assert "Running downgrade" in alembic("downgrade", "-1").stderr
    assert "Running upgrade" in alembic("upgrade", "head").stderr
    assert "(head)" in alembic("current").stdout
    assert "<base> -> 0001" in alembic("history").stdout
    assert "No new upgrade operations" in alembic("check").stdout
    assert "CREATE TABLE users" in alembic("upgrade", "head", "--sql").stdout
    assert "no drift" in airside("drift", name).stdout
    unknown = alembic("upgrade", "nowhere", code=255)
    assert "Traceback" not in unknown.stderr
