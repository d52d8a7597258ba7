"""What the statements of an old release's models say about a new schema. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .model import Finding, Severity
from .probes import Answered, Operation, Probe, Refusal

CHECK = "old-release"
_QUOTED = re.compile(r'"([^"]+)"')
_STRUCTURE = ("42", "22")
_BESIDE_OTHERS = ("23505", "23P01", "23503")
_UNKNOWN_TABLE, _NULL, _RIGHTS = "42P01", "23502", "42501"


@dataclass(frozen=True, slots=True)
class Compared:
    """The answers of the new schema, and of the old one where it could be made (else why not).

    By role: the application's where there is one, and None for the login role, which sees what rights would hide.
    """

    new: Mapping[str | None, Answered]
    old: Mapping[str | None, Answered] = field(default_factory=dict[str | None, Answered])
    without_old: str | None = None


def judged(compared: Compared, *, ref: str, target: str) -> tuple[Finding, ...]:
    """What the new schema refuses and the old one took, and what could not be compared."""
    broken, unknown = _sorted_out(compared)
    findings = [_broken(probe, refusal, ref, target) for probe, refusal in _causes(broken)]
    findings += [_unknown(table, probes, ref, target) for table, probes in _by_table(unknown).items()]
    if compared.without_old is not None:
        findings.append(
            Finding(
                CHECK,
                target,
                f"the schema of {ref} could not be made from its models, so what it refused itself is not known:"
                f" {compared.without_old}",
                "nothing; refusals by constraints and rights are left out",
                "note",
            )
        )
    return tuple(findings)


def _sorted_out(compared: Compared) -> tuple[dict[Probe, Refusal], dict[Probe, Refusal]]:
    """What is broken, and what the old schema refused as well, with PostgreSQL's words."""
    broken: dict[Probe, Refusal] = {}
    unknown: dict[Probe, Refusal] = {}
    every = dict.fromkeys(probe for answered in compared.new.values() for probe in answered.answers)
    for probe in every:
        verdict = _verdict(probe, compared)
        if isinstance(verdict, Refusal):
            broken[probe] = verdict
        elif verdict is not None:
            unknown[probe] = verdict[0]
    forms = [probe for probe in every if probe.operation == "INSERT"]
    for table in {probe.table for probe in forms if probe not in broken and probe not in unknown}:
        # it takes rows: what it needs may come from settings of a session
        unknown = {
            probe: said for probe, said in unknown.items() if (probe.table, probe.operation) != (table, "INSERT")
        }
    return broken, unknown


def _verdict(probe: Probe, compared: Compared) -> Refusal | tuple[Refusal] | None:
    """A refusal: broken; one in a tuple: not to be compared; None: it works."""
    last: Refusal | None = None
    for role, answered in compared.new.items():
        refusal = answered.answers.get(probe)
        if refusal is None and probe in answered.answers:
            return None
        if refusal is None:
            continue
        if probe.operation in ("DELETE", "value") and _depends_on_rows(probe, refusal, compared):
            return None
        if _took(probe, compared, role, refusal):
            return refusal
        last = refusal
    return None if last is None else (last,)


def _depends_on_rows(probe: Probe, refusal: Refusal, compared: Compared) -> bool:
    """Whether other rows or values, which are not the same in both schemas, are in the way."""
    return refusal.sqlstate in _BESIDE_OTHERS or refusal.constraint in _old_constraints(probe, compared)


def _old_constraints(probe: Probe, compared: Compared) -> set[str]:
    return {name for answered in compared.old.values() for name in answered.constraints.get(probe.table, ())}


def _took(probe: Probe, compared: Compared, role: str | None, refusal: Refusal) -> bool:
    """Whether the old schema takes what the new one refuses to this role."""
    if not compared.old:
        structural = refusal.sqlstate.startswith(_STRUCTURE) or refusal.sqlstate == _NULL
        return structural and refusal.sqlstate != _RIGHTS
    answers = compared.old[role].answers
    if probe.operation == "SELECT":
        # the old schema was asked for single columns only where it refused the whole
        return answers.get(Probe(probe.table, "SELECT"), refusal) is None
    if probe in answers:
        return answers[probe] is None
    return False


