"""Two deliveries, from check to ledger, as a planner runs them; nothing edited but the ledger."""

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from parkmap.cli import main

DATA = Path(__file__).parents[1] / "data"
DAY, LATER = "2026-11-26", "2027-02-26"


@pytest.fixture
def run(capsys):
    def call(*words, code=0):
        with pytest.raises(SystemExit) as ended:
            main(arguments=[str(word) for word in words])
        assert ended.value.code == code
        return capsys.readouterr().out

    return call


def second_delivery(first, path):
    """One park joins its neighbour, one is renamed, one gives back what it shared."""
    parks = gpd.read_file(first)
    by = parks.set_axis(parks["park_id"].to_list())
    gone, renamed, moved = "SL-41", "SL-17", "SL-39"
    assert {gone, renamed, moved} <= set(by.index)
    by.loc[renamed, "name"] += "(新)"
    by.loc[[moved], "geometry"] = by.loc[[moved], "geometry"].translate(0, 0.2)
    by.drop(index=gone).reset_index(drop=True).to_file(path, driver="GeoJSON")
    return gone, renamed, moved


def matters(path):
    return {row["matter_id"]: row for row in json.loads(path.read_text("utf-8"))["matters"]}


def test_two_deliveries_from_check_to_ledger(run, tmp_path):
    first, second = DATA / "example_city.geojson", tmp_path / "second.geojson"
    gone, renamed, moved = second_delivery(first, second)
    book, plan = tmp_path / "ledger.xlsx", tmp_path / "plan.json"

    run("check", first, "-o", tmp_path / "problems.csv")
    run("report", first, "-o", tmp_path / "out", "--date", DAY)
    run("plan", first, "--target", "3+22+N", "-o", plan, "--date", DAY)
    run("ledger", "init", first, "--tasks", plan, "-o", book, "--date", DAY)
    run("ledger", "show", book, "-o", tmp_path / "before.json", "--date", DAY)
    before = matters(tmp_path / "before.json")
    reported = json.loads((tmp_path / "out" / "conflicts.json").read_text("utf-8"))["conflicts"]
    planned = {row["id"] for row in json.loads(plan.read_text("utf-8"))["moves"]}
    found = {row["id"]: row for row in reported}
    assert {key for key in before if key.startswith("c-")} <= set(found)
    assert {key for key in before if key.startswith("m-")} <= planned
    assert any(key.startswith("m-") for key in before)

    # what people type comes back, whatever the next delivery says
    sheet = openpyxl.load_workbook(book)
    page = next(p for p in sheet if "核查" in p.title or "台账" in p.title)
    head, ids = heading_of(page)
    line = next(row for row in range(head + 1, page.max_row + 1) if page.cell(row, ids).value)
    key = page.cell(line, ids).value
    unit = next(c.column for c in page[head] if c.value == "责任单位")
    page.cell(line, unit).value = "霁川县人民政府"
    sheet.save(book)
    run("ledger", "update", book, second, "--date", LATER)
    run("ledger", "show", book, "-o", tmp_path / "after.json", "--date", LATER)
    after = matters(tmp_path / "after.json")
    assert set(before) <= set(after)  # nothing is lost
    assert after[key]["responsible_unit"] == "霁川县人民政府"

    of = {key: set(found[key]["parks"]) for key in before if key in found}
    assert any(gone in parks for parks in of.values())
    for key, parks in of.items():
        if gone in parks:
            assert after[key]["change"] == "source_missing"
        elif moved in parks and found[key]["kind"] == "overlap":
            assert after[key]["change"] == "resolved"
            assert after[key]["status"] != "closed"  # people close, the tool does not

    told = run("diff", first, second, "-f", "json")
    changes = {(row["id"], row["change"]) for row in json.loads(told)["parks"]}
    assert {(gone, "gone"), (renamed, "renamed")} <= changes
    assert len([park for park, _ in changes]) == 3
    assert moved in {park for park, _ in changes}


def heading_of(page):
    for row in page.iter_rows(max_row=12):
        for cell in row:
            if cell.value == "事项编号":
                return cell.row, cell.column
    raise AssertionError(page.title)
