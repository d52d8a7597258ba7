"""docs/effects.md: generated, complete, and in agreement with PostgreSQL's documentation or saying where not."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from airside.schema.core.sql import parse_script
from postgast import pg_query_pb2

ROOT = Path(__file__).parents[2]
INTERNAL = {
    # made by PostgreSQL itself while it alters a table, or of views, foreign tables and OIDs of old
    "ALTER_TABLE_TYPE_UNDEFINED",
    "AT_AddColumnToView",
    "AT_CookedColumnDefault",
    "AT_CheckNotNull",
    "AT_SetAttNotNull",
    "AT_AddIndex",
    "AT_ReAddIndex",
    "AT_ReAddConstraint",
    "AT_ReAddDomainConstraint",
    "AT_AddIndexConstraint",
    "AT_ReAddComment",
    "AT_ReAddStatistics",
    "AT_ReplaceRelOptions",
    "AT_GenericOptions",
    "AT_AlterColumnGenericOptions",
}


@cache
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_effects", ROOT / "docs" / "generate_effects.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # its dataclasses look their module up
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_was_observed() -> None:
    page = generator().page(generator().recorded())
    assert generator().PAGE.read_text(encoding="utf-8") == page, "run python docs/generate_effects.py"


def test_every_form_was_observed_on_every_version_that_knows_it() -> None:
    recorded = generator().recorded()
    for form in generator().forms():
        assert set(recorded[form.key]) == {version for version in ("15", "17", "18") if int(version) >= form.since}


def test_what_was_observed_is_what_is_documented_or_is_named() -> None:
    for form in generator().forms():
        for version, seen in generator().recorded()[form.key].items():
            differs = generator().verdict(form, seen).startswith("differs")
            assert differs == bool(form.differs), f"{form.statement} on {version}: {generator().verdict(form, seen)}"


def test_no_form_of_alter_table_is_left_out() -> None:
    known = {value.number for value in pg_query_pb2.AlterTableType.DESCRIPTOR.values if value.name not in INTERNAL}
    seen = {
        command.alter_table_cmd.subtype
        for form in generator().forms()
        for statement in parse_script(form.statement, origin="form")
        for command in statement.tree.alter_table_stmt.cmds
    }
    missing = {pg_query_pb2.AlterTableType.Name(number) for number in known - seen}
    assert not missing
