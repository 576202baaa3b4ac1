"""The findings as text, JSON, CSV, GeoJSON, GPKG, XLSX, DOCX, PNG. Nothing is computed anew."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from parkmap.report.blocks import Block, markdown_text, plain_text, printed
from parkmap.report.chain_document import chain_json, chain_rows, chain_table_rows
from parkmap.report.chain_sheets import write_chain_xlsx
from parkmap.report.chain_study import ChainStudy
from parkmap.report.chain_words import summary_lines as chain_lines
from parkmap.report.documents import (
    conflicts_json,
    info_json,
    json_schema,
    write_geojson,
    write_json,
)
from parkmap.report.exchange import (
    FORMATS,
    document,
    file_bytes,
    geojson_text,
    json_text,
    opening,
    plain,
    records,
    table_text,
)
from parkmap.report.facts import expected_text
from parkmap.report.letter import write_docx
from parkmap.report.matters import finding_facts
from parkmap.report.official import has_word, write_paper
from parkmap.report.record import library_versions, report_files, run_record
from parkmap.report.sector_words import distant_note, null_sentence, sector_head, sector_notes
from parkmap.report.text import severity_counts, summary_lines, summary_renderable
from parkmap.report.words import category, circled, city_name, system_text
from parkmap.report.workbook import write_xlsx

#: What loads a library for drawing or graphs, by module: handed on when first asked for (PEP 562).
_DRAWING = {
    "write_chain_figure": "chain_figure",
    "write_gpkg": "package",
    "write_overview": "figure",
    "cjk_font_name": "fonts",
    "cjk_fonts": "fonts",
    "graphml_text": "graphs",
    "write_clusters_figure": "sector_figures",
    "write_matrix": "sector_figures",
    "write_sweep": "sector_figures",
}

__all__ = [  # noqa: PLE0604
    *_DRAWING,
    "FORMATS",
    "Block",
    "ChainStudy",
    "category",
    "chain_json",
    "chain_lines",
    "chain_rows",
    "chain_table_rows",
    "circled",
    "city_name",
    "conflicts_json",
    "distant_note",
    "document",
    "expected_text",
    "file_bytes",
    "finding_facts",
    "geojson_text",
    "has_word",
    "info_json",
    "json_schema",
    "json_text",
    "library_versions",
    "markdown_text",
    "null_sentence",
    "opening",
    "plain",
    "plain_text",
    "printed",
    "records",
    "report_files",
    "run_record",
    "sector_head",
    "sector_notes",
    "severity_counts",
    "summary_lines",
    "summary_renderable",
    "system_text",
    "table_text",
    "write_chain_xlsx",
    "write_docx",
    "write_geojson",
    "write_json",
    "write_paper",
    "write_xlsx",
]


def __getattr__(name: str) -> Any:
    if name in _DRAWING:
        return getattr(import_module(f"parkmap.report.{_DRAWING[name]}"), name)
    msg = f"module 'parkmap.report' has no attribute {name!r}"
    raise AttributeError(msg)
