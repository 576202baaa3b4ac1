"""Parks from PostGIS: read right, read only, and no password in any line."""

import json

import pytest
from postgis import PASSWORD, running_server

from parkmap import io, messages
from parkmap.cli import main
from parkmap.errors import CRSError, InputError, MissingExtraError, OptionError

psycopg = pytest.importorskip("psycopg")
pytest.importorskip("sqlalchemy")

SETUP = """
create extension postgis;
create schema "规划";
create table "规划"."园区 表" (编号 text, 园区名称 text, 级别 text, 主导产业 text,
    n int, made date, doc jsonb, geom geometry(Polygon, 4544));
insert into "规划"."园区 表" values
    ('001', '甲园区', '省级', '医药、食品', 7, '2024-05-01', '{"a": 1}',
     ST_MakeEnvelope(400000, 3390000, 401000, 3391000, 4544)),
    ('NA', '乙园区', '国家级', '集成电路', null, null, null,
     ST_MakeEnvelope(400500, 3390000, 401500, 3391000, 4544)),
    ('003', '丙园区', '市级', null, 1, null, null, null);
create table parks (name text, geom geometry(Polygon, 4490));
insert into parks values ('A', ST_MakeEnvelope(104, 30, 104.1, 30.1, 4490));
create table two (name text, a geometry, b geometry);
create table mixed (name text, geom geometry);
insert into mixed values ('A', ST_SetSRID(ST_Point(104, 30), 4490)),
    ('B', ST_SetSRID(ST_Point(104, 30), 4326));
create table unplaced (name text, geom geometry);
insert into unplaced values ('A', ST_MakeEnvelope(400000, 3390000, 401000, 3391000));
create table plain (name text);
create table "a; drop table parks; --" (name text, geom geometry(Point, 4490));
insert into "a; drop table parks; --" values ('P', ST_SetSRID(ST_Point(104, 30), 4490));
create table g (name text, place geography(Point, 4326));
insert into g values ('G', 'POINT(104 30)');
"""


@pytest.fixture(autouse=True)
def _english():
    with messages.use_language("en"):
        yield


@pytest.fixture(scope="module")
def server():
    with running_server() as host:
        address = f"postgresql://postgres:{PASSWORD}@{host}/postgres"
        with psycopg.connect(address, autocommit=True) as session:
            session.execute(SETUP)
        yield address


def refused(address, error=InputError, **options):
    with pytest.raises(error) as caught:
        io.read_source(address, **options)
    said = f"parkmap: {caught.value}"
    assert len(said.splitlines()) == 1
    assert len(said) <= 200
    assert PASSWORD not in said
    assert caught.value.__cause__ is None or PASSWORD not in str(caught.value.__cause__)
    return said


def test_a_table_is_read_with_its_chinese_columns(server):
    reading = io.read_source(f"{server}?table=规划.园区 表")
    parks = reading.parks
    assert parks.index.tolist() == ["001", "NA", "003"]
    assert parks["name"].tolist() == ["甲园区", "乙园区", "丙园区"]
    assert parks["sectors"].iloc[0] == ("医药", "食品")
    assert parks.crs.to_epsg() == 4544
    assert parks.geometry.iloc[0].area == 1_000_000
    assert parks.geometry.iloc[2] is None
    assert reading.source.name == "postgresql:规划.园区 表"
    assert reading.source.rows == 3
    assert reading.source.driver == "PostGIS"


def test_a_table_without_its_schema_is_looked_for_in_public(server):
    assert io.read_parks(f"{server}?table=parks").crs.to_epsg() == 4490
    assert io.read_parks(f"{server}?table=public.parks")["name"].tolist() == ["A"]


def test_a_query_is_read_and_may_end_in_a_semicolon_or_a_comment(server):
    for query in ("select * from parks;", "select name, geom from parks -- all of them"):
        assert io.read_parks(server, sql=query)["name"].tolist() == ["A"]


def test_geography_is_read(server):
    assert io.read_parks(f"{server}?table=g").geometry.iloc[0].wkt == "POINT (104 30)"


def test_a_name_with_sql_in_it_is_a_name(server):
    address = f"{server}?table=a; drop table parks; --"
    assert io.read_parks(address)["name"].tolist() == ["P"]
    assert io.read_parks(f"{server}?table=parks")["name"].tolist() == ["A"]


@pytest.mark.parametrize(
    "query",
    [
        "select 1) as a; drop table parks; --",
        "drop table parks",
        "select * from parks) as x; set transaction read write; delete from parks; --",
        "with gone as (delete from parks returning *) select * from gone",
    ],
)
def test_a_query_can_change_nothing(server, query):
    assert "the database says" in refused(server, sql=query)
    assert len(io.read_parks(f"{server}?table=parks")) == 1


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("park", "there are: public.parks"),
        ("nowhere.parks", "parks"),
        ("plain", "no column of geometries"),
        ("two", "several columns of geometries: a, b"),
        ("mixed", "SRID 4326, 4490"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_there_is(server, table, said):
    assert said in refused(f"{server}?table={table}")


def test_a_table_without_srid_asks_for_the_crs(server):
    assert "--crs" in refused(f"{server}?table=unplaced", CRSError)
    assert io.read_parks(f"{server}?table=unplaced", crs=4544).crs.to_epsg() == 4544


def test_a_wrong_password_is_not_repeated(server):
    wrong = server.replace(PASSWORD, "wrong-secret")
    said = refused(f"{wrong}?table=parks")
    assert "the database says" in said
    assert "wrong-secret" not in said


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:{0}@127.0.0.1:1/db?table=parks",
        "postgresql://me:{0}@127.0.0.1:nonsense/db?table=parks",
        "postgresql://me:{0}@127.0.0.1/db",
        "postgresql://me:{0}@127.0.0.1/db?table=a&table=b",
    ],
)
def test_an_address_that_leads_nowhere_is_one_line_without_the_password(address):
    refused(address.format(PASSWORD))


def test_sql_goes_with_a_database_only(tmp_path):
    (tmp_path / "a.csv").write_text("name,lon,lat\nA,104,30\n")
    with pytest.raises(OptionError, match="database only"):
        io.read_parks(tmp_path / "a.csv", sql="select 1")


def test_a_missing_library_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"parkmap\[postgis\]"):
        io.read_parks("postgresql://localhost/db?table=parks")


def test_a_slow_query_is_ended(server, monkeypatch):
    monkeypatch.setattr("parkmap.io.database._TIMEOUT_MS", 200)
    query = "select name, geom from parks, pg_sleep(30)"
    assert "statement timeout" in refused(server, sql=query)


def test_the_command_line_reports_from_a_database(server, tmp_path, capsys):
    address = f"{server}?table=规划.园区 表"
    with pytest.raises(SystemExit) as end:
        main(
            arguments=[
                "conflicts",
                address,
                "-f",
                "json",
                "-o",
                str(tmp_path / "a.json"),
                "--lang",
                "zh",
            ]
        )
    said = capsys.readouterr()
    assert end.value.code in (0, 1), said.err
    content = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(content)["conflicts"][0]["names"] == ["甲园区", "乙园区"]
    assert PASSWORD not in content + said.err + said.out
