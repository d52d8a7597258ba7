"""Write `docs/cli.md` and `cli/front_page.py` from the commands' own help: `python docs/generate_cli.py`."""

from __future__ import annotations

from pathlib import Path

import click
from airside.cli.app import COMMANDS, cli

PAGE = Path(__file__).parent / "cli.md"
FRONT_PAGE = Path(__file__).parents[1] / "cli" / "front_page.py"
_WIDTH = 100
_INTRODUCTION = """\
# The command line

Written by `docs/generate_cli.py` from `airside --help`; a test keeps it true.

Results go to stdout: tables on a terminal, aligned lines when piped, one JSON document with `--json`. Messages and
errors go to stderr, one line each (`{"error": {...}}` with `--json`). `--url`, `--data-dir` and `--json` may stand
before or after the command. Passwords are never printed, unless `airside url --show-password` asks for one.

Shell completion, of targets too: `eval "$(_AIRSIDE_COMPLETE=bash_source airside)"` (or `zsh_source`, `fish_source`).
"""


def page() -> str:
    """The whole page."""
    settings = {**cli.context_settings, "terminal_width": _WIDTH, "max_content_width": _WIDTH}
    with click.Context(cli, info_name="airside", **settings) as root:
        parts = [_INTRODUCTION, f"## airside\n\n```text\n{cli.get_help(root)}\n```\n"]
        for name in COMMANDS:
            command = cli.get_command(root, name)
            if command is None:
                raise LookupError(name)
            with click.Context(command, root, name, **settings) as context:
                parts.append(f"## airside {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def front_page() -> str:
    """The module that `airside --help` prints from, without click."""
    settings = {**cli.context_settings, "terminal_width": 80, "max_content_width": 80}
    with click.Context(cli, info_name="airside", **settings) as root:
        text = cli.get_help(root)
    head = '"""What `airside --help` prints. Written by docs/generate_cli.py."""'
    return f'{head}\n\nTEXT = """\\\n{text}\n"""\n'


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    FRONT_PAGE.write_text(front_page(), encoding="utf-8")
