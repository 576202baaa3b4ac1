"""Parks go over to a group they fit into as well, if it is no smaller than their own."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from parkmap.cluster.linkage import Edges, complete_linkage, groups_at
from parkmap.cluster.settling import absorptions, settled

LEAST, FLOOR = 500, 400

graphs = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.dictionaries(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] < e[1]),
            st.sampled_from([400, 500, 600, 700]),
            min_size=min(6, n - 1),
        ),
    )
)


def columns(rows, proven):
    first, second, height = np.array(rows, dtype=int).reshape(-1, 3).T
    return Edges(first, second, height, np.array(proven, dtype=bool))


def linked(count, rows):
    """Groups of complete linkage."""
    return groups_at(count, complete_linkage(count, rows, floor=FLOOR), LEAST)


def at_hand(count, groups, known):
    """The rule as the docstring words it, over all sets and all items."""
    grouped = {member for members in groups for member in members}
    sets = [set(members) for members in groups]
    sets += [{item} for item in range(count) if item not in grouped]

    def best(item):
        own = next(one for one in sets if item in one)
        heights = {
            at: [known.get(frozenset((item, other)), 0) for other in one]
            for at, one in enumerate(sets)
            if one is not own and one
        }
        fits = [
            (-len(found), -min(found), min(sets[at]), at)
            for at, found in heights.items()
            if min(found) >= LEAST and len(found) >= len(own)
        ]
        return min(fits)[-1] if fits else None

    while fitting := [item for item in range(count) if best(item) is not None]:
        for item in fitting:
            target = best(item)
            if target is not None:
                next(one for one in sets if item in one).remove(item)
                sets[target].add(item)
    return sorted(sorted(one) for one in sets if len(one) > 1)


@settings(deadline=None, max_examples=400)
@given(graphs, st.randoms(use_true_random=False))
def test_parks_settle_as_the_rule_says_whatever_the_order_of_the_pairs(graph, random):
    count, weights = graph
    rows = [(i, j, weight) for (i, j), weight in weights.items()]
    known = {frozenset(row[:2]): row[2] for row in rows}
    before = linked(count, rows)
    found = settled(count, before, columns(rows, [True] * len(rows)), LEAST)
    assert found == at_hand(count, before, known)
    for members in found:
        assert min(known[frozenset((i, j))] for i in members for j in members if i < j) >= LEAST
    assert sum(len(members) ** 2 for members in found) >= sum(len(m) ** 2 for m in before)
    turned = [(j, i, weight) for i, j, weight in rows]
    random.shuffle(turned)
    assert (
        settled(count, linked(count, turned), columns(turned, [True] * len(rows)), LEAST) == found
    )


@settings(deadline=None, max_examples=100)
@given(graphs)
def test_pairs_in_general_words_move_nobody(graph):
    count, weights = graph
    rows = [(i, j, weight) for (i, j), weight in weights.items()]
    before = linked(count, rows)
    assert settled(count, before, columns(rows, [False] * len(rows)), LEAST) == sorted(before)


def test_a_park_goes_back_to_the_three_it_belongs_to():
    rows = [(0, 1, 700), (0, 2, 600), (0, 3, 600), (0, 4, 900), (1, 2, 700), (1, 3, 700)]
    rows += [(2, 3, 700), (1, 4, 450)]
    before = linked(5, rows)
    assert before == [[0, 4], [1, 2, 3]]
    assert settled(5, before, columns(rows, [True] * len(rows)), LEAST) == [[0, 1, 2, 3]]


@settings(deadline=None, max_examples=200)
@given(graphs)
def test_groups_of_linkage_merge_on_where_linkage_has_it(graph):
    count, weights = graph
    rows = [(i, j, weight) for (i, j), weight in weights.items()]
    groups = linked(count, rows)
    members = {item: [item] for item in range(count)}
    ends = {}
    for height, first, second, group in complete_linkage(count, rows, floor=FLOOR):
        members[group] = sorted(members[first] + members[second])
        if height < LEAST:
            ends.update({tuple(members[one]): height for one in (first, second)})
    found = absorptions(count, groups, columns(rows, [True] * len(rows)))
    assert found == [ends.get(tuple(group)) for group in groups]


def test_where_a_group_merges_on_after_a_move():
    rows = [(0, 1, 900), (0, 2, 600), (0, 3, 600), (2, 3, 700), (1, 2, 450), (1, 3, 420)]
    edges = columns(rows, [True] * len(rows))
    assert settled(4, linked(4, rows), edges, LEAST) == [[0, 2, 3]]
    assert absorptions(4, [[0, 2, 3]], edges) == [420]
