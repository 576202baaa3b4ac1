"""An edition of the monthly publication, and how it names what it tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from parkmap import messages
from parkmap.ledger.fields import WORDS, word
from parkmap.messages import listed, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parkmap.ledger.store import State
    from parkmap.ledger.tally import Case, Month


_NAMING = 24  # characters that tell one text from another


class Edition(NamedTuple):
    """Of what and for whom it is written.

    Parameters
    ----------
    state
        The ledger.
    month
        The month.
    cases
        Matters and appeals as they stood.
    public
        Whether it names no enterprise, no person and nothing that people typed.
    past
        Whether the month is over.
    """

    state: State
    month: Month
    cases: list[Case]
    public: bool
    past: bool


def numbered(said: Iterable[str]) -> list[str]:
    """Put a number before each line.

    Parameters
    ----------
    said
        The lines.

    Returns
    -------
    The numbered lines.

    Examples
    --------
    >>> with messages.use_language("en"):
    ...     numbered(["a", "b"])
    ['1. a', '2. b']
    """
    return [text("letter.numbered", number=at, said=line) for at, line in enumerate(said, start=1)]


def label(case: Case, edition: Edition) -> str:
    """Name a case: by kind and park; for the office by its id and enterprise, too.

    Parameters
    ----------
    case
        The case.
    edition
        For whom.

    Returns
    -------
    The name.
    """
    kind = kind_of(case)
    company = "" if edition.public else str(case.row.get("company") or "")
    named = listed(filter(None, [_parks(case, edition), company]))
    if not named and not edition.public:
        named = shortened(str(case.row.get("description") or case.row.get("content") or ""))
    said = text("monthly.of_parks", kind=kind, parks=named) if named else kind
    return said if edition.public else text("monthly.with_id", what=said, id=case.name)


def shortened(said: str) -> str:
    """Cut a text to what names it.

    Parameters
    ----------
    said
        The text.

    Returns
    -------
    At most so many characters of it.

    Examples
    --------
    >>> shortened("a" * 99)[-2:]
    'a…'
    """
    return said if len(said) <= _NAMING else said[:_NAMING] + "…"


def kind_of(case: Case) -> str:
    """Say of what kind a case is.

    Parameters
    ----------
    case
        The case.

    Returns
    -------
    Its category, or the kind of appeal.
    """
    field = "category" if case.sheet == "matters" else "appeal_kind"
    known = case.kind in WORDS[field]
    said = str(word(field, case.kind)) if known else text("monthly.no_kind")
    said = said if case.sheet == "matters" else text("monthly.appeal_of", kind=said)
    return said[:1].upper() + said[1:]


def _parks(case: Case, edition: Edition) -> str:
    """Name the parks of a case; in public only such as the layer or a plan named."""
    row = case.row
    if not edition.public:
        return str(row.get("parks") or row.get("park") or "")
    if row.get("_parks"):
        known = edition.state.parks
        return messages.joined(known[uid][0] for uid in row["_parks"] if uid in known)
    if case.sheet == "matters":
        return str(row.get("_facts", {}).get("parks") or "") if _is_plan(row) else ""
    names = {name for name, _, _ in edition.state.parks.values()}
    return str(row["park"]) if row.get("park") in names else ""


def _is_plan(row: Mapping[str, Any]) -> bool:
    return row.get("_source") in ("plan", "differentiation")
