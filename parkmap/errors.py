"""Every exception parkmap raises on purpose.

::

    ParkmapError (ValueError)
    ├── InputError          a file or table cannot be used as it is
    │   ├── CRSError        its coordinates cannot be placed on the earth
    │   └── SchemaError     a table lacks what a room needs
    ├── OptionError         an option's value makes no sense
    ├── OutputError         a result cannot be written
    └── MissingExtraError   an optional library is not installed

The text of an error is one line: where it is, what is wrong, what to do. Rooms take it from the
message catalogue (``**messages.fault(key)`` gives ``what`` and ``remedy``); where it is said, with
which words and marks, is as in the language that was in force when it was raised.
"""

from __future__ import annotations

from parkmap.messages import language, text, use_language


class ParkmapError(ValueError):
    """What every deliberate parkmap error is.

    Parameters
    ----------
    what
        What is wrong, without a full stop.
    remedy
        What the user can do about it.
    file
        The file it was found in.
    row
        The data row, counted from 1.
    park
        The park's name or id.
    """

    def __init__(
        self,
        what: str,
        *,
        remedy: str = "",
        file: str | None = None,
        row: int | None = None,
        park: str | None = None,
    ) -> None:
        self.what = what
        self.remedy = remedy
        self.file = file
        self.row = row
        self.park = park
        self._lang = language()
        super().__init__(what)

    def __str__(self) -> str:
        with use_language(self._lang):
            row = "" if self.row is None else text("terms.error.row", row=self.row)
            where = text("terms.error.join").join(filter(None, (self.file, row)))
            if self.park:
                where += text(f"terms.error.park{'' if where else '_alone'}", park=self.park)
            said = self.what
            if self.remedy:
                said = text("terms.error.remedied", what=said, remedy=self.remedy)
            line = text("terms.error.placed", where=where.strip(), said=said) if where else said
        return " ".join(line.splitlines())  # a heading may hold what breaks lines


class InputError(ParkmapError):
    """A file or a table cannot be used as it is."""


class CRSError(InputError):
    """The coordinates cannot be placed on the earth without guessing."""


class SchemaError(InputError):
    """A table lacks a column, an index or a type that a room needs."""


class OptionError(ParkmapError):
    """An option's value makes no sense."""


class OutputError(ParkmapError):
    """A result cannot be written whole."""


class MissingExtraError(ParkmapError, ImportError):
    """An optional library is not installed; the message names the extra."""