def _causes(broken: Mapping[Probe, Refusal]) -> Iterator[tuple[Probe, Refusal]]:
    """One probe for each cause: the first of a table with the same words of PostgreSQL, or for the same column."""
    seen: set[tuple[str, str]] = set()
    columns: set[tuple[str, str | None]] = set()
    order: dict[Operation, int] = {"SELECT": 0, "INSERT": 1, "UPDATE": 2, "DELETE": 3, "value": 4}
    for probe, refusal in sorted(broken.items(), key=lambda item: order[item[0].operation]):
        cause = (probe.table, refusal.constraint or refusal.message)
        place = (probe.table, probe.column)
        if cause in seen or (probe.column is not None and place in columns):
            continue
        seen.add(cause)
        columns.add(place)
        # an INSERT names the column that it fails on
        columns |= {(probe.table, name) for name in _QUOTED.findall(refusal.message)}
        yield probe, refusal


def _broken(probe: Probe, refusal: Refusal, ref: str, target: str) -> Finding:
    name = probe.table if probe.column is None else f"{probe.table}.{probe.column}"
    return Finding(
        CHECK,
        f"{target} {name}",
        f"{_what(probe)} of release {ref} fails on {name}: {refusal.message}",
        _advice(probe, refusal),
        _severity(probe, refusal),
        observed=f"{refusal.message} [{refusal.sqlstate}]" if refusal.sqlstate else refusal.message,
        relation=probe.table,
    )


def _what(probe: Probe) -> str:
    if probe.operation == "value":
        return f"writing {'NULL' if probe.detail is None else repr((probe.detail or '')[:40])}"
    return f"{probe.operation} of {probe.detail}" if probe.detail else probe.operation


def _severity(probe: Probe, refusal: Refusal) -> Severity:
    """A constraint or trigger may refuse values that the old release could write; whether it does, is not known."""
    structural = refusal.sqlstate.startswith(_STRUCTURE) or refusal.sqlstate == _NULL
    return "error" if structural or probe.operation != "value" else "warning"


def _advice(probe: Probe, refusal: Refusal) -> str:
    if refusal.sqlstate == _UNKNOWN_TABLE:
        return "keep the table (after a rename: a view of its old name) until no running release uses it"
    if refusal.sqlstate == _RIGHTS:
        return "leave the right granted until no running release needs it"
    if probe.operation == "SELECT":
        return "expand first: keep the column until no running release reads it, drop it in a later revision"
    if refusal.sqlstate == _NULL and probe.operation == "INSERT":
        return "give the column a default, or let it be NULL, until every running release writes it"
    if probe.operation == "value":
        return "let both releases' values in, and narrow in a later revision when the old release is gone"
    return "expand first: let what the old release writes go on working, contract in a later revision"


def _by_table(unknown: Mapping[Probe, Refusal]) -> dict[str, list[tuple[Probe, Refusal]]]:
    tables: dict[str, list[tuple[Probe, Refusal]]] = {}
    for probe, refusal in unknown.items():
        if probe.operation != "value":
            tables.setdefault(probe.table, []).append((probe, refusal))
    return tables


def _unknown(table: str, probes: Sequence[tuple[Probe, Refusal]], ref: str, target: str) -> Finding:
    what = ", ".join(dict.fromkeys(_place(probe) for probe, _ in probes))
    return Finding(
        CHECK,
        f"{target} {table}",
        f"{what} of {table} could not be compared: the schema of {ref} refuses it as well ({probes[0][1].message})",
        "nothing, or try it by hand",
        "note",
        relation=table,
    )


def _place(probe: Probe) -> str:
    return f"{probe.operation} {probe.column}" if probe.column else probe.operation
