"""What a run of roll or expire did, left alone, refused and failed at."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..schema.core.errors import AirsideError, Finding, Refused
from ..schema.core.patience import Waits
from .actions import Refuse, Skip, Step


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done, in `seconds`, with the tries for locks that it took; `result` is what came out of it."""

    step: Step
    seconds: float
    tries: int
    result: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that was not done, and why; no step where a whole table could not be worked on."""

    where: str
    step: Step | None
    error: AirsideError


@dataclass(slots=True)
class Report:
    """The run on one database. `waits` is what its locks took."""

    done: list[Done] = field(default_factory=list[Done])
    skipped: list[Skip] = field(default_factory=list[Skip])
    refused: list[Refuse] = field(default_factory=list[Refuse])
    failed: list[Failure] = field(default_factory=list[Failure])
    waits: Waits = field(default_factory=Waits)

    @property
    def exit_code(self) -> int:
        """That of the worst of what failed or was refused; 0 when the policy is carried out."""
        return max([error.exit_code for error in self.errors()], default=0)

    def errors(self) -> list[AirsideError]:
        return [failure.error for failure in self.failed] + [as_error(refusal) for refusal in self.refused]

    def raise_worst(self) -> None:
        """Raise the first of the worst errors, if there are any."""
        found = self.errors()
        if found:
            raise max(found, key=lambda error: error.exit_code)


def as_error(refusal: Refuse) -> AirsideError:
    kind = Refused if refusal.protects else Finding
    return kind(str(refusal), where=str(refusal.parent), next_step=refusal.next_step)
