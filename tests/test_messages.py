import re
import string
import tomllib
from pathlib import Path

import pytest

import parkmap
from parkmap import messages
from parkmap.errors import InputError

LOCALE = Path(parkmap.__file__).parent / "locale"
ROOMS = sorted(path.stem for path in (LOCALE / "zh").glob("*.toml"))
NEVER_PRINTED = ("侵占", "违规", "越界", "冲突", "恶性竞争", "内卷", "撤销园区", "落后园区")


def sentences(lang, room):
    def walk(table, prefix):
        for key, value in table.items():
            if isinstance(value, dict):
                yield from walk(value, (*prefix, key))
            else:
                yield ".".join((*prefix, key)), value

    return dict(walk(tomllib.loads((LOCALE / lang / f"{room}.toml").read_text("utf-8")), ()))


def placeholders(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_rooms():
    assert sorted(path.stem for path in (LOCALE / "en").glob("*.toml")) == ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_no_key_is_missing_in_either_language(room):
    assert set(sentences("zh", room)) == set(sentences("en", room))


@pytest.mark.parametrize("room", ROOMS)
def test_placeholders_are_the_same_in_both_languages(room):
    zh, en = sentences("zh", room), sentences("en", room)
    differing = {k for k in zh if placeholders(str(zh[k])) != placeholders(str(en[k]))}
    assert not differing


@pytest.mark.parametrize("room", ROOMS)
def test_words_a_planner_must_not_read_are_never_printed(room):
    found = [
        (key, word)
        for key, said in sentences("zh", room).items()
        for word in NEVER_PRINTED
        if word in str(said)
    ]
    assert not found


#: What is typed or read by programs keeps its own punctuation.
SYNTAX = {
    *("cli.bad_columns.remedy", "cli.info.system_value", "io.pg_address.remedy"),
    "io.likely_coordinates.remedy",
    *("report.number_beyond", "report.system_others"),
}


@pytest.mark.parametrize("room", ROOMS)
def test_chinese_sentences_are_set_with_full_width_marks(room):
    def is_half(said):
        for hole in re.findall(r"\{[^{}]*\}", said):
            said = said.replace(hole, "\u5b57")
        return messages.full_width(said) != said

    found = {key: said for key, said in sentences("zh", room).items() if is_half(str(said))}
    assert {f"{room}.{key}" for key in found} <= SYNTAX


@pytest.mark.parametrize("room", ROOMS)
def test_english_sentences_have_no_chinese_marks(room):
    marks = re.compile("[\u3002\uff01-\uff5e]")
    assert not [key for key, said in sentences("en", room).items() if marks.search(str(said))]


def test_an_error_is_said_in_the_language_it_was_raised_in():
    where = {"remedy": "乙", "file": "a.csv", "row": 3, "park": "丙"}
    with messages.use_language("zh"):
        raised = [InputError("甲", **where), InputError("甲", park="丙"), InputError("甲")]
    with messages.use_language("en"):
        raised.append(InputError("甲", **where))
        assert list(map(str, raised)) == [
            "a.csv\uff0c第3行\uff08丙\uff09\uff1a甲\uff1b乙",
            "园区丙\uff1a甲",
            "甲",
            "a.csv, row 3 (丙): 甲; 乙",
        ]


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ((), "", ""),
        (("园区名称", "级别"), "园区名称、级别", "园区名称, 级别"),
        (("园区名称", "级别", "主导产业"), "园区名称、级别等3个", "园区名称, 级别, 3 in all"),
        (("a" * 20,), "a" * 10 + "…", "a" * 10 + "…"),
    ],
)
def test_what_does_not_fit_is_counted_and_no_word_is_cut(words, zh, en):
    for lang, said in (("zh", zh), ("en", en)):
        assert messages.few(words, width=11, lang=lang) == said


@pytest.mark.parametrize("value", [0.0, 1e-7, 0.25, 104.066123, 400_500.0, 35_400_500.3])
def test_figures_have_no_powers_of_ten(value):
    said = messages.figure(value)
    assert "e" not in said
    assert float(said) == pytest.approx(value, rel=1e-5)


def test_the_language_in_force_is_the_innermost(monkeypatch):
    monkeypatch.setenv("PARKMAP_LANG", "en")
    assert messages.language() == "en"
    with messages.use_language("zh"):
        assert messages.text("terms.tier.national") == "国家级"
    assert messages.text("terms.tier.national") == "national"


def test_an_unknown_language_falls_back_to_chinese(monkeypatch):
    monkeypatch.setenv("PARKMAP_LANG", "fr")
    assert messages.language() == "zh"


def test_an_unknown_key_is_an_error_not_a_blank():
    with pytest.raises(KeyError):
        messages.text("terms.no_such_key")
    with pytest.raises(KeyError):
        messages.text("terms.tier")


@pytest.mark.parametrize(
    ("area_m2", "written"),
    [
        (10_000, "1.00公顷（15亩）"),
        (434_999, "43.50公顷（653亩）"),
        (0, "0.00公顷（0亩）"),
        (6.16, "6平方米"),
        (0.2, "<1平方米"),
        (50, "0.01公顷（0亩）"),
    ],
)
def test_hectares_come_with_mu(area_m2, written):
    assert messages.area(area_m2, lang="zh") == written


@pytest.mark.parametrize(
    ("share", "written"), [(0, "0.0%"), (0.0001, "<0.1%"), (0.0574, "5.7%"), (1, "100.0%")]
)
def test_shares_have_one_decimal(share, written):
    assert messages.percent(share) == written


@pytest.mark.parametrize(
    ("metres", "written"),
    [
        (4.04, "4.0米"),
        (119.6, "120米"),
        (12_340, "12.3公里"),
        (0.0236, "0.02米"),
        (0.001, "<0.01米"),
    ],
)
def test_distances_are_rounded_as_people_do(metres, written):
    assert messages.distance(metres, lang="zh") == written
