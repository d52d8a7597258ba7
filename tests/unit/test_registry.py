"""The configuration: shipped systems and a project's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.schema.core import Database
from airside.schema.core.errors import ConfigurationError, DeclarationError, UnknownTarget
from airside.schema.core.registry import load_registry
from sqlalchemy import MetaData

ENTRY = '[[databases]]\nsystem = "shop"\nname = "shop_db"\nmodule = "shop_schema"\nmigrations = "revisions"\n'


def test_the_shipped_systems_are_there_anywhere(tmp_path: Path) -> None:
    systems = load_registry(tmp_path).systems()
    assert {"exotic_travel", "flight_schedule"} <= systems.keys()


def test_a_project_stands_beside_the_shipped_systems(tmp_path: Path) -> None:
    (tmp_path / "airside.toml").write_text(ENTRY)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    entry = load_registry(below).one("shop")
    assert (entry.target, entry.migrations) == ("shop.shop_db", tmp_path / "revisions")


def test_pyproject_serves_as_well(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(ENTRY.replace("[[databases]]", "[[tool.airside.databases]]"))
    assert load_registry(tmp_path).one("shop_db").system == "shop"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[databases]]\nsystem = 'shop'\n", r"databases\[1\]: lacks name, module, migrations"),
        (ENTRY + "colour = 'red'\n", "unknown colour"),
        (ENTRY.replace("shop_db", "Shop DB"), "no plain lower-case identifier"),
        (ENTRY.replace('"shop"', '"all"'), "the word all"),
        (ENTRY.replace("shop_db", "exotic_travel_prod"), "is also registered"),
        ("databases = 3\n", "not an array of tables"),
        ("[[databases\n", "not valid TOML"),
    ],
)
def test_bad_configuration_names_file_and_entry(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "airside.toml").write_text(content)
    with pytest.raises(ConfigurationError, match=message) as caught:
        load_registry(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert caught.value.next_step


def test_an_unknown_target_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownTarget, match=r"use one of: all, exotic_travel"):
        load_registry(tmp_path).resolve("nowhere")


def test_targets_mean_a_system_a_database_or_all(tmp_path: Path) -> None:
    registry = load_registry(tmp_path)
    assert registry.resolve("all") == registry.entries
    (entry,) = registry.resolve("exotic_travel")
    assert registry.resolve("exotic_travel.exotic_travel_prod") == (entry,)
    assert registry.resolve("exotic_travel_prod") == (entry,)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (None, "cannot be imported"),
        ("x = 1\n", "has no `database"),
        ("syntax error\n", "cannot be imported"),
        (
            "from airside.schema.core import Database\nfrom sqlalchemy import MetaData\n"
            "database = Database('other', MetaData())\n",
            "declares 'other'",
        ),
    ],
)
def test_a_declaration_that_cannot_be_loaded(tmp_path: Path, module: str | None, message: str) -> None:
    name = f"declared_{abs(hash((module, str(tmp_path))))}"
    (tmp_path / "airside.toml").write_text(ENTRY.replace("shop_schema", name))
    if module is not None:
        (tmp_path / f"{name}.py").write_text(module)
    with pytest.raises(DeclarationError, match=message):
        load_registry(tmp_path).one("shop").load()


def test_a_statement_as_plain_text_is_refused_with_the_way_to_write_it() -> None:
    with pytest.raises(DeclarationError) as refused:
        Database("shop", metadata=MetaData(), sql=("CREATE VIEW v AS SELECT 1",))  # type: ignore[arg-type]
    assert "sql_files" in (refused.value.next_step or "")
