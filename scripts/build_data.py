"""Build the shipped data: ``uv run python scripts/build_data.py [FOLDER]``.

Reads data/sources/, data/relations.csv; writes parks.geojson, example_city.geojson and
example_control.geojson into data/ or FOLDER. The same inputs give the same bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import data_chengdu
import data_example
from shapely.geometry import mapping

DATA = Path(__file__).resolve().parent.parent / "data"


def write_geojson(path: Path, name: str, rows: list[tuple[dict[str, Any], Any]]) -> None:
    """One feature a line, so that a change of one park is a change of one line."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": properties, "geometry": mapping(geometry)},
            ensure_ascii=False,
        )
        for properties, geometry in rows
    ]
    head = f'{{"type": "FeatureCollection", "name": "{name}", "features": [\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def build(folder: Path) -> None:
    write_geojson(folder / "parks.geojson", "parks", data_chengdu.features(DATA))
    write_geojson(folder / "example_city.geojson", "example_city", data_example.features(DATA))
    control = data_example.control_features(DATA)
    write_geojson(folder / "example_control.geojson", "example_control", control)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
