"""Python in a process of its own, and errors as values, for the tests of the server's room."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from airside.schema.core.errors import AirsideError


def python(code: str, *arguments: object, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def refusal(attempt: Callable[[], object]) -> AirsideError:
    with pytest.raises(AirsideError) as refused:
        attempt()
    assert "\n" not in str(refused.value)
    assert refused.value.next_step
    return refused.value
