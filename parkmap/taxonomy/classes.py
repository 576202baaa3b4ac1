"""Classes of GB/T 4754-2017 as planners write them: a code, a code before a name."""

from __future__ import annotations

import re

from parkmap.taxonomy.text import fold

#: The sections and their divisions; 国民经济行业分类 (GB/T 4754-2017).
_SECTIONS = "A01-05 B06-12 C13-43 D44-46 E47-50 F51-52 G53-60 H61-62 I63-65 J66-69 K70-70 L71-72"
_SECTIONS += " M73-75 N76-79 O80-82 P83-83 Q84-85 R86-90 S91-96 T97-97"
_DIVISIONS = {s[0]: range(int(s[1:3]), int(s[4:6]) + 1) for s in _SECTIONS.split()}
_CODE = re.compile(r"(?P<section>[A-T]?)(?P<code>\d{2,4})")
_BEFORE = re.compile(r"(?P<code>[A-T]?\d{2,4})[\s.:_-]*(?P<name>[\u4e00-\u9fff].*)", re.DOTALL)


def class_codes(text: str) -> tuple[str, ...]:
    """Read a term that is a code, and the wider classes it lies in.

    Parameters
    ----------
    text
        For example ``C36`` or ``3670``; without the letter of its section all four digits.

    Returns
    -------
    Its digits, then fewer of them; empty for any other text, and for C919, which is no class.

    Examples
    --------
    >>> class_codes("C367"), class_codes("3670"), class_codes("C919"), class_codes("36")
    (('367', '36'), ('3670', '367', '36'), (), ())
    """
    found = _CODE.fullmatch(fold(text))
    if found is None:
        return ()
    section, code = found["section"], found["code"]
    if section and int(code[:2]) not in _DIVISIONS[section]:
        return ()
    if not section and len(code) < 4:
        return ()
    return tuple(code[:length] for length in range(len(code), 1, -1))


def coded_name(text: str) -> str:
    """Take the code off a term that is a code and a name.

    Parameters
    ----------
    text
        For example ``C36 汽车制造业``.

    Returns
    -------
    The name; "" where no code stands before one.

    Examples
    --------
    >>> coded_name("C36 汽车制造业"), coded_name("36汽车制造业"), coded_name("汽车制造业")
    ('汽车制造业', '汽车制造业', '')
    """
    found = _BEFORE.fullmatch(text.strip())
    return found["name"].strip() if found else ""
