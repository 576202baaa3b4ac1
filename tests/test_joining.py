"""A sector table meets the parks; what does not meet is listed on both sides."""

import json

import openpyxl
import pytest
from builders import park_layer, square

from parkmap import io, messages
from parkmap.cli import main
from parkmap.errors import InputError


@pytest.fixture(autouse=True)
def _english():
    with messages.use_language("en"):
        yield


@pytest.fixture
def parks():
    shapes = {"001": square(), "2": square(5000), "3": square(10_000), "4": square(15_000)}
    names = ["成都甲园区", "乙产业园", "丙工业园区", "丙工业园区"]
    layer = park_layer(shapes, code=["S1", "", "", ""], sectors=[("旧",), (), (), ()])
    return layer.assign(name=names)


def table(path, *rows, head=("编号", "代码", "园区名称", "主导产业")):
    content = "\n".join(",".join(row) for row in (head, *rows))
    path.write_text(content, encoding="gbk")
    return path


def codes(problems):
    return problems["code"].tolist()


@pytest.mark.parametrize(
    "keys",
    [
        ("001", "", ""), ("", "S1", ""), ("", "", "成都甲园区"), ("", "", " 成都 甲园区"),
        ("", "", "四川成都甲产业园"), ("", "", "甲园区"), ("1", "S1", "别的"), ("x", "y", "甲工业园"),
    ],
)  # fmt: skip
def test_a_row_is_joined_by_id_then_code_then_name(tmp_path, parks, keys):
    joined, problems = io.join_sectors(parks, table(tmp_path / "a.csv", (*keys, "医药;食品")))
    assert joined["sectors"].tolist() == [("医药", "食品"), (), (), ()]
    assert codes(problems).count("PM405") == 0
    assert codes(problems).count("PM406") == 3
    assert parks["sectors"].iloc[0] == ("旧",)


def test_what_does_not_meet_is_listed_with_the_nearest(tmp_path, parks):
    path = table(tmp_path / "a.csv", ("", "", "乙业产园", "医药"))
    joined, problems = io.join_sectors(parks, path)
    assert joined["sectors"].tolist() == parks["sectors"].tolist()
    listed = problems.set_index("code")["message"]
    assert "'乙业产园'" in listed["PM405"]
    assert "乙产业园" in listed["PM405"]
    assert problems.loc[problems["code"] == "PM406", "park_id"].tolist() == ["001", "2", "3", "4"]


def test_a_name_of_two_parks_decides_nothing(tmp_path, parks):
    joined, problems = io.join_sectors(
        parks, table(tmp_path / "a.csv", ("", "", "丙工业园区", "医药"))
    )
    assert joined["sectors"].iloc[2:].tolist() == [(), ()]
    (message,) = problems.loc[problems["code"] == "PM409", "message"]
    assert "3, 4" in message
    assert "PM405" not in codes(problems)


def test_several_rows_of_one_park_add_up(tmp_path, parks):
    rows = [("001", "", "", "医药"), ("", "S1", "", "食品;医药")]
    joined, problems = io.join_sectors(parks, table(tmp_path / "a.csv", *rows))
    assert joined["sectors"].iloc[0] == ("医药", "食品")
    assert problems.loc[problems["code"] == "PM407", "row"].tolist() == [3]


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


HEAD = ["园区名称", "主导产业"]


def test_the_sheet_with_sectors_is_found_and_of_two_one_is_asked_for(tmp_path, parks):
    rows = [["2024年主导产业一览"], HEAD, ["成都甲园区", "医药"]]
    path = workbook(tmp_path / "a.xlsx", 说明=[["本表由园区处填报"]], 产业=rows)
    joined, _ = io.join_sectors(parks, path)
    assert joined["sectors"].iloc[0] == ("医药",)
    two = workbook(
        tmp_path / "b.xlsx", 旧=[HEAD, ["成都甲园区", "煤"]], 新=[HEAD, ["成都甲园区", "光"]]
    )
    with pytest.raises(InputError, match="旧, 新"):
        io.join_sectors(parks, two)
    assert io.join_sectors(parks, two, sheet="新")[0]["sectors"].iloc[0] == ("光",)


@pytest.mark.parametrize("head", [("园区名称", "备注"), ("主导产业", "备注")])
def test_a_table_without_its_headings_is_refused(tmp_path, parks, head):
    with pytest.raises(InputError, match="sectors template"):
        io.join_sectors(parks, table(tmp_path / "a.csv", ("a", "b"), head=head))


