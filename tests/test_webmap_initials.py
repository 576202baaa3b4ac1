"""Pinyin initials of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import four_parks, small_city

from parkmap.webmap.initials import _READINGS, ANY, initials
from parkmap.webmap.payload import page_data

# One character at each end of every letter's run in the first level of GB2312.
ENDS = {
    "a": "啊澳", "b": "芭怖", "c": "擦错", "d": "搭堕", "e": "蛾贰", "f": "发咐", "g": "噶过",
    "h": "哈祸", "j": "击骏", "k": "喀廓", "l": "垃络", "m": "妈牧", "n": "拿诺", "o": "哦沤",
    "p": "啪曝", "q": "期群", "r": "然弱", "s": "撒所", "t": "塌唾", "w": "挖误", "x": "昔迅",
    "y": "压孕", "z": "匝座",
}  # fmt: skip


@pytest.mark.parametrize("letter", list(ENDS))
def test_first_and_last_character_of_a_letter(letter):
    assert initials(ENDS[letter]) == letter * 2


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("四川蒲江经济开发区", "scpjjjkfq"),
        ("郫都区", "pdq"),
        ("鏖都区", f"{ANY}dq"),
        ("龙泉驿", "lqy"),
        ("A-B园(一期)", "abyyq"),
        ("Industrial Park 3", ""),
        ("", ""),
    ],
)
def test_names(name, wanted):
    assert initials(name) == wanted


def test_readings_are_of_characters_whose_place_does_not_tell_them():
    known = "".join(_READINGS)
    assert all(int.from_bytes(sign.encode("gb2312")) > 0xD7F9 for sign in known)
    assert initials("郫都邛崃泸州犍为") == "pdqllzjw"


@given(st.text())
def test_any_text_gives_letters_digits_or_the_sign_for_any(name):
    found = initials(name)
    assert len(found) <= len(name.lower())
    assert all(sign == ANY or (sign.isascii() and sign.isalnum()) for sign in found)


@given(st.text("成都高新区园郫鏖", min_size=1))
def test_a_letter_a_character(name):
    assert len(initials(name)) == len(name)


def test_the_page_gets_initials_of_names_and_districts():
    parks = four_parks(name=["高新区", "North", "锦江园", "东园"])
    parks["district"] = ["武侯区", "", "West", "双流区"]
    data = page_data(small_city(parks), lang="zh", title="", context=None)
    found = [park.get("initials", []) for park in data["parks"]]
    assert found == [["gxq", "whq"], [], ["jjy"], ["dy", "slq"]]
