"""The process in which somebody else's Alembic project runs, unedited, against a scratch database.

Their env.py and models are imported here. Each revision is one run of their env.py with that revision alone, so that
it decides about transactions as it does in production; the order is Alembic's own, branches and merges included. The
process speaks with its parent on its standard output, which their code cannot reach.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from sqlalchemy import MetaData, NullPool, create_engine
from sqlalchemy.schema import CreateSchema

from ...schema.core.catalog import inspect
from .emptied import refusal
from .foreign_project import ForeignProject, Outcome, Problem, prepare, revision_of, told
from .foreign_walk import Walk
from .model import Step
from .recording import Recorder
from .redirect import Redirection


def build_models(metadata: str, redirection: Redirection, connection: psycopg.Connection[Any]) -> Outcome:
    """Create everything of a MetaData on the empty scratch database; one step, whose catalog is what it made."""
    module, _, attributes = metadata.partition(":")
    found: Any = importlib.import_module(module)
    for name in attributes.split("."):
        found = getattr(found, name)
    if not isinstance(found, MetaData):
        return Outcome(problems=[Problem(None, None, f"{metadata} is a {type(found).__name__}, not a MetaData")])
    redirection.install()
    before = inspect(connection)
    engine = create_engine("postgresql+psycopg://", poolclass=NullPool)
    with engine.begin() as made:
        for schema in sorted({table.schema for table in found.tables.values() if table.schema}):
            made.execute(CreateSchema(schema, if_not_exists=True))
        found.create_all(made)
    return Outcome([Step("models", "up", metadata, (), before, inspect(connection))])


@dataclass(frozen=True, slots=True)
class _Parent:
    """The line to the parent: a word is said, and answered with a line when the parent is ready."""

    out: IO[str]

    def say(self, word: str) -> None:
        print(word, file=self.out, flush=True)
        if not sys.stdin.readline():
            raise SystemExit("the parent has gone")


def history(
    given: Mapping[str, Any], redirection: Redirection, connection: psycopg.Connection[Any], parent: _Parent
) -> Outcome:
    """Every revision up in turn, then every one down; `head` is said in between."""
    from .rows import fill

    project = ForeignProject.of(given["ini"], given["section"])
    recorder = _recorder(given, redirection)
    scripts = project.in_order()
    revisions = tuple(map(revision_of, scripts))
    if (problem := prepare(project, connection)) is not None:
        return Outcome(problems=[problem], revisions=revisions)
    run = Walk(project, recorder, redirection, connection, fill, project.catalog(connection))
    run.outcome.revisions = revisions
    reached = run.walk(scripts, "up")
    if reached:
        parent.say("head")
    if reached and given["back"]:
        run.walk(scripts[::-1], "down")
    run.outcome.findings = run.round_trip.findings()
    if len(redirection.databases) > 1:
        run.outcome.problems.append(
            Problem(None, None, f"env.py works on {len(redirection.databases)} databases; all were one here")
        )
    return run.outcome


def one(given: Mapping[str, Any], redirection: Redirection, parent: _Parent) -> Outcome:
    """The revisions named, up, as they run in production: with nobody looking on. `ready` is said before the last."""
    project = ForeignProject.of(given["ini"], given["section"])
    redirection.install()
    *others, last = cast("list[str]", given["revisions"])
    for revision in (*others, last):
        if given["wait"] and revision == last:
            parent.say("ready")
        script = project.scripts.get_revision(revision)
        try:
            project.run(script)
        except (Exception, SystemExit) as error:
            return Outcome(problems=[Problem(revision, script.path, told(error))], refusal=refusal(error))
    return Outcome()


def _recorder(given: Mapping[str, Any], redirection: Redirection) -> Recorder:
    conninfo = cast("dict[str, Any]", given["conninfo"])
    recorder = Recorder(
        lambda: psycopg.Connection.connect(**conninfo, application_name="airside check"), Path(given["ini"]).parent
    )
    redirection.install()
    recorder.listen()
    return recorder


def main() -> None:
    """Entry point of the process: what to do comes by AIRSIDE_CHECK, the outcome goes to the file it names."""
    given = cast("dict[str, Any]", json.loads(os.environ.pop("AIRSIDE_CHECK")))
    sys.path[:0] = given["path"]
    # what their env.py prints, and what it starts, is no word of ours
    parent = _Parent(os.fdopen(os.dup(1), "w"))
    os.dup2(2, 1)
    try:
        outcome = _done(given, parent)
    except (Exception, SystemExit) as error:
        # their code may raise anything
        outcome = Outcome(problems=[Problem(None, given["ini"], told(error))])
    Path(given["destination"]).write_bytes(pickle.dumps(outcome))


def _done(given: Mapping[str, Any], parent: _Parent) -> Outcome:
    redirection = Redirection(given["conninfo"])
    with psycopg.Connection.connect(**given["conninfo"], autocommit=True, application_name="airside check") as own:
        match given["task"]:
            case "models":
                return build_models(given["metadata"], redirection, own)
            case "history":
                return history(given, redirection, own, parent)
            case _:
                return one(given, redirection, parent)
