"""Which systems and databases there are: those that ship, and those of the project around the working directory."""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .errors import ConfigurationError, DeclarationError, UnknownTarget

if TYPE_CHECKING:
    from .database import Database

_SHIPPED = Path(__file__).parent.parent / "airside.toml"
_FIELDS = ("system", "name", "module", "migrations")
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered database: `module` has a `database` attribute, `migrations` is the folder of its revisions."""

    system: str
    name: str
    module: str
    migrations: Path
    origin: Path

    @property
    def target(self) -> str:
        return f"{self.system}.{self.name}"

    def load(self) -> Database:
        """Import the declaration. Raises DeclarationError when it cannot be imported or is not a `Database`."""
        project = str(self.origin.parent)
        if self.origin != _SHIPPED and project not in sys.path:
            sys.path.insert(0, project)
        try:
            module = importlib.import_module(self.module)
        except (
            ImportError,
            SyntaxError,
            TypeError,
            ValueError,
            AttributeError,
            NameError,
            KeyError,
        ) as error:
            raise DeclarationError(
                f"module {self.module} cannot be imported: {error}",
                where=self.target,
                next_step=f"correct the module, or `module` in {self.origin}",
            ) from error
        return self._declared_in(module)

    def _declared_in(self, module: object) -> Database:
        from .database import Database

        database = getattr(module, "database", None)
        if not isinstance(database, Database):
            raise DeclarationError(
                f"module {self.module} has no `database = Database(...)`",
                where=self.target,
                next_step="declare it there",
            )
        if database.name != self.name:
            raise DeclarationError(
                f"the module declares {database.name!r}, the configuration {self.name!r}",
                where=self.target,
                next_step=f"use one name in {self.module} and {self.origin}",
            )
        return database


@dataclass(frozen=True)
class Registry:
    """Every registered database, in the order of the configuration."""

    entries: tuple[Entry, ...]

    def systems(self) -> dict[str, tuple[Entry, ...]]:
        grouped: dict[str, list[Entry]] = {}
        for entry in self.entries:
            grouped.setdefault(entry.system, []).append(entry)
        return {system: tuple(entries) for system, entries in grouped.items()}

    def resolve(self, target: str) -> tuple[Entry, ...]:
        """The databases meant by `all`, `system`, `system.database` or a database name that is unique.

        Raises UnknownTarget, naming the targets there are.
        """
        if target == "all":
            return self.entries
        by_system = self.systems()
        if target in by_system:
            return by_system[target]
        matches = tuple(entry for entry in self.entries if target in (entry.target, entry.name))
        if len(matches) == 1:
            return matches
        known = ", ".join([*by_system, *(entry.target for entry in self.entries)])
        raise UnknownTarget(f"no target {target!r}", next_step=f"use one of: all, {known}")

    def one(self, target: str) -> Entry:
        """Like `resolve`, for commands that work on a single database. Raises UnknownTarget."""
        entries = self.resolve(target)
        if len(entries) != 1:
            names = ", ".join(entry.target for entry in entries)
            raise UnknownTarget(f"{target!r} means {len(entries)} databases", next_step=f"name one: {names}")
        return entries[0]


def load_registry(start: Path | None = None) -> Registry:
    """Read the shipped configuration and the nearest project's, from `start` (the working directory) upwards.

    A project says `[[databases]]` in `airside.toml`, or `[[tool.airside.databases]]` in `pyproject.toml`.
    Raises ConfigurationError naming the file and the entry.
    """
    entries = list(_read(_SHIPPED))
    project = _project_file(start or Path.cwd())
    if project is not None:
        entries += _read(project)
    _refuse_duplicates(entries)
    return Registry(tuple(entries))


def _project_file(start: Path) -> Path | None:
    for folder in (start.resolve(), *start.resolve().parents):
        for file in (folder / "airside.toml", folder / "pyproject.toml"):
            if file.is_file() and file != _SHIPPED and _tables(file) is not None:
                return file
    return None


def _tables(file: Path) -> list[Mapping[str, Any]] | None:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        if file.name == "pyproject.toml":
            return None
        raise ConfigurationError(f"not valid TOML: {error}", where=str(file), next_step="correct the file") from error
    scope = data.get("tool", {}).get("airside") if file.name == "pyproject.toml" else data
    if scope is None:
        return None
    tables = scope.get("databases", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in cast("list[object]", tables)):
        raise ConfigurationError(
            "`databases` is not an array of tables",
            where=str(file),
            next_step="write [[databases]] per database",
        )
    return cast("list[Mapping[str, Any]]", tables)


def _read(file: Path) -> Iterable[Entry]:
    for number, table in enumerate(_tables(file) or (), start=1):
        where = f"{file}: databases[{number}]"
        missing = [field for field in _FIELDS if not isinstance(table.get(field), str)]
        unknown = sorted(table.keys() - set(_FIELDS))
        if missing or unknown:
            problem = f"lacks {', '.join(missing)}" if missing else f"has unknown {', '.join(unknown)}"
            raise ConfigurationError(problem, where=where, next_step=f"give exactly {', '.join(_FIELDS)}")
        for field in ("system", "name"):
            if not _NAME.match(table[field]) or table[field] == "all":
                raise ConfigurationError(
                    f"{field} {table[field]!r} is no plain lower-case identifier (or is the word all)",
                    where=where,
                    next_step="choose letters, digits and underscores, at most 63",
                )
        yield Entry(
            table["system"],
            table["name"],
            table["module"],
            (file.parent / table["migrations"]).resolve(),
            file,
        )


def _refuse_duplicates(entries: Iterable[Entry]) -> None:
    seen: dict[str, Entry] = {}
    for entry in entries:
        if entry.name in seen:
            raise ConfigurationError(
                f"database {entry.name!r} is also registered in {seen[entry.name].origin}",
                where=str(entry.origin),
                next_step="rename one: databases of one server need distinct names",
            )
        seen[entry.name] = entry
