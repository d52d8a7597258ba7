"""The house: who may import whom (see CONTRIBUTING)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("schema", "server", "migrations", "partitions", "privacy", "seeds", "cli")
ALLOWED = {
    "schema": {"schema"},
    "server": {"server", "schema.core.errors"},
    "migrations": {"migrations", "server", "schema.core"},
    "partitions": {"partitions", "server", "schema.core"},
    "privacy": {"privacy", "server", "schema.core"},
    "seeds": {"seeds", "server", "schema.core"},
    "cli": set(ROOMS),
}
PURE = ("schema/core/compare.py", "schema/core/render.py", "migrations/renames.py", "schema/core/plan")
IO_MODULES = {"psycopg", "subprocess", "socket", "os", "sqlite3", "urllib"}


def modules(room: str) -> list[Path]:
    return [
        path
        for path in (ROOT / room).rglob("*.py")
        if not (room == "migrations" and len(path.parts) - len(ROOT.parts) > 2)
    ]


def imported(path: Path) -> Iterator[str]:
    """Dotted names that a module imports; those of ours begin with their room."""
    package = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("airside.") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level]
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ([module] if node.module else [f"{module}.{alias.name}".lstrip(".") for alias in node.names])
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.removeprefix("airside.")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    for path in modules(room):
        for name in imported(path):
            if name.split(".")[0] in ROOMS:
                assert any(name == allowed or name.startswith(f"{allowed}.") for allowed in ALLOWED[room]), (
                    f"{path.relative_to(ROOT)} imports {name}"
                )


def test_core_knows_no_system() -> None:
    for path in (ROOT / "schema" / "core").rglob("*.py"):
        for name in imported(path):
            if name.startswith("schema."):
                assert name.startswith("schema.core"), f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("place", PURE)
def test_compare_and_plan_do_no_input_or_output(place: str) -> None:
    target = ROOT / place
    for path in target.rglob("*.py") if target.is_dir() else [target]:
        for name in imported(path):
            assert name.split(".")[0] not in IO_MODULES, f"{path.relative_to(ROOT)} imports {name}"
