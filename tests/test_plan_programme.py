"""The programme of a plan: search and bound against every choice there is."""

import itertools
import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parkmap.consolidation.bound import most_worth
from parkmap.consolidation.programme import choose
from parkmap.consolidation.search import Task, search

VALUES = st.sampled_from([-0.4, 0.0, 0.3, 0.7, 1.0])


@st.composite
def tasks(draw):
    """Up to seven parks, some of which may join each other; rooms and numbers bind."""
    parks = "abcdefg"[: draw(st.integers(2, 7))]
    keys = list(itertools.permutations(parks, 2))
    chosen = draw(st.lists(st.sampled_from(keys), unique=True, max_size=9))
    ways = {key: (draw(VALUES), draw(st.sampled_from([1.0, 2.0, 3.0]))) for key in sorted(chosen)}
    pairs = list(itertools.combinations(parks, 2))
    rivals = dict.fromkeys(draw(st.lists(st.sampled_from(pairs), unique=True, max_size=6)), 0.5)
    room = {host: draw(st.sampled_from([2.0, 4.0, math.inf])) for host in parks}
    most = draw(st.sampled_from([1.0, 2.0, math.inf]))
    must = frozenset(draw(st.lists(st.sampled_from(parks), max_size=1)))
    leaving = [(parks[:3], draw(st.integers(0, 1)))]
    return Task(ways, dict(sorted(rivals.items())), room, most, must, leaving)


def allowed(task, joins):
    hosts = set(joins.values())
    inside = {host: [park for park, into in joins.items() if into == host] for host in hosts}
    return (
        not hosts & set(joins)
        and all(len(found) <= task.most_members for found in inside.values())
        and all(
            sum(task.ways[park, host][1] for park in found) <= task.room[host]
            for host, found in inside.items()
        )
        and task.must <= set(joins)
        and all(len(set(parks) & set(joins)) >= least for parks, least in task.leaving)
    )


def every_choice(task):
    ways = {}
    for park, host in task.ways:
        ways.setdefault(park, [None]).append(host)
    for hosts in itertools.product(*ways.values()):
        joins = {park: host for park, host in zip(ways, hosts, strict=True) if host}
        if allowed(task, joins):
            yield joins


@settings(max_examples=150, deadline=None)
@given(tasks())
def test_no_choice_is_worth_more_with_or_without_a_deadline(task):
    worths = [task.worth(joins) for joins in every_choice(task)]
    for deadline in (None, time.monotonic() + 60):
        found = choose(task, deadline=deadline)
        assert found.feasible == bool(worths)
        if worths:
            assert allowed(task, found.joins)
            assert task.worth(found.joins) == pytest.approx(max(worths), abs=1e-6)
            assert found.most == pytest.approx(max(worths), abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(tasks())
def test_search_breaks_no_rule_and_the_bound_holds(task):
    worths = [task.worth(joins) for joins in every_choice(task)]
    found = search(task)
    if found is not None:
        assert allowed(task, found)
        assert task.worth(found) <= max(worths) + 1e-9
    if task.ways and worths:
        reached = task.worth(found) if found is not None else 0.0
        assert most_worth(task, reached) >= max(worths) - 1e-9


def crowded(parks=60, hosts=12):
    """Every park may join every host, and rivals are many: more than a moment's work."""
    ways = {
        (f"p{p:02d}", f"h{h:02d}"): (((p * 7 + h * 13) % 17) / 17, 1.0 + p % 4)
        for p in range(parks)
        for h in range(hosts)
    }
    rivals = {
        (f"p{p:02d}", f"p{q:02d}"): 0.4
        for p, q in itertools.combinations(range(parks), 2)
        if (p * q) % 11 == 1
    }
    return Task(ways, rivals, {f"h{h:02d}": 9.0 for h in range(hosts)})


def test_out_of_time_there_is_a_choice_with_a_bound():
    task = crowded()
    found = choose(task, deadline=time.monotonic())
    worth = task.worth(found.joins)
    assert allowed(task, found.joins)
    assert 0 < worth <= found.most < math.inf


def test_search_says_the_same_again():
    task = crowded(20, 5)
    assert search(task) == search(task)


def test_search_comes_close():
    task = crowded(16, 4)
    best = choose(task).most
    assert task.worth(search(task)) >= 0.97 * best
