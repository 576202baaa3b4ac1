"""What the documents say is what the program does."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import parkmap
from parkmap import messages, problems
from parkmap.cli import (  # noqa: F401 (they add their verbs)
    chains,
    comparing,
    findings,
    inspection,
    ledgering,
    matching,
    plans,
    sectoral,
)
from parkmap.cli.app import program
from parkmap.schema import Criteria

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
VERBS = [
    *("report", "conflicts", "overlaps", "clusters", "map"),
    *("check", "info", "sectors", "doctor", "explain", "chain", "ledger", "plan", "match", "diff"),
]


def verbs_with_parents(group, path=()):
    for name, verb in group.commands.items():
        yield (*path, name)
        if hasattr(verb, "commands"):
            yield from verbs_with_parents(verb, (*path, name))


def test_the_program_has_the_verbs_of_the_design():
    assert set(program.commands) == set(VERBS)


def test_help_names_the_main_job_first():
    words = [sys.executable, "-m", "parkmap", "--lang", "en", "--help"]  # as a user starts it
    shown = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    first = shown.split("Commands:")[1].split()[0]
    assert first == VERBS[0]


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("path", list(verbs_with_parents(program)), ids=" ".join)
def test_every_verb_has_help_in_both_languages(path, lang):
    with messages.use_language(lang):
        shown = CliRunner().invoke(program, [*path, "--help"])
    assert shown.exit_code == 0, shown.output
    assert messages.text("cli.options", lang=lang) in shown.output
    assert messages.text("cli.option.help", lang=lang) in shown.output


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_every_verb_is_in_the_readme(readme):
    said = readme.read_text(encoding="utf-8")
    assert [verb for verb in VERBS[:5] if f"parkmap {verb}" not in said] == []


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_the_two_commands_stand_in_the_readme_as_they_are(readme):
    lines = readme.read_text(encoding="utf-8").splitlines()
    assert "pip install uv && uv run parkmap report data/parks.geojson -o out" in lines
    assert "pip install uv && uv run pytest" in lines


def test_the_readme_s_severity_table_states_the_criteria_in_force():
    said = (ROOT / "README.md").read_text(encoding="utf-8")
    used = Criteria()
    assert f"≥ {used.high_share:.0%}".replace("%", " %") in said
    assert f"≥ {used.high_area_m2 / 1e4:.0f} ha" in said
    assert f"≥ {used.medium_share:.0%}".replace("%", " %") in said
    assert f"≥ {used.medium_area_m2 / 1e4:.0f} ha" in said
    assert f"two approved boundaries: ≥ {used.approved_area_m2 / 1e4:.0f} ha" in said
    assert f"rivalry ≥ {used.medium_rivalry:g}".replace("0.", ".") in said
    assert f"rivalry ≥ {used.min_rivalry:g}".replace("0.", ".") in said


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_the_readme_s_notebook_example_runs(readme, tmp_path, monkeypatch):
    said = readme.read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", said, flags=re.DOTALL)
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    exec(example, {})  # noqa: S102 (our own README)
    assert (tmp_path / "map.html").stat().st_size > 100_000


def test_the_two_readmes_give_the_same_commands():
    said = [
        [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
        for blocks in (
            re.findall(r"```(?:python)?\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
            for page in READMES
        )
    ]
    assert sorted(said[0]) == sorted(said[1])
    assert any("--no-emit-project" in line for line in said[0])  # else pip packs the folder


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")), ids=lambda p: p.name)
def test_links_between_documents_lead_somewhere(path):
    said = path.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!http)([^)#]+)\)", said)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_page_of_problem_codes_is_complete():
    script = runpy.run_path(str(ROOT / "scripts" / "problem_codes.py"))
    said = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert said == script["page"]()
    assert [code for code in problems.codes() if f"| {code} |" not in said] == []


def test_the_changelog_knows_the_version():
    assert f"## {parkmap.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
