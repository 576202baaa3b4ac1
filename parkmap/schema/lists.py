"""The lists of opportunities, demands and target companies: one table, one row an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTS = ("opportunities", "demands", "companies")
#: What an amount may be; only purchases and contracts are amounts of one trade.
BASES = ("investment", "purchase", "contract", "financing", "undisclosed")

#: Columns of a list, indexed by a stable ``item``, with the value that means "not stated".
LIST_COLUMNS: Mapping[str, Any] = {
    "list": "",  # one of LISTS
    "row": 0,  # row in its file, as a spreadsheet counts
    "item_id": "",  # as written
    "title": "",
    "party": "",  # who publishes it, or the enterprise
    "credit_code": "",
    "category": "",  # government_demand government_supply enterprise_demand ... demand supply
    "need": "",  # buying selling technology labour finance land scene other
    "mode": "",  # scene purchase investment research supply
    "chain": "",  # as written
    "segment": "",  # as written
    "content": "",
    "amount_cny": float("nan"),
    "basis": "",  # one of BASES, "" where the list does not say
    "driven_cny": float("nan"),  # market scale that the item may draw along; never an amount
    "park": "",  # as written
    "fitting": "",  # parks that the list wishes for, as written
    "district": "",
    "area": "",  # where a demand would like to go
    "radius_m": float("nan"),
    "land_m2": float("nan"),  # ground that the item needs
    "starts": "",  # ISO date
    "until": "",  # ISO date
    "status": "",  # valid signed lapsed
    "condition": "",
    "board": "",  # the ranking a company stands in
}
