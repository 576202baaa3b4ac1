"""Strings that break programs, made class by class: no list is copied, the classes are known ones.

Each class is a family of traps (words that mean nothing, numbers that are none, every plane of
Unicode, marks that pile up, text that runs backwards, code for one reader or another).
"""

import itertools
import random

from payloads import PAYLOADS

_NOTHING = (
    "null",
    "NULL",
    "None",
    "nil",
    "undefined",
    "NaN",
    "N/A",
    "#N/A",
    "true",
    "False",
    "(null)",
    "-",
    ".",
    "''",
)
_NUMBERS = (
    "0",
    "-0",
    "1e308",
    "1E+400",
    "0x1F",
    "007",
    "1,000.00",
    "1.000,00",
    "1/0",
    "Infinity",
    "-Infinity",
    "+1",
    "٣٤",
    "१२",
    "1_000",
    "0b11",
    "2026-02-30",
    "12:60",
    "1e-400",
    "99999999999999999999",
    "½",
    "①",
    "㊿",
)
_QUOTES = "'\"`´‘’“”«»‹›"
_FORMULAS = (
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,1)",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    "\uff1d1+1",
)
_SQL = (
    "'; DROP TABLE parks;--",
    "1' OR '1'='1",
    '" OR ""="',
    "'; EXEC xp_cmdshell('x');--",
    "%' OR 'a'='a",
    "\\'; --",
)
_SHELL = (
    "$(touch hit)",
    "`touch hit`",
    "; touch hit",
    "| cat /etc/passwd",
    "&& id",
    "$HOME",
    "%PATH%",
    "../../../etc/passwd",
    "C:\\Windows\\win.ini",
    "file:///etc/passwd",
    "CON",
    "PRN",
    "AUX",
    "NUL",
    "COM1",
    "/dev/null",
    "-rf",
    "--help",
)
_FORMATS = (
    "%s%s%s%n",
    "%d",
    "{0}",
    "{}",
    "{name}",
    "{{",
    "}}",
    "#{1+1}",
    "<%= 1 %>",
    "{{7*7}}",
    "${7*7}",
    "\\x41",
    "\\0",
    "%00",
    "&#0;",
)
_MARKUP = (
    "<b>",
    "</td>",
    '<!DOCTYPE x [<!ENTITY e "x">]>&e;',
    "<![CDATA[x]]>",
    "<?xml version='1.0'?>",
    "<w:t>",
    "</si>",
    "&amp;",
    "&lt;",
    "&nbsp;",
    "&#x41;",
    "<svg/onload=hit()>",
    "<a href='javascript:hit()'>",
    "<style>*{}</style>",
    "<math><mi//xlink:href='data:x'>",
)
_SCRIPTS = (
    0x0391,
    0x0416,
    0x05D0,
    0x0627,
    0x0905,
    0x0E01,
    0x10A0,
    0x1200,
    0x13A0,
    0x1780,
    0x3042,
    0x30A2,
    0x3105,
    0x4E00,
    0xAC00,
    0xA000,
    0x10300,
    0x12000,
    0x13000,
    0x1D400,
    0x1F600,
    0x20000,
    0x2A700,
    0x1F1E6,
)
_SPACES = "\u00a0\u1680\u2000\u2003\u2009\u200a\u202f\u205f\u3000"
_HIDDEN = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u180e\u2063\U000e0041"
_BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
_MARKS = "\u0300\u0301\u0308\u0327\u0336\u0489\u20dd\ufe0f\u1ab0\u3099"
_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029\t"
_CONTROLS = "".join(
    map(chr, [*range(1, 9), *range(14, 32), *range(0x7F, 0x85), *range(0x86, 0xA0)])
)
_NOBODY = "\ufffe\uffff\ufdd0\U0001fffe\U0010ffff\ue000\U000f0000\ufffd"


def naughty():
    """Return the strings, each once, the same at every call; none holds NUL or half a character."""
    draw = random.Random(20261126)  # noqa: S311
    made = [*_NOTHING, *_NUMBERS, *_FORMULAS, *_SQL, *_SHELL, *_FORMATS, *_MARKUP, *PAYLOADS]
    made += [
        f"园{sign}区"
        for sign in (*_QUOTES, *_SPACES, *_HIDDEN, *_BIDI, *_MARKS, *_ENDS, *_CONTROLS, *_NOBODY)
    ]
    made += [f"{sign}园{sign}" for sign in (*_SPACES, *_HIDDEN, *_BIDI, *_ENDS)]
    made += ["".join(map(chr, range(start, start + 8))) for start in _SCRIPTS]
    made += [chr(0x1F468) + "\u200d" + chr(code) + "\ufe0f" for code in range(0x1F466, 0x1F46F)]
    made += ["a" + mark * 40 for mark in _MARKS]
    made += ["x" * length for length in (255, 256, 1000)] + [
        "园" * length for length in (32, 127, 300)
    ]
    made += [f"{a}{b}{c}" for a, b, c in itertools.product("<{$", "!%{", "-#'\"")]
    pool = (
        _QUOTES
        + _SPACES
        + _HIDDEN
        + _BIDI
        + _MARKS
        + _ENDS
        + _CONTROLS
        + "<>&{}$\\%#`=+-@|;:/[]*?甲乙丙"
    )
    while len(dict.fromkeys(made)) < 560:
        made.append("".join(draw.choices(pool, k=draw.randint(2, 24))))
    return list(dict.fromkeys(made))
