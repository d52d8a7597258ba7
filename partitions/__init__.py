"""Partitions: created ahead of time by the declared policy."""

from .create import create_missing, missing, provide

__all__ = ["create_missing", "missing", "provide"]
