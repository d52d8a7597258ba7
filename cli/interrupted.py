"""Ctrl-C in a command that knows how to go on."""

from __future__ import annotations

import click


class Interrupted(click.Abort):
    """The user stopped the command; `next_step` says how to go on."""

    def __init__(self, next_step: str) -> None:
        self.next_step = next_step
        super().__init__(next_step)
