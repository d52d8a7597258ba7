"""Imports the models of another git revision and runs their statements. A process of its own: it can have one version.

Whatever of the repository would be imported from the working tree comes from the release instead; installed packages
and Airside itself stay those that are running.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import MetaData, NullPool, create_engine
from sqlalchemy.schema import CreateSchema

from ...schema.core.build import build
from ...schema.core.database import Database
from ...schema.core.errors import AirsideError
from .old_release import Compared
from .probes import Answered, statements, values_at_risk, writes
from .release import Outcome
from .rows import fill, fillable


class AbsentError(Exception):
    """The release does not have the module."""


def main() -> None:
    """Entry point of the process: what to do comes by AIRSIDE_OLD_RELEASE, the outcome goes to the file it names."""
    given = cast("dict[str, Any]", json.loads(os.environ.pop("AIRSIDE_OLD_RELEASE")))
    try:
        # what their modules print is no result of ours
        with redirect_stdout(sys.stderr):
            outcome = _done(given)
    except AbsentError:
        outcome = Outcome(None, absent=True)
    except Exception as error:
        # their code may raise anything
        first = str(error).strip().splitlines()
        outcome = Outcome(None, problem=f"{type(error).__name__}: {first[0] if first else ''}")
    Path(given["destination"]).write_bytes(pickle.dumps(outcome))


def _done(given: dict[str, Any]) -> Outcome:
    module, _, attributes = str(given["metadata"]).partition(":")
    prefer(module, Path(given["top"]), Path(given["folder"]), [Path(item) for item in given["path"]])
    declared = _loaded(module, attributes)
    metadata = declared.metadata if isinstance(declared, Database) else declared
    if not isinstance(metadata, MetaData):
        raise TypeError(f"{given['metadata']} is a {type(metadata).__name__}, not a MetaData")
    with psycopg.Connection.connect(**given["old"]) as old, psycopg.Connection.connect(**given["new"]) as new:
        fill(new)
        why = _made(given, declared, metadata, old)
        return Outcome(_compared(None if why else old, new, metadata, given["role"], why))


def _made(given: dict[str, Any], declared: object, metadata: MetaData, old: psycopg.Connection[Any]) -> str | None:
    """Make the old schema from the old models; why not, where that fails."""
    try:
        if isinstance(declared, Database):
            old.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(given["owner"])))
            build(old, declared)
            old.execute("RESET ROLE")
            old.commit()
        else:
            _create(given["old"], metadata)
        fill(old)
    except AirsideError as error:
        return error.what
    except Exception as error:
        # their types and events may raise anything
        return str(error).strip().splitlines()[0]
    return None


def _compared(
    old: psycopg.Connection[Any] | None,
    new: psycopg.Connection[Any],
    metadata: MetaData,
    role: str | None,
    why: str | None,
) -> Compared:
    """The application's role first; the login role and the old schema only where something is refused."""
    answers: dict[str | None, Answered] = {}
    before: dict[str | None, Answered] = {}
    doubtful: set[str] | None = None
    for one in dict.fromkeys([role, None]):
        answers[one] = statements(new, metadata, one, doubtful)
        doubtful = answers[one].refusing() if doubtful is None else doubtful
        if old is not None:
            before[one] = statements(old, metadata, one, doubtful)
    if old is not None:
        values = values_at_risk(fillable(old), fillable(new))
        taken = writes(old, metadata, values)
        before[None].answers.update(taken)
        accepted = [value for value, refusal in taken.items() if refusal is None]
        answers[None].answers.update(writes(new, metadata, accepted))
    return Compared(answers, before, why)


def _create(conninfo: dict[str, str], metadata: MetaData) -> None:
    engine = create_engine(
        "postgresql+psycopg://", poolclass=NullPool, creator=lambda: psycopg.Connection.connect(**cast("Any", conninfo))
    )
    with engine.begin() as connection:
        for schema in sorted({table.schema for table in metadata.tables.values() if table.schema}):
            connection.execute(CreateSchema(schema, if_not_exists=True))
        metadata.create_all(connection)


def _loaded(module: str, attributes: str) -> object:
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name and (module == error.name or module.startswith(f"{error.name}.")):
            raise AbsentError from error
        raise
    for name in attributes.split("."):
        found = getattr(found, name)
    return cast("object", found)


def prefer(module: str, top: Path, folder: Path, path: Sequence[Path]) -> None:
    """Let modules of the repository `top` be found in `folder`, where its files of another time are."""
    importlib.invalidate_caches()
    sys.path[:0] = [str(item) for item in path]
    package = module.partition(".")[0]
    roots = [Path(item) for item in sys.path] + [location.parent for location in _locations(package)]
    moved = [str(there) for root in roots if (there := _moved(root, top, folder)) and there.is_dir()]
    kept = [item for item in sys.path if _moved(Path(item), top, folder) is None or _installed(Path(item))]
    sys.path[:] = [*dict.fromkeys(moved), *kept]
    for loaded in _loaded_parents(module):
        there = [_moved(Path(item), top, folder) for item in loaded.__path__]
        loaded.__path__[:0] = [str(item) for item in there if item is not None]


def _loaded_parents(module: str) -> Iterable[ModuleType]:
    """The packages above the module that this process has imported already, and whose paths are plain lists."""
    parts = module.split(".")
    names = (".".join(parts[:count]) for count in range(1, len(parts)))
    return (sys.modules[name] for name in names if name in sys.modules and isinstance(sys.modules[name].__path__, list))


def _locations(package: str) -> list[Path]:
    spec = None if package in sys.modules else find_spec(package)
    return [Path(item) for item in (spec.submodule_search_locations or ())] if spec else []


def _moved(path: Path, top: Path, folder: Path) -> Path | None:
    resolved = path.resolve()
    return folder / resolved.relative_to(top) if resolved.is_relative_to(top) else None


def _installed(path: Path) -> bool:
    """A virtual environment may lie within the repository."""
    return "site-packages" in path.parts or path.name.startswith(("python3", "lib"))