def test_the_command_line_joins_and_lists(tmp_path, parks, capsys):
    layer = tmp_path / "parks.gpkg"
    io.write_parks(parks, layer)
    path = workbook(tmp_path / "产业.xlsx", 一=[HEAD, ["乙产业园", "医药"], ["丁园区", "食品"]])
    with pytest.raises(SystemExit) as end:
        main(
            arguments=[
                "check",
                str(layer),
                "--sectors",
                str(path),
                "--sheet",
                "一",
                "-f",
                "json",
                "--lang",
                "en",
            ]
        )
    said = json.loads(capsys.readouterr().out)
    listed = [(row["code"], row["row"]) for row in said["problems"] if row["code"] == "PM405"]
    assert listed == [("PM405", 3)]
    assert end.value.code == 0


def test_the_sector_table_is_never_written_over(tmp_path, parks, capsys):
    layer, path = tmp_path / "parks.gpkg", tmp_path / "a.csv"
    io.write_parks(parks, layer)
    before = table(path, ("001", "", "", "医药")).read_bytes()
    with pytest.raises(SystemExit) as end:
        main(
            arguments=[
                "conflicts",
                str(layer),
                "--sectors",
                str(path),
                "-o",
                str(path),
                "--overwrite",
            ]
        )
    assert end.value.code == 2
    assert path.read_bytes() == before
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_sheets_that_are_named_are_read_together_and_their_parks_kept_apart(tmp_path):
    rows = [["编号", "名称", "经度", "纬度"], ["1", "甲", 104, 30]]
    path = workbook(tmp_path / "a.xlsx", 青羊区=rows, 锦江区=rows, 其他=[["x"]])
    with pytest.raises(InputError, match="repeat it"):
        io.read_source(path)
    reading = io.read_source(path, layer=["青羊区", "锦江区"])
    assert reading.parks.index.tolist() == ["1", "1@a.xlsx/锦江区"]
    assert reading.parks["layer"].tolist() == ["a.xlsx/青羊区", "a.xlsx/锦江区"]
    assert len(reading.sources) == 2
    assert "PM162" not in codes(reading.problems)
    with pytest.raises(InputError, match="没有"):
        io.read_source(path, layer=["青羊区", "没有"])


def test_layers_that_are_named_are_read_together(tmp_path, parks):
    path = tmp_path / "a.gpkg"
    parks.iloc[:1].to_file(path, layer="国家级")
    parks.iloc[1:2].to_file(path, layer="省级")
    found = io.read_parks(path, layer=("省级", "国家级", "省级"))
    assert found["name"].tolist() == ["乙产业园", "成都甲园区"]
    assert found["layer"].tolist() == ["a.gpkg/省级", "a.gpkg/国家级"]


def test_a_layer_of_a_file_without_layers_is_refused_or_told(tmp_path, parks):
    one, other = tmp_path / "a.geojson", tmp_path / "b.gpkg"
    parks.to_file(one)
    parks.to_file(other, layer="园区")
    with pytest.raises(InputError, match="no layers"):
        io.read_parks(one, layer="园区")
    assert len(io.read_parks(one, layer="a")) == len(parks)  # as GIS call it
    reading = io.read_sources([one, other], layer="园区")
    assert len(reading.parks) == 2 * len(parks)
    assert codes(reading.problems).count("PM161") == 1


def test_sheets_that_were_not_read_are_named(tmp_path):
    rows = [["编号", "名称", "经度", "纬度"], ["1", "甲", 104, 30]]
    path = workbook(tmp_path / "a.xlsx", 园区=rows, 企业=[["企业名称"], ["某"]], 空=[], 旧=rows)
    book = openpyxl.load_workbook(path)
    book["旧"].sheet_state = "hidden"
    book.save(path)
    reading = io.read_source(path)
    told = reading.problems.set_index("code").loc["PM162", "message"]
    assert told.removeprefix("sheets that were not read: ") in (
        "企业, 旧 (hidden)",
        "企业、旧 (hidden)",
    )
    assert len(io.read_parks(path, layer="旧")) == 1  # asked for, a hidden one is read too


