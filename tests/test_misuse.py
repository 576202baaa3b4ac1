"""What is typed wrong on the command line is said in the language in force, in one line."""

import pytest

from parkmap.cli.app import main

WRONG = [
    (["conflicts", "--formt", "x"], "--formt", "--format"),
    (["conflict", "a.geojson"], "conflict", "conflicts"),
    (["frobnicate"], "frobnicate", ""),
    (["map", "a.geojson", "--top", "many"], "many", "1"),
    (["map", "a.geojson", "--top", "-3"], "-3", "1"),
    (["conflicts", "a.geojson", "--min-similarity", "1.5"], "1.5", "1"),
    (["conflicts", "a.geojson", "-f", "doc"], "doc", "geojson"),
    (["map", "a.geojson", "--top"], "--top", "--help"),
    (["conflicts", "a.geojson", "--overwrite=1"], "--overwrite", ""),
    (["report", "a.geojson"], "--output", "--help"),
    (["explain"], "A", "--help"),
    (["ledger", "shw"], "shw", "show"),
    (["doctor", "a", "b"], "a", "b"),
]


def refused(words, lang, capsys):
    with pytest.raises(SystemExit) as left:
        main(
            arguments=[*words, "--lang", lang] if words[-1] != "--top" else ["--lang", lang, *words]
        )
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert err.count("\n") == 1
    assert len(err) <= 201
    return err


@pytest.mark.parametrize(("words", "typed", "advice"), WRONG)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_slip_is_one_line_that_names_it_and_the_way_out(words, typed, advice, lang, capsys):
    said = refused(words, lang, capsys)
    assert typed in said
    assert advice in said


@pytest.mark.parametrize(("words", "typed", "advice"), WRONG)
def test_chinese_lines_hold_no_english_sentence(words, typed, advice, capsys):
    said = refused(words, "zh", capsys)
    assert not [
        word
        for word in ("such", "option", "Invalid", "Missing", "value", "unexpected", "mean")
        if f"{word} " in said
    ]


def test_a_slip_in_the_environment_is_told_too(monkeypatch, capsys):
    monkeypatch.setenv("PARKMAP_MIN_SIMILARITY", "high")
    assert "--min-similarity" in refused(["conflicts", "a.geojson"], "zh", capsys)


@pytest.mark.parametrize("words", [[], ["ledger"], ["sectors"]])
def test_a_program_or_group_alone_shows_its_whole_page(words, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments=words)
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert len(err.splitlines()) > 5
    assert "--help" in err
