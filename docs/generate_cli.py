"""Write `docs/cli.md` and `cli/front_page.py` from the commands' own help: `python docs/generate_cli.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from airside.cli.app import COMMANDS, cli
from airside.cli.lazy import LazyGroup

PAGE = Path(__file__).parent / "cli.md"
FRONT_PAGE = Path(__file__).parents[1] / "cli" / "front_page.py"
_SETTINGS = {**cli.context_settings, "terminal_width": 100, "max_content_width": 100}
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
    with click.Context(cli, info_name="airside", **_SETTINGS) as root:
        parts = [_INTRODUCTION, f"## airside\n\n```text\n{cli.get_help(root)}\n```\n"]
        for name in COMMANDS:
            parts += _described(root, cli, name, "airside")
    return "\n".join(parts)


def _described(parent: click.Context, group: LazyGroup, name: str, path: str) -> Iterator[str]:
    """The help of a command, then that of its commands."""
    command = group.get_command(parent, name)
    if command is None:
        raise LookupError(name)
    with click.Context(command, parent, name, **_SETTINGS) as context:
        yield f"## {path} {name}\n\n```text\n{command.get_help(context)}\n```\n"
        if isinstance(command, LazyGroup):
            for below in command.commands_help:
                yield from _described(context, command, below, f"{path} {name}")


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
