"""The house: who may import whom, what stands in no room, what loads when."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import parkmap
from parkmap import report

PACKAGE = Path(parkmap.__file__).parent
LAYERS = {
    0: {"messages"},
    1: {
        "errors",
        "schema",
        "escape",
        "files",
        "geodesy",
        "taxonomy",
        "bodies",
        "decoding",
        "wording",
        "problems",
        "palette",
        "sheets",
        "solver",
        "layers",
        "nearest",
        "lineage",
    },
    2: {
        *("io", "validation", "sector", "overlap", "similarity", "cluster", "conflict"),
        *("report", "webmap", "chain", "consolidation", "publication", "ledger", "matching"),
    },
    3: {"analysis", "comparison"},
    4: {"cli"},
    5: {"__main__"},
}
LAYER_OF = {room: layer for layer, rooms in LAYERS.items() for room in rooms}


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "parkmap":
            parts = (node.module or "").split(".")
            yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("parkmap."):
                    yield alias.name.split(".")[1]


SOURCES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def test_every_module_belongs_to_a_room_of_the_design():
    assert {room_of(path) for path in SOURCES} == set(LAYER_OF)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_one_way(path):
    room = room_of(path)
    for other in set(imported_rooms(path)) - {room, "__version__"}:
        assert other in LAYER_OF, f"{room} imports unknown {other}"
        allowed = LAYER_OF[other] < LAYER_OF[room] or LAYER_OF[room] == LAYER_OF[other] == 1
        assert allowed, f"{room} imports {other}"


def test_rooms_of_the_first_floor_do_not_import_in_circles():
    arrows = {
        room: {other for path in SOURCES if room_of(path) == room for other in imported_rooms(path)}
        for room in LAYERS[1]
    }
    left = {room: arrows[room] & LAYERS[1] - {room} for room in LAYERS[1]}
    while free := [room for room, needs in left.items() if not needs & set(left)]:
        for room in free:
            del left[room]
    assert not left


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_library_code_neither_prints_nor_asserts_nor_stars(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Assert)
        assert not (isinstance(node, ast.ImportFrom) and node.names[0].name == "*")
        called = getattr(node, "func", None)
        assert not (isinstance(node, ast.Call) and getattr(called, "id", "") == "print")


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_outgrows_its_room(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def public_functions(nodes):
    for node in nodes:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body)
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_options_are_named_and_every_argument_is_told_of(path):
    for function in public_functions(ast.parse(path.read_text(encoding="utf-8")).body):
        given, said = function.args, ast.get_docstring(function) or ""
        names = [arg.arg for arg in (*given.args, *given.kwonlyargs)]
        takes = [name for name in names if name not in ("self", "cls")]
        assert not given.defaults, f"{function.name} takes options by position"
        assert not takes or "Parameters\n----" in said, f"{function.name}: {takes}"


def loaded(arguments, libraries, *, codes=(0,)):
    """Which of the libraries a run of the program loads."""
    code = (
        "import sys\nfrom parkmap.cli import main\n"
        f"try:\n    main(arguments={arguments!r})\n"
        f"except SystemExit as end:\n    assert end.code in {codes!r}\n"
        f"print(sorted({libraries!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["report", "--help"]])
def test_help_loads_no_heavy_library(command):
    heavy = {"geopandas", "folium", "pandas", "numpy", "matplotlib", "networkx", "rich"}
    assert loaded(command, heavy) == "[]"


@pytest.mark.parametrize("verb", ["check", "info", "overlaps"])
def test_looking_at_a_file_loads_nothing_that_draws(verb):
    parks = str(PACKAGE.parent / "data" / "parks.geojson")
    assert loaded([verb, parks, "-q"], {"folium", "matplotlib", "docx"}, codes=(0, 1)) == "[]"


def test_what_draws_is_handed_on_when_asked_for():
    for name in report.__all__:
        assert getattr(report, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = report.no_such_name


def test_exports_are_what_the_package_hands_on():
    for name in parkmap.__all__:
        assert getattr(parkmap, name) is not None
    assert set(dir(parkmap)) == set(parkmap.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = parkmap.no_such_name
