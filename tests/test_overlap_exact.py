"""The engine against exact rational arithmetic, where borders nearly coincide."""

import numpy as np
import pytest
import shapely
from oracle import shared_area
from shapely import Polygon, box

from parkmap.overlap import areas, ground, overlay

#: Published pairs of valid polygons that the geometry engine answers wrongly in floating point.
KNOWN = {
    "shapely#1871": (
        [(446, -207), (315, -75.99999999999999), (557, -76)],
        [(184, -207), (315, -76), (446, -207), (315, -338)],
    ),
    "geos#1344": (
        [
            (-295.25030351249666, 4.236074061427525),
            (-295.08711234218333, -2.301948231163383),
            (-314.64218025800653, -2.7900491087570383),
            (-314.80537142831986, 3.7479731838338695),
        ],
        [
            (-275.69523559667346, 4.7241749390211805),
            (-275.53204442636013, -1.8138473535697273),
            (-295.08711234218333, -2.3019482311633825),
            (-295.25030351249666, 4.236074061427525),
        ],
    ),
    "geos#1354": (
        [
            (79.57006468414316, 227.16715306136757),
            (43.44048377114246, -7.28462320799008),
            (127.74283932445364, -13.587090929970145),
            (154.99848808655608, 219.60419326741248),
        ],
        [
            (127.74283932445364, -13.587090929970145),
            (43.44048377114247, -7.28462320799008),
            (54.329847263553376, 63.37854389007508),
            (54.61818554266568, 63.33040101339976),
            (135.62637080265046, 53.862076963892896),
        ],
    ),
    # of the class of geos#942: a park and the same park rounded otherwise are said to share nothing
    "a park drawn twice": (
        [
            (67.6446170356756, 73.65036019467283),
            (-86.55145399539614, -50.08652231772101),
            (11.874330140216559, -99.29225022689059),
        ],
        [
            (67.6446170356756, 73.65036019467281),
            (-86.55145399539614, -50.08652231772101),
            (-64.5843688133637, -61.06846598133815),
            (11.874330140216559, -99.2922502268906),
        ],
    ),
    "a small park drawn twice": (
        [
            (7.756074438886374, 6.457793928121136),
            (-5.64842839223467, 8.255351998654026),
            (-1.734274575440064, -9.780046560216912),
        ],
        [
            (7.756074438886374, 6.457793928121135),
            (-5.648428392234669, 8.255351998654024),
            (-1.734274575440064, -9.78004656021691),
        ],
    ),
}
PLACES = {
    "local": lambda rng: (10.0 ** rng.integers(-1, 5), rng.uniform(-1, 1, 2) * 1000),
    "metres": lambda rng: (2000.0, np.array([4e5, 3.39e6])),
    "degrees": lambda rng: (0.02, np.array([104.0, 30.6])),
}


def neighbours(rng, place):
    """Two parks on either side of one digitised border; sometimes one reaches across."""
    scale, origin = PLACES[place](rng)
    turn = rng.uniform(0, 2 * np.pi)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def put(points):
        return np.asarray(points) @ turned.T * scale + origin

    count = rng.integers(2, 6)
    along = np.r_[0, np.sort(rng.uniform(0, 1, count - 2)), 1]
    border = put(np.c_[along, rng.uniform(-0.3, 0.3, count)])
    copy = densified(rng, border) if rng.random() < 0.67 else border
    if rng.random() < 0.5:  # moved by one unit in the last place
        copy = np.nextafter(copy, copy + rng.choice([-1, 0, 1], copy.shape))
    far = rng.uniform(0.1, 0.9) if rng.random() < 0.3 else -1.0
    return Polygon([*border, *put([(1, 1), (0, 1)])]), Polygon([*copy, *put([(1, far), (0, far)])])


def densified(rng, border):
    middle = border[:-1] + np.diff(border, axis=0) * rng.uniform(0, 1, (len(border) - 1, 1))
    dense = np.empty((2 * len(border) - 1, 2))
    dense[::2], dense[1::2] = border, middle
    return dense


def many(place, count):
    rng = np.random.default_rng([20261123, count, sorted(PLACES).index(place)])
    pairs = []
    while len(pairs) < count:
        pair = neighbours(rng, place)
        if all(shape.is_valid for shape in pair):
            pairs.append(pair)
    return pairs


def engine(pairs):
    shapes = np.array(pairs, dtype=object).ravel()
    first = np.arange(0, len(shapes), 2)
    return shapes, overlay.intersections(shapes, first, first + 1)


