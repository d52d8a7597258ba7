"""The command line: parse, call, print, exit code. The only room that prints."""


def main() -> int:
    """Entry point of the `airside` executable. Returns the exit code."""
    from .boundary import run

    return run()
