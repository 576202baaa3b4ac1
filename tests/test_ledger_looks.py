"""How the sheet looks: rows by hand like ours, texts whole, what people coloured as it is."""

import openpyxl
import pytest
from test_ledger import DAY, begun, nothing, page_of

from parkmap import ledger, messages


@pytest.fixture(autouse=True)
def chinese():
    with messages.use_language("zh"):
        yield


def with_hand_rows(path):
    """Add rows as people do: below, between, and one in a colour of its own."""
    book = openpyxl.load_workbook(path)
    page, columns, head = page_of(book)
    page.insert_rows(head + 2)
    for at, said in ((head + 2, "插入的一行"), (head + 4, "很长的一行" * 30)):
        page.cell(at, columns["事项描述"]).value = said
        page.cell(at, columns["办结时限"]).value = "2026-11-30"
    page.cell(head + 4, columns["责任单位"]).fill = openpyxl.styles.PatternFill(
        "solid", fgColor="FFFF00"
    )
    page.cell(head, len(columns) + 1).value = "我的列"
    book.save(path)
    return head, columns


def test_rows_added_by_hand_look_like_the_others_and_are_numbered_as_they_stand(tmp_path):
    path = begun(tmp_path)
    head, columns = with_hand_rows(path)
    kept = ledger.edit(path, nothing, date=DAY)
    page, _, _ = page_of(openpyxl.load_workbook(path))
    rows = range(head + 1, head + 5)
    assert [page.cell(at, 1).value for at in rows] == [1, 2, 3, 4]
    assert [page.cell(at, 2).value for at in rows] == ["c-1", "m-001", "c-2", "m-002"]
    assert list(kept.state.rows["matters"]) == ["c-1", "m-001", "c-2", "m-002"]
    for heading, across in columns.items():
        looks = {page.cell(at, across).style for at in (head + 2, head + 3)}
        assert len(looks) == 1 or heading == "关注程度", heading
    assert page.cell(head + 4, columns["责任单位"]).fill.fgColor.rgb == "00FFFF00"
    assert page.cell(head + 4, columns["责任人"]).style == "row centred"
    assert page.cell(head + 4, len(columns) + 1).style == "Normal"
    assert page.row_dimensions[head + 4].height > 100  # 300 half-widths in a column of 52
    assert not ledger.edit(path, nothing, date=DAY).written


def test_a_row_is_as_high_as_what_was_written_into_it_and_never_lower(tmp_path):
    path = begun(tmp_path)
    book = openpyxl.load_workbook(path)
    page, _, head = page_of(book)
    page.row_dimensions[head + 1].height, page.row_dimensions[head + 2].height = 12, 200
    book.save(path)

    def heights(change):
        ledger.edit(path, change, date=DAY)
        page, _, head = page_of(openpyxl.load_workbook(path))
        return [page.row_dimensions[head + at].height for at in (1, 2)]

    def said(words):
        def change(state):
            for name in ("c-1", "c-2"):
                ledger.act(state, name, {}, to="in_progress", date=DAY, said=words)

        return change

    assert heights(said("短")) == [19.5, 200]
    assert heights(said("很长的进展" * 20)) == [118.5, 200]  # six lines over one


def test_the_notes_on_filling_in_are_whole(tmp_path):
    path, form = begun(tmp_path), tmp_path / "t.xlsx"
    ledger.write_template(form, date=DAY)
    for file in (path, form):
        page = openpyxl.load_workbook(file)["填写说明"]
        width = page.column_dimensions["B"].width
        lines = [row for row in range(2, page.max_row + 1) if page.cell(row, 1).value]
        assert len(lines) >= 5
        for row in lines:
            cell = page.cell(row, 2)
            needed = -(-2 * len(cell.value) // (width - 4)) * 16
            assert cell.alignment.wrap_text
            assert page.row_dimensions[row].height >= needed
        assert page.sheet_properties.pageSetUpPr.fitToPage
