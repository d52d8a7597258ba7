"""What a tool did with a case, and the table over all cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .cases import Case


@dataclass
class Outcome:
    """`found`: a difference was reported (ours: exactly the expected ones). `planned`: statements were made and ran.
    `up`, `down`: the catalog was then exactly the other one. `named`: what was not proven was refused, with a reason.
    `notes` say what went wrong."""

    case: Case
    found: bool = False
    planned: bool = False
    up: bool = False
    down: bool = False
    named: bool = False
    crashed: bool = False
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> float:
        return 100.0 * self.part / self.whole if self.whole else 100.0

    def __str__(self) -> str:
        return f"{self.percent:.1f} % ({self.part}/{self.whole})" if self.whole else "-"


@dataclass(frozen=True, slots=True)
class Score:
    """One tool over all cases."""

    tool: str
    found: Share
    planned: Share
    up: Share
    down: Share
    refused: Share
    false_alarms: Share
    crashed: int
    seconds: float

    @property
    def aims_met(self) -> bool:
        """All found, no false alarm, at least 95 % planned and proven both ways, the rest refused by name."""
        proven = all(share.percent >= 95 for share in (self.planned, self.up, self.down))
        whole = self.found.part == self.found.whole and self.refused.part == self.refused.whole
        return proven and whole and self.false_alarms.part == 0 and self.crashed == 0


def score(tool: str, outcomes: Sequence[Outcome]) -> Score:
    """Counts over the outcomes of one tool."""
    differing = [outcome for outcome in outcomes if outcome.case.changes]
    equal = [outcome for outcome in outcomes if not outcome.case.changes]
    plannable = [outcome for outcome in differing if not outcome.case.refused]
    returning = [outcome for outcome in plannable if not outcome.case.down_refused]
    unproven = [outcome for outcome in differing if not (outcome.up and outcome.down)]
    return Score(
        tool=tool,
        found=_share(outcome.found for outcome in differing),
        planned=_share(outcome.planned for outcome in plannable),
        up=_share(outcome.up for outcome in plannable),
        down=_share(outcome.down for outcome in returning),
        refused=_share(outcome.named for outcome in unproven),
        false_alarms=_share(outcome.found for outcome in equal),
        crashed=sum(outcome.crashed for outcome in outcomes),
        seconds=sum(outcome.seconds for outcome in outcomes),
    )


def failed(outcome: Outcome) -> bool:
    """Whether this outcome keeps a tool from a perfect score."""
    case = outcome.case
    if outcome.crashed:
        return True
    if not case.changes:
        return outcome.found
    if case.refused:
        return not (outcome.found and outcome.named)
    back = outcome.named if case.down_refused else outcome.down
    return not (outcome.found and outcome.planned and outcome.up and back)


def table(scores: Sequence[Score]) -> str:
    """The scores in columns, one tool a row."""
    head = ("tool", "found", "planned", "proven up", "proven down", "refused by name", "false alarms", "crashed", "s")
    rows: list[tuple[str, ...]] = [head]
    for one in scores:
        shares = (one.found, one.planned, one.up, one.down, one.refused)
        alarms = f"{one.false_alarms.part}/{one.false_alarms.whole}"
        rows.append((one.tool, *map(str, shares), alarms, str(one.crashed), f"{one.seconds:.0f}"))
    widths = [max(len(row[number]) for row in rows) for number in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _share(flags: Iterable[bool]) -> Share:
    seen = list(flags)
    return Share(sum(seen), len(seen))
