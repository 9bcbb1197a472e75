"""The notebook runs from top to bottom, as a reader would run it."""

from pathlib import Path

import nbclient
import nbformat
import pytest

NOTEBOOKS = sorted(
    (Path(__file__).parents[2] / "examples" / "notebooks").glob("*.ipynb")
)


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    notebook = nbformat.read(request.param, as_version=4)
    folder = {"metadata": {"path": str(request.param.parent)}}
    nbclient.NotebookClient(notebook, timeout=120, resources=folder).execute()
    return notebook


def test_there_is_a_notebook():
    assert [path.stem for path in NOTEBOOKS] == ["reform"]


def test_it_runs_and_shows_what_it_says(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) >= 12
    results = [
        output
        for cell in code
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert len(results) == len(code) - 1
    assert sum("image/png" in one.data for one in results) == 2
    tables = [one.data["text/plain"] for one in results if "text/html" in one.data]
    assert len(tables) >= 8
    assert all("Empty DataFrame" not in text for text in tables)
    texts = [one.data["text/plain"] for one in results]
    assert "'0 problems'" in texts
    assert any("2024-02-30" in text for text in texts)


def test_it_is_kept_without_results():
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert cell.outputs == []
                assert cell.execution_count is None
