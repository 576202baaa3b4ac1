"""The ledger: findings with owner, deadline, progress and waiver; SQLite beside the XLSX."""

from __future__ import annotations

from parkmap.ledger.acting import act, known_status, named, place_of, status_by_hand
from parkmap.ledger.appeals import Appeals, read_appeals, take_appeals, write_template
from parkmap.ledger.cells import unread_days
from parkmap.ledger.dispatching import dispatch_counts, dispatch_notes, dispatch_sheet, sections_of
from parkmap.ledger.fields import SHEETS, STATUSES, WORDS, key_of, word
from parkmap.ledger.keeping import Kept, book_path, create, edit, read
from parkmap.ledger.monthly import Part, publication
from parkmap.ledger.rules import deadline, is_waived, moved, objection, warned, with_progress
from parkmap.ledger.store import State, rows_at, store_of
from parkmap.ledger.tally import Month, cases_of, month_of, tally_of
from parkmap.ledger.tasks import Tasks, read_tasks, take_tasks
from parkmap.ledger.updating import Changes, Delivery, refresh, take_in
from parkmap.ledger.waiving import waived_findings, with_area

__all__ = [
    "SHEETS",
    "STATUSES",
    "WORDS",
    "Appeals",
    "Changes",
    "Delivery",
    "Kept",
    "Month",
    "Part",
    "State",
    "Tasks",
    "act",
    "book_path",
    "cases_of",
    "create",
    "deadline",
    "dispatch_counts",
    "dispatch_notes",
    "dispatch_sheet",
    "edit",
    "is_waived",
    "key_of",
    "known_status",
    "month_of",
    "moved",
    "named",
    "objection",
    "place_of",
    "publication",
    "read",
    "read_appeals",
    "read_tasks",
    "refresh",
    "rows_at",
    "sections_of",
    "status_by_hand",
    "store_of",
    "take_appeals",
    "take_in",
    "take_tasks",
    "tally_of",
    "unread_days",
    "waived_findings",
    "warned",
    "with_area",
    "with_progress",
    "word",
    "write_template",
]
