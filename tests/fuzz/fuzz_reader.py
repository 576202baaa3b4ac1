"""Coverage-guided fuzzing of the reader: whatever the bytes, parks or a ParkmapError.

    python -m pip install atheris
    python tests/fuzz/fuzz_reader.py --seeds CORPUS        # one small file of each format
    python tests/fuzz/fuzz_reader.py CORPUS -max_total_time=3600 -max_len=20000

The first byte of an input chooses the ending of the file. Not collected by pytest.
"""

import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

ENDINGS = ("geojson", "csv", "txt", "kml", "dxf", "zip", "xlsx", "shp", "gpkg", "parquet")
TXT = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
带号=35
[地块坐标]
5,1.0,1,甲地块,面,,,,@
J1,1,3390000,35400000
J2,1,3390100,35400000
J3,1,3390100,35400100
J1,1,3390000,35400000
"""


def write_seeds(folder):
    """Write one small file of each format, its ending's number before it."""
    import geopandas as gpd
    import shapely

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        plain = Path(made, "甲")
        columns = {"name": ["甲园区"], "级别": ["省级"], "主导产业": ["医药"]}
        layer = gpd.GeoDataFrame(columns, geometry=[shapely.box(104, 30, 104.1, 30.1)], crs=4490)
        layer.to_file(plain.with_suffix(".geojson"))
        layer.to_file(plain.with_suffix(".gpkg"))
        layer.to_file(plain.with_suffix(".kml"), driver="KML")
        layer.to_file(plain.with_suffix(".shp"), encoding="gbk")
        layer.to_parquet(plain.with_suffix(".parquet"))
        layer.boundary.to_frame("geometry").assign(Layer="甲").to_file(
            plain.with_suffix(".dxf"), driver="DXF"
        )
        table = layer.drop(columns="geometry").assign(lon=[104], lat=[30])
        table.to_csv(plain.with_suffix(".csv"), index=False, encoding="gbk")
        table.to_excel(plain.with_suffix(".xlsx"), index=False)
        plain.with_suffix(".txt").write_text(TXT, encoding="gbk")
        with zipfile.ZipFile(plain.with_suffix(".zip"), "w") as archive:
            for ending in ("shp", "shx", "dbf", "prj"):
                archive.write(plain.with_suffix(f".{ending}"), f"a/甲.{ending}")
        for number, ending in enumerate(ENDINGS):
            content = plain.with_suffix(f".{ending}").read_bytes()
            (folder / f"seed.{ending}").write_bytes(bytes([number]) + content)


def main():
    if sys.argv[1:2] == ["--seeds"]:
        write_seeds(Path(sys.argv[2]))
        return
    import atheris

    with atheris.instrument_imports(include=["parkmap"]):
        from parkmap import io
    from parkmap.errors import ParkmapError

    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp(prefix="parkmap-fuzz-"))

    def read(data):
        if not data:
            return
        path = folder / f"parks.{ENDINGS[data[0] % len(ENDINGS)]}"
        path.write_bytes(data[1:])
        if path.suffix == ".shp":  # a set: what follows is the table
            middle = len(data) // 2
            path.write_bytes(data[1:middle])
            path.with_suffix(".dbf").write_bytes(data[middle:])
        try:
            reading = io.read_source(path)
        except ParkmapError as reason:
            said = f"parkmap: {reason}"
            if len(said.splitlines()) != 1:
                raise AssertionError(said) from reason
            return
        if len(reading.parks) > reading.source.rows:
            raise AssertionError("more parks than rows")

    atheris.Setup(sys.argv, read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
