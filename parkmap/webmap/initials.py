"""First letters of the pinyin of a name, so that a park is found by typing them."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

#: Any letter: what a character stands for whose reading this does not know.
ANY = "*"
#: First GB2312 code of each initial. The 3,755 characters of its first level are in pinyin order.
_STARTS = {
    "a": 0xB0A1, "b": 0xB0C5, "c": 0xB2C1, "d": 0xB4EE, "e": 0xB6EA, "f": 0xB7A2, "g": 0xB8C1,
    "h": 0xB9FE, "j": 0xBBF7, "k": 0xBFA6, "l": 0xC0AC, "m": 0xC2E8, "n": 0xC4C3, "o": 0xC5B6,
    "p": 0xC5BE, "q": 0xC6DA, "r": 0xC8BB, "s": 0xC8F6, "t": 0xCBFA, "w": 0xCDDA, "x": 0xCEF4,
    "y": 0xD1B9, "z": 0xD4D1,
}  # fmt: skip
_LETTERS, _CODES = tuple(_STARTS), tuple(_STARTS.values())
_LAST = 0xD7F9
#: Characters of its second level, which is not in pinyin order, that stand in names of places.
_BY_LETTER = (
    "a坳岙 b璧亳灞 c茌漕槎 d岱 f邡沣滏 g珙 h邗湟珲桦 j犍筠缙泾旌鄄莒郏绛暨鸠霁 k岢崆阚 "
    "l崃泸阆漯栾醴耒澧溧蠡岚鹭浏 m岷汨闵渑 p郫邳鄱濮璞 q邛綦衢杞淇岐 r芮榕 "
    "s嵊泗沭睢濉歙莘淞晟 t郯洮峒 w汶婺 x盱浔荥溆隰昕鑫 "
    "y驿蓥鄞眙黟弋兖郓偃鄢郾攸沅邕瀛钰垭漪 z枞柘芷渚涿圳"
)
_READINGS = {sign: group[0] for group in _BY_LETTER.split() for sign in group[1:]}


def initials(name: str) -> str:
    """Return the pinyin initials of a name.

    Parameters
    ----------
    name
        A name in any script.

    Returns
    -------
    A letter a Chinese character, Latin letters and digits as they are, nothing for other signs.
    Characters outside the first level of GB2312, which are not in pinyin order, have theirs where
    they are common in names of places, else they become ``ANY``.
    A character of several readings has the one it is ordered by. "" for a name without Chinese
    characters.

    References
    ----------
    GB/T 2312-1980, Code of Chinese graphic character set for information interchange; primary
    set: the first level is ordered by pinyin, the second by radical.

    Examples
    --------
    >>> initials("成都高新技术产业开发区")
    'cdgxjscykfq'
    >>> initials("郫都IC园"), initials("鏖园"), initials("Park")
    ('pdicy', '*y', '')
    """
    if name.isascii():
        return ""
    found = [_initial(sign) for sign in name.lower()]
    return "".join(found) if any(not sign.isascii() for sign in name) else ""


@cache
def _initial(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isalnum() else ""
    if not "㐀" <= sign <= "鿿":
        return ""
    if sign in _READINGS:
        return _READINGS[sign]
    code = int.from_bytes(sign.encode("gb2312", errors="ignore"), "big")
    if not _CODES[0] <= code <= _LAST:
        return ANY
    return _LETTERS[bisect_right(_CODES, code) - 1]
