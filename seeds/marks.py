"""The names of environments, for whoever needs no database to know them."""

from __future__ import annotations

from typing import Literal, get_args

Environment = Literal["development", "staging", "production"]

ENVIRONMENTS: tuple[Environment, ...] = get_args(Environment)
"""From the one where everything may be lost to the one where nothing may."""