@pytest.mark.parametrize("place", sorted(PLACES))
def test_the_area_is_the_exact_one_on_thousands_of_near_coincident_borders(place):
    pairs = many(place, 3500)
    shapes, pieces = engine(pairs)
    found = np.nan_to_num(shapely.area(pieces))
    exact = np.array([float(shared_area(*pair)) for pair in pairs])
    reach = np.abs(shapely.bounds(shapes)).reshape(-1, 8).max(axis=1)
    outline = shapely.length(shapes).reshape(-1, 2).min(axis=1)
    wrong = np.flatnonzero(np.abs(found - exact) > 1e-11 * reach * outline)
    assert [pairs[k] for k in wrong] == []
    shared = exact > 1e-6 * shapely.area(shapes[::2])
    assert (ground.is_land(pieces) == shared).all()  # a touch gives no row, a share always does


@pytest.mark.parametrize("name", KNOWN)
def test_published_failures_of_the_engine_come_out_right(name):
    one, other = (Polygon(points) for points in KNOWN[name])
    exact = float(shared_area(one, other))
    assert shapely.intersection(one, other).area != pytest.approx(exact, rel=1e-3, abs=1e-3)
    for pair in ((one, other), (other, one)):
        _, pieces = engine([pair])
        assert np.nan_to_num(shapely.area(pieces))[0] == pytest.approx(exact, rel=1e-9, abs=1e-9)


def test_the_oracle_knows_what_can_be_done_in_the_head():
    ring = Polygon(box(0, 0, 4, 4).exterior, [box(1, 1, 3, 3).exterior])
    assert shared_area(ring, box(2, 2, 5, 5)) == 3
    assert shared_area(box(0, 0, 1, 1), box(1, 0, 2, 1)) == 0
    assert shared_area(Polygon([(0, 0), (2, 0), (0, 2)]), box(0, 0, 1, 1)) == 1
    assert (
        float(
            shared_area(box(0, 0, 0.5, 3), shapely.MultiPolygon([box(0, 0, 1, 1), box(0, 2, 1, 4)]))
        )
        == 1
    )


def ragged(rng, count, centre, radius):
    turn = 2 * np.pi * (np.arange(count) + rng.uniform(0, 0.8, count)) / count
    reach = radius * rng.uniform(0.4, 1, count)
    return Polygon(np.c_[centre[0] + reach * np.cos(turn), centre[1] + reach * np.sin(turn)])


def test_the_check_agrees_with_the_oracle_on_holes_and_parts():
    rng = np.random.default_rng(5)
    pairs = []
    for _ in range(200):
        holed = ragged(rng, 9, (0, 0), 10) - ragged(rng, 6, (0, 0), 4)
        parts = shapely.union(ragged(rng, 7, (4, 0), 5), ragged(rng, 7, (-8, 3), 5))
        pairs.append((holed, parts))
    shapes = np.array(pairs, dtype=object).ravel()
    first = np.arange(0, len(shapes), 2)
    exact = [float(shared_area(*pair)) for pair in pairs]
    assert areas.common_areas(shapes, first, first + 1) == pytest.approx(
        exact, rel=1e-11, abs=1e-11
    )


def test_a_polygon_of_many_vertices_is_cut_down_without_changing_the_answer():
    rng = np.random.default_rng(6)
    zone = ragged(rng, 4000, (0, 0), 10_000).simplify(0)
    parks = [ragged(rng, 12, rng.uniform(-7000, 7000, 2), 600) for _ in range(60)]
    first, second, pieces, _ = ground.shared_ground(np.array([zone, *parks], dtype=object))
    with_zone = first == 0
    plain = [zone.intersection(parks[k - 1]).area for k in second[with_zone]]
    assert shapely.area(pieces[with_zone]) == pytest.approx(plain, rel=1e-9, abs=1e-6)
    assert len(plain) == sum(zone.intersection(park).area > 0 for park in parks)
    inside = [k for k, park in enumerate(parks, start=1) if zone.covers(park)]
    assert inside  # what lies inside whole is handed on as it is
    kept = dict(zip(second[with_zone], pieces[with_zone], strict=True))
    assert all(kept[k].equals(parks[k - 1]) for k in inside)


def test_outlines_too_intricate_to_sum_are_computed_on_the_grid(monkeypatch):
    monkeypatch.setattr(areas, "_MOST", 0)
    shapes = np.array([box(0, 0, 2, 2), box(1, 1, 3, 3)])
    one, other = np.array([0]), np.array([1])
    assert np.isnan(areas.common_areas(shapes, one, other)).all()
    assert overlay.intersections(shapes, one, other)[0].area == 1


def test_one_pair_the_engine_refuses_does_not_abort_the_others():
    bow_tie = Polygon([(0, 0), (4, 4), (4, 0), (0, 4), (0, 2), (5, 2)])
    shapes = np.array([bow_tie, box(1, 0, 3, 5), box(10, 10, 12, 12), box(11, 11, 13, 13)])
    sound = ground.sound_polygons(shapes)
    assert shapely.is_valid(sound).all()
    first, second, pieces, _ = ground.shared_ground(shapes)
    assert list(zip(first, second, strict=True)) == [(0, 1), (2, 3)]
    assert pieces[1].area == 1
    assert pieces[0].area == pytest.approx(sound[0].intersection(shapes[1]).area)
