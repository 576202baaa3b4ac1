"""The public edition: nothing of a coordinate, an enterprise or a person, and 示意 on every page."""

import io
import json
import re
import zipfile

import docx
import geopandas as gpd
import openpyxl
import pytest
import report_runs as made
import shapely
from page_tools import rings_of

import parkmap as pm
from parkmap import messages, publication, report, schema
from parkmap.cli.app import main
from parkmap.report import figure, sector_figures
from parkmap.webmap import placeless, shapes

PRIVATE = {
    "联系人": "张三丰某",
    "联系电话": "13800138000",
    "企业名称": "锦绣电子有限公司",
    "X坐标": "35412345.678",
    "managing_body": "春风开发建设公司",
    "co_built_by": "秋月置业公司;冬雪公司",
    "source": "李四光某 档案 http://example.org/x",
}
MARK = "示意"
WEST, SOUTH = 104.123457, 30.654321


def layer():
    """Four parks of a place that can be found again in any file that names it."""
    boxes = [(0, 0), (0.008, 0.004), (0.06, 0.01), (0.09, 0.05)]
    shown = [shapely.box(WEST + x, SOUTH + y, WEST + x + 0.01, SOUTH + y + 0.01) for x, y in boxes]
    columns = {
        "name": ["甲园区", "乙园区", "丙园区", "丁园区"],
        "tier": ["national", "provincial", "provincial", "municipal"],
        "district": ["东区", "东区", "西区", "西区"],
        "sectors": ["偏光片", "偏光片", "偏光片、IC封测", "食品"],
        **{key: [value] * 4 for key, value in PRIVATE.items()},
    }
    return gpd.GeoDataFrame(columns, geometry=shown, crs=4490)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("public")
    layer().to_file(place / "李四光.geojson", driver="GeoJSON")
    for at, shape in enumerate((layer().union_all().envelope, shapely.Point(WEST, SOUTH))):
        context = gpd.GeoDataFrame({"name": ["东区"]}, geometry=[shape], crs=4490)
        context.to_file(place / f"李四光的底图{at}.geojson", driver="GeoJSON")
    with pytest.raises(SystemExit) as end:
        main(arguments=["--lang", "zh", "report", str(place / "李四光.geojson"), "-o", str(place / "out"),
              "--context", str(place / "李四光的底图0.geojson"),
              "--context", str(place / "李四光的底图1.geojson"), "--public", "-q"])  # fmt: skip
    assert end.value.code == 0
    return place / "out"


def contents(path):
    """What a file holds, zips opened, pictures in them too."""
    data = path.read_bytes()
    if path.suffix not in (".xlsx", ".docx"):
        return {path.name: data}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}


def texts(folder):
    """Every text of every file, JSON escapes undone."""
    found = {}
    for path in sorted(folder.iterdir()):
        for name, data in contents(path).items():
            said = data.decode("utf-8", "replace")
            escapes = re.compile(r"\\u([0-9a-fA-F]{4})")
            found[name] = escapes.sub(lambda code: chr(int(code[1], 16)), said)
    return found


def test_files_that_are_made_of_coordinates_are_not_written(folder):
    names = {path.name for path in folder.iterdir()}
    assert not names & set(publication.PRIVATE_FILES)
    assert {"map.html", "conflicts.xlsx", "report.docx", "overview.png", "run.json"} <= names


@pytest.mark.parametrize("secret", [*PRIVATE, *PRIVATE.values(), "李四光"])
def test_no_file_holds_an_enterprise_a_person_or_a_column_for_one(folder, secret):
    if secret in schema.PARK_COLUMNS:
        return  # a word of our own code, not of the file
    parts = [secret, *re.split(r"[; ]", secret)]
    for name, said in texts(folder).items():
        assert not [part for part in parts if len(part) > 2 and part in said], name


def test_the_search_would_find_what_it_looks_for(tmp_path):
    """The same search finds it all in the internal edition."""
    layer().to_file(tmp_path / "a.geojson", driver="GeoJSON")
    with pytest.raises(SystemExit):
        main(arguments=["report", str(tmp_path / "a.geojson"), "-o", str(tmp_path / "out"), "-q"])
    said = "".join(texts(tmp_path / "out").values())
    assert "春风开发建设公司" in said
    assert coordinates("".join(texts(tmp_path / "out").values()))
    assert "conflicts.geojson" in texts(tmp_path / "out")


def coordinates(said):
    """Longitudes or latitudes of the layer, in degrees, millionths or metres of its zone."""
    degrees = re.findall(r"\b104\.[12]\d{2,}|\b30\.[67]\d{2,}", said)
    millionths = re.findall(r"\b104[12]\d{5}\b|\b30[67]\d{5}\b", said)
    return degrees + millionths


def test_no_file_holds_a_coordinate(folder):
    for name, said in texts(folder).items():
        if not name.endswith(".png"):
            assert not coordinates(said), name


def test_a_picture_holds_no_words_but_its_pixels(folder):
    for path in folder.glob("*.png"):
        assert b"tEXt" not in path.read_bytes()
        assert b"iTXt" not in path.read_bytes()


