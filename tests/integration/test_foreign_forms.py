"""The forms that other people's Alembic projects take: branches, version tables, data code, drivers, timeouts."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.checks.effects import Effect, Lock
from airside.migrations.checks.foreign import project_history
from airside.migrations.checks.foreign_project import Outcome
from airside.migrations.checks.model import Step
from airside.server import Server

from .alembic_projects import ENV, made, revision

USERS = revision(
    "a1",
    'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))',
    'op.drop_table("users")',
)


def up(outcome: Outcome, name: str) -> Step:
    return next(step for step in outcome.steps if (step.revision, step.direction) == (name, "up"))


def lines(effects: tuple[Effect, ...]) -> list[str]:
    return [Path(effect.where).name for effect in effects]


def test_an_effect_has_the_line_of_its_call(server: Server, tmp_path: Path) -> None:
    second = revision(
        "a2",
        """
        op.add_column(
            "users",
            sa.Column("email", sa.Text),
        )
        for name in ("a", "b"):
            op.execute(f"UPDATE users SET email = '{name}'")
        helpers.add_index()
        op.execute("CREATE INDEX ON users (email); ALTER TABLE users ALTER email SET DEFAULT '100%%'")
        """.replace("%%", "%"),
        after="a1",
    ).replace("from alembic import op", "from alembic import op\nimport helpers", 1)
    project = made(tmp_path, {"a1": USERS, "a2": second})
    (tmp_path / "helpers.py").write_text(
        'from alembic import op\n\ndef add_index():\n    op.create_index("by_name", "users", ["name"])\n'
    )
    outcome = project_history(server, project, back=False)
    assert outcome.problems == []
    effects = up(outcome, "a2").effects
    assert lines(effects) == ["a2.py:13", "a2.py:18", "a2.py:18", "a2.py:19", "a2.py:20", "a2.py:20"]
    # two statements in one text are two effects
    assert [effect.sql for effect in effects[4:]] == [
        "CREATE INDEX ON users (email)", "ALTER TABLE users ALTER email SET DEFAULT '100%'",
    ]  # fmt: skip
    assert effects[0].strongest() == Lock.ACCESS_EXCLUSIVE
    users = [next(item for item in effect.touched if item.relation == "public.users") for effect in effects[:5]]
    assert [(item.scanned, item.written) for item in users] == [
        (False, 0), (True, 3), (True, 3), (True, 0), (True, 0),
    ]  # fmt: skip


def test_parameters_are_read_as_postgresql_reads_them(server: Server, tmp_path: Path) -> None:
    second = revision(
        "a2",
        'op.get_bind().execute(sa.text("UPDATE users SET name = :x WHERE name LIKE \'%a\'"), {"x": "y"})',
        after="a1",
    )
    outcome = project_history(server, made(tmp_path, {"a1": USERS, "a2": second}), back=False)
    [effect] = up(outcome, "a2").effects
    assert effect.sql.startswith("UPDATE users SET name = $1")
    assert effect.sql.endswith("LIKE '%a'")
    assert effect.tree is not None


@pytest.mark.parametrize("schema", [None, "tracking"])
def test_their_version_table_is_nobodys_effect(server: Server, tmp_path: Path, schema: str | None) -> None:
    named = f"version_table='releases', version_table_schema={schema!r}"
    env = ENV.replace("configure(connection=connection)", f"configure(connection=connection, {named})")
    if schema:
        env = env.replace(
            "    context.configure",
            f"    connection.exec_driver_sql('CREATE SCHEMA IF NOT EXISTS {schema}'); connection.commit()\n"
            "    context.configure",
        )
    outcome = project_history(server, made(tmp_path, {"a1": USERS}, env=env))
    assert outcome.problems == []
    assert not any("releases" in effect.sql for step in outcome.steps for effect in step.effects)
    first, last = outcome.steps
    assert {key.identity[-1] for key in first.after if key.kind == "table"} == {"users"}
    assert not any("tracking" in key.identity for key in first.after)
    assert last.after.fingerprint == first.before.fingerprint


def test_branches_and_merges_run_in_an_order_that_alembic_accepts(server: Server, tmp_path: Path) -> None:
    def table(name: str) -> tuple[str, str]:
        return f'op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))', f'op.drop_table("{name}")'

    project = made(
        tmp_path,
        {
            "a1": USERS,
            "b1": revision("b1", *table("b1"), after="a1", label="billing"),
            "c1": revision("c1", *table("c1"), after="a1"),
            "m1": revision("m1", "pass", after=("b1", "c1")),
            "m2": revision("m2", *table("m2"), after="m1"),
            # a base of its own, which needs what the other branch made
            "z1": revision(
                "z1", 'op.execute("CREATE TABLE z1 (c1 int REFERENCES c1)")', 'op.drop_table("z1")', needs="c1"
            ),
        },
    )
    outcome = project_history(server, project)
    assert outcome.problems == []
    order = [step.revision for step in outcome.steps if step.direction == "up"]
    assert sorted(order) == ["a1", "b1", "c1", "m1", "m2", "z1"]
    assert order.index("c1") < order.index("z1")
    assert order.index("m1") > max(order.index("b1"), order.index("c1"))
    assert [step.revision for step in outcome.steps if step.direction == "down"] == order[::-1]
    assert outcome.steps[-1].after.fingerprint == outcome.steps[0].before.fingerprint


def test_rows_that_a_revision_refuses_are_taken_away_and_named(server: Server, tmp_path: Path) -> None:
    project = made(
        tmp_path,
        {
            "a1": USERS,
            "a2": revision("a2", """
                op.execute("UPDATE users SET name = 'same'")
                op.create_unique_constraint("one_name", "users", ["name"])
            """, after="a1"),
            "a3": revision("a3", """
                import json
                for (name,) in op.get_bind().execute(sa.text("SELECT name FROM users")).fetchall():
                    json.loads("{" + name)
            """, after="a2"),
        },
    )  # fmt: skip
    outcome = project_history(server, project, back=False)
    assert outcome.problems == []
    second = up(outcome, "a2")
    assert dict(second.without_rows)["public.users"].startswith("its rows were refused: could not create unique index")
    assert [effect.error for effect in second.effects] == [None, None]
    [refused] = second.refused
    assert lines((refused,)) == ["a2.py:13"]
    # what was seen while there were rows is kept
    assert sum(item.written for item in second.effects[0].touched) == 3
    assert "their code failed with its rows" in dict(up(outcome, "a3").without_rows)["public.users"]


def test_what_fails_is_a_step_and_the_rest_is_said(server: Server, tmp_path: Path) -> None:
    project = made(
        tmp_path,
        {
            "a1": USERS,
            "a2": revision("a2", 'op.execute("ALTER TABLE users ADD CHECK (1 / (id - id) > 0)")', after="a1"),
            "a3": revision("a3", 'op.drop_column("users", "nothing")', after="a2"),
            "a4": revision("a4", "pass", after="a3"),
        },
    )
    outcome = project_history(server, project)
    assert [step.revision for step in outcome.steps] == ["a1", "a2", "a3"]
    failed = outcome.steps[-1].effects[-1]
    assert "does not exist" in (failed.error or "")
    assert lines((failed,)) == ["a3.py:12"]
    first, rest = outcome.problems
    assert first.revision == "a3"
    assert rest.message == "not checked, as a3 failed before: a4"


def test_data_code_sessions_enums_and_blocks_are_seen(server: Server, tmp_path: Path) -> None:
    second = revision(
        "a2",
        """
        from sqlalchemy.orm import Session
        users = sa.table("users", sa.column("id"), sa.column("name"))
        with Session(bind=op.get_bind()) as session:
            if session.execute(sa.select(users.c.id)).all():
                session.execute(users.update().values(name="session"))
            session.flush()
        mood = sa.Enum("sad", "ok", name="mood")
        mood.create(op.get_bind())
        op.add_column("users", sa.Column("mood", mood, server_default="ok"))
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE mood ADD VALUE 'happy'")
            op.create_index("by_mood", "users", ["mood"], postgresql_concurrently=True)
        op.bulk_insert(users, [{"id": 100, "name": "a"}, {"id": 101, "name": "b"}])
        with op.get_bind().begin_nested():
            op.execute("DELETE FROM users WHERE id = 100")
        try:
            with op.get_bind().begin_nested():
                op.execute("DROP TABLE nothing")
        except sa.exc.ProgrammingError:
            pass
        """,
        'op.drop_column("users", "mood"); op.execute("DROP TYPE mood")',
        after="a1",
    )
    outcome = project_history(server, made(tmp_path, {"a1": USERS, "a2": second}))
    assert outcome.problems == []
    effects = up(outcome, "a2").effects
    written = {effect.sql.split()[0]: sum(item.written for item in effect.touched) for effect in effects}
    assert (written["UPDATE"], written["INSERT"], written["DELETE"]) == (3, 2, 1)
    assert any(effect.sql.startswith("CREATE TYPE mood") for effect in effects)
    assert [effect.sql.split()[0] for effect in effects if not effect.transactional] == ["ALTER", "CREATE"]
    # their code expected that error, and savepoints are nobody's matter
    assert not any(effect.error or "SAVEPOINT" in effect.sql for effect in effects)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            'op.get_bind().connection.cursor().execute("CREATE TABLE aside (id int)")',
            "cursor of the driver's own (a2.py:12)",
        ),
        (
            'import psycopg\n'
            'with psycopg.connect("postgresql://nobody@nowhere.invalid/production") as own:\n'
            '    own.execute("CREATE TABLE aside (id int)")',
            "connection of its own",
        ),
        (
            'import os, subprocess\nsubprocess.run(["psql", "-qc", "CREATE TABLE aside (id int)"], check=True)',
            "did not go through SQLAlchemy",
        ),
    ],
)  # fmt: skip
def test_what_goes_past_sqlalchemy_stays_on_scratch_and_is_said(
    server: Server, tmp_path: Path, statements: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    psql = Path("/usr/lib/postgresql/15/bin")
    if "psql" in statements:
        if not (psql / "psql").exists():
            pytest.skip("no psql")
        monkeypatch.setenv("PATH", str(psql), prepend=":")
    project = made(tmp_path, {"a1": USERS, "a2": revision("a2", statements, 'op.drop_table("aside")', after="a1")})
    outcome = project_history(server, project)
    assert outcome.problems == []
    step = up(outcome, "a2")
    assert said in (step.unseen or "")
    assert any(key.identity[-1] == "aside" for key in step.after)


ASYNC = """\
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import async_engine_from_config
from sqlalchemy.pool import NullPool

