"""Text made harmless for where it goes: HTML, spreadsheets, CSV, JSON, the terminal.

Names come from other people's files. Each function is applied once, at the moment a string is
handed on; the tables themselves keep the text as it was read.
"""

from __future__ import annotations

import re

from parkmap import messages

#: What Excel stores in one cell at most.
CELL_LIMIT = 32_767

_CONTROLS = "\x00-\x1f\x7f-\x9f"
_INVISIBLE = "\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # zero width, line ends, bidi
_SURROGATES = "\ud800-\udfff"

# folium compiles its own output as a Jinja template and as JavaScript, so braces, backticks,
# backslashes, $, % and # are as dangerous there as angle brackets.
_HTML_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in "&<>\"'`{}$\\%#"}
_HTML_BLANKS = re.compile(
    f"[{_CONTROLS}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c{_SURROGATES}]"
)
_CELL_ILLEGAL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff{_SURROGATES}]")
_CELL_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_TERMINAL_SHOWN = re.compile(f"[{_CONTROLS}{_INVISIBLE}\u061c\ufffe\uffff{_SURROGATES}]")
_LONE_SURROGATES = re.compile(f"[{_SURROGATES}]")
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?")


def html(text: str) -> str:
    """Make a string safe in HTML, in a Jinja template and in a JavaScript string at once.

    Parameters
    ----------
    text
        Any string.

    Returns
    -------
    The string with every active character as a decimal entity and every control, line separator,
    bidi control and lone surrogate as a space; a browser shows it as it was typed.

    Notes
    -----
    ``html.escape`` is not enough: branca renders every element's output as a template again.

    Examples
    --------
    >>> html("{{7*7}} <b>")
    '&#123;&#123;7*7&#125;&#125; &#60;b&#62;'
    """
    return _HTML_BLANKS.sub(" ", text).translate(_HTML_ENTITIES)


def cell(text: str) -> str:
    r"""Make a string storable in an XLSX cell.

    The writer sets the cell's type to string, so a leading ``=`` needs nothing here.

    Parameters
    ----------
    text
        Any string.

    Returns
    -------
    The string without characters that XML forbids; cut, saying so, where Excel would cut it.

    Examples
    --------
    >>> cell("a\x07b")
    'ab'
    """
    clean = _CELL_CODED.sub("_x005F_", _CELL_ILLEGAL.sub("", text))
    if len(clean) <= CELL_LIMIT:
        return clean
    note = messages.text("escape.cut", length=f"{len(text):,}")
    return clean[: CELL_LIMIT - len(note)] + note


def csv_cell(value: object) -> object:
    """Keep a spreadsheet from running a CSV value as a formula.

    Parameters
    ----------
    value
        What goes into the cell; only strings can change.

    Returns
    -------
    The value; a string that a spreadsheet would take for a formula has ``'`` before it. Numbers,
    also written as text, stay as they are.

    Examples
    --------
    >>> csv_cell("=1+1"), csv_cell(-5), csv_cell("-5.2")
    ("'=1+1", -5, '-5.2')
    """
    if not isinstance(value, str):
        return value
    text = json_text(value).replace("\x00", "")
    return f"'{text}" if _runs(text) else text


def from_csv_cell(text: str) -> str:
    """Take off what :func:`csv_cell` put before a text.

    Parameters
    ----------
    text
        A cell as it was read.

    Returns
    -------
    The text.

    Examples
    --------
    >>> from_csv_cell("'=1+1"), from_csv_cell("'a'"), from_csv_cell("-5.2")
    ('=1+1', "'a'", '-5.2')
    """
    return text[1:] if text.startswith("'") and _runs(text[1:]) else text


def _runs(text: str) -> bool:
    bare = text.lstrip("'")  # so that a text of these signs has one way back
    return bool(_FORMULA.match(bare)) and not _PLAIN_NUMBER.fullmatch(text)


def file_name(name: str) -> str:
    """Return a file's name as text, though Python may have read it in the C locale.

    Parameters
    ----------
    name
        A name, perhaps with bytes that Python could not decode.

    Returns
    -------
    The name in characters that can be written.

    Examples
    --------
    >>> file_name("园".encode().decode("ascii", "surrogateescape"))
    '园'
    """
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # half a character, as Windows allows it
        return name.encode("utf-8", "replace").decode("utf-8")


def terminal(text: str) -> str:
    r"""Show control, zero-width and bidi characters, and no characters at all, as escapes.

    Parameters
    ----------
    text
        Any string.

    Returns
    -------
    One line in which each such character stands as its Python escape; XML may hold it, too.

    Examples
    --------
    >>> print(terminal("red \x1b[31m"))
    red \x1b[31m
    """
    return _TERMINAL_SHOWN.sub(_python_escape, text)


def json_text(text: str) -> str:
    r"""Make a string encodable as UTF-8.

    Parameters
    ----------
    text
        Any string.

    Returns
    -------
    The string; a lone surrogate, which UTF-8 cannot carry, stands as its Python escape.

    Examples
    --------
    >>> print(json_text("a\ud800"))
    a\ud800
    """
    return _LONE_SURROGATES.sub(_python_escape, text)


def _python_escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    named = {9: "\\t", 10: "\\n", 13: "\\r"}.get(code)
    return named or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
