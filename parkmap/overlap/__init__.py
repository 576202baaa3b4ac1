"""Whose land: pairs and slices of shared ground, their relation, evidence and control lines."""

from __future__ import annotations

from parkmap.overlap.control import control_overlaps, outside_control
from parkmap.overlap.evidence import approved_area_gain
from parkmap.overlap.pairs import overlaps
from parkmap.overlap.pieces import slices

__all__ = ["approved_area_gain", "control_overlaps", "outside_control", "overlaps", "slices"]