def payload(folder):
    page = (folder / "map.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="pm-data">(.*?)</script>', page, re.DOTALL)[1])
    rings = re.search(r'id="pm-rings">(.*?)</script>', page, re.DOTALL)[1].split("\n")
    for park, text in zip(data["parks"], rings, strict=True):
        park["rings"] = text
    return data


def test_the_map_lies_about_zero_and_keeps_its_shapes(folder):
    parks = payload(folder)["parks"]
    for park in parks:
        x, y = park["at"]
        assert max(abs(x), abs(y)) < 200_000
        for ring in (each for polygon in rings_of(park["rings"]) for each in polygon):
            assert abs(ring).max() < 200_000
            assert not (ring % 100).any()
    first, second = (park["at"] for park in parks[:2])
    assert second[1] - first[1] == pytest.approx(4000, abs=100)
    assert second[0] - first[0] == pytest.approx(8000 * 0.8602, abs=150)  # cos of 30.66 degrees


def test_figures_are_those_of_the_internal_edition(folder, tmp_path):
    layer().to_file(tmp_path / "a.geojson", driver="GeoJSON")
    run = pm.analyze(pm.read_parks(tmp_path / "a.geojson"))
    found = json.loads((folder / "conflicts.json").read_text(encoding="utf-8"))
    assert [each["area_m2"] for each in found["conflicts"] if each["area_m2"]] == [
        pytest.approx(area) for area in run.conflicts["area_m2"].dropna()
    ]
    inner = report.conflicts_json(run)
    assert [f["id"] for f in found["conflicts"]] == [f["id"] for f in inner["conflicts"]]
    hectares = [park["ha"] for park in payload(folder)["parks"]]
    assert hectares == [pytest.approx(ha, abs=0.01) for ha in shapes.hectares(run.parks)]


def test_every_sheet_is_marked_on_every_printed_page(folder):
    book = openpyxl.load_workbook(folder / "conflicts.xlsx")
    for page in book:
        assert MARK in page.oddHeader.center.text, page.title
        assert not page.HeaderFooter.differentOddEven
        cells = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value]
        assert any(MARK in said for said in cells), page.title


def test_every_page_of_the_letter_is_marked(folder):
    page = docx.Document(str(folder / "report.docx"))
    first = page.sections[0]
    assert MARK in first.header.paragraphs[0].text
    assert MARK in first.even_page_header.paragraphs[0].text
    for section in page.sections[1:]:
        assert section.header.is_linked_to_previous
        assert not section.different_first_page_header_footer


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_it_in_both_languages(folder, lang):
    data = payload(folder)
    mark = {"zh": MARK, "en": "chematic"}[lang]
    assert mark in data["text"][lang]["internal"]
    assert mark in data["crs"][lang]


@pytest.mark.parametrize("draw", ["overview", "matrix", "graph", "sweep"])
def test_every_picture_is_marked(draw):
    run = publication.published(made.run())
    with messages.use_language("zh"):
        if draw == "overview":
            page = figure._page(run, None, None, has_cjk=True)
        else:
            page = getattr(sector_figures, f"_{draw}_page")(run, bool)
    assert any(MARK in said.get_text() for said in page.texts)


def test_the_internal_edition_bears_no_mark_of_the_public_one():
    with messages.use_language("zh"):
        page = figure._page(made.run(), None, None, has_cjk=True)
    assert not any("公开稿" in said.get_text() for said in page.texts)


def test_a_folder_with_an_internal_edition_is_refused(tmp_path, capsys):
    layer().to_file(tmp_path / "a.geojson", driver="GeoJSON")
    out = tmp_path / "out"
    said = ["report", str(tmp_path / "a.geojson"), "-o", str(out), "-q"]
    for extra, code in (([], 0), (["--public"], 2), (["--public", "--overwrite"], 2)):
        with pytest.raises(SystemExit) as end:
            main(arguments=[*said, *extra])
        assert end.value.code == code
    assert "conflicts.geojson" in capsys.readouterr().err
    assert "edition" not in json.loads((out / "run.json").read_text(encoding="utf-8"))["options"]


def test_the_map_verb_makes_the_same_edition(folder, tmp_path):
    layer().to_file(tmp_path / "a.geojson", driver="GeoJSON")
    with pytest.raises(SystemExit) as end:
        main(
            arguments=[
                "map",
                str(tmp_path / "a.geojson"),
                "-o",
                str(tmp_path / "m.html"),
                "--public",
            ]
        )
    assert end.value.code == 0
    said = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert not coordinates(said)
    assert "春风开发建设公司" not in said


def test_publishing_changes_no_run_and_is_the_same_twice():
    run = made.run(parks=made.parks(managing_body=["某公司"] * 5))
    once = publication.published(run)
    assert run.parks["managing_body"].iloc[0] == "某公司"
    assert not run.is_public
    assert once.is_public
    assert once.parks.equals(publication.published(once).parks)
    assert list(once.conflicts.index) == list(run.conflicts.index)


def test_shapes_without_their_place_look_the_same_on_a_web_map():
    park = shapely.box(104, 30.6, 104.02, 30.62)
    (moved,) = placeless.placed(gpd.GeoSeries([park], crs=4490), (104.3, 30.5))
    before, after = (gpd.GeoSeries([s], crs=4326).to_crs(3857)[0] for s in (park, moved))
    shape = [b[2] - b[0] for b in (before.bounds, after.bounds)]
    height = [b[3] - b[1] for b in (before.bounds, after.bounds)]
    assert shape[0] / height[0] == pytest.approx(shape[1] / height[1], rel=2e-2)


def test_a_layer_without_shapes_has_a_middle():
    assert placeless.middle(gpd.GeoSeries([], crs=4490)) == (0.0, 0.0)
