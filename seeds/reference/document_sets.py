"""Reference data that no table holds: documents for stores beside PostgreSQL, and lists for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal, cast

from ...schema.core.errors import DeclarationError
from .countries import countries, currencies
from .files import text

Kind = Literal["countries", "currencies", "notification_templates"]
Document = dict[str, Any]

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_FIELDS = frozenset({"_id", "name", "description", "version", "channels", "required_variables", "active"})
_CHANNELS = ("EMAIL", "SMS", "PUSH")


def documents(kind: Kind) -> list[Document]:
    """The documents of a kind, each with its `_id`. Raises DeclarationError for a template with a `fault`."""
    if kind == "countries":
        return [{"_id": country.code, **asdict(country)} for country in countries()]
    if kind == "currencies":
        return [{"_id": currency.code, **asdict(currency)} for currency in currencies()]
    found = cast("list[Document]", json.loads(text("notification_templates.json")))
    for template in found:
        if problem := fault(template):
            raise DeclarationError(
                problem, where=f"notification template {template.get('_id')}", next_step="correct the template"
            )
    return found


def fault(template: Mapping[str, Any]) -> str | None:
    """What is wrong with a notification template, or None.

    Each channel has its text and each text its channel; the variables of the texts are those that are required.
    """
    if missing := sorted(_FIELDS - template.keys()):
        return f"lacks {', '.join(missing)}"
    if template["_id"].rpartition("_v")[2] != str(template["version"]):
        return f"_id does not end in _v{template['version']}"
    texts = {channel: template.get(channel.lower()) for channel in _CHANNELS}
    if [channel for channel in _CHANNELS if texts[channel]] != template["channels"]:
        return f"has other texts than for {', '.join(template['channels'])}"
    used = set(_VARIABLE.findall(json.dumps([texts[channel] for channel in template["channels"]])))
    if used != set(template["required_variables"]):
        return f"variables differ: {', '.join(sorted(used ^ set(template['required_variables'])))}"
    return None
