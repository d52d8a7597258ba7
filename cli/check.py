"""`airside check`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .checking.asked import Asked
from .context import Settings, complete_target, pass_settings, shared_options
from .interrupted import Interrupted
from .output import note
from .reports import FORMATS

if TYPE_CHECKING:
    from ..migrations.checks.report import CheckReport

_FILE = click.Path(dir_okay=False, path_type=Path)
_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("check")
@click.argument("targets", nargs=-1, metavar="[TARGET...]", shell_complete=complete_target)
@click.option("--sql", is_flag=True, help="What is named are SQL files, run in this order, each a migration.")
@click.option("--schema", type=_READABLE, metavar="FILE", help="The schema that the files of --sql find (pg_dump -s).")
@click.option("--alembic-ini", type=_FILE, metavar="FILE", help="Check this Alembic project instead of a TARGET.")
@click.option("--alembic-name", metavar="NAME", help="The section of the project's ini file (alembic).")
@click.option("--metadata", metavar="MODULE:NAME", help="The project's models: package.module:Base.metadata.")
@click.option(
    "--path",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    metavar="FOLDER",
    help="Where the project's packages are imported from; repeat for more.",
)
@click.option("--since", metavar="REVISION", help="Judge only the revisions after this one.")
@click.option("--changed-since", metavar="GIT_REF", help="Judge only revisions whose files changed since this ref.")
@click.option("--baseline", type=_FILE, metavar="FILE", help="Findings that stand in this file are known: not told.")
@click.option("--write-baseline", is_flag=True, help="Write all that is found to the file of --baseline.")
@click.option("--stats-from", metavar="URL_OR_FILE", help="Sizes of tables: severity grows with them.")
@click.option("--write-stats", type=_FILE, metavar="FILE", help="Write the sizes of --stats-from to a file, and stop.")
@click.option("--old-ref", metavar="GIT_REF", help="The release before: its models must work with the new schema.")
@click.option("--canary", is_flag=True, help="Run reads and writes meanwhile; tell what stalls them.")
@click.option("--static", is_flag=True, help="Read the files alone; start no server, run nothing.")
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    help="How findings are printed (text); `github` makes annotations, `markdown` a comment.",
)
@click.option(
    "--output",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="Write a file too, as its name ends: .sarif, .xml (JUnit), .md, .json, .txt; repeat for more.",
)
@click.option("--notes", is_flag=True, help="Print notes too; else text only counts them.")
@click.option("--effects", is_flag=True, help="Print what each statement did: locks, scans, rewrites, rows.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    default="warning",
    help="The least severity that makes the exit code 1 (warning).",
)
@shared_options
@click.option("--rules", is_flag=True, help="List the rules, and stop.")
@click.option("--explain", metavar="RULE", help="Print the page of a rule, and stop.")
@pass_settings
def command(settings: Settings, style: str | None, rules: bool, explain: str | None, **given: Any) -> int:
    """Show what migrations do to a database, and judge it, as CI does.

    Each revision runs up and down on a scratch database whose tables hold rows: the locks, scans and rewrites of every
    statement are observed, every way back is tried, and the result is compared with what is declared. TARGET is a
    system, a database or `all`; --alembic-ini checks anybody's Alembic project, --sql plain files.

    Exits with 1 when an error or a warning is left that no comment allows (`-- airside: allow RULE because REASON`)
    and no baseline knows.
    """
    if rules or explain:
        from .checking.rules import explain_rule, list_rules

        list_rules(settings) if rules else explain_rule(explain or "")
        return 0
    if settings.json and style not in (None, "json"):
        raise click.UsageError(f"--json and --format {style} exclude one another")
    style = style or ("json" if settings.json else "text")
    asked = Asked(style=style, **given)
    asked.refuse_nonsense()
    if asked.write_stats:
        from .checking.sizes import write_sizes

        write_sizes(asked, asked.write_stats)
        return 0
    settings.json = settings.json or style == "json"
    try:
        return _checked(settings, asked)
    except KeyboardInterrupt:
        raise Interrupted("run the check again; what it made on the server is gone") from None


def _checked(settings: Settings, asked: Asked) -> int:
    from ..schema.core.errors import AirsideError
    from .checking.work import results
    from .checking.written import finish, tell, write_baseline
    from .reports.run import Failure

    without_known = _baseline(asked)
    reports: list[CheckReport] = []
    failures: list[Failure] = []
    code = 0
    for target, result in results(settings, asked):
        if isinstance(result, AirsideError):
            failures.append(Failure(target, type(result).__name__, str(result)))
            code = max(code, result.exit_code)
            note(f"airside: {result}")
            continue
        report = without_known(result)
        reports.append(report)
        tell(asked, report)
        code = max(code, int(report.fails(asked.fail_on)))
    finish(asked, reports, failures)
    if asked.write_baseline and not failures:
        write_baseline(asked, reports)
        return 0
    return code


def _baseline(asked: Asked) -> Callable[[CheckReport], CheckReport]:
    """What takes the known findings out of a report; nothing is known to a baseline that is being written."""
    from ..migrations.checks import baseline

    known = None if asked.baseline is None or asked.write_baseline else baseline.read(asked.baseline)
    return lambda report: baseline.without_known(report, known) if known else report
