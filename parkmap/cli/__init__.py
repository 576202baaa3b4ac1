"""The command line: parse, call, write, exit 0, 1 or 2.

Every module here imports the heavy libraries, and the rooms that load them, inside the verb that
needs them: the help page, a mistyped word and a shell's completion answer at once.
"""

from parkmap.cli.app import main

__all__ = ["main"]
