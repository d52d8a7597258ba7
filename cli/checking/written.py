"""Where the reports go: lines on stdout as they come, files, a baseline."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..output import line, note
from ..reports import ENDINGS, STREAMING, renderer
from ..reports.run import Failure, Run
from .asked import Asked, repository

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...migrations.checks.report import CheckReport


def run_of(asked: Asked, reports: Sequence[CheckReport], failures: Sequence[Failure] = (), *, stdout: bool) -> Run:
    """What a format is given; colours only where somebody looks."""
    folder = Path.cwd()
    colour = stdout and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Run(
        tuple(reports),
        tuple(failures),
        folder=folder,
        root=repository(folder),
        fail_on=asked.fail_on,
        notes=asked.notes,
        effects=asked.effects,
        colour=bool(colour),
    )


def tell(asked: Asked, report: CheckReport) -> None:
    """A report on stdout as soon as it is there, in a format that can be told bit by bit."""
    if asked.style in STREAMING:
        for text in renderer(asked.style)(run_of(asked, [report], stdout=True)):
            line(text)


def finish(asked: Asked, reports: Sequence[CheckReport], failures: Sequence[Failure]) -> None:
    """The rest on stdout, and the files of --output. Raises UsageError where one cannot be written."""
    run = run_of(asked, reports, failures, stdout=True)
    if asked.style == "text":
        from ..reports.as_text import closing

        rest = closing(run)
    elif asked.style == "github":
        rest = renderer("github")(run_of(asked, [], failures, stdout=True))
    else:
        rest = renderer(asked.style)(run)
    for text in rest:
        line(text)
    plain = run_of(asked, reports, failures, stdout=False)
    for file in asked.output:
        _write(file, "".join(f"{text}\n" for text in renderer(ENDINGS[file.suffix])(plain)))


def write_baseline(asked: Asked, reports: Sequence[CheckReport]) -> None:
    """Write what is found to the file of --baseline. Raises CheckFailed where not all was looked at."""
    from ...migrations.checks import baseline

    if asked.baseline is not None:
        before = baseline.read(asked.baseline) if asked.baseline.is_file() else None
        _write(asked.baseline, baseline.document(reports, asked.baseline, before))
        note(f"airside: wrote {sum(len(report.findings) for report in reports)} findings to {asked.baseline}")


def _write(file: Path, text: str) -> None:
    from ...schema.core.errors import UsageError

    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", where=str(file), next_step="name a file in a folder that is there"
        ) from error
