"""The command line: parse, call, write, exit 0, 1 or 2."""

from parkmap.cli.app import main

__all__ = ["main"]
