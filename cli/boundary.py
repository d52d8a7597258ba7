"""From errors to exit codes: one line on stderr, no traceback for a user's mistake."""

from __future__ import annotations

import sys

import click

from .app import cli
from .context import Settings

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
_AGAIN = "run the command again; it goes on after the last revision that was applied"


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    settings = Settings()
    try:
        result = cli.main(given, prog_name="airside", standalone_mode=False, obj=settings)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return EXIT_USAGE
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "airside"
        return _complain(given, EXIT_USAGE, "UsageError", error.format_message(), next_step=f"{where} --help")
    except click.ClickException as error:
        return _complain(given, EXIT_USAGE, "UsageError", error.format_message())
    except click.Abort as error:
        next_step = getattr(error, "next_step", _AGAIN)
        return _complain(given, EXIT_INTERRUPTED, "Interrupted", "interrupted", next_step=next_step)
    except Exception as error:
        from .failures import explain

        failure = explain(error, settings.used)
        return _complain(
            given, failure.exit_code, failure.kind, failure.what, where=failure.where, next_step=failure.next_step
        )
    return result if isinstance(result, int) else 0


def _complain(
    given: list[str], exit_code: int, kind: str, what: str, *, where: str | None = None, next_step: str | None = None
) -> int:
    if "--json" in given:
        import json

        error = {"type": kind, "message": what, "where": where, "next": next_step, "exit_code": exit_code}
        click.echo(json.dumps({"error": error}), err=True)
    else:
        text = f"{where}: {what}" if where else what
        text = f"{text.rstrip('.')}. Next: {next_step}" if next_step else text
        click.echo(f"airside: {' '.join(text.split())}", err=True)
    return exit_code
