"""The command line: parse, call, print, exit code. The only room that prints."""

import sys


def main() -> int:
    """Entry point of the `airside` executable. Returns the exit code."""
    if sys.argv[1:] in (["--help"], ["-h"]):
        # half of the time that this takes would go into importing click
        return _print_front_page()
    from .boundary import run

    return run()


def _print_front_page() -> int:
    from .front_page import TEXT
    from .pipe import give_up_quietly

    try:
        sys.stdout.write(TEXT)
        sys.stdout.flush()
    except BrokenPipeError:
        return give_up_quietly()
    return 0
