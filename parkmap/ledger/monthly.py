"""The monthly publication: eight chapters from the ledger, for the office or for the public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from parkmap import messages, schema
from parkmap.escape import terminal
from parkmap.ledger.edition import Edition, kind_of, label, numbered
from parkmap.ledger.fields import STATUSES, WORDS, word
from parkmap.ledger.outlook import late_lines, next_lines
from parkmap.ledger.rules import is_waiver_over
from parkmap.ledger.tally import LEAST_FOR_RATE, cases_of, closed_in, mean, tally_of
from parkmap.messages import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from parkmap.ledger.fields import Rows
    from parkmap.ledger.store import State
    from parkmap.ledger.tally import Case, Month, Tally

_PERSONAL = ("company", "person", "leader", "phone", "credit_code")
_SCORES = ("result_score", "attitude_score")
_AMOUNTS = (*schema.BASES[:3], "")


class Part(NamedTuple):
    """One paragraph or table.

    Parameters
    ----------
    form
        ``title``, ``chapter``, ``body``, ``table`` or ``notice``.
    said
        Its text, harmless.
    rows
        Of a table, heads first.
    """

    form: str
    said: str
    rows: tuple[tuple[str, ...], ...] = ()


def publication(
    state: State,
    month: Month,
    *,
    public: bool,
    then: Mapping[str, Rows] | None = None,
    lists: Mapping[str, pd.DataFrame] | None = None,
    contact: str = "",
) -> list[Part]:
    """Write the monthly publication.

    Parameters
    ----------
    state
        The ledger.
    month
        The month, by :func:`parkmap.ledger.tally.month_of`.
    public
        Leave out enterprises, persons, telephone numbers, coordinates and every text that people
        typed: only words of the ledger, names of parks, responsible units and figures are left.
    then
        The rows as the ledger held them at the end of a month that is over, by
        :func:`parkmap.ledger.rows_at`.
    lists
        Opportunities and demands published in the month, as ``parkmap.io.read_list`` gives them.
    contact
        Where to turn to; a line to be filled in if not given.

    Returns
    -------
    The title and eight chapters.

    Examples
    --------
    >>> from parkmap.ledger.store import State
    >>> from parkmap.ledger.tally import month_of
    >>> parts = publication(State(), month_of("2026-02", "2026-03-04"), public=True)
    >>> [part.form for part in parts].count("chapter")
    8
    """
    edition = Edition(
        state, month, cases_of(state, month, then=then), public, past=then is not None
    )
    city = terminal(str(state.meta.get("city", "")))
    title = text("monthly.title", city=city, year=month.first.year, month=month.first.month)
    chapters: dict[str, list[Part]] = {
        "overall": _bodies(_overall(edition)),
        "settled": _bodies(_settled(edition)),
        "kinds": _kinds(edition),
        "units": _units(edition),
        "late": _bodies(late_lines(edition)),
        "lists": _bodies(_lists(lists or {})),
        "next": _bodies(next_lines(edition)),
        "contact": _bodies([contact or text("monthly.contact_blank")]),
    }
    parts = [Part("title", title.strip())]
    for number, (key, said) in enumerate(chapters.items()):
        numeral = text("letter.numerals")[number]
        heading = text("letter.chapter", number=numeral, heading=text(f"monthly.chapter.{key}"))
        parts += [Part("chapter", heading), *said]
    notices = ["terms.notice.disclaimer", *(["monthly.public_notice"] if public else [])]
    return parts + [Part("notice", text(key)) for key in notices]


def _bodies(said: Iterable[str]) -> list[Part]:
    return [Part("body", terminal(" ".join(line.split()))) for line in said]


def _overall(edition: Edition) -> list[str]:
    span = {"first": edition.month.first.isoformat(), "last": edition.month.as_of.isoformat()}
    said = [text("monthly.as_of_then" if edition.past else "monthly.as_of", **span)]
    later = sum(not case.dated for case in edition.cases)
    if edition.past and later:
        said.append(text("monthly.taken_later", n=later))
    for sheet in ("matters", "appeals"):
        cases = [case for case in edition.cases if case.sheet == sheet]
        if not cases:
            said.append(text(f"monthly.none.{sheet}"))
            continue
        sums = tally_of(cases, edition.month)
        name = text(f"monthly.what.{sheet}")
        counts = text("monthly.counts", what=name, rate=sums.rate, **_figures(sums))
        said.append(counts + (text("monthly.uncounted", n=sums.unread) if sums.unread else ""))
        days = [case.days for case in cases if case.days is not None]
        if days:
            said.append(text("monthly.days", what=name, days=mean(days), n=len(days)))
        said += _open(cases, name, edition)
    return said + _scores(edition)


def _figures(sums: Tally) -> dict[str, Any]:
    names = ("received", "new", "closed", "closed_now", "overdue")
    return {name: getattr(sums, name) for name in names}


def _open(cases: Sequence[Case], what: str, edition: Edition) -> list[str]:
    left = [_standing(case, edition) for case in cases if not case.closed]
    if not left:
        return []
    known = [word("status", status) for status in STATUSES]
    order = [*known, *(word("change", change) for change in ("waiver_expired", "recurred"))]
    counts = [
        text("monthly.count", what=status, n=left.count(status))
        for status in order
        if status in left
    ]
    return [text("monthly.open", what=what, n=len(left), parts=messages.joined(counts))]


def _standing(case: Case, edition: Edition) -> str:
    """Say how an open case stands, beyond its status: what came back, whose waiver ran out."""
    if case.again:
        return str(word("change", "recurred"))
    if is_waiver_over(case.row, edition.month.as_of.isoformat()):
        return str(word("change", "waiver_expired"))
    return str(word("status", case.row.get("status") or "pending"))


def _scores(edition: Edition) -> list[str]:
    appeals = [case.row for case in edition.cases if case.sheet == "appeals" and case.closed]
    found = {key: [row[key] for row in appeals if row.get(key) in range(1, 6)] for key in _SCORES}
    told = [
        text(f"monthly.{key}", mean=mean(scores), n=len(scores))
        for key, scores in found.items()
        if scores
    ]
    unread = sum(row.get(key) is not None for row in appeals for key in _SCORES) - sum(
        map(len, found.values())
    )
    said = [text("monthly.scores", parts=messages.joined(told))] if told else []
    if unread:
        return [*said, text("monthly.unread_scores", n=unread)]
    return said or ([text("monthly.no_scores")] if appeals else [])


def _settled(edition: Edition) -> list[str]:
    done = closed_in(edition.cases, edition.month)
    if not done:
        return [text("monthly.none_settled")]
    kept = [case for case in done if not edition.public or _may_be_told(case)]
    said = numbered(
        text("monthly.settled", name=label(case, edition), rest=_outcome(case, edition))
        for case in kept
    )
    if len(kept) < len(done):
        said.append(text("monthly.not_told", n=len(done) - len(kept)))
    return said


def _may_be_told(case: Case) -> bool:
    return case.sheet == "matters" or case.row.get("publishable") == "yes"


def _outcome(case: Case, edition: Edition) -> str:
    row, said = case.row, []
    if row.get("outcome") in WORDS["outcome"]:
        said.append(str(word("outcome", row["outcome"])))
    if not edition.public:
        said += [
            text(f"monthly.said.{key}", said=row[key])
            for key in ("result", "responsible_unit", "confirmed_by")
            if row.get(key)
        ]
    if case.days is not None:
        said.append(text("monthly.took", days=case.days))
    return "".join(text("monthly.and_then", said=each) for each in said)


def _kinds(edition: Edition) -> list[Part]:
    rows = [tuple(text("monthly.heads.kinds").split("|"))]
    for sheet, field in (("matters", "category"), ("appeals", "appeal_kind")):
        cases = [case for case in edition.cases if case.sheet == sheet]
        for kind in (*WORDS[field], None):
            mine = [case for case in cases if _known_kind(case, field) == kind]
            if mine:
                sums = tally_of(mine, edition.month)
                counts = (sums.received, sums.new, sums.closed, sums.rate, sums.overdue)
                rows.append((kind_of(mine[0]), *map(str, counts)))
    if len(rows) == 1:
        return _bodies([text("monthly.nothing")])
    return [Part("table", "", tuple(rows))]


def _known_kind(case: Case, field: str) -> str | None:
    return case.kind if case.kind in WORDS[field] else None


def _units(edition: Edition) -> list[Part]:
    name_of = _unit_names(edition)
    units: dict[str, list[Case]] = {}
    for case in edition.cases:
        units.setdefault(name_of(case), []).append(case)
    if not units:
        return _bodies([text("monthly.nothing")])
    last = (text("monthly.no_unit"), text("monthly.other_unit"))
    order = sorted(units, key=lambda unit: (unit in last, -len(units[unit]), unit))
    rows = [tuple(text("monthly.heads.units").split("|"))]
    for unit in order:
        sums = tally_of(units[unit], edition.month)
        rate = sums.rate if sums.received >= LEAST_FOR_RATE else "—"
        counts = (sums.received, sums.closed, rate, sums.overdue)
        rows.append((terminal(" ".join(unit.split())), *map(str, counts)))
    return [Part("table", "", tuple(rows)), *_bodies([text("monthly.few", n=LEAST_FOR_RATE)])]


def _unit_names(edition: Edition) -> Callable[[Case], str]:
    """Name the unit of a case; in public no enterprise or person typed in its place."""
    private = {
        str(case.row[key]).strip()
        for case in edition.cases
        for key in _PERSONAL
        if case.row.get(key)
    }

    def name(case: Case) -> str:
        unit = str(case.row.get("responsible_unit") or "").strip()
        if not unit:
            return text("monthly.no_unit")
        if edition.public and any(
            unit == each or (len(each) > 3 and each in unit) for each in private
        ):
            return text("monthly.other_unit")
        return unit

    return name


def _lists(lists: Mapping[str, pd.DataFrame]) -> list[str]:
    if not lists:
        return [text("monthly.no_lists")]
    said = []
    for kind, table in lists.items():
        sums = []
        for basis in _AMOUNTS:
            mine = table["amount_cny"][table["basis"] == basis].dropna()
            if len(mine):
                what = text(f"monthly.basis.{basis or 'unstated'}")
                sums.append(_amount(what, mine))
        driven = table["driven_cny"].dropna()
        line = text("monthly.list", what=text(f"monthly.list_of.{kind}"), n=len(table))
        tail = text("monthly.amounts", parts=messages.joined(sums)) if sums else ""
        more = _amount(text("monthly.basis.driven"), driven) if len(driven) else ""
        tail += text("monthly.driven", part=more) if more else ""
        said.append(line + (tail or text("monthly.no_amounts")))
    return said


def _amount(what: str, amounts: pd.Series) -> str:
    return text("monthly.amount", what=what, n=len(amounts), yi=f"{amounts.sum() / 1e8:,.2f}")
