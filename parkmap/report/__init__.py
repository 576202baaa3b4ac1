"""The findings as text, JSON, CSV, GeoJSON, GPKG, XLSX, DOCX, PNG. Nothing is computed anew."""

from __future__ import annotations

from parkmap.report.blocks import Block, markdown_text, plain_text, printed
from parkmap.report.chain_document import chain_json, chain_rows, chain_table_rows
from parkmap.report.chain_figure import write_chain_figure
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
from parkmap.report.figure import write_overview
from parkmap.report.fonts import cjk_font_name, cjk_fonts
from parkmap.report.graphs import graphml_text
from parkmap.report.letter import write_docx
from parkmap.report.matters import finding_facts
from parkmap.report.official import has_word, write_paper
from parkmap.report.package import write_gpkg
from parkmap.report.record import library_versions, report_files, run_record
from parkmap.report.sector_figures import write_clusters_figure, write_matrix, write_sweep
from parkmap.report.sector_words import distant_note, null_sentence, sector_head, sector_notes
from parkmap.report.text import severity_counts, summary_lines, summary_renderable
from parkmap.report.words import category, circled, city_name, system_text
from parkmap.report.workbook import write_xlsx

__all__ = [
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
    "cjk_font_name",
    "cjk_fonts",
    "conflicts_json",
    "distant_note",
    "document",
    "expected_text",
    "file_bytes",
    "finding_facts",
    "geojson_text",
    "graphml_text",
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
    "write_chain_figure",
    "write_chain_xlsx",
    "write_clusters_figure",
    "write_docx",
    "write_geojson",
    "write_gpkg",
    "write_json",
    "write_matrix",
    "write_overview",
    "write_paper",
    "write_sweep",
    "write_xlsx",
]
