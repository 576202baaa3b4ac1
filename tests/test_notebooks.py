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
