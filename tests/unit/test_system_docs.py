"""The pages of the systems say what is declared, and their diagrams are Mermaid."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from airside.schema.core.registry import load_registry
from sqlalchemy import Column, ForeignKeyConstraint, Integer, MetaData, Table

ROOT = Path(__file__).parents[2]
SYSTEMS = tuple(load_registry(ROOT).systems())

NAME = r"[A-Za-z_]\w*"
ENTITY = re.compile(rf"    (?P<name>{NAME}) {{")
ATTRIBUTE = re.compile(rf"        {NAME} (?P<name>{NAME}) (?:PK|FK|UK)(?:, (?:PK|FK|UK))*")
RELATION = re.compile(rf'    (?P<one>{NAME}) (?:\|\||\|o)--(?:o\||o{{) (?P<many>{NAME}) : "{NAME}(?:, {NAME})*"')


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_systems", ROOT / "docs" / "generate_systems.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = generator()


def read(diagram: str) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """The entities of a diagram with their attributes, and its relations. Fails on what is not in the grammar."""
    entities: dict[str, list[str]] = {}
    relations: list[tuple[str, str]] = []
    head, *lines = diagram.splitlines()
    assert head == "erDiagram"
    inside: list[str] | None = None
    for line in lines:
        if inside is None and (entity := ENTITY.fullmatch(line)):
            assert entity["name"] not in entities
            inside = entities[entity["name"]] = []
        elif inside is None and (relation := RELATION.fullmatch(line)):
            relations.append((relation["one"], relation["many"]))
        elif inside is not None and (attribute := ATTRIBUTE.fullmatch(line)):
            inside.append(attribute["name"])
        else:
            assert inside is not None, line
            assert line == "    }"
            inside = None
    assert inside is None
    return entities, relations


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_page_says_what_is_declared(system: str) -> None:
    page = GENERATOR.page(system)
    assert (GENERATOR.FOLDER / f"{system}.md").read_text(encoding="utf-8") == page, (
        "run python docs/generate_systems.py"
    )
    for entry in load_registry(ROOT).resolve(system):
        section = page.split(f"\n## {entry.name}\n")[1].split("\n## ")[0]
        for table in entry.load().metadata.tables.values():
            part = section.split(f"\n### {entry.name}.{table.name}\n")[1].split("\n### ")[0]
            assert re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) == [column.name for column in table.columns]
            said = {line.split("`")[1] for line in part.splitlines() if line.startswith("- `")}
            for index in table.indexes:
                assert any(f"INDEX {index.name} ON " in line for line in said), index.name
            for constraint in table.constraints:
                assert any(line.split(" ")[0] == constraint.name for line in said), constraint.name
        for declared in entry.load().sql:
            made = re.match(r"CREATE (TRIGGER|POLICY|FUNCTION|VIEW|MATERIALIZED VIEW) (\w+)", declared.sql)
            assert made is None or made[2] in section, declared.origin


def test_every_system_has_a_page_and_no_other_is_left_over() -> None:
    assert {file.stem for file in GENERATOR.FOLDER.glob("*.md")} == set(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_diagram_is_mermaid_and_shows_every_table_key_and_relation(system: str) -> None:
    diagrams = re.findall(r"```mermaid\n(.*?)\n```", GENERATOR.page(system), re.DOTALL)
    databases = [entry.load() for entry in load_registry(ROOT).resolve(system)]
    for database, diagram in zip(databases, diagrams, strict=True):
        tables = database.metadata.tables.values()
        entities, relations = read(diagram)
        assert set(entities) == {table.name for table in tables}
        for table in tables:
            keys = {column.name for column in table.columns if column.primary_key or column.foreign_keys}
            assert keys <= set(entities[table.name])
        declared = [
            (key.referred_table.name, table.name)
            for table in tables
            for key in table.constraints
            if isinstance(key, ForeignKeyConstraint)
        ]
        assert sorted(relations) == sorted(declared)


def test_a_relation_says_how_many() -> None:
    metadata = MetaData()
    one = Table("one", metadata, Column("id", Integer, primary_key=True))

    def relation(column: Column[int]) -> str:
        many = Table("many", metadata, column, ForeignKeyConstraint(["r"], ["one.id"]))
        line: str = GENERATOR.diagram([one, many]).splitlines()[-1]
        metadata.remove(many)
        return line.strip()

    assert relation(Column("r", Integer)) == 'one |o--o{ many : "r"'
    assert relation(Column("r", Integer, nullable=False)) == 'one ||--o{ many : "r"'
    assert relation(Column("r", Integer, nullable=False, unique=True)) == 'one ||--o| many : "r"'
    assert relation(Column("r", Integer, primary_key=True)) == 'one ||--o| many : "r"'


@pytest.mark.parametrize(
    "line",
    ["    a {", "    a ||--|| b : r", "        varchar(3) a PK", '    a ||--o{ b : ""', "    double precision x PK"],
)
def test_the_grammar_refuses_what_is_not_mermaid(line: str) -> None:
    with pytest.raises(AssertionError):
        read(f"erDiagram\n    t {{\n        uuid id PK\n    }}\n{line}")
