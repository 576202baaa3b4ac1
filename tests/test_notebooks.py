"""Every notebook runs from top to bottom on the shipped data."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_is_a_notebook():
    assert FOLDER / "01_chengdu.ipynb" in NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.filterwarnings("default")
def test_a_notebook_runs_and_shows_its_map(path):
    notebook = nbformat.read(path, as_version=4)
    assert sys.executable
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}})
    client.execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    last = code[-1].outputs[-1]["data"]["text/html"]
    assert "leaflet" in last
    shown = [output for cell in code for output in cell.outputs if output.output_type == "stream"]
    assert not [output for output in shown if output["name"] == "stderr"]


def test_the_cells_are_counted_right_in_what_tells_of_them():
    path = FOLDER / "01_chengdu.ipynb"
    assert len(nbformat.read(path, as_version=4).cells) == 11
    texts = [path, FOLDER.parent / "README.md"]
    assert all("in eleven cells" in text.read_text(encoding="utf-8") for text in texts)
    chinese = (FOLDER.parent / "README.zh.md").read_text(encoding="utf-8")
    assert "用十一个单元格" in chinese