@pytest.mark.parametrize("how", ["option", "environment", "settings"])
def test_sheets_are_named_by_option_environment_or_settings(tmp_path, capsys, monkeypatch, how):
    rows = [["编号", "名称", "经度", "纬度"], ["1", "甲", 104, 30]]
    path = workbook(tmp_path / "a.xlsx", **{"第 1 张": rows, "第 2 张": rows, "第 3 张": rows})
    words = ["info", str(path), "-f", "json"]
    if how == "option":
        words += ["--sheet", "第 1 张", "--sheet", "第 2 张"]
    elif how == "environment":
        monkeypatch.setenv("PARKMAP_SHEET", "第 1 张\n第 2 张")
    else:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "parkmap.toml").write_text('sheet = "第 1 张"\n', encoding="utf-8")
    with pytest.raises(SystemExit):
        main(arguments=words)
    assert json.loads(capsys.readouterr().out)["parks"] == (1 if how == "settings" else 2)


def test_a_sheet_of_parks_is_chosen_by_either_name(tmp_path, capsys):
    rows = [["名称", "经度", "纬度"], ["甲", 104, 30]]
    path = workbook(tmp_path / "a.xlsx", 一=rows, 二=rows)
    with pytest.raises(SystemExit) as end:
        main(arguments=["info", str(path), "--sheet", "二"])
    assert end.value.code == 0


def test_ids_that_lost_their_zeros_are_joined_by_number_and_told(tmp_path, parks):
    path = table(tmp_path / "a.csv", ("1", "医药"), ("02", "食品"), head=("编号", "主导产业"))
    joined, problems = io.join_sectors(parks, path)
    assert joined["sectors"].tolist() == [("医药",), ("食品",), (), ()]
    (told,) = problems.loc[problems["code"] == "PM425", "message"]
    assert "2 rows" in told
    assert "1→001、02→2" in told.replace(", ", "、")


@pytest.mark.parametrize(
    "rows",
    [
        [("1", "", "丁园区", "医药")],  # it says which park it means
        [("1", "S9", "", "医药")],
        [("001", "", "", "食品"), ("1", "", "", "医药")],  # that park has its row
        [("一", "", "", "医药")],
    ],
)
def test_a_number_decides_nothing_where_more_is_said(tmp_path, parks, rows):
    _, problems = io.join_sectors(parks, table(tmp_path / "a.csv", *rows))
    assert "PM425" not in codes(problems)
    assert codes(problems).count("PM405") == 1


def test_a_number_that_two_parks_share_decides_nothing(tmp_path, parks):
    two = parks.rename(index={"2": "01"})
    path = table(tmp_path / "a.csv", ("1", "医药"), head=("编号", "主导产业"))
    assert "PM425" not in codes(io.join_sectors(two, path)[1])


def test_a_table_that_meets_no_park_is_said_on_the_terminal(tmp_path, parks, capsys):
    parks.reset_index(names="park_id").to_file(tmp_path / "parks.geojson")
    path = table(tmp_path / "other.csv", ("77", "医药"), head=("编号", "主导产业"))
    with pytest.raises(SystemExit):
        main(arguments=["info", str(tmp_path / "parks.geojson"), "--sectors", str(path)])
    assert "no row of the sector table other.csv" in capsys.readouterr().err


@pytest.mark.parametrize(
    "mark", ["无", "/", "—", "——", "暂无", "待定", "N/A", "#N/A", "不详", "空", "未填"]
)
def test_a_mark_for_nothing_is_no_sector(tmp_path, parks, mark):
    joined, _ = io.join_sectors(parks, table(tmp_path / "a.csv", ("001", "", "", mark)))
    assert joined["sectors"].iloc[0] == ()
    text = f"园区名称,主导产业,经度,纬度\n甲园区,{mark},104,30\n乙园区,医药,104.1,30\n"
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    assert io.read_parks(tmp_path / "b.csv")["sectors"].tolist() == [(), ("医药",)]


def test_a_column_of_such_marks_alone_is_a_column_without_sectors(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("园区名称,主导产业,经度,纬度\n甲园区,无,104,30\n", encoding="utf-8")
    assert "PM419" in codes(io.read_source(path).problems)


def test_choices_that_change_figures_are_said_on_the_terminal(tmp_path, capsys):
    path = tmp_path / "a.csv"
    rows = ",医药,15,104,30\n,食品,15,104.1,30\n甲园区,食品,15,104.2,30\n"
    path.write_text(f"园区名称,主导产业,核准面积,经度,纬度\n{rows}", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(arguments=["info", str(path)])
    said = capsys.readouterr().err.splitlines()
    assert any("核准面积" in line for line in said)
    assert any(line.startswith("note: 2 rows: ") for line in said)
