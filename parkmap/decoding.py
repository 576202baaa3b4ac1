"""Which encoding bytes are in: UTF-8, GB 18030, else Big5; and the cells of text in columns."""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from parkmap import messages
from parkmap.errors import InputError, OptionError
from parkmap.escape import from_csv_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", "\t", ";", "|", "\uff0c", "\uff1b")
_END_OF_FILE = "\x1a"  # as DOS programs write it
_WHOLE_PER_BROKEN = 4
_LOST = ("\ufffd", "锟斤拷", "烫烫烫", "屯屯屯")
_HAN = re.compile("[\u4e00-\u9fff]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_COMMON = 0.85  # share of everyday characters from which a decoding is believed


def decode(data: bytes, *, encoding: str | None = None, file: str) -> tuple[str, str]:
    """Decode a whole text file.

    Parameters
    ----------
    data
        Its bytes.
    encoding
        What the user said; nothing else is tried then.
    file
        Its name, for the message.

    Returns
    -------
    The text and the encoding.

    Raises
    ------
    InputError
        If the bytes are text in none of the encodings tried.

    Examples
    --------
    >>> decode("园区".encode("gbk"), file="a.csv")
    ('园区', 'gb18030')
    """
    if encoding is None:
        for bom, name in _BOMS:
            if data.startswith(bom):
                return _strict(data, name, file), name
        encoding = wide_encoding(data) or sniff([data], file=file)
    return _strict(data, known_encoding(encoding), file).removeprefix("\ufeff"), encoding


def wide_encoding(data: bytes) -> str | None:
    """Tell UTF-16 without a byte-order mark by the zero bytes of its plain letters and figures.

    Parameters
    ----------
    data
        The file, or its beginning.

    Returns
    -------
    ``utf-16-le``, ``utf-16-be`` or None.

    Examples
    --------
    >>> wide_encoding("园区,104".encode("utf-16-le")), wide_encoding("园区,104".encode())
    ('utf-16-le', None)
    """
    halves = data[0::2].count(0), data[1::2].count(0)
    if min(halves) * 10 > max(halves) or max(halves) * 20 <= len(data):  # 开 has a zero byte too
        return None
    return "utf-16-le" if halves[1] > halves[0] else "utf-16-be"


def known_encoding(name: str) -> str:
    """Make sure that Python knows an encoding.

    Parameters
    ----------
    name
        Such as ``gbk``, ``UTF-8`` or ``936``.

    Returns
    -------
    Its name for Python.

    Raises
    ------
    OptionError
        If there is no such encoding.

    Examples
    --------
    >>> known_encoding("936"), known_encoding("GBK")
    ('cp936', 'GBK')
    """
    name = name.strip()
    name = f"cp{name}" if name.isdecimal() else name
    try:
        if codecs.lookup(name)._is_text_encoding:  # noqa: SLF001 (hex and rot13 are none)
            return name
    except (LookupError, ValueError):
        pass
    raise OptionError(**messages.fault("io.unknown_encoding", encoding=name[:40]))


def sniff(samples: Sequence[bytes], *, hint: str | None = None, file: str) -> str:
    """Tell the encoding of pieces of text that share one.

    Parameters
    ----------
    samples
        The pieces; each may have lost the end of its last character to a field's width.
    hint
        What the file says about itself, believed only where nothing speaks against it.
    file
        Its name, for the message.

    Returns
    -------
    ``utf-8``, ``gb18030``, ``big5`` or the hint.

    Raises
    ------
    InputError
        If none fits.

    Examples
    --------
    >>> sniff(["园区".encode("gbk"), "成都".encode("gbk")[:-1]], file="a.dbf")
    'gb18030'
    """
    joined = [sample for sample in samples if not sample.isascii()]
    unicode = _read(joined, "utf-8")
    mainland, island = _read(joined, "gb18030"), _read(joined, "big5")
    if unicode is not None and not _is_disguised(unicode, mainland):
        return "utf-8"
    if unicode is None and _is_damaged_utf8(b"".join(joined)):
        raise InputError(**messages.fault("io.damaged_text"), file=file)
    if mainland is not None and _everyday(mainland, "gb2312") >= _COMMON:
        return "gb18030"
    if island is not None and _everyday(island, "big5") >= _COMMON:
        return "big5"
    if hint is not None and _read(joined, hint) is not None:
        return hint
    if mainland is not None:
        return "gb18030"
    if island is not None:
        return "big5"
    raise InputError(**messages.fault("io.encoding"), file=file)


def decode_cut(sample: bytes, encoding: str) -> str | None:
    """Decode a field that may end inside a character.

    Parameters
    ----------
    sample
        The field's bytes.
    encoding
        A name that Python knows.

    Returns
    -------
    The text without the broken character, or None if it is no such text.

    Examples
    --------
    >>> decode_cut("园区名称".encode()[:10], "utf-8")
    '园区名'
    """
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(sample, final=False)
    except UnicodeDecodeError:
        return None


def parsed(content: str, *, file: str) -> list[list[str]]:
    r"""Take delimited text apart, whatever its delimiter.

    Parameters
    ----------
    content
        The text.
    file
        The file's name, for the message.

    Returns
    -------
    Cells, row by row, without outer blanks.

    Raises
    ------
    InputError
        If its quotes do not close.

    Examples
    --------
    >>> parsed("a;b\n001;NA\n", file="a.csv")
    [['a', 'b'], ['001', 'NA']]
    """
    content = content.removesuffix(_END_OF_FILE)
    sample = content[:100_000]
    delimiter = max(_DELIMITERS, key=lambda sign: _regularity(sample, sign))
    with _long_fields():
        try:
            reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
            return [[from_csv_cell(cell.strip()).strip() for cell in row] for row in reader]
        except csv.Error as reason:
            fault = messages.fault("io.bad_quotes", line=reader.line_num)
            raise InputError(**fault, file=file) from reason


@contextmanager
def _long_fields() -> Iterator[None]:
    """Let a field be as long as a boundary needs; the limit is the interpreter's."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _regularity(sample: str, delimiter: str) -> tuple[int, int]:
    """How many rows agree with the most common width above one, and that width."""
    with _long_fields():
        try:
            reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            widths = [len(row) for row, _ in zip(reader, range(30), strict=False) if any(row)]
        except csv.Error:
            return 0, 0
    wide = [width for width in widths if width > 1]
    usual = max(wide, key=wide.count, default=0)
    return wide.count(usual) if usual else 0, usual


def is_garbled(text: str) -> bool:
    r"""Tell text that was decoded wrongly somewhere before.

    Parameters
    ----------
    text
        A name or a word.

    Returns
    -------
    True if characters are lost in it, or if Chinese in another encoding stands there letter by
    letter.

    Examples
    --------
    >>> is_garbled("锟斤拷产业园"), is_garbled("å›\xadåŒº"), is_garbled("São Tomé Parc")
    (True, True, False)
    """
    if any(mark in text for mark in _LOST):
        return True
    if text.isascii():
        return False
    western = _bytes_of(text)
    if western is not None:
        runs = _HIGH.findall(western)
        alike = all(len(run) % 2 == 0 for run in runs) and sum(map(len, runs)) >= 4
        return _is_chinese(western, "utf-8") or (alike and _is_chinese(western, "gb2312"))
    try:
        return _is_chinese(text.encode("gb18030"), "utf-8")
    except UnicodeEncodeError:
        return False


def _bytes_of(text: str) -> bytes | None:
    """Return the bytes that a Western encoding made these letters of."""
    try:
        return b"".join(sign.encode("latin-1" if ord(sign) < 256 else "cp1252") for sign in text)
    except UnicodeEncodeError:
        return None


def _is_chinese(data: bytes, encoding: str) -> bool:
    read = decode_cut(data, encoding)
    return read is not None and len(_HAN.findall(read)) >= 2


def _strict(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as reason:
        fault = messages.fault("io.not_in_encoding", encoding=encoding, place=reason.start)
        raise InputError(**fault, file=file) from reason


def _read(samples: Iterable[bytes], encoding: str) -> str | None:
    try:
        codecs.lookup(encoding)
    except (LookupError, ValueError):
        return None
    texts = [decode_cut(sample, encoding) for sample in samples]
    return None if None in texts else "".join(text for text in texts if text)


#: Letters with accents beside plain ones, as in Sơn: Latin words, not GB text in disguise.
_ACCENTED = re.compile("(?<=[A-Za-z])[\u00c0-\u024f]+|[\u00c0-\u024f]+(?=[A-Za-z])")


def _is_disguised(unicode: str, mainland: str | None) -> bool:
    """Tell GB text whose bytes happen to be UTF-8 too: 业 is also a rare Cyrillic letter."""
    foreign = not _ACCENTED.sub("", unicode).isascii() and _everyday(unicode, "gb2312") == 0.0
    return foreign and mainland is not None and _everyday(mainland, "gb2312") >= _COMMON


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell UTF-8 with a few broken bytes from another encoding, which would break nearly all."""
    beyond = [sign for sign in data.decode("utf-8", errors="replace") if not sign.isascii()]
    broken = beyond.count("\ufffd")
    return 0 < broken * _WHOLE_PER_BROKEN < len(beyond)


def _everyday(text: str, table: str) -> float:
    """Share of the characters beyond ASCII that stand among the common ones of a table."""
    beyond = [character for character in text if not character.isascii()]
    if not beyond:
        return 1.0
    return sum(_is_everyday(character, table) for character in beyond) / len(beyond)


def _is_everyday(character: str, table: str) -> bool:
    try:
        code = character.encode(table)
    except UnicodeEncodeError:
        return False
    return table != "big5" or 0xA1 <= code[0] <= 0xC6  # level 1 and punctuation
