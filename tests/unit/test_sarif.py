"""SARIF 2.1.0: the required parts of the schema, no other properties than it knows, and what code scanning asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from airside.cli.reports import as_sarif
from airside.migrations.checks.model import Finding
from airside.migrations.checks.report import CheckReport
from airside.migrations.checks.rules import every_rule

from .reported import BARE, CLEAN, FAILED, FILE, LATE, REPORT, RETYPED, run

# required and allowed properties of the objects that are used here (sarif-schema-2.1.0.json)
OBJECTS: dict[str, tuple[set[str], set[str]]] = {
    "sarifLog": ({"version", "runs"}, {"$schema"}),
    "run": (
        {"tool"},
        {"automationDetails", "columnKind", "originalUriBaseIds", "invocations", "results"},
    ),
    "tool": ({"driver"}, set()),
    "toolComponent": ({"name"}, {"semanticVersion", "informationUri", "rules"}),
    "reportingDescriptor": ({"id"}, {"shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration"}),
    "reportingConfiguration": (set(), {"level"}),
    "multiformatMessageString": ({"text"}, {"markdown"}),
    "message": ({"text"}, {"markdown"}),
    "runAutomationDetails": (set(), {"id"}),
    "artifactLocation": (set(), {"uri", "uriBaseId", "description"}),
    "invocation": ({"executionSuccessful"}, {"toolExecutionNotifications"}),
    "notification": ({"message"}, {"level"}),
    "result": (
        {"message"},
        {"ruleId", "ruleIndex", "level", "locations", "partialFingerprints", "suppressions", "properties"},
    ),
    "location": (set(), {"physicalLocation", "logicalLocations"}),
    "physicalLocation": ({"artifactLocation"}, {"region"}),
    "region": (set(), {"startLine", "snippet"}),
    "artifactContent": (set(), {"text"}),
    "logicalLocation": (set(), {"fullyQualifiedName"}),
    "suppression": ({"kind"}, {"justification", "location"}),
}
LEVELS = {"none", "note", "warning", "error"}
BELOW = {
    "tool": "tool",
    "driver": "toolComponent",
    "rules": "reportingDescriptor",
    "defaultConfiguration": "reportingConfiguration",
    "shortDescription": "multiformatMessageString",
    "fullDescription": "multiformatMessageString",
    "help": "multiformatMessageString",
    "automationDetails": "runAutomationDetails",
    "invocations": "invocation",
    "toolExecutionNotifications": "notification",
    "message": "message",
    "description": "message",
    "results": "result",
    "runs": "run",
    "locations": "location",
    "location": "location",
    "physicalLocation": "physicalLocation",
    "artifactLocation": "artifactLocation",
    "region": "region",
    "snippet": "artifactContent",
    "logicalLocations": "logicalLocation",
    "suppressions": "suppression",
}


def validate(kind: str, value: Any) -> None:
    required, allowed = OBJECTS[kind]
    assert isinstance(value, dict), kind
    assert required <= value.keys(), kind
    assert value.keys() <= required | allowed, (kind, value.keys() - required - allowed)
    for name, inner in value.items():
        if name in BELOW:
            for item in inner if isinstance(inner, list) else [inner]:
                validate(BELOW[name], item)
    if "level" in value:
        assert value["level"] in LEVELS
    if "text" in value:
        assert isinstance(value["text"], str)
    if kind == "region":
        assert value["startLine"] >= 1
    if kind == "artifactLocation" and "uri" in value:
        parts = urlsplit(value["uri"])
        assert "\\" not in value["uri"]
        assert " " not in value["uri"]
        assert bool(parts.scheme) is not ("uriBaseId" in value)
    if kind == "suppression":
        assert value["kind"] in ("inSource", "external")
    if kind == "run":
        assert value["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")


def log(*reports: CheckReport, **more: Any) -> dict[str, Any]:
    document = as_sarif.document(run(*reports, **more))
    validate("sarifLog", document)
    assert document["version"] == "2.1.0"
    return document["runs"][0]


def test_the_log_is_as_the_schema_wants_it() -> None:
    for made in (log(), log(CLEAN), log(REPORT, CLEAN, failures=(FAILED,))):
        for result in made["results"]:
            assert made["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
            assert all(isinstance(text, str) for text in result["partialFingerprints"].values())
    with pytest.raises(AssertionError):
        validate("result", {"message": {"text": ""}, "level": "notice"})


def test_every_rule_is_described() -> None:
    rules = {rule["id"]: rule for rule in log()["tool"]["driver"]["rules"]}
    for rule in every_rule():
        assert rules[rule.name]["shortDescription"]["text"] == rule.summary
        assert rules[rule.name]["defaultConfiguration"]["level"] == rule.severity
    for rule in rules.values():
        assert {"shortDescription", "fullDescription", "help"} <= rule.keys()


def test_places_are_seen_from_the_repository() -> None:
    retyped, _, _, bare = log(REPORT)["results"][:4]
    physical = retyped["locations"][0]["physicalLocation"]
    assert unquote(physical["artifactLocation"]["uri"]) == "migrations/shop_db/0003 tags.up.sql"
    assert physical["region"]["startLine"] == 12
    assert "bigint" in physical["region"]["snippet"]["text"]
    # what is about an index stands where its table was touched last
    (location,) = bare["locations"]
    assert location["logicalLocations"] == [{"fullyQualifiedName": "public.notes"}]
    assert location["physicalLocation"]["region"] == {"startLine": 12}


def test_what_is_allowed_or_known_is_suppressed() -> None:
    results = log(REPORT)["results"]
    assert [[item["kind"] for item in result["suppressions"]] for result in results] == [
        *[[]] * 4,
        ["inSource"],
        ["external"],
    ]
    (allowed,) = results[4]["suppressions"]
    assert allowed["justification"] == "both names are there"
    assert allowed["location"]["physicalLocation"]["region"]["startLine"] == 19


def test_fingerprints_stay_when_lines_move_and_tell_findings_apart() -> None:
    def prints(*findings: Finding) -> list[str]:
        return [item["partialFingerprints"]["airside/v1"] for item in log(CheckReport("t", 1, findings))["results"]]

    moved = replace(RETYPED, where=f"{FILE}:99", message="other words")
    assert prints(RETYPED) == prints(moved)
    assert len(set(prints(RETYPED, moved, LATE, BARE, replace(RETYPED, relation="public.other")))) == 5


def test_what_was_not_done_is_told() -> None:
    (invocation,) = log(REPORT, failures=(FAILED,))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [item["level"] for item in invocation["toolExecutionNotifications"]] == ["note", "error"]
    assert log(CLEAN)["invocations"][0]["executionSuccessful"] is True


def test_a_file_outside_the_repository_has_an_address_of_its_own() -> None:
    (result,) = log(CheckReport("t", 1, (replace(RETYPED, where="/elsewhere/a.sql:1"),)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///elsewhere/a.sql"}


def test_pages_are_linked_where_the_documentation_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_sarif, "documentation", lambda: "https://docs.example/airside")
    monkeypatch.setattr(as_sarif, "page", lambda name: f"# {name}" if name == "rename" else None)
    driver = log()["tool"]["driver"]
    assert driver["informationUri"] == "https://docs.example/airside"
    rules = {rule["id"]: rule for rule in driver["rules"]}
    assert rules["rename"]["helpUri"] == "https://docs.example/airside/rules/rename.md"
    assert rules["rename"]["help"]["markdown"] == "# rename"
    assert "helpUri" not in rules["drop-column"]
