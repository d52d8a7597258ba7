"""The systemd units of the documentation are valid."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "pg_partman.md"


def unit_files() -> dict[str, str]:
    """The units by the file names above them."""
    found = re.findall(r"(?:`/etc/systemd/system/([^`]+)`:\n\n)?```ini\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return {name or "airside-status.service": text for name, text in found}


def test_the_timers_start_the_service() -> None:
    units = unit_files()
    assert set(units) == {
        "airside-partitions@.service",
        "airside-roll.timer",
        "airside-expire.timer",
        "airside-status.service",
    }
    for verb in ("roll", "expire"):
        assert f"Unit=airside-partitions@{verb}.service" in units[f"airside-{verb}.timer"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name, text in unit_files().items():
        # the program of the pages is not here, and the directives are what counts
        (tmp_path / name).write_text(text.replace("/opt/airside/bin/airside", "/bin/true"))
    names = [*(path.name for path in tmp_path.iterdir() if "@" not in path.name), "airside-partitions@roll.service"]
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in names)],
        capture_output=True,
        text=True,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
