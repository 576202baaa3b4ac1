"""Shared ground read off two outlines: against the engine, the oracle, and what cannot change."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import shared_area
from shapely import MultiPolygon, Polygon, affinity, box

from parkmap.overlap import cuts, ground, outlines, overlay

HERE = np.array([0])
ORIGINS = [(0.0, 0.0), (4e5, 3.39e6)]


def star(rng, count, centre, radius, least=0.4):
    """A ragged ring; every vertex in sight of the centre, so that it is simple."""
    turn = 2 * np.pi * (np.arange(count) + rng.uniform(0, 0.8, count)) / count
    reach = radius * rng.uniform(least, 1, count)
    return Polygon(np.c_[centre[0] + reach * np.cos(turn), centre[1] + reach * np.sin(turn)])


def park(rng, origin):
    """A park of up to two parts, with or without a hole."""
    middle = np.asarray(origin) + rng.uniform(-6, 6, 2)
    shape = star(rng, int(rng.integers(3, 40)), middle, 10)
    if rng.random() < 0.5:
        shape = shape - star(rng, 7, middle, 3)
    if rng.random() < 0.5:
        shape = shape | star(rng, 9, middle + np.array([13, 0]), 5)
    return shape


def pair_of(seed, origin):
    rng = np.random.default_rng(seed)
    return park(rng, origin), park(rng, origin)


def cut(one, other):
    pieces, certain = cuts.clear_cuts(np.array([one, other], dtype=object), HERE, HERE + 1)
    return pieces[0], bool(certain[0])


def area(piece):
    return 0.0 if piece is None else piece.area


@pytest.mark.parametrize("origin", ORIGINS)
def test_many_ragged_parks_agree_with_the_oracle_and_are_valid(origin):
    seen = 0
    for seed in range(400):
        one, other = pair_of(seed, origin)
        piece, certain = cut(one, other)
        if not certain:
            continue
        seen += 1
        exact = float(shared_area(one, other))
        reach = max(map(abs, (*one.bounds, *other.bounds)))
        assert area(piece) == pytest.approx(exact, rel=1e-11, abs=1e-13 * reach * one.length)
        assert piece is None or piece.is_valid
    assert seen > 350  # outlines drawn at random leave no doubt


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=150)
def test_the_piece_is_the_engine_s_piece(seed):
    one, other = pair_of(seed, (0, 0))
    piece, certain = cut(one, other)
    plain = one.intersection(other)
    if certain:
        apart = plain if piece is None else piece.symmetric_difference(plain)
        assert apart.area <= 1e-9


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=80)
def test_it_does_not_matter_which_park_comes_first(seed):
    one, other = pair_of(seed, ORIGINS[1])
    (piece, certain), (swapped, again) = cut(one, other), cut(other, one)
    assert certain == again
    if certain:
        assert area(piece) == pytest.approx(area(swapped), rel=1e-9, abs=1e-6)


@given(st.integers(0, 10**9), st.integers(-1000, 1000), st.integers(-1000, 1000))
@settings(deadline=None, max_examples=80)
def test_moving_both_parks_moves_the_piece(seed, east, north):
    one, other = pair_of(seed, (0, 0))
    piece, certain = cut(one, other)
    moved, again = cut(*(affinity.translate(shape, east, north) for shape in (one, other)))
    if certain and again:
        assert area(moved) == pytest.approx(area(piece), rel=1e-8, abs=1e-8)


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=60)
def test_the_direction_of_rings_does_not_matter(seed):
    one, other = pair_of(seed, (0, 0))
    turned = shapely.orient_polygons(np.array([one, other]), exterior_cw=True)
    (piece, certain), (same, again) = cut(one, other), cut(*turned)
    assert certain == again
    if certain:
        assert area(same) == pytest.approx(area(piece), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (box(0, 0, 2, 2), box(2, 0, 4, 2)),  # one border
        (box(0, 0, 2, 2), box(2, 2, 4, 4)),  # one corner
        (box(0, 0, 2, 2), box(0, 0, 2, 2)),  # the same twice
        (box(0, 0, 2, 2), box(1, 0.5, 2, 1.5)),  # inside, along the border
        (box(0, 0, 4, 4), Polygon([(2, 4), (5, 6), (-1, 6)])),  # a corner on a side
        (box(0, 0, 4, 4), box(4 - 1e-13, 1, 6, 3)),  # nearer than rounding
    ],
)
def test_outlines_that_touch_are_left_to_the_engine(one, other):
    assert not cut(one, other)[1]
    pieces = overlay.intersections(np.array([one, other]), HERE, HERE + 1)
    exact = float(shared_area(one, other))
    assert area(pieces[0]) == pytest.approx(exact, abs=1e-12)


RING = Polygon(box(0, 0, 10, 10).exterior, [box(3, 3, 7, 7).exterior])
COMB = Polygon([(0, 0), (9, 0), (9, 5), (7, 5), (7, 1), (5, 1), (5, 5), (3, 5), (3, 1), (0, 1)])


@pytest.mark.parametrize(
    ("one", "other", "shared", "parts", "holes"),
    [
        (box(0, 0, 2, 2), box(1, 1, 3, 3), 1, 1, 0),
        (box(0, 0, 9, 9), box(1, 1, 3, 3), 4, 1, 0),  # inside whole
        (RING, box(4, 4, 6, 6), 0, 0, 0),  # in the hole
        (RING, box(1, 1, 9, 9), 64 - 16, 1, 1),  # round the hole
        (RING, box(-1, 4, 11, 6), 12, 2, 0),  # across the hole
        (RING, box(-1, 2, 11, 11), 80 - 16, 1, 1),
        (COMB, box(-1, 2, 11, 4), 8, 2, 0),  # two teeth
        (box(0, 0, 2, 9), MultiPolygon([box(1, 1, 3, 2), box(1, 4, 3, 5)]), 2, 2, 0),
        (MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)]), box(-1, -1, 2, 2), 1, 1, 0),
    ],
)
def test_holes_and_parts_come_out_as_they_should(one, other, shared, parts, holes):
    for pair in ((one, other), (other, one)):
        piece, certain = cut(*pair)
        assert certain
        assert area(piece) == pytest.approx(shared, abs=1e-12)
        found = shapely.get_parts(piece) if piece is not None else []
        assert len(found) == parts
        assert sum(shapely.get_num_interior_rings(found)) == holes if parts else piece is None


def test_a_park_inside_another_is_handed_on_as_it_is():
    inner = box(1, 1, 2, 2)
    assert cut(box(0, 0, 9, 9), inner)[0] is inner


def test_a_hole_that_touches_its_outline_gives_valid_ground_or_is_left_to_the_engine():
    pinched = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(0, 5), (4, 3), (4, 7)]])
    across = Polygon([(-1, 1), (3, 1), (3, 9), (-1, 9)])
    piece, certain = cut(pinched, across)
    assert not certain or piece.is_valid
    pieces = overlay.intersections(np.array([pinched, across]), HERE, HERE + 1)
    assert area(pieces[0]) == pytest.approx(float(shared_area(pinched, across)), rel=1e-12)
    assert pieces[0].is_valid


def test_more_crossings_than_are_worth_it_are_left_to_the_engine(monkeypatch):
    monkeypatch.setattr(cuts, "_MOST_CROSSINGS", 1)
    assert not cut(box(0, 0, 2, 2), box(1, 1, 3, 3))[1]


def test_a_batch_gives_each_pair_what_it_gives_alone():
    rng = np.random.default_rng(11)
    shapes = np.array([park(rng, (0, 0)) for _ in range(30)], dtype=object)
    first, second = np.triu_indices(30, 1)
    pieces, certain = cuts.clear_cuts(shapes, first, second)
    for k, (i, j) in enumerate(zip(first, second, strict=True)):
        piece, alone = cut(shapes[i], shapes[j])
        assert alone == certain[k]
        if alone:
            assert shapely.equals_identical(pieces[k], piece) or pieces[k] is piece is None


def test_results_do_not_depend_on_how_pairs_are_batched(monkeypatch):
    rng = np.random.default_rng(12)
    shapes = np.array([park(rng, rng.uniform(0, 30, 2)) for _ in range(60)], dtype=object)
    at_once = ground.shared_ground(shapes)
    monkeypatch.setattr(ground, "_CHUNK", 7)
    monkeypatch.setattr(ground, "_LARGE", 20)
    in_small = ground.shared_ground(shapes)
    for one, other in zip(at_once[:2], in_small[:2], strict=True):
        assert one.tolist() == other.tolist()
    assert shapely.equals_identical(at_once[2], in_small[2]).all()


def test_the_input_is_neither_changed_nor_prepared():
    rng = np.random.default_rng(13)
    zone = star(rng, 2000, (0, 0), 100, least=0.9)
    shapes = np.array([zone, *(star(rng, 9, rng.uniform(-60, 60, 2), 5) for _ in range(20))])
    before = shapely.to_wkb(shapes)
    ground.shared_ground(shapes)
    assert (shapely.to_wkb(shapes) == before).all()
    assert not shapely.is_prepared(shapes).any()


@pytest.mark.parametrize("count", [3, 8, 9, 63, 64, 65, 1000])
def test_no_meeting_of_edges_is_missed(count):
    rng = np.random.default_rng(count)
    shapes = np.array([star(rng, count, (0, 0), 10), star(rng, 12, (4, 1), 8)])
    lines = outlines.outlines(shapes)
    _, mine, theirs = outlines.meeting_edges(lines, HERE, HERE + 1)
    boxes = outlines.edge_boxes(lines, np.arange(count + 12))
    low, high = boxes[:, :2], boxes[:, 2:]
    meet = (low[:count, None] <= high[None, count:]).all(-1)
    meet &= (low[None, count:] <= high[:count, None]).all(-1)
    every = {(i, count + j) for i, j in zip(*np.nonzero(meet), strict=True)}
    assert set(zip(mine.tolist(), theirs.tolist(), strict=True)) == every


def test_boxes_of_stretches_hold_their_edges_round_holes_and_parts():
    rng = np.random.default_rng(17)
    holed = star(rng, 40, (0, 0), 10, least=0.8) - star(rng, 30, (0, 0), 3)
    parts = shapely.union(star(rng, 21, (40, 0), 10, least=0.8) - box(39, -1, 41, 1), holed)
    shapes = np.array([star(rng, 5, (9, 9), 1), holed, parts, star(rng, 70, (0, 9), 2)])
    lines = outlines.outlines(shapes)
    assert lines.shape_ring.tolist() == [0, 1, 3, 7, 8]
    assert lines.hole.tolist() == [False, False, True, *[False, True] * 2, False]
    edges = outlines.edge_boxes(lines, np.arange(len(lines.x)))
    for k, (start, stop) in enumerate(itertools.pairwise(lines.stretch_first)):
        low, high = edges[start:stop, :2].min(axis=0), edges[start:stop, 2:].max(axis=0)
        assert lines.stretch_boxes[k].tolist() == [*low, *high]  # just theirs, no more
