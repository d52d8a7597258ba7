"""One tree of errors; the class decides the exit code of the command line.

AirsideError
├── UsageError (2): the command, the configuration or the declaration is wrong
│   ├── ConfigurationError
│   ├── UnknownTarget
│   ├── DeclarationError
│   ├── UnknownRevision
│   └── MultipleHeads
├── Finding (1): the command ran and found something
│   ├── DriftFound
│   ├── CheckFailed
│   └── UnprovenPlan
├── EnvironmentProblem (3): no server, no right, wrong version
│   ├── NoServer
│   ├── ServerGone
│   ├── AuthenticationFailed
│   ├── WrongMajorVersion
│   ├── MissingRight
│   ├── MissingExtension
│   ├── NotProvisioned
│   ├── LockNotAcquired
│   └── StatementFailed
└── Refused (4): going on could lose data
    ├── DataLossRefused
    ├── ChecksumMismatch
    └── RevisionVanished
"""

from __future__ import annotations

from typing import ClassVar


class AirsideError(Exception):
    """Something a user can act on: what happened, where, and the next command to run.

    `where` is `file:line` or `system.database.object`; `next_step` is a full sentence or a command.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str | None = None, next_step: str | None = None) -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__(what, where, next_step)

    def __reduce__(self) -> tuple[object, ...]:
        # errors cross from worker processes, and the default form knows no keyword arguments
        return (_rebuilt, (type(self), self.what, self.where, self.next_step))

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}. Next: {self.next_step}" if self.next_step else text


def _rebuilt(kind: type[AirsideError], what: str, where: str | None, next_step: str | None) -> AirsideError:
    return kind(what, where=where, next_step=next_step)


class UsageError(AirsideError):
    """The command, the configuration or the declaration is wrong."""

    exit_code = 2


class ConfigurationError(UsageError):
    """`airside.toml` or `[tool.airside]` cannot be used."""


class UnknownTarget(UsageError):
    """No declared system or database has this name."""


class DeclarationError(UsageError):
    """A declared statement or model is refused by PostgreSQL or by our own rules."""


class UnknownRevision(UsageError):
    """No revision file has this id."""


class MultipleHeads(UsageError):
    """A history has more than one head."""


class Finding(AirsideError):
    """The command ran to its end and found something."""

    exit_code = 1


class DriftFound(Finding):
    """The live catalog and the migrations differ."""


class CheckFailed(Finding):
    """A check did not pass."""


class UnprovenPlan(Finding):
    """A plan did not lead from the one catalog to the other on the scratch server."""


class EnvironmentProblem(AirsideError):
    """The server, the rights or the machine stand in the way."""

    exit_code = 3


class NoServer(EnvironmentProblem):
    """Nothing answers at the address."""


class ServerGone(EnvironmentProblem):
    """The server went away during the work."""


class AuthenticationFailed(EnvironmentProblem):
    """The server refused the user or the password."""


class WrongMajorVersion(EnvironmentProblem):
    """The server has another major version than the one the work needs."""


class MissingRight(EnvironmentProblem):
    """The connected role lacks a right (CREATEDB, CREATEROLE, membership)."""


class MissingExtension(EnvironmentProblem):
    """An extension is not installed on the server."""


class NotProvisioned(EnvironmentProblem):
    """The database or its roles do not exist on this server yet."""


class LockNotAcquired(EnvironmentProblem):
    """A lock was not to be had before the deadline."""


class StatementFailed(EnvironmentProblem):
    """PostgreSQL refused a statement of a migration."""


class Refused(AirsideError):
    """Going on could lose data."""

    exit_code = 4


class DataLossRefused(Refused):
    """A statement would lose rows or values that exist."""


class ChecksumMismatch(Refused):
    """The file of an applied revision was edited."""


class RevisionVanished(Refused):
    """An applied revision has no file any more."""