def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    section = context.config.get_section(context.config.config_ini_section)
    engine = async_engine_from_config(section, prefix="sqlalchemy.", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

asyncio.run(main())
"""


def test_an_asynchronous_env_is_observed_like_any_other(server: Server, tmp_path: Path) -> None:
    second = revision("a2", 'op.execute("UPDATE users SET name = 1; DROP TABLE users")', after="a1")
    outcome = project_history(server, made(tmp_path, {"a1": USERS, "a2": second}, env=ASYNC), back=False)
    assert outcome.problems == []
    effects = up(outcome, "a2").effects
    assert [effect.sql for effect in effects] == ["UPDATE users SET name = 1", "DROP TABLE users"]
    assert lines(effects) == ["a2.py:12", "a2.py:12"]


CREATOR = """import psycopg

def creator():
    return psycopg.connect("host=nowhere.invalid", options="-c lock_timeout=70")

"""


@pytest.mark.parametrize(
    ("options", "env"),
    [
        ("?options=-c%%20lock_timeout%%3D70ms", ENV),
        ("", ENV.replace("prefix=", "connect_args={'options': '-c lock_timeout=70ms'}, prefix=")),
        ("", ENV.replace("    context.c", "    connection.exec_driver_sql('SET lock_timeout = 70')\n    context.c")),
        ("", CREATOR + ENV.replace("prefix=", "creator=creator, prefix=")),
    ],
    ids=["url", "connect_args", "env", "creator"],
)  # fmt: skip
def test_their_timeouts_are_in_effect(server: Server, tmp_path: Path, options: str, env: str) -> None:
    outcome = project_history(server, made(tmp_path, {"a1": USERS}, env=env, options=options), back=False)
    assert outcome.problems == []
    assert [effect.lock_timeout for effect in up(outcome, "a1").effects] == [70]
    assert up(outcome, "a1").unseen is None


def test_two_databases_of_one_env_are_said(server: Server, tmp_path: Path) -> None:
    env = ENV + (
        "from sqlalchemy import create_engine\n"
        "with create_engine('postgresql+psycopg://other.invalid/another').connect() as other:\n    pass\n"
    )
    outcome = project_history(server, made(tmp_path, {"a1": USERS}, env=env), back=False)
    assert any("2 databases" in problem.message for problem in outcome.problems)
